import AlertReduction
import Configuration
import EventModel
import Foundation
import KernelInterface
import RuleEngine
import RuleLanguage
import TestSupport
import Testing

@testable import ConfiguredRules

@Suite struct ConfiguredRulesTests {
    @Test func `rules whose outputs lack a field of repeats are counted`() {
        let text = ["A": "%proc.name", "B": "%proc.name %fd.name", "C": "%fd.name"].sorted { $0.key < $1.key }.map {
            "- {rule: \($0.key), desc: d, condition: evt.type = open, output: '\($0.value)', priority: INFO}\n"
        }
        var configuration = Configuration()
        configuration.rulesFiles = ["r.yaml"]
        let rules = ConfiguredRules.load(configuration, from: InventedFiles(texts: ["r.yaml": text.joined()])).active
        var settings = RepeatSettings()
        settings.fields = ["proc.name", "fd.name"]
        #expect(settings.remark(on: rules) == nil)
        settings.windowSeconds = 1
        #expect(
            settings.remark(on: rules)
                == "the outputs of 2 of 3 rules lack a field of shrike.repeats, e.g. 'A' lacks fd.name: their repeats are "
                + "compared by all fields; append_output adds fields")
        var override = RepeatSettings.Override()
        override.selection.rules = ["A", "C"]
        override.fields = []
        settings.overrides = [override]
        #expect(settings.remark(on: rules) == nil)
    }

    private func load(
        _ texts: [String: String], _ paths: [String]?, _ change: (inout Configuration) -> Void = { _ in }
    ) -> ConfiguredRules {
        var configuration = Configuration()
        configuration.rulesFiles = paths
        change(&configuration)
        return ConfiguredRules.load(configuration, from: InventedFiles(texts: texts))
    }

    private func rule(_ name: String, _ priority: String = "WARNING", more: String = "") -> String {
        """
        - rule: \(name)
          desc: x
          condition: evt.type = execve and proc.name = \(name)
          output: x (%proc.name)
          priority: \(priority)
        \(more)

        """
    }

    @Test(arguments: [
        (RuleMatching?.none, ["a", "b", "c", "d"]), (.first, ["a", "b", "c", "d"]), (.all, ["a", "b", "c", "d"]),
        (.severest, ["b", "d", "a", "c"]),
    ])
    func `rules take events in their files' order, or the most severe first`(
        matching: RuleMatching?, order: [String]
    ) {
        let text = rule("a", "NOTICE") + rule("b", "ERROR") + rule("c", "NOTICE") + rule("d", "WARNING")
        let rules = load(["r.yaml": text], ["r.yaml"]) { if let matching { $0.ruleMatching = matching } }
        #expect(rules.active.map(\.name) == order)
    }

    @Test func `of the built-in rules the most severe take events first`() {
        let priorities = load([:], nil).active.map(\.priority)
        #expect(priorities == priorities.sorted() && Set(priorities).count > 3)
    }

    /// An installation names the rules by their directory, and an administrator adds some or leaves a file out.
    @Test(arguments: [
        (["impact"], RuleMatching.severest), ([], .severest),
        (
            ["cluster", "collection", "command", "containers", "cred", "defence", "discovery", "execution", "persist"],
            .first
        ),
    ])
    func `an installed copy of the built-in rules is known by what is in it`(leftOut: [String], expected: RuleMatching)
    {
        var files = ["other.yaml": rule("x")]
        for file in DefaultRules.files where !leftOut.contains(where: file.name.hasPrefix) {
            files[file.name] = String(decoding: file.bytes, as: UTF8.self)
        }
        let rules = load(files, files.keys.sorted())
        #expect(rules.matching == expected)
        #expect(load(files, files.keys.sorted()) { $0.ruleMatching = .all }.matching == .all)
    }

    @Test func `the built-in rules load without a remark, and all are used`() {
        let rules = load([:], nil)
        #expect(rules.results.flatMap(\.diagnostics) == [])
        #expect(rules.isSuccessful)
        #expect(rules.active.count >= 6)
        #expect(rules.active.count == rules.loaded.rules.count)
    }

    @Test func `every built-in rule says what, who and where`() {
        let rules = load([:], nil)
        for rule in rules.loaded.rules {
            let fields = rules.outputFields(of: rule)
            for field in [
                "user.name", "proc.name", "proc.cmdline", "proc.pname", "container.place",
            ] { #expect(fields.contains(field), "\(rule.name) lacks \(field)") }
            #expect(rule.tags.contains { $0.hasPrefix("mitre_") } && rule.tags.contains { $0.hasPrefix("T1") })
            #expect(rule.description.count > 50)
        }
    }

    @Test func `program names in the built-in rules are no longer than the kernel keeps`() throws {
        // proc.name is cut at 15 bytes (TASK_COMM_LEN), so a longer name in a list of programs never matches.
        let text = DefaultRules.files.map { String(decoding: $0.bytes, as: UTF8.self) }.joined()
        var compared = 0
        for list in load([:], nil).loaded.lists where list.items.allSatisfy({ !$0.contains("/") }) {
            let use = try Regex(#"proc\.[aps]?name(\[\d\])? in \([^)]*\b\#(list.name)\b"#)
            guard text.contains(use) else { continue }
            compared += 1
            for item in list.items { #expect(item.utf8.count <= 15, "\(list.name): \(item)") }
        }
        #expect(compared > 3)
    }

    @Test(
        .enabled(if: ProcessInfo.processInfo.environment["SHRIKE_FALCO_RULES"] != nil, "SHRIKE_FALCO_RULES is not set"),
        arguments: [["falco_rules"], ["falco_rules", "falco-incubating_rules", "falco-sandbox_rules"]])
    func `the upstream rules load without an error`(names: [String]) throws {
        let directory = try #require(ProcessInfo.processInfo.environment["SHRIKE_FALCO_RULES"])
        var configuration = Configuration()
        configuration.rulesFiles = names.map { "\(directory)/\($0).yaml" }
        configuration.mustRulesFilesExist = true
        let rules = ConfiguredRules.load(configuration)
        #expect(rules.results.flatMap(\.errors).map(\.rendered) == [])
        #expect(rules.isSuccessful && rules.active.count >= 20)
    }

    @Test func `rules below the threshold and disabled ones are compiled and not used`() {
        let rules = load(
            ["a": rule("low", "NOTICE") + rule("off", more: "  enabled: false") + rule("used", "ERROR")], ["a"]
        ) { $0.priorityThreshold = .warning }
        #expect(rules.compiled.map(\.name) == ["low", "off", "used"])
        #expect(rules.active.map(\.name) == ["used"])
    }

    @Test func `selections apply`() {
        let rules = load(["a": rule("one") + rule("two", more: "  tags: [x]")], ["a"]) {
            $0.ruleSelections = [
                RuleSelection(isEnabling: false, rule: "*"), RuleSelection(isEnabling: true, tag: "x"),
            ]
        }
        #expect(rules.active.map(\.name) == ["two"])
    }

    @Test func `what append_output and static_fields add is compiled with the rule`() throws {
        let rules = load(["a": rule("one")], ["a"]) {
            $0.staticFields = [StaticField(name: "cluster", value: "c1")]
            $0.outputAdditions = [OutputAddition(output: "in %static.cluster", addsSuggestedFields: true)]
        }
        #expect(rules.isSuccessful)
        let one = try #require(rules.loaded.rules.first)
        #expect(one.outputText.hasPrefix("x (%proc.name) in %static.cluster container_id=%container.id "))
        #expect(one.outputText.hasSuffix("static_cluster=%static.cluster"))
    }

    @Test func `a bad appended output is an error of the rule`() {
        let rules = load(["a": rule("one")], ["a"]) { $0.outputAdditions = [OutputAddition(output: "%no.such")] }
        #expect(!rules.isSuccessful)
        #expect(rules.results.first?.errors.first?.code == .errCompileOutput)
    }

    @Test func `a bad addition to all outputs is told once, where it is written`() {
        let rules = load(["a": rule("one") + rule("two")], ["a"]) {
            var addition = OutputAddition(output: "%no.such")
            addition.location = SourceLocation(file: "-p %no.such", line: 1, column: 1)
            $0.outputAdditions = [addition]
        }
        #expect(!rules.isSuccessful)
        #expect(rules.results.flatMap(\.errors).map(\.location.file) == ["-p %no.such"])
    }

    @Test func `missing files are skipped when configured, and an error when asked for or when nothing is left`() {
        #expect(load(["a": rule("one")], ["missing", "a"]).isSuccessful)
        #expect(
            load(["a": rule("one")], ["missing", "a"]).fileRemarks
                == ["missing of rules_files is not there, and is skipped: its rules are not in use"])
        #expect(!load(["a": rule("one")], ["missing", "a"]) { $0.mustRulesFilesExist = true }.isSuccessful)
        let nothing = load([:], ["missing", "gone"])
        #expect(
            nothing.results.first?.errors.first?.message
                == "none of the configured rules files is there: expected files, or directories with .yaml or .yml files"
        )
        #expect(!load([:], []).isSuccessful)
    }

    /// What is there and can't be looked at must not pass for what isn't there: its rules would be missing untold.
    @Test(arguments: [false, true])
    func `a rules file that can't be looked at is an error`(mustExist: Bool) throws {
        let directory = "\(FileManager.default.temporaryDirectory.path())shrike-rules-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try rule("one").write(toFile: "\(directory)/one.yaml", atomically: true, encoding: .utf8)
        try FileManager.default.createSymbolicLink(
            atPath: "\(directory)/loop.d", withDestinationPath: "\(directory)/loop.d")
        var configuration = Configuration()
        configuration.rulesFiles = ["\(directory)/one.yaml", "\(directory)/loop.d"]
        configuration.mustRulesFilesExist = mustExist
        let rules = ConfiguredRules.load(configuration)
        #expect(!rules.isSuccessful)
        let errors = rules.results.flatMap(\.errors).map(\.rendered)
        #expect(errors.count == 1, "\(errors)")
        #expect(errors.allSatisfy { $0.contains("loop.d") && $0.contains("symbolic links") }, "\(errors)")
    }
}
