import CCurl
import CCurlShim
import ForwarderProtocol

/// One webhook's connection: a request at a time.
final class WebhookTransfer {
    let handle: CurlHandle
    private let body: UnsafeMutablePointer<shrike_curl_body>
    private var headers: UnsafeMutableRawPointer?

    /// A connection with everything set that does not change from request to request; nil without memory.
    ///
    /// - Parameter tag: what `TransferGroup.nextDone` gives back, from 0.
    init?(_ settings: WebhookSettings, _ connection: ConnectionSettings, _ credentials: Credentials, tag: Int) {
        guard let handle = CurlHandle(connection, credentials, tag: tag) else { return nil }
        self.handle = handle
        body = .allocate(capacity: 1)
        body.initialize(to: shrike_curl_body())
        _ = shrike_curl_set_body(handle.rawValue, body)
        _ = shrike_curl_set_timeouts(
            handle.rawValue, connection.connectTimeoutMilliseconds, connection.timeoutMilliseconds)
        handle.set(CURLOPT_URL, settings.url)
        handle.set(CURLOPT_USERAGENT, settings.userAgent)
        handle.set(CURLOPT_FORBID_REUSE, settings.keepsAlive ? 0 : 1)
        let version = settings.httpVersion == .auto ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1
        handle.set(CURLOPT_HTTP_VERSION, Int(version))
    }

    deinit {
        shrike_curl_list_free(headers)
        body.deallocate()
    }

    /// Sets the next request's body and headers; they may not change while it runs. False without memory.
    func prepare(body bytes: [UInt8], headers lines: [String]) -> Bool {
        body.pointee.count = 0
        handle.clearError()
        shrike_curl_list_free(headers)
        headers = nil
        for line in lines {
            guard let longer = shrike_curl_list_append(headers, line) else { return false }
            headers = longer
        }
        _ = shrike_curl_set_headers(handle.rawValue, headers)
        return bytes.withUnsafeBytes { shrike_curl_set_post(handle.rawValue, $0.baseAddress, $0.count) } == 0
    }

    /// The beginning of the last answer's body.
    var answer: [UInt8] {
        withUnsafeBytes(of: &body.pointee.bytes) { Array($0.prefix(body.pointee.count)) }
    }
}
