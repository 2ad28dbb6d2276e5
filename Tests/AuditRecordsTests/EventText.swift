import AuditRecords
import EventModel
import Foundation

/// Feeds lines to a decoder and gathers what comes out.
func decode(
    lines: some Sequence<[UInt8]>, limits: AuditDecoder.Limits = .init(), finish: Bool = true
) -> (events: [RawEvent], counters: AuditCounters, controls: [AuditControlRecord]) {
    var decoder = AuditDecoder(syscalls: .fixtures, source: .auditLog, limits: limits)
    var events: [RawEvent] = []
    var event = RawEvent()
    for line in lines {
        decoder.pushLine(line.span)
        while decoder.next(into: &event) { events.append(event) }
    }
    if finish { decoder.finish() }
    while decoder.next(into: &event) { events.append(event) }
    var controls: [AuditControlRecord] = []
    while let control = decoder.nextControlRecord() { controls.append(control) }
    return (events, decoder.counters, controls)
}

func decode(_ text: String, limits: AuditDecoder.Limits = .init(), finish: Bool = true) -> (
    events: [RawEvent], counters: AuditCounters, controls: [AuditControlRecord]
) {
    decode(lines: text.split(separator: "\n").map { Array($0.utf8) }, limits: limits, finish: finish)
}

/// A fixture's lines.
func fixture(_ name: String) throws -> [[UInt8]] {
    try Data(contentsOf: fixtureURL(name)).split(separator: 0x0a).map(Array.init)
}

/// Where a fixture is in the source tree, so that golden files can be written.
func fixtureURL(_ name: String) -> URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures/\(name)")
}

extension RawEvent {
    /// A range's bytes as text, other bytes than printable ones escaped; `-` when absent.
    func text(_ range: ByteRange) -> String {
        guard range.isPresent else { return "-" }
        return slice(range).map { byte in
            (0x21..<0x7f).contains(byte) && byte != 0x5c ? String(UnicodeScalar(byte)) : String(format: "\\x%02x", byte)
        }.joined()
    }

    /// Every fact, one per word, for golden files: what a source does not tell is left out.
    var facts: String {
        var words = ["\(timeNanoseconds / 1_000_000):\(sequence)", type.name]
        func add(_ name: String, _ value: some CustomStringConvertible, if isTold: Bool = true) {
            if isTold { words.append("\(name)=\(value)") }
        }
        func add(_ name: String, _ range: ByteRange) { add(name, text(range), if: range.isPresent) }
        add("node", node)
        add("arch", String(architecture.rawValue, radix: 16), if: architecture != .none)
        add("call", syscallNumber, if: syscallNumber >= 0)
        add("regs", (0..<Int(registerCount)).map { String(registers[$0], radix: 16) }.joined(separator: ","))
        add("res", result, if: hasResult)
        add("pid", "\(process.pid)/\(process.tid)")
        add("ppid", process.parentPID, if: process.known.contains(.parent))
        add("uid", "\(process.uid)/\(process.effectiveUID)", if: process.known.contains(.userIDs))
        add("gid", "\(process.gid)/\(process.effectiveGID)", if: process.known.contains(.groupIDs))
        add("auid", process.loginUID, if: process.known.contains(.loginUser))
        add("ses", process.auditSession, if: process.known.contains(.session))
        add("tty", String(process.terminal, radix: 16), if: process.known.contains(.terminal))
        let capabilities = [
            process.capabilitiesPermitted, process.capabilitiesEffective, process.capabilitiesInheritable,
        ]
        add(
            "caps", capabilities.map { String($0, radix: 16) }.joined(separator: ","),
            if: process.known.contains(.capabilities)
        )
        add("user", process.userName)
        add("login", process.loginUserName)
        add("group", process.groupName)
        add("comm", process.command)
        add("exe", process.executable)
        add("cwd", process.currentDirectory)
        add("args", process.arguments)
        add("title", process.title)
        add("saddr", socketAddress)
        add("fds", "\(descriptors[0]),\(descriptors[1])", if: descriptors[0] != -1 || descriptors[1] != -1)
        if let how = openHow { add("how", "\(String(how.flags, radix: 8)),\(how.mode),\(how.resolve)") }
        add("module", moduleName)
        add("exitstatus", exitStatus, if: exitStatus != 0)
        add("child", childPID, if: childPID != 0)
        add("truncated", 1, if: isTruncated)
        add("unknown-arguments", 1, if: hasUnknownArguments)
        for path in paths {
            let device = "\(String(path.deviceMajor, radix: 16)):\(String(path.deviceMinor, radix: 16))"
            let mode = String(path.mode, radix: 8)
            words.append("[\(path.role) \(text(path.name)) \(path.inode)@\(device) \(mode) \(path.uid)]")
        }
        return words.joined(separator: " ")
    }
}
