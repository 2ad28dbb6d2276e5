import Foundation
import Glibc

@testable import BPFRuntime

/// A count of one control group's calls by a program in the kernel that has nothing in common with Shrike's.
final class CallCounter {
    /// The counting program and its loader.
    struct Build {
        var object: String
        var loader: String
    }

    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    /// Compiles both; nil where what it takes is missing.
    static func build() throws -> Build? {
        guard let source = Bundle.module.url(forResource: "count.bpf", withExtension: "c", subdirectory: "Programs"),
            let clang = clang()
        else { return nil }
        let object = FileManager.default.temporaryDirectory.appending(path: "shrike-count-\(getpid()).o").path
        let options = ["-target", "bpf", "-mcpu=v3", "-g", "-O2", "-c", source.path, "-o", object]
        guard try LiveSession.run(clang, options).status == 0 else { return nil }
        return Build(
            object: object, loader: try LiveSession.compile("count", "-l:libbpf.a", "-l:libelf.a", "-lz"))
    }

    /// The clang that knows the target `bpf`: the one beside the Swift compiler.
    private static func clang() -> String? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        for directory in path.split(separator: ":") {
            guard let compiler = realpath("\(directory)/swiftc", nil) else { continue }
            defer { free(compiler) }
            let beside = URL(fileURLWithPath: String(cString: compiler)).deletingLastPathComponent()
            let clang = beside.appending(path: "clang").path
            if access(clang, X_OK) == 0 { return clang }
        }
        return nil
    }

    /// Begins to count.
    init(_ build: Build, group: UInt64) throws {
        process.executableURL = URL(fileURLWithPath: build.loader)
        process.arguments = [build.object, "\(group)"]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var line = ""
        while let byte = try output.fileHandleForReading.read(upToCount: 1), !byte.isEmpty {
            line += String(decoding: byte, as: UTF8.self)
            if line == "ready\n" { return }
        }
        throw CocoaError(.executableLoad)
    }

    /// What was called: `0` (own ABI) or `1` (32 bits), and the number.
    func end() throws -> Set<String> {
        try input.fileHandleForWriting.close()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return Set(
            text.split(separator: "\n").compactMap { line in
                let words = line.split(separator: " ")
                return words.count == 3 ? "\(words[0]) \(words[1])" : nil
            })
    }
}
