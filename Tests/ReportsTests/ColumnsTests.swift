import CommandOutput
import Testing

@testable import Configuration
@testable import Reports

@Suite struct ColumnsTests {
    @Test func `a long text goes on below its own beginning`() {
        let lines = Columns.wrapped("name  ", String(repeating: "word ", count: 30))
        #expect(lines.count == 2)
        #expect(lines[0].hasPrefix("name  word word") && lines[1].hasPrefix("      word word"))
        #expect(lines.allSatisfy { $0.count <= Columns.width })
    }

    @Test(arguments: ["", "x"]) func `a short one stays on its line`(_ text: String) {
        #expect(Columns.wrapped("name  ", text) == ["name  \(text)"])
    }

    @Test func `where no room is left the text goes below`() {
        let beginning = String(repeating: "n", count: 90) + "  "
        let lines = Columns.wrapped(beginning, "a tag")
        #expect(lines == [String(repeating: "n", count: 90), String(repeating: " ", count: 70) + "a tag"])
    }

    @Test func `listings fit 100 columns`() {
        var configuration = Configuration()
        for report in [
            FieldReport.make(form: .text), RulesReport.list(configuration: configuration, isJSON: false),
        ] {
            let wide = report.text.split(separator: "\n").filter { $0.count > Columns.width }
            #expect(wide.isEmpty, "\(wide)")
        }
        configuration.rulesFiles = ["/nonexistent"]
        #expect(RulesReport.ruleNames(configuration: configuration).isEmpty)
        #expect(RulesReport.ruleNames(configuration: Configuration()).count > 100)
    }
}
