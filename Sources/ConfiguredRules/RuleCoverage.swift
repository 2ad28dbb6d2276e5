import EventModel
public import EventSources
import RuleEngine
import RuleLanguage

/// What of a rule can be seen on a node with its sources.
public struct RuleCoverage: Sendable, Equatable {
    /// How much can be seen.
    public enum Degree: Int, Sendable, Comparable, CaseIterable {
        /// Nothing: the rule never alerts here.
        case blind
        /// Some of its events, or some of its fields.
        case partly
        /// All that it asks for.
        case exact

        /// The word for it.
        public var name: String {
            switch self {
            case .blind: "blind"
            case .partly: "partly"
            case .exact: "exact"
            }
        }

        /// Less is seen.
        public static func < (left: Degree, right: Degree) -> Bool { left.rawValue < right.rawValue }
    }

    /// The rule's name.
    public var rule: String
    /// Its techniques of ATT&CK, sorted.
    public var techniques: [String]
    /// How much can be seen.
    public var degree: Degree
    /// What can't, each in words.
    public var gaps: [String]

    /// The coverage of a rule.
    public init(rule: String, techniques: [String], degree: Degree, gaps: [String]) {
        self.rule = rule
        self.techniques = techniques
        self.degree = degree
        self.gaps = gaps
    }
}

extension ConfiguredRules {
    /// What of each rule can be seen where these sources work, in the order of the rules.
    public func coverage(availabilities: [SourceAvailability], choice: SourceChoice) -> [RuleCoverage] {
        let all = SourceSelection(availabilities: availabilities, needs: needs, choice: choice)
        return loaded.rules.map { rule in
            let techniques = rule.tags.filter(AttackTechnique.isTechnique)
            func blind(_ why: String) -> RuleCoverage {
                RuleCoverage(rule: rule.name, techniques: techniques, degree: .blind, gaps: [why])
            }
            guard let compiled = compiledRule(named: rule.name) else { return blind("it does not compile here") }
            guard rule.isEnabled else { return blind("it is disabled") }
            guard activeNames.contains(rule.name) else { return blind("its priority is below the configured one") }
            guard !all.running.isEmpty else { return blind("no source works here") }
            // Those that run for all rules, not those that would for this one.
            let alone = SourceSelection(
                availabilities: availabilities, needs: RuleSet([compiled], catalogue: catalogue).needs,
                choice: .only(all.running))
            return coverage(of: compiled, techniques, alone)
        }
    }

    private func coverage(
        of rule: CompiledRule, _ techniques: [String], _ selection: SourceSelection
    ) -> RuleCoverage {
        var gaps: [String] = []
        if !selection.unseen.isEmpty {
            gaps.append("not told of: \(selection.unseen.map(\.name).sorted().joined(separator: ", "))")
        }
        let reach = RuleReach(
            rule, catalogue: catalogue, authorities: selection.authorities, unseen: selection.unseen)
        if !reach.missingFields.isEmpty { gaps.append("not known: \(reach.missingFields.joined(separator: ", "))") }
        for source in SourceTraits.all where selection.authorities.values.contains(SourceSet(source.kind)) {
            if let what = source.uncounted { gaps.append("\(source.kind.name): \(what)") }
        }
        let degree: RuleCoverage.Degree =
            switch reach.verdict {
            case .never: .blind
            case .partial: .partly
            case .full: gaps.isEmpty ? .exact : .partly
            }
        return RuleCoverage(rule: rule.name, techniques: techniques, degree: degree, gaps: gaps)
    }
}
