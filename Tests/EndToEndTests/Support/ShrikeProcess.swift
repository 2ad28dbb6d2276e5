import Foundation
import Synchronization
import Testing

/// A running `shrike`, as a user starts it: its alerts are read from standard output while it runs.
final class ShrikeProcess: Sendable {
    /// What has been printed so far.
    private struct Printed: Sendable {
        var output: [String] = []
        var errors: [String] = []
        var partialOutput = Data()
        var partialErrors = Data()
        /// How many of the two are read to their end.
        var ended = 0
        /// Lines that `markerCount` has looked at, and what it found.
        var counted = 0
        var markers = 0
    }

    private let printed = Mutex(Printed())
    private let process = Process()

    /// The program that SHRIKE_BINARY names, as `scripts/test` does; nil without.
    private static let named = ProcessInfo.processInfo.environment["SHRIKE_BINARY"].map { URL(fileURLWithPath: $0) }

    /// Whether the program under test is the one that users get.
    static var isReleaseBinary: Bool { named?.resolvingSymlinksInPath().path.contains("/release/") ?? false }

    /// The program under test: the one that SHRIKE_BINARY names, else the one that `swift build` made beside the test bundle.
    static let binary: URL = {
        if let named { return named }
        var directory = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        for argument in CommandLine.arguments where argument.hasSuffix(".xctest") {
            directory = URL(fileURLWithPath: argument).resolvingSymlinksInPath()
        }
        while directory.path != "/" {
            directory.deleteLastPathComponent()
            let candidate = directory.appendingPathComponent("shrike")
            if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
        }
        return URL(fileURLWithPath: ".build/debug/shrike")
    }()

    /// The program that delivers over the network, which belongs beside it.
    static var forwarder: URL { binary.deletingLastPathComponent().appendingPathComponent("shrike-forward") }

    /// Open until `endInput`.
    private let input = Pipe()

    /// Starts `shrike ARGUMENTS`; with `waitUntilArmed`, returns when it says that it watches. `launcher` is a command that
    /// runs the command behind it, such as setpriv.
    ///
    /// Most tests are of what is the same whatever the source; some hold audit's settings against what they were. Where none is
    /// named, audit and what completes it are: `auto` has tests of its own.
    convenience init(_ arguments: [String], waitUntilArmed: Bool = true, launcher: [String] = []) throws {
        var arguments = arguments
        if waitUntilArmed, !arguments.contains("--source") { arguments += ["--source", "audit,connector,scan"] }
        try self.init(command: launcher + [Self.binary.path] + arguments, waitUntilArmed: waitUntilArmed)
    }

    /// Starts a command that runs shrike, perhaps somewhere else. With `holdsInput` it ends with its standard input.
    init(command: [String], waitUntilArmed: Bool = true, seconds: Double = 20, holdsInput: Bool = false) throws {
        let output = Pipe()
        let errors = Pipe()
        var command = command
        // Of scripts/make-sensor-syscalls.
        if let tracer = ProcessInfo.processInfo.environment["SHRIKE_TEST_TRACER"] { command.insert(tracer, at: 0) }
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = holdsInput ? input : FileHandle.nullDevice
        reads(output) { Self.take($1, into: &$0.output, &$0.partialOutput) }
        reads(errors) { Self.take($1, into: &$0.errors, &$0.partialErrors) }
        try process.run()
        if waitUntilArmed {
            guard wait(seconds: seconds, until: { $0.errors.contains { $0.contains("armed") } }) else {
                stop()
                throw EndToEndError(
                    "\(command.joined(separator: " ")) was not armed in \(seconds) s:\n\(standardError)")
            }
        }
    }

