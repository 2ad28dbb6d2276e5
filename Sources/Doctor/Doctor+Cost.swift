import ConfiguredRules
import EventModel
import EventSources
import RuleLanguage

extension Doctor {
    private static let shownRules = 5

    /// The rules that make a source tell of every event of a type that programs cause all the time.
    static func cost(_ rules: ConfiguredRules, _ selection: SourceSelection) -> [Finding] {
        guard rules.isSuccessful else { return [] }
        return selection.running.flatMap { source in
            let costly = rules.costlyWidenings(source: source)
            let findings = costly.prefix(shownRules).map { rule, widening in
                let clause = widening.clauses.first.map { clause in
                    let place = clause.location.map { "\($0.described): " } ?? ""
                    return "; it can't look up \(place)\(clause.text.prefix(80))"
                }
                return Finding(
                    "cost", .note,
                    "the rule '\(rule)' makes \(source.name) tell of every \(widening.types.joined(separator: ", "))\(clause ?? "")",
                    fix: "narrow or disable the rule; shrike rules cost LOG counts what it makes \(source.name) deliver"
                )
            }
            guard costly.count > shownRules else { return findings }
            return findings + [
                Finding(
                    "cost", .note,
                    "\(costly.count - shownRules) more rules make \(source.name) tell of all such events",
                    fix: "shrike rules show NAME says why")
            ]
        }
    }
}
