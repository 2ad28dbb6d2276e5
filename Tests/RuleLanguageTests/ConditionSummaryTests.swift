import RuleLanguage
import Testing

@Suite struct ConditionSummaryTests {
    @Test func `a summary names fields, operators and macros once, sorted`() throws {
        let condition = try ConditionParser.parse(
            "m and not n and m and proc.name in (a) and proc.aname[2] = val(proc.pname) "
                + "and join(\",\", (fd.name, toupper(proc.exe))) startswith anyof (x) or proc.name exists")
        let summary = ConditionSummary(of: condition)
        #expect(summary.fields == ["fd.name", "proc.aname[2]", "proc.exe", "proc.name", "proc.pname"])
        #expect(summary.operators == ["=", "anyof", "exists", "in", "startswith"])
        #expect(summary.macros == ["m", "n"])
    }
}
