import CBPFRecords

/// What the programs are told beside filters.
public struct BPFConfiguration: Sendable, Equatable {
    /// Events a second that one control group may send; 0: any number.
    public var rate: UInt64 = 0
    /// How many of them at once.
    public var burst: UInt64 = 0
    /// Whether the environments of programs are told.
    public var wantsEnvironment = false
    /// The process that is not told of; 0: none.
    public var ignored: Int32 = 0
    /// What the children of this process do passes every filter; 0: nobody's.
    public var canaryParent: Int32 = 0

    /// Tells of everything.
    public init() {}
}

extension BPFSession {
    /// Sets all of it, whatever stands there, and lets the programs tell. Filters stay what they are.
    public func configure(_ configuration: BPFConfiguration) {
        control.pointee.rate = configuration.rate
        control.pointee.burst = configuration.burst
        control.pointee.environment = configuration.wantsEnvironment ? 1 : 0
        control.pointee.ignored = configuration.ignored
        control.pointee.canary_parent = configuration.canaryParent
        setConstants()
        if control.pointee.generation < greatestGeneration {
            // Numbers that were given twice are nobody's.
            control.pointee.generation = greatestGeneration + 1
            forgetBits()
        }
        control.pointee.armed = 1
        seal()
    }

    /// A key that nobody can know.
    static func randomKey() -> shrike_hash_key {
        shrike_hash_key(first: .random(in: .min ... .max), second: .random(in: .min ... .max))
    }
}
