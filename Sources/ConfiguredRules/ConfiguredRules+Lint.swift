import EventModel
import EventSources
import RuleEngine
import RuleLanguage

extension ConfiguredRules {
    /// What is allowed in the rules and seldom meant, in the order of the rules; without what a comment `# lint: KIND: REASON` in the
    /// rule, or above the place that is meant, accounts for.
    public func lint() -> [LintFinding] {
        var findings: [LintFinding] = []
        let hidden = Dictionary(
            HiddenRules.find(in: compiled).map { ($0.hidden, $0.hider) }, uniquingKeysWith: { first, _ in first })
        let compiler = RuleCompiler(catalogue: catalogue, services: ServiceNames.port(of:))
        let diagnostics = results.flatMap(\.diagnostics)
        for rule in loaded.rules {
            func add(_ kind: LintFinding.Kind, _ message: String, at location: SourceLocation? = nil) {
                findings.append(
                    LintFinding(kind: kind, rule: rule.name, message: message, location: location ?? rule.location))
            }
            if let hider = hidden[rule.name] {
                add(.shadowed, "'\(hider)', which comes first, matches whatever it matches; put it before that one")
            }
            for diagnostic in diagnostics where [.neverMatches, .unavailableField].contains(diagnostic.code) {
                guard diagnostic.context.contains(where: { $0.itemName == rule.name }) else { continue }
                add(.neverMatches, diagnostic.message, at: diagnostic.location)
            }
            for dead in compiler.deadAlternatives(of: rule) {
                let text = dead.alternative.canonicalText
                add(
                    .deadAlternative,
                    "the alternative '\(text.count > 80 ? text.prefix(80) + "…" : text)' can never match: \(dead.reason)",
                    at: dead.alternative.firstRange.flatMap(loaded.location(of:)))
            }
            for kind in [SourceKind.ebpf, .audit] {
                guard let widening = costlyWidening(of: rule, source: kind) else { continue }
                let why = widening.clauses.first.map { ": the filter can't look up '\($0.text)'" } ?? ""
                add(
                    .expensive,
                    "\(kind.name) is asked for every \(widening.types.joined(separator: ", ")) of the node\(why)",
                    at: widening.clauses.first?.location)
                break
            }
            for (what, comparison) in namesTrusted(by: rule) {
                add(
                    .nameTrust,
                    "\(what) lets any program pass that gives itself the name; ask for the executable's place or origin "
                        + "beside it",
                    at: loaded.location(of: comparison.range))
            }
            if !rule.tags.contains(where: AttackTechnique.isTechnique) {
                add(.noTechnique, "no tag names a technique of ATT&CK, as in T1059.004")
            }
            if rule.exceptionNames.isEmpty {
                add(.noExceptions, "it has no exceptions that a user could add values to")
            }
            if !outputFields(of: rule).contains(where: { $0.hasPrefix("proc.") }) {
                add(.bareOutput, "its output tells of no process; name %proc.name and %proc.cmdline")
            }
        }
        let remarks = LintRemarks(loaded.sources)
        return Self.joined(
            findings.filter { finding in
                !remarks.account(for: finding, rule: loaded.rules.first { $0.name == finding.rule })
            })
    }

    /// What is in a macro is found in each rule that uses it, and told once.
    private static func joined(_ findings: [LintFinding]) -> [LintFinding] {
        var joined: [LintFinding] = []
        var places: [LintFinding: Int] = [:]
        for finding in findings {
            var nameless = finding
            nameless.rule = ""
            if let place = places[nameless] {
                if finding.rule != joined[place].rule, !joined[place].otherRules.contains(finding.rule) {
                    joined[place].otherRules.append(finding.rule)
                }
            } else {
                places[nameless] = joined.count
                joined.append(finding)
            }
        }
        return joined
    }

    /// What in a rule rests on names: an exception as a whole, else a comparison; with the first comparison.
    private func namesTrusted(by rule: ResolvedRule) -> [(what: String, comparison: Comparison)] {
        var condition = rule.condition
        var found: [(what: String, comparison: Comparison)] = []
        let names = rule.activeExceptions
        if !names.isEmpty, case .and(let parts) = condition, parts.count > names.count {
            for (name, part) in zip(names, parts.suffix(names.count)) {
                let trusted = NameTrust.findings(in: part)
                guard let first = trusted.first else { continue }
                var fields: [String] = []
                for comparison in trusted {
                    for field in comparison.left.fields where !fields.contains(field.name) { fields.append(field.name) }
                }
                found.append(("the exception '\(name)' (\(fields.joined(separator: ", ")))", first))
            }
            condition = .and(Array(parts.dropLast(names.count)))
        }
        for comparison in NameTrust.findings(in: condition) {
            let text = Condition.comparison(comparison).canonicalText
            found.insert(("'\(text.count > 80 ? text.prefix(80) + "…" : text)'", comparison), at: 0)
        }
        return found
    }

    private func costlyWidening(of rule: ResolvedRule, source: SourceKind) -> SourceWidening? {
        guard let compiled = compiledRule(named: rule.name) else { return nil }
        let single = Self.commonTypes(of: compiled)
        guard !single.isEmpty else { return nil }
        for var widening in widenings(of: rule, source: source) {
            widening.types.removeAll { !single.contains($0) }
            if !widening.types.isEmpty { return widening }
        }
        return nil
    }
}

/// A technique of ATT&CK as tags name it.
public enum AttackTechnique {
    /// Whether a tag is `T` and four digits, perhaps with a dot and three more.
    public static func isTechnique(_ tag: String) -> Bool {
        let parts = tag.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard let first = parts.first, first.first == UInt8(ascii: "T"), parts.count <= 2 else { return false }
        return isNumber(first.dropFirst(), digits: 4) && parts.dropFirst().allSatisfy { isNumber($0, digits: 3) }
    }

    private static func isNumber(_ text: Substring.UTF8View, digits: Int) -> Bool {
        text.count == digits && text.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}

extension Condition {
    /// The place of its first comparison.
    fileprivate var firstRange: TextRange? {
        switch self {
        case .comparison(let comparison): comparison.range
        case .macro(_, let range): range
        case .not(let part): part.firstRange
        case .and(let parts), .or(let parts): parts.lazy.compactMap(\.firstRange).first
        }
    }
}

/// The comments that account for findings.
private struct LintRemarks {
    private let sources: [String: SourceText]

    init(_ sources: [SourceText]) {
        self.sources = Dictionary(sources.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Whether a comment in the rule's item, or right above the place that is meant, has the kind and a reason.
    func account(for finding: LintFinding, rule: ResolvedRule?) -> Bool {
        if let rule, let source = sources[rule.location.file] {
            var line = rule.location.line
            repeat {
                if Self.isRemark(source.line(line), finding.kind) { return true }
                line += 1
                // The next item begins with a dash at the margin.
            } while source.line(line).map { !$0.hasPrefix("- ") } ?? false
        }
        guard let source = sources[finding.location.file] else { return false }
        var line = finding.location.line
        if Self.isRemark(source.line(line), finding.kind) { return true }
        // Within an item the comment may stand above it, too.
        while line > 1 {
            line -= 1
            guard let text = source.line(line) else { return false }
            if Self.isRemark(text, finding.kind) { return true }
            if text.hasPrefix("- ") || text.isEmpty { return false }
        }
        return false
    }

    private static func isRemark(_ line: String?, _ kind: LintFinding.Kind) -> Bool {
        guard let line, let start = line.firstRange(of: "# lint: \(kind.rawValue): ") else { return false }
        return line[start.upperBound...].contains { !$0.isWhitespace }
    }
}
