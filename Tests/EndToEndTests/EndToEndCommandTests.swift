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
