import CCurl
import CCurlShim

/// One webhook's connection: a request at a time.
final class Transfer {
    let handle: UnsafeMutableRawPointer
    private let body: UnsafeMutablePointer<shrike_curl_body>
    private let errorText: UnsafeMutablePointer<CChar>
    private var headers: UnsafeMutableRawPointer?
    private static let errorSize = Int(CURL_ERROR_SIZE)

    /// A connection with everything set that does not change from request to request; nil without memory.
    ///
    /// - Parameter tag: what `TransferGroup.nextDone` gives back, from 0.
    init?(_ settings: WebhookSettings, _ credentials: Credentials, tag: Int) {
        guard let handle = shrike_curl_easy_new() else { return nil }
        self.handle = handle
        body = .allocate(capacity: 1)
        body.initialize(to: shrike_curl_body())
        errorText = .allocate(capacity: Self.errorSize)
        errorText.initialize(repeating: 0, count: Self.errorSize)
        _ = shrike_curl_set_defaults(handle)
        _ = shrike_curl_set_body(handle, body)
        _ = shrike_curl_set_error_buffer(handle, errorText)
        _ = shrike_curl_set_tag(handle, UnsafeMutableRawPointer(bitPattern: tag + 1))
        _ = shrike_curl_set_timeouts(
            handle, settings.connectTimeoutMilliseconds, settings.timeoutMilliseconds)
        set(CURLOPT_URL, settings.url)
        set(CURLOPT_USERAGENT, settings.userAgent)
        set(CURLOPT_SSL_VERIFYPEER, settings.verifiesPeer ? 1 : 0)
        // 2: the certificate must have the host's name (CURLOPT_SSL_VERIFYHOST(3)).
        set(CURLOPT_SSL_VERIFYHOST, settings.verifiesPeer ? 2 : 0)
        set(CURLOPT_FORBID_REUSE, settings.keepsAlive ? 0 : 1)
        if !settings.caDirectory.isEmpty { set(CURLOPT_CAPATH, settings.caDirectory) }
        set(CURLOPT_CAINFO_BLOB, credentials.authorities)
        set(CURLOPT_SSLCERT_BLOB, credentials.certificate)
        set(CURLOPT_SSLKEY_BLOB, credentials.key)
    }

    deinit {
        shrike_curl_easy_free(handle)
        shrike_curl_list_free(headers)
        body.deallocate()
        errorText.deallocate()
    }

    /// Sets the next request's body and headers; they may not change while it runs. False without memory.
    func prepare(body bytes: [UInt8], headers lines: [String]) -> Bool {
        body.pointee.count = 0
        errorText.pointee = 0
        shrike_curl_list_free(headers)
        headers = nil
        for line in lines {
            guard let longer = shrike_curl_list_append(headers, line) else { return false }
            headers = longer
        }
        _ = shrike_curl_set_headers(handle, headers)
        return bytes.withUnsafeBytes { shrike_curl_set_post(handle, $0.baseAddress, $0.count) } == 0
    }

    /// The beginning of the last answer's body.
    var answer: [UInt8] {
        withUnsafeBytes(of: &body.pointee.bytes) { Array($0.prefix(body.pointee.count)) }
    }

    /// What went wrong with the last request; `code` is its CURLcode.
    func errorText(_ code: Int32) -> String {
        if errorText.pointee != 0 { return String(cString: errorText) }
        return shrike_curl_error_text(code).map { String(cString: $0) } ?? "error \(code)"
    }

    private func set(_ option: CURLoption, _ value: Int) {
        _ = shrike_curl_set_long(handle, Int32(option.rawValue), value)
    }
    private func set(_ option: CURLoption, _ value: String) {
        _ = shrike_curl_set_text(handle, Int32(option.rawValue), value)
    }
    private func set(_ option: CURLoption, _ value: [UInt8]) {
        if value.isEmpty { return }
        value.withUnsafeBytes {
            _ = shrike_curl_set_blob(handle, Int32(option.rawValue), $0.baseAddress, $0.count)
        }
    }
}

/// All webhooks' transfers, side by side in one thread.
final class TransferGroup {
    private let handle: UnsafeMutableRawPointer

    /// A group without transfers; nil without memory.
    init?() {
        guard let handle = shrike_curl_multi_new() else { return nil }
        self.handle = handle
    }

    deinit { shrike_curl_multi_free(handle) }

    func start(_ transfer: Transfer) -> Bool { shrike_curl_multi_add(handle, transfer.handle) == 0 }
    func end(_ transfer: Transfer) { _ = shrike_curl_multi_remove(handle, transfer.handle) }
    func perform() { _ = shrike_curl_multi_perform(handle) }

    /// Waits until a transfer can go on, `descriptor` (none below 0) is ready, or the time is over.
    func wait(descriptor: Int32, milliseconds: Int32) {
        var isReadable: Int32 = 0
        _ = shrike_curl_multi_wait(handle, descriptor, milliseconds, &isReadable)
    }

    /// The next transfer that has come to its end.
    func nextDone() -> (tag: Int, result: shrike_curl_result)? {
        var result = shrike_curl_result()
        guard shrike_curl_multi_next_done(handle, &result) == 1 else { return nil }
        return (Int(bitPattern: result.tag) - 1, result)
    }
}
