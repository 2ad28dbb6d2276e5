import Foundation
import Testing

/// Alerts at the programs that people send them to.
@Suite(.serialized, .enabled(if: Command.isRoot, "needs root"))
struct EndToEndReceiversTests {
    private static func isInstalled(_ path: String) -> Bool { FileManager.default.isExecutableFile(atPath: path) }

    private static func keys(_ directory: String, client: String) -> String {
        ", ca_cert: \(directory)/ca.crt, mtls: true, client_cert: \(directory)/\(client).crt"
            + ", client_key: \(directory)/\(client).key"
    }

    @Test(.enabled(if: isInstalled("/usr/sbin/nginx"), "needs nginx"), .timeLimit(.minutes(2)))
    func `nginx takes alerts over HTTP 2 on one connection with the client's certificate`() throws {
        try Command.withDirectory { directory in
            try Nginx.makeCertificates(directory)
            let receiver = try Receiver(directory)
            let nginx = try Nginx(directory, upstream: receiver)
            var scene = MarkerScene(directory, url: "https://127.0.0.1:\(nginx.port)/")
            scene.httpKeys = Self.keys(directory, client: "node-1")
            let shrike = try ShrikeProcess(scene.arguments())
            defer { shrike.stop() }
            try scene.open(1...100, rate: 500)
            #expect(MarkerScene.wait(15) { receiver.markerCount >= 100 }, "\(shrike.standardError)")
            #expect(receiver.files == scene.names(1...100))
            #expect(MarkerScene.wait(5) { nginx.requests.count >= 100 })
            for request in nginx.requests {
                #expect(
                    request.prefix(3) == ["HTTP/2.0", "SUCCESS", "CN=node-1"] && request.last == "200", "\(request)")
            }
            #expect(Set(nginx.requests.map { $0.dropFirst(3).first }).count == 1, "one connection")
        }
    }

    @Test(.enabled(if: isInstalled("/usr/sbin/nginx"), "needs nginx"), .timeLimit(.minutes(2)))
    func `with a certificate that nginx refuses, alerts wait until it is the right one`() throws {
        try Command.withDirectory { directory in
            try Nginx.makeCertificates(directory)
            let receiver = try Receiver(directory)
            let nginx = try Nginx(directory, upstream: receiver)
            var scene = MarkerScene(directory, url: "https://127.0.0.1:\(nginx.port)/")
            scene.httpKeys = Self.keys(directory, client: "stranger")
            var shrike = try ShrikeProcess(scene.arguments())
            defer { shrike.stop() }
            try scene.open(1...20, rate: 500)
            let told = shrike.errorLine(containing: "output http")
            #expect(told?.contains("SSL certificate error") == true, "\(shrike.standardError)")
            #expect(told?.contains("alerts wait in the spool") == true, "\(shrike.standardError)")
            #expect(receiver.markerCount == 0)
            #expect(nginx.requests.first?.contains { $0.hasPrefix("FAILED") } == true, "\(nginx.requests)")
            #expect(shrike.stop() == 0)
            scene.httpKeys = Self.keys(directory, client: "node-1")
            shrike = try ShrikeProcess(scene.arguments())
            #expect(MarkerScene.wait(15) { receiver.markerCount >= 20 }, "\(shrike.standardError)")
            #expect(receiver.files == scene.names(1...20))
        }
    }

    @Test(
        .enabled(if: isInstalled("/usr/bin/prometheus-alertmanager"), "needs Alertmanager"), .timeLimit(.minutes(2)))
    func `Alertmanager has the alert with its labels`() throws {
        try Command.withDirectory { directory in
            let port = try Port.free()
            try "{route: {receiver: none}, receivers: [{name: none}]}"
                .write(toFile: "\(directory)/alertmanager.yml", atomically: false, encoding: .utf8)
            let manager = try BackgroundProgram(
                [
                    "/usr/bin/prometheus-alertmanager", "--config.file=\(directory)/alertmanager.yml",
                    "--storage.path=\(directory)/data", "--web.listen-address=127.0.0.1:\(port)",
                    "--cluster.listen-address=",
                ], log: "\(directory)/alertmanager.log", port: port)
            var scene = MarkerScene(directory, url: "")
            let url = "http://127.0.0.1:\(port)/api/v2/alerts"
            scene.shrikeKeys = ", outputs: [{name: manager, url: \"\(url)\", shape: alertmanager, batch_size: 10}]"
            let shrike = try ShrikeProcess(scene.arguments())
            defer { shrike.stop() }
            try scene.open(1...3)
            var alerts: [[String: Any]] = []
            let isThere = try MarkerScene.wait(15) {
                let answer = try Command.run("/usr/bin/curl", ["-s", "--max-time", "5", url]).output
                alerts = (try? JSONSerialization.jsonObject(with: Data(answer.utf8))) as? [[String: Any]] ?? []
                return alerts.count >= 3
            }
            #expect(isThere, "\(alerts) \(manager.printed) \(shrike.standardError)")
            let labels = alerts.compactMap { $0["labels"] as? [String: String] }
            #expect(Set(labels.compactMap { $0["fd_name"] }) == Set(scene.names(1...3)))
            for label in labels {
                #expect(label["alertname"] == "Marker read" && label["severity"] == "warning", "\(label)")
                #expect(label["source"] == "syscall" && label["hostname"]?.isEmpty == false, "\(label)")
            }
            let annotations = try #require(alerts.first?["annotations"] as? [String: String])
            #expect(annotations["summary"]?.hasPrefix("marker \(directory)/marker-") == true, "\(annotations)")
            #expect((alerts.first?["status"] as? [String: Any])?["state"] as? String == "active", "\(alerts)")
        }
    }
}
