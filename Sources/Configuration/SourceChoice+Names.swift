import EventModel
public import EventSources

extension SourceChoice {
    /// Reads the names of `shrike.sources` or `--source`: those of `SourceChoice`, and `audit-log`. An `auto` among them
    /// means that the choice is Shrike's.
    public init(names: [String]) throws(SourceChoiceError) {
        var kinds: [SourceKind] = []
        for name in names {
            let named: SourceChoice = name == SourceKind.auditLog.name ? .only([.auditLog]) : try SourceChoice(name)
            switch named {
            case .auto:
                self = .auto
                return
            case .only(let more): kinds += more.filter { !kinds.contains($0) }
            }
        }
        self = .only(kinds)
    }
}