    /// Reads a pipe to its end on a thread of its own: a queue's threads may all be waiting for what tests wait for.
    private func reads(_ pipe: Pipe, _ take: @escaping @Sendable (inout Printed, Data) -> Void) {
        Thread.detachNewThread { [self] in
            while true {
                let data = pipe.fileHandleForReading.availableData
                printed.withLock {
                    take(&$0, data)
                    if data.isEmpty { $0.ended += 1 }
                }
                if data.isEmpty { return }
            }
        }
    }

    private static func take(_ data: Data, into lines: inout [String], _ partial: inout Data) {
        partial.append(data)
        while let newline = partial.firstIndex(of: UInt8(ascii: "\n")) {
            lines.append(String(decoding: partial[partial.startIndex..<newline], as: UTF8.self))
            partial.removeSubrange(partial.startIndex...newline)
        }
    }

    private func wait(seconds: Double, until condition: (borrowing Printed) -> Bool) -> Bool {
        let end = Date().addingTimeInterval(seconds)
        while true {
            if printed.withLock({ condition($0) }) { return true }
            if Date() > end { return false }
            usleep(10_000)
        }
    }

    /// Waits until something is so.
    func waits(seconds: Double, until condition: () -> Bool) -> Bool {
        let end = Date().addingTimeInterval(seconds)
        while !condition() {
            if Date() > end { return false }
            usleep(20_000)
        }
        return true
    }

    /// All of standard error so far.
    var standardError: String { printed.withLock { $0.errors.joined(separator: "\n") } }
    /// All of standard output so far.
    var standardOutput: String { printed.withLock { $0.output.joined(separator: "\n") } }
    /// How many alerts on standard output name a marker file (`MarkerScene`): cheap, to be asked again and again.
    var markerCount: Int {
        printed.withLock { printed in
            let new = printed.output[printed.counted...]
            printed.markers += new.count { $0.utf8.firstRange(of: "/marker-".utf8) != nil }
            printed.counted = printed.output.count
            return printed.markers
        }
    }
    /// The process's id.
    var pid: Int32 { process.processIdentifier }
    /// The forwarder's process id; nil while there is none.
    var forwarderPID: Int32? { launcherPID.flatMap { Self.child(of: $0, ["shrike-forward"]) } }
    /// The process id of what starts forwarders; nil where there is no network output.
    var launcherPID: Int32? { Self.child(of: pid, ["shrike", "launch"]) }

    private static func child(of pid: Int32, _ command: [Substring]) -> Int32? {
        let children = try? String(contentsOfFile: "/proc/\(pid)/task/\(pid)/children", encoding: .utf8)
        return children?.split(separator: " ").compactMap { Int32($0) }.first { child in
            let line = try? String(contentsOfFile: "/proc/\(child)/cmdline", encoding: .utf8)
            return line?.split(separator: "\0") == command
        }
    }
    /// Whether it still runs.
    var isRunning: Bool { process.isRunning }

    /// The JSON alerts so far.
    var alerts: [EndToEndAlert] { printed.withLock { $0.output.compactMap(EndToEndAlert.init(line:)) } }

    /// Waits for an alert of a rule that satisfies `condition`.
    func alert(
        _ rule: String, within seconds: Double = 8, where condition: (EndToEndAlert) -> Bool = { _ in true }
    ) -> EndToEndAlert? {
        var found: EndToEndAlert?
        // Each line is looked at once, and few are parsed: a flood of alerts must not keep the test from reading them.
        let unescaped = rule.prefix { $0 != "\"" }
        var next = 0
        _ = wait(seconds: seconds) { printed in
            while found == nil, next < printed.output.count {
                let line = printed.output[next]
                next += 1
                guard line.utf8.firstRange(of: unescaped.utf8) != nil, let alert = EndToEndAlert(line: line) else {
                    continue
                }
                if alert.rule == rule, condition(alert) { found = alert }
            }
            return found != nil
        }
        return found
    }

