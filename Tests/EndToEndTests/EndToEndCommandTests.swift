import Foundation
import Testing

/// The commands that need neither root nor the kernel.
@Suite struct EndToEndCommandTests {
    private func check(_ rules: String, _ arguments: String...) throws -> (
        status: Int32, output: String, errors: String
    ) {
        let file = NSTemporaryDirectory() + "shrike-\(UUID().uuidString).yaml"
        try rules.write(toFile: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: file) }
        return try ShrikeProcess.run(arguments + [file])
    }

    @Test func `rules check reports all problems of a file with places and suggestions, and fails`() throws {
        let result = try check(
            """
            - macro: spawned
              condition: evt.type in (execve, execveat)
            - rule: First
              desc: a misspelt field
              condition: spawned and proc.nmae = bash
              output: shell (%proc.name)
              priority: WARNING
            - rule: Second
              desc: a misspelt macro
              condition: spwaned and proc.name = bash
              output: shell (%proc.naem)
              priority: LOUD
            """, "rules", "check")
        let printed = result.output + result.errors
        #expect(result.status == 1)
        #expect(printed.contains(":5:26: error:"))
        #expect(printed.contains("did you mean 'proc.name'?"))
        #expect(printed.contains("did you mean 'spawned'?"))
        #expect(printed.contains("LOAD_ERR_COMPILE_CONDITION"))
    }

    @Test func `rules check accepts a valid file`() throws {
        let result = try check(
            """
            - rule: First
              desc: fine
              condition: evt.type = execve and proc.name = bash
              output: shell (%proc.name)
              priority: WARNING
            """, "rules", "check")
        #expect(result.status == 0)
    }

    @Test func `fields lists proc.name with its sources`() throws {
        let result = try ShrikeProcess.run(["fields"])
        #expect(result.status == 0)
        #expect(result.output.contains("proc.name"))
    }

    @Test func `rules show prints the resolved condition of an embedded rule`() throws {
        let list = try ShrikeProcess.run(["rules", "list"])
        #expect(list.status == 0)
        #expect(list.output.contains("Sensitive file"))
    }
}

/// What a running Shrike can do beyond watching: as little as possible.
@Suite(.serialized, .enabled(if: Command.isRoot, "needs root"))
struct EndToEndPrivilegeTests {
    private static func status(_ pid: Int32, _ field: String) throws -> String {
        let text = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        let line = text.split(separator: "\n").first { $0.hasPrefix("\(field):") } ?? ""
        return line.split(separator: "\t").last.map(String.init) ?? ""
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            // AUDIT_READ, AUDIT_CONTROL, SYS_PTRACE, NET_ADMIN, DAC_READ_SEARCH; SYS_ADMIN instead of audit's.
            ("audit", UInt64(1) << 37 | 1 << 30 | 1 << 19 | 1 << 12 | 1 << 2),
            ("proc", UInt64(1) << 21 | 1 << 19 | 1 << 12 | 1 << 2), ("ebpf", UInt64(1) << 19 | 1 << 2),
        ])
    func `it keeps only the capabilities that its sources need`(_ source: String, _ expected: UInt64) throws {
        let shrike = try ShrikeProcess(["--source", source == "audit" ? "audit,connector,scan" : source])
        defer { shrike.stop() }
        for field in ["CapEff", "CapPrm", "CapBnd"] {
            #expect(try UInt64(Self.status(shrike.pid, field), radix: 16) == expected, "\(field) with \(source)")
        }
        #expect(try Self.status(shrike.pid, "NoNewPrivs") == "1")
    }

    @Test(.timeLimit(.minutes(1)))
    func `rules that others can write are refused, with the command that mends it`() throws {
        try Command.withDirectory { directory in
            let path = "\(directory)/rules.yaml"
            try "- list: a\n  items: [b]\n".write(toFile: path, atomically: false, encoding: .utf8)
            chmod(path, 0o666)
            let refused = try ShrikeProcess.run(["-r", path, "-M", "1"])
            #expect(refused.status == 1)
            #expect(refused.errors.contains("\(path):1:1: error") && refused.errors.contains("chmod go-w \(path)"))
            chmod(path, 0o644)
            #expect(try ShrikeProcess.run(["-r", path, "-M", "1"]).status == 0)
        }
    }
}
