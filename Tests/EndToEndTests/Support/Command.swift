import Foundation

/// Runs commands and the attack program, as an attacker on this machine would.
enum Command {
    /// No command takes longer on a slow machine.
    private static let limitSeconds = 120.0

    /// Whether the tests may touch the kernel.
    static let isRoot = geteuid() == 0

    /// Runs a shell command; gives its exit status and what it printed.
    @discardableResult
    static func shell(_ script: String, environment: [String: String] = [:]) throws -> (status: Int32, output: String) {
        try run("/bin/sh", ["-c", script], environment: environment)
    }

    /// Runs a program.
    @discardableResult
    static func run(
        _ path: String, _ arguments: [String], environment: [String: String] = [:]
    ) throws -> (status: Int32, output: String) {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let end = Date().addingTimeInterval(limitSeconds)
        let descriptor = pipe.fileHandleForReading.fileDescriptor
        var output = Data()
        var buffer = [UInt8](repeating: 0, count: 65536)
        // Reading ends when the last holder of the pipe does, which may be somebody whom the command left behind.
        while Date() < end {
            var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&waited, 1, 1000) > 0 else { continue }
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { break }
            output.append(contentsOf: buffer[..<count])
        }
        // Foundation starts each in a process group of its own: a command that hangs is ended with all that it started.
        if Date() >= end { kill(-process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }

    /// The attack program (Attacks/attacks.c), built static so that it also runs in containers.
    static let attacks = Result { try build("Attacks", "attacks", options: ["-static"]) }
    /// The program that opens a file through io_uring (Attacks/ring_open.c).
    static let ringOpen = Result { try build("Attacks", "ring_open") }
    /// The program that makes the events of many alerts (Programs/markers.c).
    static let markers = Result { try build("Programs", "markers") }
    /// The library that lets the wall clock jump (Programs/clock_shift.c).
    static let clockShift = Result { try build("Programs", "clock_shift", options: ["-shared", "-fPIC"]) }

    /// Builds a C file of the test bundle, once.
    private static func build(_ directory: String, _ name: String, options: [String] = []) throws -> String {
        guard let source = Bundle.module.url(forResource: name, withExtension: "c", subdirectory: directory) else {
            throw EndToEndError("\(directory)/\(name).c is not in the test bundle")
        }
        let binary = "/var/lib/shrike-test/\(name)"
        try FileManager.default.createDirectory(atPath: "/var/lib/shrike-test", withIntermediateDirectories: true)
        let built = try run("/usr/bin/env", ["cc", "-O1"] + options + ["-o", binary, source.path])
        guard built.status == 0 else { throw EndToEndError("cc \(name).c: \(built.output)") }
        return binary
    }

    /// Runs one attack.
    @discardableResult
    static func attack(_ arguments: String...) throws -> (status: Int32, output: String) {
        try run(attacks.get(), arguments)
    }

    /// A fresh directory that is removed after `body`. Not below /tmp, so that rules on /tmp stay quiet.
    static func withDirectory<T>(_ body: (String) throws -> T) throws -> T {
        let path = "/var/lib/shrike-test/\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try body(path)
    }
}