    /// Does a deed and waits for its alert. Other users of the kernel's audit may overrun it, which is no fault of the rule: so,
    /// and only so, a deed without an alert is done again when the sensor has told meanwhile that events were lost.
    func alert(
        _ rule: String, of deed: () throws -> Void, where condition: (EndToEndAlert) -> Bool
    ) rethrows -> EndToEndAlert? {
        for _ in 1...6 {
            let before = lossAlerts
            try deed()
            if let found = alert(rule, within: 20, where: condition) { return found }
            guard lossAlerts > before else { return nil }
        }
        return nil
    }

    /// How often it has told that events were lost.
    private var lossAlerts: Int {
        alerts.count { $0.rule.hasPrefix("Shrike internal: ") && $0.rule.hasSuffix(" events lost") }
    }

    /// Waits for a line on standard error.
    func errorLine(containing text: String, within seconds: Double = 8) -> String? {
        _ = wait(seconds: seconds) { $0.errors.contains { $0.contains(text) } }
        return printed.withLock { $0.errors.first { $0.contains(text) } }
    }

    /// Ctrl-C: ends it in order and gives its exit code.
    @discardableResult
    func stop() -> Int32 {
        if process.isRunning { process.interrupt() }
        let end = Date().addingTimeInterval(10)
        while process.isRunning && Date() < end { usleep(10_000) }
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        // A thread that waits in the kernel for a file system without an answer keeps the process for ever.
        guard waits(seconds: 10, until: { !process.isRunning }) else {
            Issue.record("\(pid) doesn't end, not even when killed")
            return -1
        }
        process.waitUntilExit()
        readToEnd()
        // All tests run under the sensor's sandbox, so all of them tell when it is too small.
        let refused = standardError.split(separator: "\n").filter { $0.contains("tried the system call") }
        #expect(refused.isEmpty)
        return process.terminationStatus
    }

    /// What it printed last may not be read yet. Somebody whom it started may hold the pipes open, and then print nothing.
    private func readToEnd() {
        var read = -1
        for _ in 0..<20 {
            if wait(seconds: 1, until: { $0.ended == 2 }) { return }
            let now = printed.withLock { $0.output.count + $0.errors.count }
            if now == read { return }
            read = now
        }
    }

    /// Closes its standard input, waits for its end and gives its exit code.
    @discardableResult
    func endInput() -> Int32 {
        try? input.fileHandleForWriting.close()
        let end = Date().addingTimeInterval(30)
        while process.isRunning && Date() < end { usleep(10_000) }
        return stop()
    }

    /// Runs `shrike ARGUMENTS` to its end.
    static func run(_ arguments: [String], seconds: Double = 60) throws -> (
        status: Int32, output: String, errors: String
    ) {
        let shrike = try ShrikeProcess(arguments, waitUntilArmed: false)
        let end = Date().addingTimeInterval(seconds)
        while shrike.isRunning && Date() < end { usleep(10_000) }
        let status = shrike.stop()
        return (status, shrike.standardOutput, shrike.standardError)
    }
}

/// An alert as printed in JSON.
struct EndToEndAlert: @unchecked Sendable {
    // Unchecked: `fields` holds only what JSONSerialization made (strings, numbers, arrays), which nobody mutates.
    let rule: String
    let priority: String
    let output: String
    let fields: [String: Any]
    let line: String

    init?(line: String) {
        guard let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
            let rule = object["rule"] as? String
        else { return nil }
        self.rule = rule
        self.line = line
        priority = object["priority"] as? String ?? ""
        output = object["output"] as? String ?? ""
        fields = object["output_fields"] as? [String: Any] ?? [:]
    }

    /// A field as text; nil when it is null or absent.
    func text(_ field: String) -> String? {
        switch fields[field] {
        case let text as String: text
        case let number as NSNumber: number.stringValue
        default: nil
        }
    }
}

extension EndToEndAlert {
    /// A field as a whole number; nil when it is none.
    func number(_ field: String) -> Int? { text(field).flatMap { Int($0) } }
}

/// Why a test could not go on.
struct EndToEndError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
