import FuzzChecks
import HealthServer
import Testing

private func parse(_ text: String) -> HTTPRequest.Outcome { HTTPRequest.parse(Array(text.utf8).span) }

/// Reads the head of requests.
@Suite struct HTTPRequestTests {
    @Test(arguments: [
        ("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n", HTTPRequest.Method.get, "/healthz"),
        ("GET /metrics?format=x HTTP/1.1\r\nhost:a:8765\r\nAccept: */*\r\nX:\r\n\r\n", .get, "/metrics"),
        ("HEAD / HTTP/1.0\r\n\r\n", .head, "/"),
        ("GET /a%20b HTTP/1.0\r\nContent-Length: 0\r\n\r\n", .get, "/a%20b"),
        ("GET // HTTP/1.1\r\nHOST: \r\nA: \u{e4}\r\n\r\n", .get, "//"),
    ])
    func `a proper request is taken`(text: String, method: HTTPRequest.Method, path: String) {
        guard case .complete(let request) = parse(text) else {
            Issue.record("\(parse(text))")
            return
        }
        #expect(request.method == method)
        #expect(request.path == Array(path.utf8))
        // Each beginning of it waits for more.
        for length in 0..<text.utf8.count {
            #expect(HTTPRequest.parse(Array(text.utf8.prefix(length)).span) == .incomplete)
        }
    }

    @Test(arguments: [
        ("\r\n", HTTPStatus.badRequest), ("GET / HTTP/1.1\n\n", .badRequest), ("GET / HTTP/1.1\r\rX", .badRequest),
        ("GET  / HTTP/1.1\r\n\r\n", .badRequest), (" GET / HTTP/1.1\r\n\r\n", .badRequest),
        ("GET / HTTP/1.1 \r\n\r\n", .badRequest), ("GET /\r\n\r\n", .badRequest), ("GET\r\n\r\n", .badRequest),
        ("GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", .badRequest), ("GET * HTTP/1.1\r\nHost: a\r\n\r\n", .badRequest),
        ("GET /\u{e4} HTTP/1.1\r\nHost: a\r\n\r\n", .badRequest), ("GET /\0 HTTP/1.1\r\n", .badRequest),
        ("get / HTTP/1.1\r\nHost: a\r\n\r\n", .methodNotAllowed),
        ("POST / HTTP/1.1\r\nHost: a\r\n\r\n", .methodNotAllowed),
        ("G(T / HTTP/1.1\r\nHost: a\r\n\r\n", .badRequest), ("GET / HTTP/2.0\r\n\r\n", .versionNotSupported),
        ("GET / HTTP/1.2\r\n\r\n", .versionNotSupported), ("GET / XTTP/1.1\r\n\r\n", .badRequest),
        ("GET / HTTP/1.1\r\n\r\n", .badRequest), ("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", .badRequest),
        ("GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n", .badRequest),
        ("GET / HTTP/1.1\r\nHost : a\r\n\r\n", .badRequest),
        ("GET / HTTP/1.1\r\nHost: a\r\nnothing\r\n\r\n", .badRequest), ("GET / HTTP/1.1\r\n: a\r\n\r\n", .badRequest),
        ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", .badRequest),
        ("GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", .badRequest),
        ("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\n", .badRequest),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: \u{7f}\r\n\r\n", .badRequest), ("\u{16}\u{3}\u{1}\u{2}\0", .badRequest),
    ])
    func `what is no proper request is refused`(text: String, status: HTTPStatus) {
        #expect(parse(text) == .refused(status))
    }

    @Test func `a head has bounds`() {
        let start = "GET / HTTP/1.1\r\nHost: a\r\n"
        let fits = start + String(repeating: "A: b\r\n", count: HTTPRequest.headerLimit - 1) + "\r\n"
        if case .complete = parse(fits) {} else { Issue.record("\(parse(fits))") }
        let many = start + String(repeating: "A: b\r\n", count: HTTPRequest.headerLimit) + "\r\n"
        #expect(parse(many) == .refused(.headTooLarge))
        let long = "GET /" + String(repeating: "a", count: HTTPRequest.sizeLimit)
        #expect(parse(long) == .refused(.headTooLarge))
        let longHeader = start + "A: " + String(repeating: "a", count: HTTPRequest.sizeLimit)
        #expect(parse(longHeader) == .refused(.headTooLarge))
    }

    @Test func `no bytes trap, and a verdict does not change when more comes`() {
        var random = SystemRandomNumberGenerator()
        let alphabet = Array("GETHAD /?:HTTP1.0\r\n\r\nhost\t\0\u{7f}Content-Length0".utf8) + [0xff, 0x80]
        for _ in 0..<20_000 {
            var bytes = Array("GET / HTTP/1.1\r\nHost: a\r\n".utf8.prefix(Int.random(in: 0...25, using: &random)))
            for _ in 0..<Int.random(in: 0...60, using: &random) {
                bytes.append(alphabet.randomElement(using: &random) ?? 0)
            }
            HTTPRequestCheck.check(bytes)
        }
    }
}

/// Answers and metrics as text.
@Suite struct HealthTextTests {
    @Test func `an answer says its length and closes`() {
        let text = String(decoding: HTTPResponse(.methodNotAllowed).encoded(), as: UTF8.self)
        #expect(text.hasPrefix("HTTP/1.1 405 Method Not Allowed\r\n"))
        #expect(text.contains("Allow: GET, HEAD\r\n") && text.contains("Connection: close\r\n"))
        #expect(text.contains("Content-Length: 23\r\n") && text.hasSuffix("\r\n\r\n405 Method Not Allowed\n"))
        #expect(HTTPResponse(.ok).encoded(includesBody: false).suffix(4) == Array("\r\n\r\n".utf8))
    }

    @Test func `metrics are written as Prometheus reads them`() {
        var text = PrometheusText()
        text.add("none", .gauge, "Not there.", [])
        text.add(
            "a_total", .counter, "A \\ and\na line.",
            [.init([("rule", "x \"y\" \\\n")], 3), .init([("rule", "")], 0.5)])
        text.add("b", .gauge, "B.", .infinity)
        text.add("c", .gauge, "C.", 1e18)
        #expect(
            String(decoding: text.bytes, as: UTF8.self) == """
                # HELP a_total A \\\\ and\\na line.
                # TYPE a_total counter
                a_total{rule="x \\"y\\" \\\\\\n"} 3
                a_total{rule=""} 0.5
                # HELP b B.
                # TYPE b gauge
                b +Inf
                # HELP c C.
                # TYPE c gauge
                c 1000000000000000000

                """)
    }

    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1:80", true), ("127.9.9.9", "127.9.9.9:80", true), ("0.0.0.0", "0.0.0.0:80", false),
        ("::1", "[::1]:80", true), ("::", "[::]:80", false), ("unix:/run/x.sock", "unix:/run/x.sock", true),
    ])
    func `addresses`(text: String, shown: String, isLocal: Bool) {
        let address = ListenAddress(text, port: 80)
        #expect(address?.description == shown)
        #expect(address?.isLocal == isLocal)
    }

    @Test(arguments: [
        "", "localhost", "1.2.3", "1.2.3.4.5", ":::", "unix:", "unix:x", "unix:/" + String(repeating: "a", count: 120),
    ])
    func `what is no address`(text: String) { #expect(ListenAddress(text, port: 1) == nil) }
}
