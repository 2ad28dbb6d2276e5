import EventModel
import Foundation
import Spool
import Testing

@testable import Delivery
@testable import Forwarder
@testable import ForwarderProtocol

/// Receivers that refuse: what a person must mend waits, what is at fault itself is kept and can be sent again.
@Suite(.serialized) struct CredentialTests {
    private let scene: ForwarderScene

    init() throws { scene = try ForwarderScene() }

    private func output(_ receiver: Receiver, _ change: (inout WebhookSettings) -> Void = { _ in }) -> NetworkOutput {
        var webhook = WebhookSettings(url: "http://127.0.0.1:\(receiver.port)/")
        change(&webhook)
        return NetworkOutput(name: "hook", kind: .webhook(webhook))
    }

    @Test(.timeLimit(.minutes(1)))
    func `wrong credentials hold alerts back until a new token is there`() throws {
        let receiver = try Receiver(log: scene.directory + "/log", ["--token", "right"])
        // The user that the forwarder becomes may read it.
        let token = FileManager.default.temporaryDirectory.appendingPathComponent("token-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: token) }
        try "wrong".write(toFile: token, atomically: true, encoding: .utf8)
        chmod(token, 0o644)
        try scene.begin([output(receiver) { $0.bearerTokenFile = token }])
        scene.send(1...5)
        #expect(
            scene.wait { scene.reports.contains { $0.kind == .failing && $0.text.contains("401 (check the token") } })
        #expect(receiver.numbers.isEmpty && scene.progress.map(\.rejected) == [0])
        try "right".write(toFile: token, atomically: false, encoding: .utf8)
        #expect(scene.wait { receiver.numbers == Array(1...5) })
        #expect(scene.wait { scene.reports.contains { $0.kind == .recovered } })
        #expect(scene.wait(5) { scene.progress.map { [$0.delivered, $0.rejected] } == [[5, 0]] })
        #expect(!scene.reports.contains { $0.kind == .rejected })
    }

    @Test(.timeLimit(.minutes(1)), arguments: [403, 404, 407])
    func `so do other statuses that a person must mend`(status: Int) throws {
        let receiver = try Receiver(log: scene.directory + "/log", ["--script", "\(status),\(status)"])
        try scene.begin([output(receiver)])
        scene.send(1...3)
        #expect(scene.wait { receiver.numbers == [1, 2, 3] })
        #expect(scene.wait(5) { scene.progress.map { [$0.delivered, $0.rejected] } == [[3, 0]] })
    }

    @Test(.timeLimit(.minutes(1)))
    func `what was refused for good is sent again at the operator's word`() throws {
        let receiver = try Receiver(log: scene.directory + "/log", ["--script", "422,200"])
        try scene.begin([output(receiver)])
        scene.send([1, 2])
        #expect(scene.wait { receiver.numbers == [2] })
        #expect(scene.wait { scene.progress.map(\.rejected) == [1] })
        let inspector = try SpoolInspector(path: scene.spoolPath)
        #expect(try inspector.rejected().map(\.alert.rule) == ["rule 1"])
        #expect(try inspector.retry() == 1)
        #expect(scene.wait { receiver.numbers == [2, 1] })
        let keys = receiver.requests.filter { $0.body.contains("rule 1") }.compactMap { $0.headers["idempotency-key"] }
        #expect(keys.count == 2 && Set(keys).count == 1)
    }

    @Test func `files that are no credentials are told`() throws {
        func problem(_ change: (inout NetworkOutput) -> Void) -> String? {
            var output = NetworkOutput(name: "hook", kind: .webhook(WebhookSettings(url: "https://a/")))
            change(&output)
            return output.credentialProblem()
        }
        try scene.makeCertificates()
        let (ca, key, empty) = (scene.directory + "/ca.crt", scene.directory + "/ca.key", scene.directory + "/empty")
        try " \n".write(toFile: empty, atomically: true, encoding: .utf8)
        #expect(problem { _ in } == nil)
        #expect(
            problem { ($0.connection.caFile, $0.connection.certificateFile, $0.connection.keyFile) = (ca, ca, key) }
                == nil)
        #expect(problem { $0.connection.caFile = "/nonexistent" }?.contains("output hook: open(/nonexistent)") == true)
        #expect(problem { $0.connection.caFile = key } == "output hook: \(key) does not hold certificates in PEM form")
        // Without a key of its own, the certificate's file must hold it.
        #expect(
            problem { $0.connection.certificateFile = ca }
                == "output hook: \(ca) does not hold a private key in PEM form")
        var webhook = WebhookSettings(url: "https://a/")
        webhook.bearerTokenFile = empty
        #expect(problem { $0.kind = .webhook(webhook) } == "output hook: \(empty) holds no token")
    }
}
