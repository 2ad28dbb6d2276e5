import EventModel
import Foundation
import Outputs
import Spool
import Testing

@testable import Delivery
@testable import Forwarder
@testable import ForwarderProtocol

/// The real process against a real rsyslogd.
@Suite(.serialized, .enabled(if: RsyslogServer.isInstalled, "needs rsyslog and rsyslog-openssl"))
struct SyslogDeliveryTests {
    private let scene: ForwarderScene
    private let server: RsyslogServer

    init() throws {
        scene = try ForwarderScene()
        try scene.makeCertificates()
        server = try RsyslogServer(scene.directory)
    }

    private func output(_ transport: SyslogSettings.Transport, _ change: (inout SyslogSettings) -> Void = { _ in })
        -> NetworkOutput
    {
        let port = [.udp: server.udp, .tcp: server.tcp, .tls: server.tls][transport] ?? 0
        var settings = SyslogSettings(transport: transport, host: "127.0.0.1", port: port)
        change(&settings)
        var output = NetworkOutput(name: transport.rawValue, kind: .syslog(settings))
        if transport == .tls {
            output.connection.caFile = scene.directory + "/ca.crt"
            output.connection.certificateFile = scene.directory + "/client.crt"
            output.connection.keyFile = scene.directory + "/client.key"
        }
        return output
    }

    private func json() -> AlertFormat {
        var format = AlertFormat()
        format.isJSON = true
        format.hostName = "node-1"
        return format
    }

