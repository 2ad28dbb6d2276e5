/// What a source's filter can do: for saying what it delivers on behalf of a rule.
public struct FilterAbility: Sendable, Hashable {
    /// What it can look up.
    public var limits: FilterLimits
    /// Which changes of processes it notices; without any, it filters by nothing that is known of processes.
    public var noticed: ProcessChanges

    /// An ability from its parts; by default everything that a `FilterProgram` and a process's alternatives have.
    public init(limits: FilterLimits = FilterLimits(), noticed: ProcessChanges = .all) {
        self.limits = limits
        self.noticed = noticed
    }
}
