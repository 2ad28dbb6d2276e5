import CCurl
import CCurlShim
import ForwarderProtocol

/// A libcurl handle with what all connections need.
final class CurlHandle {
    let rawValue: UnsafeMutableRawPointer
    private let errorText: UnsafeMutablePointer<CChar>
    private static let errorSize = Int(CURL_ERROR_SIZE)

    /// A handle for a connection; nil without memory.
    ///
    /// - Parameter tag: what `TransferGroup.nextDone` gives back, from 0.
    init?(_ connection: ConnectionSettings, _ credentials: Credentials, tag: Int) {
        guard let handle = shrike_curl_easy_new() else { return nil }
        rawValue = handle
        errorText = .allocate(capacity: Self.errorSize)
        errorText.initialize(repeating: 0, count: Self.errorSize)
        _ = shrike_curl_set_defaults(handle)
        _ = shrike_curl_set_error_buffer(handle, errorText)
        _ = shrike_curl_set_tag(handle, UnsafeMutableRawPointer(bitPattern: tag + 1))
        // Older versions of TLS are not to be used any more (RFC 8996).
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        set(CURLOPT_SSL_VERIFYPEER, connection.verifiesPeer ? 1 : 0)
        // 2: the certificate must have the host's name (CURLOPT_SSL_VERIFYHOST(3)).
        set(CURLOPT_SSL_VERIFYHOST, connection.verifiesPeer ? 2 : 0)
        if !connection.caDirectory.isEmpty { set(CURLOPT_CAPATH, connection.caDirectory) }
        set(CURLOPT_CAINFO_BLOB, credentials.authorities)
        set(CURLOPT_SSLCERT_BLOB, credentials.certificate)
        set(CURLOPT_SSLKEY_BLOB, credentials.key)
    }

    deinit {
        shrike_curl_easy_free(rawValue)
        errorText.deallocate()
    }

    func set(_ option: CURLoption, _ value: Int) {
        _ = shrike_curl_set_long(rawValue, Int32(option.rawValue), value)
    }
    func set(_ option: CURLoption, _ value: String) {
        _ = shrike_curl_set_text(rawValue, Int32(option.rawValue), value)
    }
    /// Sets bytes that libcurl copies; none for none.
    func set(_ option: CURLoption, _ value: [UInt8]) {
        if value.isEmpty { return }
        value.withUnsafeBytes { _ = shrike_curl_set_blob(rawValue, Int32(option.rawValue), $0.baseAddress, $0.count) }
    }

    /// Forgets the last error.
    func clearError() { errorText.pointee = 0 }

    /// What libcurl said of the last error; nil when it said nothing.
    var lastError: String? { errorText.pointee == 0 ? nil : String(cString: errorText) }

    /// What went wrong with the last transfer; `code` is its CURLcode.
    func errorText(_ code: Int32) -> String {
        if let lastError { return lastError }
        return shrike_curl_error_text(code).map { String(cString: $0) } ?? "error \(code)"
    }
}

/// All outputs' transfers, side by side in one thread.
final class TransferGroup {
    /// A descriptor of somebody else's that is to be waited for, too.
    struct Wait: Equatable {
        var descriptor: Int32
        /// Also for room to write; for something to read always.
        var wantsRoom = false
    }

    private let handle: UnsafeMutableRawPointer

    /// A group without transfers; nil without memory.
    init?() {
        guard let handle = shrike_curl_multi_new() else { return nil }
        self.handle = handle
    }

    deinit { shrike_curl_multi_free(handle) }

    func start(_ transfer: CurlHandle) -> Bool { shrike_curl_multi_add(handle, transfer.rawValue) == 0 }
    func end(_ transfer: CurlHandle) { _ = shrike_curl_multi_remove(handle, transfer.rawValue) }
    func perform() { _ = shrike_curl_multi_perform(handle) }

    /// Waits until a transfer can go on, a descriptor is ready, or the time is over.
    func wait(_ waits: [Wait], milliseconds: Int32) {
        var descriptors = waits.map { wait in
            curl_waitfd(
                fd: wait.descriptor, events: Int16(CURL_WAIT_POLLIN) | (wait.wantsRoom ? Int16(CURL_WAIT_POLLOUT) : 0),
                revents: 0)
        }
        var ready: Int32 = 0
        curl_multi_poll(handle, &descriptors, UInt32(descriptors.count), milliseconds, &ready)
    }

    /// The next transfer that has come to its end.
    func nextDone() -> (tag: Int, result: shrike_curl_result)? {
        var result = shrike_curl_result()
        guard shrike_curl_multi_next_done(handle, &result) == 1 else { return nil }
        return (Int(bitPattern: result.tag) - 1, result)
    }
}
