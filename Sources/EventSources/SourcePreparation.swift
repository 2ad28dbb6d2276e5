public import EventModel

/// What a source has begun before it is known what rules need, because it takes as long as finding that out. Let go of, it is undone.
public protocol SourcePreparation: AnyObject, Sendable {}

extension SourceContext {
    /// Has those of the sources that may run begin with what needs no rules.
    public func preparations(
        _ choice: SourceChoice, of drivers: [SourceDriver] = SourceDriver.all
    ) -> [SourceKind: any SourcePreparation] {
        var begun: [SourceKind: any SourcePreparation] = [:]
        for driver in drivers where choice.mayBe(driver.traits.kind) {
            begun[driver.traits.kind] = driver.prepare(self)
        }
        return begun
    }
}
