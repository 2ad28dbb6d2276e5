import Foundation
import Glibc
import KernelInterface

@testable import EventSources

/// What tests against the real kernel share.
enum LiveKernel {
    static let isRoot = geteuid() == 0

    /// Runs a program to its end; gives its pid.
    @discardableResult
    static func run(_ path: String, _ arguments: String...) throws -> Int32 {
        let process = try start(path, arguments)
        process.waitUntilExit()
        return process.processIdentifier
    }

    static func start(_ path: String, _ arguments: [String]) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    /// Moves this thread into a network namespace of its own (unshare(2), CLONE_NEWNET).
    static func leaveNetworkNamespace() -> Bool {
        // Glibc's module leaves out what needs _GNU_SOURCE.
        guard let symbol = dlsym(nil, "unshare") else { return false }
        return unsafeBitCast(symbol, to: (@convention(c) (Int32) -> Int32).self)(0x4000_0000) == 0
    }

    /// Becomes a process's tracer without stopping it (ptrace(2), PTRACE_SEIZE).
    static func trace(_ pid: Int32) -> Bool {
        // Variadic in the header, so not imported; with four words the variadic call is an ordinary one on both ABIs.
        guard let symbol = dlsym(nil, "ptrace") else { return false }
        let call = unsafeBitCast(symbol, to: (@convention(c) (Int, Int32, Int, Int) -> Int).self)
        return call(0x4206, pid, 0, 0) == 0
    }

    /// Kills a program and reaps it. SIGTERM will not do: whoever runs the tests may have it ignored.
    static func end(_ process: Process) {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Drains and ticks until the condition holds or two seconds are over; gives whether it held.
    static func pump(_ source: any EventSource, _ sink: RecordingSink, until isDone: () -> Bool) -> Bool {
        let end = KernelClock.monotonic() + 2_000_000_000
        while KernelClock.monotonic() < end {
            _ = source.drain(into: sink)
            source.tick(nowNanoseconds: KernelClock.monotonic(), into: sink)
            if isDone() { return true }
            usleep(10_000)
        }
        return isDone()
    }
}
