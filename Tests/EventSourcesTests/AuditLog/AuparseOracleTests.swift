import AuditRecords
import EventModel
import EventSources
import Foundation
import Testing

/// Another reader of the same logs: libauparse, through Debian's python3-audit. Every fact that both know must agree.
@Suite(.enabled(if: AuparseOracle.isThere, "needs Debian's package python3-audit"))
struct AuparseOracleTests {
    private static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    private static let logs = ["AuditRecordsTests/Fixtures", "DetectionTests/Fixtures/Cases"].flatMap { folder in
        ((try? FileManager.default.contentsOfDirectory(atPath: tests.appendingPathComponent(folder).path)) ?? [])
            .filter { $0.hasSuffix(".log") }.sorted().map { "\(folder)/\($0)" }
    }

    /// Logs that auparse does not read or misreads: what a relay or a tool made of them, fractions that it takes for
    /// milliseconds as they stand, and line ends of which it takes a part for the last argument's.
    private static let misreadByAuparse: Set<String> = [
        "m2-bom", "m2-leading", "m2-syslog", "m2-rfc5424", "m2-kernlog", "m2-oneline", "m2-nodespace", "m2-journal",
        "m2-interpreted", "m2-crlf", "m15-frac",
    ]

    @Test(arguments: logs) func `facts agree`(_ name: String) throws {
        let path = Self.tests.appendingPathComponent(name).path
        let short = String(name.split(separator: "/").last?.dropLast(4) ?? "")
        if Self.misreadByAuparse.contains(short) { return }
        let theirs = try AuparseOracle.facts(of: path)
        let ours = Self.facts(of: path)
        var compared = 0
        var disagreements: [String] = []
        for (event, facts) in theirs {
            guard let known = ours[event] else {
                if facts["pid"] != nil { disagreements.append("\(event): only auparse has it") }
                continue
            }
            for (key, value) in facts {
                // What one of them left out because the record came too late for it is no disagreement about it.
                guard let own = known[key] else { continue }
                compared += 1
                if own != value { disagreements.append("\(event) \(key): \(own), auparse \(value)") }
            }
        }
        #expect(disagreements.isEmpty)
        #expect(compared >= 10 || theirs.isEmpty)
    }

    private static func facts(of path: String) -> [String: [String: String]] {
        var decoder = AuditDecoder(syscalls: .known, source: .auditLog)
        var result: [String: [String: String]] = [:]
        var event = RawEvent()
        func take() {
            while decoder.next(into: &event) {
                guard event.syscallNumber >= 0 else { continue }
                let node = String(decoding: event.slice(event.node), as: UTF8.self)
                let time = event.timeNanoseconds / 1_000_000
                let id = "\(time / 1000).\(time % 1000):\(event.sequence):\(node)"
                result[id, default: [:]].merge(event.oracleFacts) { first, _ in first }
            }
        }
        guard let data = FileManager.default.contents(atPath: path) else { return [:] }
        for line in data.split(separator: 0x0a) {
            decoder.pushLine(Array(line).span)
            take()
        }
        decoder.finish()
        take()
        return result
    }
}

extension RawEvent {
    /// The facts in the words of the oracle's script: numbers as the record has them, texts in hexadecimal.
    fileprivate var oracleFacts: [String: String] {
        var facts = [
            "pid": "\(process.pid)", "ppid": "\(process.parentPID)", "uid": "\(process.uid)", "gid": "\(process.gid)",
            "euid": "\(process.effectiveUID)", "egid": "\(process.effectiveGID)", "auid": "\(process.loginUID)",
            "ses": "\(process.auditSession)", "call": type.name,
        ]
        if hasResult { facts["exit"] = "\(result)" }
        for index in 0..<min(Int(registerCount), 4) { facts["a\(index)"] = String(registers[index], radix: 16) }
        func add(_ key: String, _ range: ByteRange) {
            if range.isPresent { facts[key] = slice(range).map { String(format: "%02x", $0) }.joined() }
        }
        add("comm", process.command)
        add("exe", process.executable)
        add("cwd", process.currentDirectory)
        add("saddr", socketAddress)
        if !isTruncated { add("args", process.arguments) }
        for (index, path) in paths.enumerated() {
            add("path\(index).name", path.name)
            facts["path\(index).inode"] = "\(path.inode)"
            facts["path\(index).ouid"] = "\(path.uid)"
            facts["path\(index).mode"] = String(path.mode, radix: 8)
            facts["path\(index).dev"] = String(format: "%02x:%02x", path.deviceMajor, path.deviceMinor)
            facts["path\(index).nametype"] = "\(path.role)".uppercased()
        }
        return facts
    }
}

