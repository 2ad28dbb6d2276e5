import EventModel
import RuleEngine
import RuleLanguage
import Testing

/// What the compiler finds is shown where the user wrote it, with the right code.
@Suite struct CompiledPlacementTests {
    private static let catalogue = FieldCatalogue([
        FieldDescription(name: "evt.type", type: .string, meaning: ""),
        FieldDescription(name: "proc.name", type: .string, meaning: ""),
        FieldDescription(name: "fd.sport", type: .port, meaning: ""),
        FieldDescription(name: "user.uid", type: .u32, meaning: ""),
    ])

    private func compiled(_ texts: String...) -> LoadedRules {
        var loader = FileLoader()
        for text in texts { loader.add(text) }
        var loaded = loader.finish()
        _ = loaded.compile(with: RuleCompiler(catalogue: Self.catalogue))
        return loaded
    }

    @Test(arguments: [
        ("evt.type = execve and proc.nmae = x", "1.yaml:3:36 LOAD_ERR_COMPILE_CONDITION"),
        ("evt.type = execve and user.uid = x", "1.yaml:3:47 LOAD_ERR_COMPILE_CONDITION"),
        ("evt.type = excve", "1.yaml:3:25 LOAD_ERR_COMPILE_CONDITION"),
        ("proc.name = x", "1.yaml:1:3 LOAD_NO_EVTTYPE"),
    ])
    func `a problem in a condition has its place`(_ condition: String, _ place: String) {
        let loaded = compiled(ruleText(condition))
        #expect(loaded.places == [place], "\(loaded.diagnostics.map(\.rendered))")
    }

    @Test func `in a macro it is shown in the macro, once, in a list at the item`() {
        let loaded = compiled(
            "- macro: m\n  condition: evt.type = execve and proc.nmae = x\n- list: ids\n  items: [1, root]\n",
            ruleText("m and proc.name = a", name: "r") + ruleText("m and proc.name = b", name: "s")
                + ruleText("evt.type = execve and user.uid in (ids)", name: "t"))
        #expect(
            loaded.places == ["1.yaml:2:36 LOAD_ERR_COMPILE_CONDITION", "1.yaml:4:14 LOAD_ERR_COMPILE_CONDITION"],
            "\(loaded.diagnostics.map(\.rendered))")
        #expect(loaded.diagnostics.first?.suggestion == "did you mean 'proc.name'?")
    }

    @Test func `in an exception it is shown in the exception`() {
        let loaded = compiled(
            ruleText(
                "evt.type = execve",
                more: "  exceptions:\n    - name: n\n      fields: [user.uid]\n      values: [[1], [root]]\n"))
        #expect(loaded.places == ["1.yaml:9:22 LOAD_ERR_COMPILE_CONDITION"], "\(loaded.diagnostics.map(\.rendered))")
    }

    @Test func `in an output it is shown in the output, appended or not`() {
        let loaded = compiled(
            ruleText("evt.type = execve").replacing("output: o", with: "output: o %proc.nmae"),
            "- rule: r\n  output: >-\n    and\n    %proc.nam.\n  override: {output: append}")
        #expect(
            loaded.places == ["1.yaml:4:14 LOAD_ERR_COMPILE_OUTPUT", "2.yaml:4:6 LOAD_ERR_COMPILE_OUTPUT"],
            "\(loaded.diagnostics.map(\.rendered))")
    }

    @Test func `skip-if-unknown-filter turns it into a warning`() {
        let loaded = compiled(
            ruleText("evt.type = execve and proc.nmae = x", more: "  skip-if-unknown-filter: true\n"))
        #expect(loaded.places == ["1.yaml:3:36 LOAD_UNKNOWN_FILTER"], "\(loaded.diagnostics.map(\.rendered))")
        #expect(loaded.isSuccessful)
    }

    @Test func `a rule with a bad priority is compiled for its other problems`() {
        let loaded = compiled(ruleText("evt.type = execve and proc.nmae = x").replacing("INFO", with: "LOW"))
        #expect(loaded.codes == [.errCompileCondition, .errValidate])
    }
}
