import Foundation
import RuleLanguage
import Testing

@Suite struct DiagnosticTests {
    private static let line = "  condition: evt.type = execve and proc.nmae = bash"
    private var diagnostic: Diagnostic {
        Diagnostic(
            severity: .error, code: .errCompileCondition, message: "unknown field 'proc.nmae'",
            location: SourceLocation(file: "rules/shell.yaml", line: 12, column: 36, offset: 300),
            sourceLine: Self.line, length: 9, suggestion: "did you mean 'proc.name'?",
            context: [
                .init(
                    itemType: "rules content", itemName: "",
                    location: .init(file: "rules/shell.yaml", line: 1, column: 1)),
                .init(
                    itemType: "rule", itemName: "Shell in container",
                    location: .init(file: "rules/shell.yaml", line: 9, column: 3, offset: 250)),
            ]
        )
    }

    @Test func `text shows place, line, marks, suggestion and item`() {
        #expect(
            diagnostic.rendered == """
                rules/shell.yaml:12:36: error: unknown field 'proc.nmae' [LOAD_ERR_COMPILE_CONDITION]
                    condition: evt.type = execve and proc.nmae = bash
                                                     ^~~~~~~~~ did you mean 'proc.name'?
                rules/shell.yaml:9:3: note: in rule 'Shell in container'
                """)
    }

    @Test func `without a line the suggestion stands alone`() {
        var diagnostic = diagnostic
        diagnostic.sourceLine = nil
        diagnostic.context = []
        #expect(diagnostic.rendered.split(separator: "\n").count == 2)
    }

    @Test func `a long line is cut around the place and controls can't steer a terminal`() throws {
        var diagnostic = diagnostic
        diagnostic.sourceLine = String(repeating: "\u{1B}", count: 1000) + "HERE" + String(repeating: "y", count: 1000)
        diagnostic.location.column = 1001
        diagnostic.length = 4
        let lines = diagnostic.rendered.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(!diagnostic.rendered.unicodeScalars.contains("\u{1B}"))
        #expect(lines[1].count == 162)
        let marks = try #require(lines[2].range(of: "^~~~"))
        let offset = lines[2].distance(from: lines[2].startIndex, to: marks.lowerBound)
        #expect(lines[1].dropFirst(offset).hasPrefix("HERE"))
    }

    @Test func `a place beyond the line does not trap`() {
        var diagnostic = diagnostic
        diagnostic.location.column = 500
        diagnostic.length = 70
        #expect(diagnostic.rendered.contains("^"))
        diagnostic.sourceLine = ""
        #expect(diagnostic.rendered.contains("^"))
    }

    @Test func `JSON has Falco's form`() throws {
        var warning = diagnostic
        warning.severity = .warning
        warning.code = .unusedList
        warning.message = "quote \" backslash \\ tab \t bell \u{07} ü"
        let results = [LoadResult(name: "a.yaml", diagnostics: [diagnostic, warning]), LoadResult(name: "b.yaml")]
        let json = LoadResult.json(of: results)
        #expect(!json.contains("\n"))
        let root = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        let files = try #require(root["falco_load_results"] as? [[String: Any]])
        #expect(files.map { $0["name"] as? String } == ["a.yaml", "b.yaml"])
        #expect(files.map { $0["successful"] as? Bool } == [false, true])
        let error = try #require((files[0]["errors"] as? [[String: Any]])?.first)
        #expect(error["code"] as? String == "LOAD_ERR_COMPILE_CONDITION")
        #expect(error["codedesc"] as? String == "Error compiling condition")
        let context = try #require(error["context"] as? [String: Any])
        let locations = try #require(context["locations"] as? [[String: Any]])
        #expect(locations.map { $0["item_type"] as? String } == ["rules content", "rule", "condition expression"])
        let position = try #require(locations[1]["position"] as? [String: Any])
        #expect(position["line"] as? Int == 9 && position["column"] as? Int == 3 && position["offset"] as? Int == 250)
        #expect(position["name"] as? String == "rules/shell.yaml")
        #expect((context["snippet"] as? String)?.contains("proc.nmae") == true)
        let read = try #require((files[0]["warnings"] as? [[String: Any]])?.first?["message"] as? String)
        #expect(read == warning.message)
    }

    @Test func `a summary counts`() {
        var warning = diagnostic
        warning.severity = .warning
        #expect(LoadResult(name: "f").summary == "f: Ok")
        #expect(LoadResult(name: "f", diagnostics: [warning]).summary == "f: Ok, with warnings (1 warning)")
        #expect(
            LoadResult(name: "f", diagnostics: [diagnostic, diagnostic, warning]).summary
                == "f: Invalid (2 errors, 1 warning)")
    }

    @Test(arguments: LoadCode.allCases) func `each code is described`(_ code: LoadCode) {
        #expect(!code.shortDescription.isEmpty)
    }
}
