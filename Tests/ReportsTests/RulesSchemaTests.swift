import CommandOutput
import Foundation
import Testing

@testable import Reports

/// A validator of others.
private enum Validator {
    static let isInstalled = (try? run("import jsonschema, yaml", input: ""))?.status == 0

    static func run(_ program: String, input: String) throws -> (status: Int32, output: String) {
        let process = Process()
        let output = Pipe()
        let given = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = ["-c", program]
        process.standardInput = given
        process.standardOutput = output
        process.standardError = output
        try process.run()
        given.fileHandleForWriting.write(Data(input.utf8))
        try given.fileHandleForWriting.close()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }
}

/// The schema of rules files, by a validator of others: python3-jsonschema.
@Suite(.enabled(if: Validator.isInstalled, "python3-jsonschema and python3-yaml are not installed"))
struct RulesSchemaTests {
    /// What the validator has against a rules file's text; empty: nothing.
    private func problems(_ text: String) throws -> String {
        let program = """
            import json, sys, yaml, jsonschema
            # A plain = is a type of its own in YAML 1.1.
            yaml.SafeLoader.add_constructor("tag:yaml.org,2002:value", lambda loader, node: node.value)
            schema, text = sys.stdin.read().split("\\0")
            schema = json.loads(schema)
            jsonschema.Draft202012Validator.check_schema(schema)
            validator = jsonschema.Draft202012Validator(schema)
            for document in yaml.safe_load_all(text):
                for error in validator.iter_errors(document):
                    print(list(error.absolute_path), error.message[:300])
            """
        let result = try Validator.run(program, input: RulesReport.schema().text + "\0" + text)
        #expect(result.status == 0, "\(result.output)")
        return result.output
    }

    @Test func `our rules, the samples, and Falco's where they are at hand, satisfy it`() throws {
        let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..")
        var directories = [
            repository.appendingPathComponent("rules"), repository.appendingPathComponent("samples/rules"),
        ]
        if let upstream = ProcessInfo.processInfo.environment["SHRIKE_FALCO_RULES"] {
            directories.append(URL(fileURLWithPath: upstream))
        }
        var count = 0
        for directory in directories {
            for file in try FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)
            where file.pathExtension == "yaml" {
                #expect(try problems(String(contentsOf: file, encoding: .utf8)) == "", "\(file.path)")
                count += 1
            }
        }
        #expect(count > 3)
    }

    @Test(arguments: [
        "- rule: R\n  desc: d\n  condition: c\n  output: o\n  priority: LOUD\n",
        "- rule: R\n  desc: d\n  condition: c\n  output: o\n",
        "- rule: R\n  desc: d\n  conditoin: c\n  output: o\n  priority: INFO\n",
        "- rule: R\n  desc: d\n  condition: c\n  output: o\n  priority: INFO\n  tags: a\n",
        "- rule: R\n  condition: c\n  override: {condition: apend}\n",
        "- list: l\n", "- macro: m\n  items: [a]\n", "- list: l\n  items: {a: b}\n", "rule: R\n", "- rule\n",
        "- correlation: C\n  desc: d\n  condition: c\n  output: o\n  priority: INFO\n",
    ])
    func `what the loader refuses does not satisfy it`(text: String) throws {
        #expect(try problems(text) != "")
    }

    @Test(arguments: [
        "- rule: R\n  desc: d\n  condition: c\n  output: o\n  priority: info\n  enabled: no\n  tags: [T1059, 7]\n",
        "- rule: R\n  enabled: false\n", "- rule: R\n  append: true\n  condition: or x\n",
        "- rule: R\n  exceptions: [{name: e, values: [[a, [b, c]]]}]\n  override: {exceptions: append}\n",
        "- list: l\n  items: [a, 7, true]\n  override: {items: append}\n", "- required_engine_version: 0.31.0\n",
        "- required_plugin_versions: [{name: k, version: 1.0.0, alternatives: [{name: l, version: 2.0.0}]}]\n", "\n",
        """
        - correlation: C
          desc: d
          events: [{name: a, condition: c}]
          condition: count(a) >= 4 in 60s by proc.tree
          output: o
          priority: INFO
        """,
    ])
    func `what the loader takes satisfies it`(text: String) throws {
        #expect(try problems(text) == "")
    }
}