/// Runs auparse over a log.
enum AuparseOracle {
    private static let python = "/usr/bin/python3"

    static let isThere: Bool = (try? run("import auparse", [])) != nil

    /// By `SEC.MS:SERIAL:NODE`, the facts of each event with a SYSCALL record.
    static func facts(of path: String) throws -> [String: [String: String]] {
        let output = try run(script, [path])
        let decoded = try JSONDecoder().decode([[String: String]].self, from: output)
        var result: [String: [String: String]] = [:]
        for var facts in decoded {
            guard let id = facts.removeValue(forKey: "id") else { continue }
            // Variants of a call are one event here.
            if let call = facts["call"] {
                facts["call"] = call.hasPrefix("socketcall") ? nil : SyscallTable.type(named: call)?.name ?? "syscall"
            }
            result[id, default: [:]].merge(facts) { first, _ in first }
        }
        return result
    }

    private struct Failure: Error { var status: Int32 }

    private static func run(_ script: String, _ arguments: [String]) throws -> Data {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = ["-c", script] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(status: process.terminationStatus) }
        return output
    }

    private static let script = #"""
        import auparse, json, sys
        parser = auparse.AuParser(auparse.AUSOURCE_FILE, sys.argv[1])
        parser.set_escape_mode(auparse.AUPARSE_ESC_RAW)
        events = []

        def text(raw, meaning):
            # Of a relative name auparse makes an absolute one: then what stands there, unquoted.
            if raw.startswith('"') and not raw.startswith('"/'): meaning = raw[1:-1]
            if meaning is None or raw == "(null)": return None
            return meaning.encode("utf-8", "surrogateescape").hex()

        while parser.parse_next_event():
            time = parser.get_timestamp()
            facts = {"id": "%d.%d:%d:%s" % (time.sec, time.milli, time.serial, time.host or "")}
            arguments, whole, socketcall = {}, True, False
            if not parser.first_record(): continue
            while True:
                kind, fields = parser.get_type_name(), {}
                if parser.first_field():
                    while True:
                        try: fields[parser.get_field_name()] = (parser.get_field_str(), parser.interpret_field())
                        except Exception: fields[parser.get_field_name()] = (parser.get_field_str(), None)
                        if not parser.next_field(): break
                if kind == "SYSCALL":
                    for name in ["pid", "ppid", "uid", "gid", "euid", "egid", "auid", "ses", "exit"]:
                        if name in fields: facts[name] = fields[name][0]
                    facts["call"] = fields["syscall"][1]
                    socketcall = facts["call"].startswith("socketcall")
                    for name in ["a0", "a1", "a2", "a3"]:
                        if name in fields and not socketcall: facts[name] = "%x" % int(fields[name][0], 16)
                    for name in ["comm", "exe"]:
                        if name in fields: facts[name] = text(*fields[name])
                elif kind == "CWD": facts["cwd"] = text(*fields["cwd"])
                elif kind == "SOCKADDR" and "saddr" not in facts: facts["saddr"] = fields["saddr"][0].lower()
                elif kind == "PATH" and "item" in fields:
                    key = "path" + fields["item"][0] + "."
                    facts[key + "name"] = text(*fields["name"])
                    for name in ["inode", "ouid", "dev", "nametype"]:
                        if name in fields: facts[key + name] = fields[name][0]
                    if "mode" in fields: facts[key + "mode"] = "%o" % int(fields["mode"][0], 8)
                elif kind == "EXECVE":
                    for name, (raw, meaning) in fields.items():
                        if name[:1] == "a" and name[1:].isdigit(): arguments[int(name[1:])] = text(raw, meaning)
                        elif "[" in name or "_len" in name: whole = False
                if not parser.next_record(): break
            if arguments and whole and None not in arguments.values():
                facts["args"] = "".join(arguments[index] + "00" for index in sorted(arguments))
            if "pid" in facts: events.append({key: value for key, value in facts.items() if value is not None})
        print(json.dumps(events))
        """#
}
