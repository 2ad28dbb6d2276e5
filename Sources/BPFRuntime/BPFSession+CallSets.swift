import CBPF
import CBPFRecords
public import KernelInterface

/// How sets of calls are used.
public struct CallSetCounts: Sendable, Equatable {
    /// Sets in use.
    public var used = 0
    /// All sets.
    public var capacity = 0
    /// Sets that were given up so far, since others needed the room and their groups made no calls.
    public var givenUp = 0
    /// Calls that were not noted, since there was no set for their control group.
    public var withoutSet: UInt64 = 0
    /// Times that a program searched for a group's set, or for room for one; other calls know where it is, or that there is none.
    public var searches: UInt64 = 0

    /// None.
    public init() {}
}

extension BPFSession {
    /// The programs that only sets of calls need.
    static let ofCallSets = ["shrike_prepare_exec", "shrike_calls_under_way", "shrike_capable"]

    /// Those of them that this kernel has no place for, or that nobody wants.
    static func withoutCallSets(_ capacity: Int) -> [String] {
        guard capacity > 0 else { return ofCallSets }
        return [("shrike_prepare_exec", "sched_prepare_exec"), ("shrike_capable", "cap_capable")]
            .filter { shrike_bpf_has_tracepoint($0.1) == 0 }.map(\.0)
    }

    /// What is noted with so many sets: kernels before 6.14 don't tell of capabilities.
    static func countedKinds(_ capacity: Int, without excluded: [String]) -> GroupUse.Kinds {
        guard capacity > 0 else { return [] }
        return excluded.contains("shrike_capable") ? .calls : [.calls, .capabilities]
    }

    /// Whether it is noted who uses CAP_SYS_ADMIN: the kernel asks for it with every reservation of memory, and where it doesn't say from
    /// where it does that, nobody can tell the one from the other.
    public var notesAdministration: Bool { control.pointee.memory_check != 0 }

    /// Has the kernel ask whether memory may be reserved: a page that this process alone may write. The programs note where it does.
    func findMemoryCheck() {
        guard countedKinds.contains(.capabilities) else { return }
        let offset = MemoryLayout<shrike_control>.offset(of: \.memory_asker) ?? 0
        let asker = (UnsafeMutableRawPointer(control) + offset).assumingMemoryBound(to: Int32.self)
        shrike_bpf_reserve_page(asker)
        memoryCheck = control.pointee.memory_check
        sealSettings()
    }

    /// Hands over which calls control groups have made, and which capabilities they have used, for the first time: the control group of
    /// a process that did some of it lately, that process (it may be gone), and what it is, the calls of one ABI at a time. Groups that
    /// were made within another since the programs run share its set (as they share what `groups` counts). Nothing is missed, and
    /// nothing told twice but of a group whose set was given up meanwhile.
    public func drainCallSets(_ body: (_ group: UInt64, _ member: Int32, _ use: GroupUse) -> Void) {
        guard let callSets else { return }
        callSets.drain(control, body)
        setPlaces?.look(control)
        guard control.pointee.set_epoch != callSets.epoch else { return }
        control.pointee.set_epoch = callSets.epoch
        sealSettings()
    }

    /// Notes calls that have begun and not returned, which programs may never do (pause, a server's wait). Takes about a
    /// microsecond for each thread of the node. Throws what the kernel says.
    public func noteCallsUnderWay() throws(BPFError) {
        guard callSets != nil, let link = links.first(where: { $0.name == "shrike_calls_under_way" })?.link else {
            return
        }
        let status = shrike_bpf_iterate(bpf_link__fd(link))
        guard status == 0 else { throw BPFError(step: .run, object: "shrike_calls_under_way", errno: -status) }
    }

    /// How the sets are used, as of the last `drainCallSets`.
    public var callSetCounts: CallSetCounts {
        var counts = CallSetCounts()
        guard let known = callSets?.counts else { return counts }
        (counts.used, counts.givenUp, counts.withoutSet) = (known.used, known.givenUp, known.withoutSet)
        counts.capacity = callSetCapacity
        counts.searches = control.pointee.set_searches
        return counts
    }

    /// Calls `body` for control groups that had no set lately: the key (as that of `groups`), and how many calls of theirs were not
    /// noted. A key can come more than once.
    public func groupsWithoutSet(_ body: (UInt64, UInt64) -> Void) { setPlaces?.withoutSet(body) }
}
