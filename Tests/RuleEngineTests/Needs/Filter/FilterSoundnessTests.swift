import EventFields
import EventModel
import Foundation
import RuleFiles
import RuleLanguage
import Testing

@testable import RuleEngine

/// Whatever matches a rule without a filter in front matches it behind one: a source that filters hides nothing.
@Suite struct FilterSoundnessTests {
    /// The rules of files, compiled against the real fields; those that don't compile are left out.
    static func rules(_ texts: [String]) -> RuleSet {
        let catalogue = EventFields.catalogue
        var loader = RuleLoader(options: RuleLoaderOptions(fields: FieldNameTable(catalogue.fields.map(\.name))))
        for (index, text) in texts.enumerated() {
            let source = SourceText(name: "\(index).yaml", text: text)
            loader.add(RuleFileReader.read(source, file: index), source: source)
        }
        let loaded = loader.finish()
        let compiler = RuleCompiler(catalogue: catalogue)
        return RuleSet(loaded.rules.compactMap { compiler.compile($0).rule }, catalogue: catalogue)
    }

    static let limits: [FilterLimits] = {
        var few = FilterLimits()
        few.alternatives = 3
        few.containedTexts = 1
        few.argumentTests = 2
        few.textLength = 6
        var plain = FilterLimits()
        plain.paths = [.exact, .prefixes]
        plain.commands = .exact
        plain.dimensions = [.outcome, .access, .command, .file, .name, .user]
        return [FilterLimits(), few, plain]
    }()

    @Test(arguments: 0..<12 as Range<UInt64>)
    func `random rules match the same behind their filter`(_ seed: UInt64) {
        var file = RandomRuleFile(seed: seed)
        var matched = 0
        for round in 0..<6 {
            let rules = Self.rules([file.text()])
            let limits = Self.limits[round % Self.limits.count]
            let noticed: ProcessChanges = round == 5 ? [.program, .command] : .all
            var node = ModelNode(
                rules, rules.filter(limits: limits, noticing: noticed), seed: seed &* 31 &+ UInt64(round))
            for _ in 0..<200 { node.step() }
            matched += node.matched
            #expect(node.violations.prefix(1) == [], "seed \(seed), round \(round)")
        }
        #expect(matched > 0)
    }

    /// Events of one test.
    private static let steps = 3_000
    private static let directory = ProcessInfo.processInfo.environment["SHRIKE_FALCO_RULES"]

    private static func contents(_ path: String) throws -> String {
        try String(contentsOf: URL(filePath: path), encoding: .utf8)
    }

    static func ownRules() throws -> String {
        var root = URL(filePath: #filePath)
        for _ in 0..<5 { root.deleteLastPathComponent() }
        let rules = root.path() + "/rules/"
        let names = try FileManager.default.contentsOfDirectory(atPath: rules)
            // What is new to a workload, no filter can tell: those rules want the events that the others don't.
            .filter { $0.hasSuffix(".yaml") && $0 != "anomaly.yaml" }.sorted()
        return try names.map { try contents(rules + $0) }.joined(separator: "\n")
    }

    static func upstreamRules() throws -> [String] {
        guard let directory else { return [] }
        return try UpstreamRulesTests.names.map { try contents("\(directory)/\($0)") }
    }

    @Test(arguments: directory == nil ? [false] : [false, true])
    func `own and upstream rules match the same behind their filter`(_ isUpstream: Bool) throws {
        let rules = Self.rules(isUpstream ? try Self.upstreamRules() : [try Self.ownRules()])
        for (round, limits) in Self.limits.enumerated() {
            var node = ModelNode(rules, rules.filter(limits: limits), seed: UInt64(round))
            for _ in 0..<Self.steps / 3 { node.step() }
            #expect(node.violations.prefix(3) == [])
            #expect(node.matched > 100, "\(node.matched)")
        }
        var node = ModelNode(rules, rules.filter(), seed: 9)
        for _ in 0..<Self.steps { node.step() }
        #expect(node.violations.prefix(3) == [])
        #expect(node.stoppedByProcess > 5, "\(node.stoppedByProcess)")
    }

    /// A filter in which something is missing must be found out: the tests above can fail.
    @Test(arguments: FilterFlaw.allCases)
    func `a flaw of the filter is found`(_ flaw: FilterFlaw) throws {
        let rules = flaw.isOfDimension ? Self.rules([Self.everyDimension]) : Self.few(Self.rules([try Self.ownRules()]))
        let sound = rules.filter()
        let flawed = flaw.apply(to: sound.program)
        try #require(flawed != sound.program, "no rule has that dimension")
        var node = ModelNode(rules, RuleFilter(program: flawed, residual: sound.residual), seed: 1)
        for _ in 0..<Self.steps where node.violations.isEmpty { node.step() }
        #expect(!node.violations.isEmpty)
    }

    /// Some of our rules: with all of them chance leads to each too seldom.
    private static func few(_ rules: RuleSet) -> RuleSet {
        let names: Set<String> = [
            "Outbound connection by a shell", "Standard input or output of a process tied to a network connection",
            "Sensitive file read by an untrusted program", "Shell spawned by a server program",
            "Unexpected child process of a server", "Program run from memory or a temporary directory",
            "Write below a binary directory",
        ]
        return RuleSet(rules.rules.filter { names.contains($0.name) }, catalogue: rules.catalogue)
    }

    /// A rule for each dimension that a kernel looks up.
    private static let everyDimension = [
        ("user", "evt.type = chdir and user.uid = 1000"), ("family", "evt.type = sendto and fd.type = ipv4"),
        ("port", "evt.type = connect and fd.sport = 22"), ("access", "evt.type = openat and evt.is_open_write = true"),
        ("scope", "evt.type = fchdir and container.id = host"),
        ("executable", "evt.type = dup and proc.exepath = /usr/bin/sh"),
        ("name", "evt.type = mkdir and evt.arg.path startswith /etc/"),
        ("arguments", "evt.type = ptrace and evt.arg.request = PTRACE_ATTACH"),
        ("last", "evt.type = open_by_handle_at and fd.filename = shadow"),
        ("contained", "evt.type = openat2 and fd.name contains shadow"),
        ("outcome", "evt.type = rmdir and evt.res = SUCCESS"),
    ]
    .map { "- rule: \($0)\n  desc: d\n  condition: \($1)\n  output: o\n  priority: INFO\n" }.joined()

    @Test func `answers about processes that outlive a change are found out`() throws {
        let rules = Self.rules([try Self.ownRules()])
        let filter = rules.filter()
        var forgetful = filter.residual
        forgetful.changes = .login
        var node = ModelNode(rules, RuleFilter(program: filter.program, residual: forgetful), seed: 1)
        for _ in 0..<Self.steps where node.violations.isEmpty { node.step() }
        #expect(!node.violations.isEmpty)
    }
}

/// A way for a filter to be wrong.
