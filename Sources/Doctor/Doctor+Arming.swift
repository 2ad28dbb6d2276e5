import ConfiguredRules
import EventModel
import EventSources
import RuleEngine

extension Doctor {
    /// What the rules come to in the kernel, for each source that would run and has something to say of that.
    static func arming(
        _ rules: ConfiguredRules, _ selection: SourceSelection, hostRoot: String,
        drivers: [SourceDriver] = SourceDriver.all
    ) -> [Finding] {
        guard rules.isSuccessful else { return [] }
        let set = RuleSet(rules.active, catalogue: rules.catalogue)
        let fields = Set(set.needs.fields.map { set.catalogue[$0.field].name })
        return drivers.filter { selection.running.contains($0.traits.kind) }.compactMap { driver in
            let filter = driver.traits.filter.flatMap { set.filter(limits: $0.limits, noticing: $0.noticed) }
            let needs = SourceNeeds(events: set.needs, fieldNames: fields, filter: filter?.program)
            guard let size = driver.measure(needs, hostRoot) else { return nil }
            return Finding("arming", .ok, "\(driver.traits.kind.name): \(size)", of: [driver.traits.kind])
        }
    }
}
