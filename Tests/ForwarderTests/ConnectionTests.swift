import Foundation
import Testing

@testable import Delivery
@testable import Forwarder
@testable import ForwarderProtocol

/// How the process connects, and what is told when it can't begin.
@Suite(.serialized) struct ConnectionTests {
    private let scene: ForwarderScene

    init() throws { scene = try ForwarderScene() }

    @Test(.timeLimit(.minutes(1)), arguments: [(HTTPVersion.auto, "h2"), (.http1, "http/1.1")])
    func `HTTP/2 is spoken over TLS where the receiver offers it, unless it is switched off`(
        version: HTTPVersion, expected: String
    ) throws {
        try scene.makeCertificates()
        // Offers both, prefers HTTP/2, and prints what was agreed on (ALPN).
        let script = """
            import socket, ssl, sys
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain("server.crt", "server.key")
            context.set_alpn_protocols(["h2", "http/1.1"])
            listener = socket.create_server(("127.0.0.1", 0))
            print(listener.getsockname()[1], flush=True)
            connection = context.wrap_socket(listener.accept()[0], server_side=True)
            print(connection.selected_alpn_protocol(), flush=True)
            print(connection.recv(14).decode("latin-1").split()[0], flush=True)
            """
        let server = Process()
        let output = Pipe()
        server.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        server.arguments = ["python3", "-c", script]
        server.currentDirectoryURL = URL(fileURLWithPath: scene.directory)
        server.standardOutput = output
        try server.run()
        defer { server.terminate() }
        var text = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        let port = try #require(Int(text.trimmingCharacters(in: .whitespacesAndNewlines)))
        var webhook = WebhookSettings(url: "https://127.0.0.1:\(port)/")
        webhook.httpVersion = version
        var hook = NetworkOutput(name: "hook", kind: .webhook(webhook))
        hook.connection.caFile = scene.directory + "/ca.crt"
        try scene.begin([hook])
        scene.send([1])
        #expect(scene.wait { !server.isRunning })
        text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        // HTTP/2 begins with its preface (RFC 9113, section 3.4).
        #expect(text.split(separator: "\n") == [expected[...], version == .auto ? "PRI" : "POST"])
    }

    @Test(.timeLimit(.minutes(1)))
    func `a forwarder that ends again and again is told of`() throws {
        var output = NetworkOutput(name: "hook", kind: .webhook(WebhookSettings(url: "https://127.0.0.1:9/")))
        output.connection.caFile = "/nonexistent/ca.crt"
        try scene.begin([output])
        #expect(scene.forwarder?.trouble == nil)
        #expect(scene.wait { scene.forwarder?.trouble != nil })
        #expect(scene.forwarder?.trouble?.hasPrefix("the forwarder ended 3 times in a row, with status 1") == true)
    }
}
