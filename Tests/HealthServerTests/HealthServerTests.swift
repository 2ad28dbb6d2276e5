import Foundation
import HealthServer
import KernelInterface
import Testing

/// Serves real sockets; the test is client and event thread in one.
@Suite struct HealthServerTests {
    /// A client at a unix socket.
    final class Client {
        private let descriptor: Int32

        init(_ path: String) throws {
            descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            var name = sockaddr_un()
            name.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
            let status = withUnsafePointer(to: &name) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            try #require(status == 0, "connect: \(errno)")
            _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        }

        deinit { close(descriptor) }

        func send(_ text: String) { _ = Glibc.send(descriptor, text, text.utf8.count, Int32(MSG_NOSIGNAL)) }

        /// What came so far; nil when the other side has closed and nothing is left.
        func receive() -> String? {
            var buffer = [UInt8](repeating: 0, count: 1 << 20)
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count < 0 { return errno == EAGAIN ? "" : nil }
            return count == 0 ? nil : String(decoding: buffer[..<count], as: UTF8.self)
        }
    }

    private static func path() -> String { "/tmp/shrike-health-\(UUID().uuidString.prefix(8)).sock" }

    private static func server(_ path: String) throws -> HealthServer {
        try HealthServer(#require(ListenAddress("unix:\(path)", port: 0)))
    }

    private func answer(_ request: HTTPRequest) -> HTTPResponse {
        HTTPResponse(status: .ok, contentType: "text/plain", body: request.path)
    }

    @Test(arguments: ["127.0.0.1", "::1"])
    func `the address of all networks answers both families`(client: String) throws {
        let port = UInt16.random(in: 20_000..<30_000)
        let server = try HealthServer(#require(ListenAddress("::", port: port)))
        let number = socket(client == "::1" ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        try #require(number >= 0)
        defer { close(number) }
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICHOST
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        try #require(getaddrinfo(client, "\(port)", &hints, &found) == 0)
        defer { freeaddrinfo(found) }
        let address = try #require(found)
        try #require(connect(number, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0, "errno \(errno)")
        let request = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
        _ = Glibc.send(number, request, request.utf8.count, Int32(MSG_NOSIGNAL))
        for turn in 0..<3 as Range<UInt64> { server.serve(now: turn, answer: answer) }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(number, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        #expect(count > 0 && String(decoding: buffer.prefix(max(0, count)), as: UTF8.self).hasPrefix("HTTP/1.1 200"))
    }

    @Test func `a request is answered and the connection closed`() throws {
        let path = Self.path()
        let server = try Self.server(path)
        var status = stat()
        #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
        let client = try Client(path)
        server.serve(now: 0, answer: answer)
        client.send("GET /healthz HTTP/1.1\r\nHo")
        server.serve(now: 1, answer: answer)
        #expect(client.receive() == "")
        client.send("st: a\r\n\r\n")
        server.serve(now: 2, answer: answer)
        #expect(client.receive()?.hasSuffix("\r\n\r\n/healthz") == true)
        #expect(client.receive() == nil)
        #expect(server.counters.answered == 1 && server.counters.refused == 0)
    }

    @Test func `a slow client is left after a while and a wrong one is told`() throws {
        let path = Self.path()
        let server = try Self.server(path)
        let slow = try Client(path)
        let wrong = try Client(path)
        wrong.send("BREW /pot HTTP/1.1\r\nHost: a\r\n\r\nand more that nobody reads")
        slow.send("GET")
        server.serve(now: 0, answer: answer)
        #expect(wrong.receive()?.hasPrefix("HTTP/1.1 405 ") == true)
        #expect(slow.receive() == "")
        server.serve(now: HealthServer.timeLimitNanoseconds, answer: answer)
        #expect(slow.receive() == "")
        server.serve(now: HealthServer.timeLimitNanoseconds + 1, answer: answer)
        #expect(slow.receive() == nil)
        #expect(server.counters.abandoned == 1)
    }

    @Test func `connections are bounded and the ones behind wait their turn`() throws {
        let path = Self.path()
        let server = try Self.server(path)
        let idle = try (0..<HealthServer.connectionLimit).map { _ in try Client(path) }
        server.serve(now: 0, answer: answer)
        let late = try Client(path)
        late.send("GET /late HTTP/1.0\r\n\r\n")
        server.serve(now: 1, answer: answer)
        #expect(late.receive() == "")
        server.serve(now: HealthServer.timeLimitNanoseconds + 1, answer: answer)
        server.serve(now: HealthServer.timeLimitNanoseconds + 2, answer: answer)
        #expect(late.receive()?.hasSuffix("/late") == true)
        #expect(idle.allSatisfy { $0.receive() == nil })
    }

    @Test func `a large answer goes out in pieces without waiting`() throws {
        let path = Self.path()
        let server = try Self.server(path)
        let client = try Client(path)
        client.send("GET / HTTP/1.0\r\n\r\n")
        let body = [UInt8](repeating: UInt8(ascii: "a"), count: 2_000_000)
        var received = 0
        for now in 0..<100 {
            server.serve(now: UInt64(now)) { _ in HTTPResponse(status: .ok, contentType: "x", body: body) }
            while let text = client.receive(), !text.isEmpty { received += text.utf8.count }
        }
        #expect(received > body.count)
    }

    @Test func `a socket that is served is not taken and one that is left over is`() throws {
        let path = Self.path()
        do {
            let server = try Self.server(path)
            #expect(throws: KernelError.self) { try Self.server(path) }
            #expect(access(path, F_OK) == 0)
            _ = server.counters
        }
        #expect(access(path, F_OK) != 0)
        // Bound, and its owner gone.
        let left = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        _ = withUnsafePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(left, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        close(left)
        #expect(access(path, F_OK) == 0)
        _ = try Self.server(path)
    }
}
