import CBPFRecords
import Foundation
import Glibc

@testable import BPFRuntime

/// A session on the real kernel that wants some calls of one process and its children.
final class LiveSession {
    /// Why eBPF can't be tested here; nil when it can. Where the kernel has what it takes, programs that don't load are a failure.
    static let obstacle: String? =
        geteuid() != 0 ? "needs root" : access("/sys/kernel/btf/vmlinux", R_OK) != 0 ? "the kernel has no BTF" : nil

    static var small: BPFSettings {
        var settings = BPFSettings()
        settings.valueCapacity = 4096
        settings.prefixCapacity = 4096
        return settings
    }

    /// What every bit of a verdict or slot is where nothing is filtered.
    static let all = shrike_bits(word: (.max, .max, .max, .max))

    let session: BPFSession
    private var records: [TestRecord] = []
    private(set) var damaged = 0

    /// Wants the calls with these names, unfiltered; `type` is the position in the list and one.
    init(calls: [String], settings: BPFSettings = small) throws {
        session = try BPFSession(settings)
        for index in calls.indices { setSlot(index + 1) { _ in } }
        try session.attach()
        let use = { (name: String) -> BPFSession.CallUse? in
            calls.firstIndex(of: name).map { .init(slot: UInt16($0 + 1), type: UInt16($0 + 1)) }
        }
        try session.hookCalls(use)
        session.setCalls(use)
        session.control.pointee.armed = 1
    }

    /// Fills a slot that lets everything through, then changes it.
    func setSlot(_ index: Int, _ change: (inout shrike_slot) -> Void) {
        var slot = shrike_slot()
        slot.possible = Self.all
        slot.success = Self.all
        slot.failure = Self.all
        slot.reading = Self.all
        slot.writing = Self.all
        slot.both = Self.all
        slot.name_default = Self.all
        withUnsafeMutableBytes(of: &slot.missing) { for index in $0.indices { $0[index] = 0xff } }
        withUnsafeMutableBytes(of: &slot.cares) { for index in $0.indices { $0[index] = 0xff } }
        slot.lengths = (.max, .max)
        change(&slot)
        session.slots[index] = slot
        session.seal()
    }

    /// The records so far that satisfy the condition.
    func collect(where isWanted: (TestRecord) -> Bool = { _ in true }) -> [TestRecord] {
        while true {
            let count = session.drain(limit: 1000) { bytes in
                let record = bytes.withUnsafeBufferPointer { TestRecord(UnsafeRawBufferPointer($0)) }
                if let record { records.append(record) } else { damaged += 1 }
            }
            if count == 0 { break }
        }
        return records.filter(isWanted)
    }

    /// Compiles a program of this folder and gives its path.
    static func compile(_ name: String, _ options: String...) throws -> String {
        guard let source = Bundle.module.url(forResource: name, withExtension: "c", subdirectory: "Programs") else {
            throw CocoaError(.fileNoSuchFile)
        }
        let output = FileManager.default.temporaryDirectory.appending(path: "shrike-bpf-\(name)-\(getpid())").path
        let status = try run(
            "/usr/bin/gcc", ["-O1", "-Wno-unused-result", source.path, "-o", output, "-lpthread"] + options)
        guard status.status == 0 else { throw CocoaError(.executableLoad) }
        return output
    }

    /// Runs a program to its end.
    static func run(_ path: String, _ arguments: [String]) throws -> (pid: Int32, status: Int32, output: String) {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardOutput = pipe
        try startWithoutBlockedSignals(process)
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.processIdentifier, process.terminationStatus, String(decoding: output, as: UTF8.self))
    }

    /// Starts a process. The threads that tests run on block all signals, and a program that inherits that waits for its children for
    /// ever (a shell), or can't be ended.
    static func startWithoutBlockedSignals(_ process: Process) throws {
        var all = sigset_t()
        var before = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_UNBLOCK, &all, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try process.run()
    }

    /// A directory that is removed with the closure's end.
    static func withDirectory<T>(_ body: (String) throws -> T) throws -> T {
        let url = FileManager.default.temporaryDirectory.appending(path: "shrike-bpf-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        defer { _ = try? run("/bin/rm", ["-rf", url.path]) }
        return try body(url.path)
    }
}
