/// Who does something: a process and who made it, by numbers that no others have; 0: not known.
public struct BehaviourSource: Sendable, Hashable {
    /// The process.
    public var process: UInt64
    /// The process that made it.
    public var maker: UInt64

    /// Somebody, or nobody.
    public init(process: UInt64 = 0, maker: UInt64 = 0) {
        (self.process, self.maker) = (process, maker)
    }

    /// Whether it is a process, or one that that made.
    func isOf(_ process: UInt64) -> Bool { process != 0 && (self.process == process || maker == process) }

    /// Who stands for both: the process, if it is the same one, else the one that made both; nobody when others do it, too.
    func joined(with other: BehaviourSource) -> BehaviourSource {
        if process == other.process { return self }
        if maker != 0, maker == other.maker || maker == other.process { return BehaviourSource(process: maker) }
        if other.maker != 0, other.maker == process { return BehaviourSource(process: process, maker: maker) }
        return BehaviourSource()
    }
}
