import EventModel
import Foundation
import KernelInterface
import Outputs
import Spool
import Testing

@testable import Delivery
@testable import Forwarder
@testable import ForwarderProtocol

/// A spool with the real process (`shrike-forward`) that empties it; gone with the test.
final class ForwarderScene {
    let directory: String
    private(set) var forwarder: ForwarderProcess?
    private(set) var reports: [ForwarderReport] = []
    private(set) var spool: SpoolWriter?
    private(set) var spoolReports: [SpoolReport] = []

    init() throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("fwd-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    deinit {
        forwarder?.stop()
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// The program under test: the one that SHRIKE_BINARY names, else the one that `swift build` made beside the test bundle.
    static let binary: String = {
        if let named = ProcessInfo.processInfo.environment["SHRIKE_BINARY"] { return named }
        var place = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        for argument in CommandLine.arguments where argument.hasSuffix(".xctest") {
            place = URL(fileURLWithPath: argument).resolvingSymlinksInPath()
        }
        while place.path != "/" {
            place.deleteLastPathComponent()
            let candidate = place.appendingPathComponent("shrike").path
            if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
        }
        return ".build/debug/shrike"
    }()

    var spoolPath: String { directory + "/spool.db" }

    /// Opens the spool and prepares the process for these outputs.
    func begin(
        _ outputs: [NetworkOutput], format: AlertFormat = AlertFormat(), limits: SpoolLimits = SpoolLimits()
    ) throws {
        spool = try SpoolWriter(path: spoolPath, limits: limits, outputs: outputs.map(\.name))
        let plan = ForwarderPlan(parent: getpid(), spoolPath: spoolPath, format: format, outputs: outputs)
        forwarder = try ForwarderProcess(plan, program: Self.binary)
    }

    /// Spools alerts of the rules `RULE N`, with `padding` more bytes each.
    func send(
        _ numbers: some Sequence<Int>, _ priority: Priority = .warning, rule: String = "rule", padding: Int = 0
    ) {
        let more = String(repeating: "x", count: padding)
        for number in numbers {
            let payload =
                #"{"hostname":"h","output":"line \#(number)","output_fields":{"n":\#(number),"more":"\#(more)"},"#
                + #""priority":"\#(priority.displayName)","rule":"\#(rule) \#(number)"}"#
            spool?.append(
                SpooledAlert(
                    timeNanoseconds: KernelClock.wall(), priority: priority, rule: "\(rule) \(number)", tags: [],
                    source: "syscall", payload: Array(payload.utf8)))
        }
        commit()
    }

    /// Does what the sensor does with each batch of events.
    func commit() {
        let now = KernelClock.monotonic()
        let outcome = spool?.commit(monotonic: now, wallClockSeconds: Int64(KernelClock.wall() / 1_000_000_000))
        if case .committed = outcome { forwarder?.wake() }
        forwarder?.tick(now: now)
        spoolReports += spool?.takeReports(monotonic: now) ?? []
        reports += forwarder?.takeReports() ?? []
    }

    /// Goes on until something is so; gives whether it came to be.
    func wait(_ seconds: Double = 20, until condition: () -> Bool) -> Bool {
        let end = Date().addingTimeInterval(seconds)
        while Date() < end {
            commit()
            if condition() { return true }
            usleep(20_000)
        }
        return false
    }

    /// What the outputs have done.
    var progress: [OutputProgress] { spool?.progress() ?? [] }

    /// Ends the process in order.
    func stop() { forwarder?.stop() }

    /// Makes an authority, and certificates for a server and a client.
    func makeCertificates() throws {
        let make = Process()
        make.executableURL = URL(fileURLWithPath: "/bin/sh")
        make.arguments = [
            "-ec",
            """
            cd '\(directory)'
            openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.crt -subj /CN=ca -days 2
            for name in server client; do
                openssl req -newkey rsa:2048 -nodes -keyout $name.key -out $name.csr -subj /CN=$name
                printf 'subjectAltName=IP:127.0.0.1,DNS:'$name > $name.ext
                openssl x509 -req -in $name.csr -CA ca.crt -CAkey ca.key -CAcreateserial -out $name.crt -days 2 \
                    -extfile $name.ext
            done
            chmod 600 *.key
            """,
        ]
        make.standardError = FileHandle.nullDevice
        make.standardOutput = FileHandle.nullDevice
        try make.run()
        make.waitUntilExit()
        #expect(make.terminationStatus == 0)
    }
}
