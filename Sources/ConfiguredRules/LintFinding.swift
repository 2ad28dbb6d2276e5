public import RuleLanguage

/// Something about a rule that is allowed and seldom meant.
public struct LintFinding: Sendable, Hashable {
    /// What kind of thing.
    public enum Kind: String, Sendable, CaseIterable {
        /// An earlier rule matches whatever it matches.
        case shadowed
        /// It never matches here.
        case neverMatches = "never-matches"
        /// One of its alternatives never matches.
        case deadAlternative = "dead-alternative"
        /// A source is asked for every event of a type that all programs cause all the time.
        case expensive
        /// It lets a program pass because of a name that any program can have.
        case nameTrust = "name-trust"
        /// It names no technique of ATT&CK.
        case noTechnique = "no-technique"
        /// It has no exceptions, which a user could add values to.
        case noExceptions = "no-exceptions"
        /// Its output names no process.
        case bareOutput = "bare-output"
    }

    /// What kind of thing.
    public var kind: Kind
    /// The rule; of several that use a macro the first.
    public var rule: String
    /// The other rules that it is in.
    public var otherRules: [String] = []
    /// What it is and how to mend it.
    public var message: String
    /// Where it is written.
    public var location: SourceLocation

    /// The finding in one line.
    public var line: String {
        let more = otherRules.isEmpty ? "" : " and \(otherRules.count) more"
        return "\(location.described): \(rule)\(more): \(message) [\(kind.rawValue)]"
    }
}