    @Test(.timeLimit(.minutes(2)))
    func `everything arrives by UDP, TCP and TLS, in order, with its header`() throws {
        try server.start()
        try scene.begin([output(.udp), output(.tcp) { $0.facility = .local3 }, output(.tls)], format: json())
        scene.send(1...300, .error)
        for way in ["udp", "tcp", "tls"] {
            #expect(scene.wait { server.numbers(way).count >= 300 }, "\(way): \(scene.reports)")
            #expect(server.numbers(way) == Array(1...300), "\(way)")
            let message = try #require(server.messages(way).first)
            #expect(message.facility == (way == "tcp" ? "local3" : "user"))
            #expect(message.severity == "err")
            #expect(
                message.time.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(Z|\+00:00)/) != nil,
                "\(message.time)")
            #expect(message.hostName == "node-1" && message.appName == "shrike")
            #expect(message.processID == "\(getpid())" && message.messageID == "alert")
            #expect(
                message.structuredData.wholeMatch(
                    of: /\[shrike@32473 rule="rule 1" source="syscall" key="[0-9a-f]{32}-1"\]/) != nil,
                "\(message.structuredData)")
            let object = try JSONSerialization.jsonObject(with: Data(message.text.utf8)) as? [String: Any]
            #expect(object?["output"] as? String == "line 1")
        }
        #expect(scene.reports.isEmpty, "\(scene.reports)")
        // The sandbox is on.
        let pid = try #require(scene.forwarder?.pid)
        if geteuid() == 0 {
            let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
            #expect(status.contains("Seccomp:\t2\n"))
        }
        #expect(scene.wait(10) { scene.progress.map(\.delivered) == [300, 300, 300] })
    }

    @Test(.timeLimit(.minutes(2)), arguments: [SIGTERM, SIGKILL], [SyslogSettings.Transport.tcp, .tls])
    func `a server that is restarted gets everything`(signal: Int32, transport: SyslogSettings.Transport) throws {
        try server.start()
        try scene.begin([output(transport)])
        var next = 1
        for _ in 0..<3 {
            for _ in 0..<20 {
                scene.send(next..<next + 5)
                next += 5
                usleep(5_000)
            }
            server.stop(signal)
            scene.send(next..<next + 5)
            next += 5
            usleep(300_000)
            try server.start()
        }
        let way = transport.rawValue
        #expect(scene.wait(40) { Set(server.numbers(way)).count == next - 1 }, "\(Set(server.numbers(way)).count)")
        // At least once, and nothing overtakes: with repetitions left out, all is in order.
        var seen: Set<Int> = []
        #expect(server.numbers(way).filter { seen.insert($0).inserted } == Array(1..<next))
        // A repetition can be told by its key.
        let messages = server.messages(way)
        #expect(Set(messages.compactMap(\.key)).count == next - 1 && messages.allSatisfy { $0.key != nil })
        #expect(scene.wait(10) { scene.progress.first?.delivered == Int64(next - 1) })
    }

    @Test(.timeLimit(.minutes(2)), arguments: [SyslogSettings.Transport.tcp, .tls])
    func `what the server's kernel took and the server never read comes again`(transport: SyslogSettings.Transport)
        throws
    {
        try server.start()
        try scene.begin([output(transport)])
        let way = transport.rawValue
        scene.send([1])
        #expect(scene.wait { server.count(way) == 1 })
        server.freeze(true)
        scene.send(2...40)
        // Time for the kernel's acknowledgement: a sender that trusts it takes these for delivered.
        usleep(1_000_000)
        scene.commit()
        server.stop(SIGKILL)
        try server.start()
        #expect(scene.wait { Set(server.numbers(way)).count == 40 }, "\(server.numbers(way))")
        var seen: Set<Int> = []
        #expect(server.numbers(way).filter { seen.insert($0).inserted } == Array(1...40))
    }

    @Test(.timeLimit(.minutes(2)))
    func `a UDP server that is away is noticed where its host says so`() throws {
        try scene.begin([output(.udp)])
        scene.send(1...20)
        #expect(scene.wait { scene.reports.contains { $0.kind == .failing && $0.text.contains("refused") } })
        try server.start()
        #expect(scene.wait(30) { Set(server.numbers("udp")).count == 20 })
        #expect(scene.wait(10) { scene.reports.contains { $0.kind == .recovered } })
    }

    @Test(.timeLimit(.minutes(2)))
    func `after an orderly end over TCP nothing comes twice`() throws {
        try server.start()
        let outputs = [output(.tcp)]
        try scene.begin(outputs)
        scene.send(1...50)
        #expect(scene.wait { server.numbers("tcp").count == 50 })
        scene.stop()
        try scene.begin(outputs)
        scene.send(51...60)
        #expect(scene.wait { server.numbers("tcp").count >= 60 })
        #expect(server.numbers("tcp") == Array(1...60))
    }

    @Test(.timeLimit(.minutes(2)))
    func `neither a wrong authority nor a missing client certificate gets through`() throws {
        try server.start()
        var distrusting = output(.tls)
        (distrusting.name, distrusting.connection.caFile) = ("distrusting", "")
        var unnamed = output(.tls)
        (unnamed.name, unnamed.connection.certificateFile, unnamed.connection.keyFile) = ("nameless", "", "")
        try scene.begin([distrusting, unnamed, output(.tls)])
        scene.send([1])
        #expect(scene.wait { server.numbers("tls") == [1] })
        #expect(
            scene.wait {
                Set(scene.reports.filter { $0.kind == .failing }.map(\.output)) == ["distrusting", "nameless"]
            })
        #expect(server.numbers("tls") == [1])
        // The user is told what the server wants, where its word arrives before its end of the connection.
        let nameless = scene.reports.first { $0.output == "nameless" }?.text ?? ""
        #expect(
            nameless.contains("certificate required") || nameless.contains("connection is lost"), "\(scene.reports)")
        #expect(scene.progress.filter { $0.output != "tls" }.map(\.delivered) == [0, 0])
    }

    @Test(.timeLimit(.minutes(2)))
    func `thousands go out at once and stay in order`() throws {
        try server.start()
        try scene.begin([output(.tcp), output(.tls), output(.udp)])
        for start in stride(from: 1, to: 5000, by: 500) { scene.send(start..<start + 500) }
        for way in ["tcp", "tls"] {
            #expect(scene.wait(30) { server.numbers(way).count >= 5000 }, "\(way) \(server.numbers(way).count)")
            #expect(server.numbers(way) == Array(1...5000))
        }
        // Datagrams may be lost, but at this pace the server's buffer holds them.
        #expect(scene.wait(20) { server.numbers("udp").count >= 5000 }, "\(server.numbers("udp").count)")
    }

    @Test(.timeLimit(.minutes(2)), arguments: [SyslogSettings.Transport.tcp, .tls])
    func `a server that stands still holds the rest back, and gets each message once and whole`(
        transport: SyslogSettings.Transport
    ) throws {
        try server.start()
        try scene.begin([output(transport)], format: json())
        scene.send([1])
        let way = transport.rawValue
        #expect(scene.wait { server.numbers(way).count == 1 })
        server.freeze(true)
        // More than the kernels' buffers hold.
        for start in stride(from: 2, to: 900, by: 100) { scene.send(start..<start + 100, padding: 16_000) }
        usleep(1_500_000)
        #expect(scene.progress.first?.delivered ?? 0 < 901)
        server.freeze(false)
        #expect(scene.wait(40) { server.count(way) >= 901 }, "\(server.count(way))")
        #expect(server.numbers(way) == Array(1...901))
        #expect(server.messages(way).dropFirst().allSatisfy { $0.text.utf8.count > 16_000 })
        #expect(scene.reports.isEmpty, "\(scene.reports)")
    }

    @Test(.timeLimit(.minutes(2)))
    func `a server that acknowledges nothing is left and tried again`() throws {
        try server.start()
        var impatient = output(.tcp)
        impatient.connection.timeoutMilliseconds = 500
        try scene.begin([impatient], format: json())
        scene.send([1])
        #expect(scene.wait { server.numbers("tcp").count == 1 })
        server.freeze(true)
        for start in stride(from: 2, to: 900, by: 100) { scene.send(start..<start + 100, padding: 16_000) }
        #expect(scene.wait(30) { scene.reports.contains { $0.kind == .failing && $0.text.contains("acknowledged") } })
        server.freeze(false)
        #expect(scene.wait(40) { server.count("tcp") >= 901 })
        #expect(scene.wait(20) { Set(server.numbers("tcp")).count == 901 }, "\(Set(server.numbers("tcp")).count)")
    }

    @Test(.timeLimit(.minutes(2)))
    func `a name is looked up inside the sandbox, and its other addresses tried`() throws {
        try server.start()
        // The server listens at 127.0.0.1 only; where localhost means ::1 first, that is refused.
        try scene.begin([output(.udp) { $0.host = "localhost" }])
        scene.send(1...5)
        #expect(
            scene.wait { Set(server.numbers("udp")).count == 5 },
            "\(server.numbers("udp")) \(scene.progress) \(scene.reports)")
    }

    @Test(.timeLimit(.minutes(2)))
    func `the node's own syslog understands RFC 5424, too`() throws {
        try server.start()
        let output = try SyslogOutput(path: server.socketPath, form: .rfc5424, hostName: "node-1")
        try output.start()
        defer { try? output.close() }
        let alert = Alert(
            timeNanoseconds: 1_769_860_800_123_456_789, rule: "R ]", priority: .critical, source: "syscall", tags: [],
            message: Array("m".utf8), fields: [])
        try output.write(
            alert, RenderedAlert(priority: .critical, line: Array(#"{"output":"m"}"#.utf8), priorityRange: nil))
        try output.flush()
        #expect(scene.wait { server.messages("unix").count == 1 })
        let message = try #require(server.messages("unix").first)
        #expect(message.facility == "user" && message.severity == "crit")
        #expect(message.time.hasPrefix("2026-01-31T12:00:00.123456"))
        #expect(message.appName == "shrike" && message.processID == "\(getpid())" && message.messageID == "alert")
        #expect(message.structuredData == #"[shrike@32473 rule="R \]" source="syscall"]"#)
        #expect(message.text == #"{"output":"m"}"#)
    }
}
