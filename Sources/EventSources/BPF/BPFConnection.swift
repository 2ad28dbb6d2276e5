import BPFFilter
import BPFRuntime
import KernelInterface

/// The eBPF programs in the kernel, as their source uses them. A test's has none.
protocol BPFConnection: AnyObject {
    /// Readable when a record waits.
    var descriptor: Int32 { get }
    /// What the programs can't see here, each as a sentence.
    var shortcomings: [String] { get }
    /// Bytes that wait in the ring, and how many there can be.
    var queue: (waiting: Int, capacity: Int) { get }
    /// Bytes that were read from the ring, and written, since it was made.
    var positions: (read: UInt64, written: UInt64) { get }
    /// What keeps programs and ring when this process ends.
    var storable: [StorableDescriptors] { get }
    /// Notes for who reads on of how many events that were held back or lost the user knows.
    func note(told: BPFMissing)
    /// What the programs have counted so far.
    var counts: BPFCounts { get }
    /// Calls with each control group of which events were held back or lost: its key, and how many.
    func groups(_ body: (UInt64, BPFGroupCounts) -> Void)

    /// Hands over up to `limit` records, each valid during the call alone; gives how many.
    func drain(limit: Int, _ body: (Span<UInt8>) -> Void) -> Int
    /// The reader is going to wait: the next record wakes it. What is there already does not.
    func willSleep()

    /// Puts another filter in the place of the one in use, without a moment in which neither holds. Throws with the former one in
    /// use. `fill` is called when the new one's tables are written and no call is led to them: what it sets (`setFile`) is the new
    /// one's.
    func install(_ image: FilterImage, fill: () -> Void) throws(SourceFailure)
    /// Removes what was in use before: a tick after `install` nothing looks it up any more.
    func removeRetired()
    /// Has events on a file meet what the filter in use says of a name of it; nil: no more.
    func setFile(_ file: FilterImage.NamedFile, from old: BPFFileIdentity?, to new: BPFFileIdentity?)
        throws(SourceFailure)
    /// Puts everything into the maps again as it was set.
    func restore() throws(SourceFailure)
    /// The number that a process has now; nil when it is gone.
    func generation(ofProcess pid: Int32) -> UInt64?
    /// Sets the words of a process that were found out for a number; false when it has another one by now.
    func set(_ words: [UInt64], ofProcess pid: Int32, generation: UInt64) -> Bool
    /// Makes all bits of all processes count again, until they are set for a number that was asked for after this.
    func forgetProcesses()
    /// What somebody else has changed, each as part of a sentence, and whether `restore` can mend it.
    func alterations() -> [(text: String, isMendable: Bool)]

    /// What is noted of control groups.
    var countedKinds: GroupUse.Kinds { get }
    /// Hands over which calls control groups have made for the first time; as of `BPFSession`.
    func drainCallSets(_ body: (UInt64, Int32, GroupUse) -> Void)
    /// Notes calls that have begun and not returned.
    func noteCallsUnderWay() throws(SourceFailure)
    /// How sets of calls were used at the last `drainCallSets`.
    var callSetCounts: CallSetCounts { get }
    /// Calls with each control group that had no set lately, and how many calls of it were not noted.
    func groupsWithoutSet(_ body: (UInt64, UInt64) -> Void)

    /// Takes the programs out of the kernel; what is in the ring stays. Safe to call twice.
    func detach()
}

extension BPFConnection {
    /// Programs that don't note what groups call.
    var countedKinds: GroupUse.Kinds { [] }
    /// Programs that don't note what groups call.
    func drainCallSets(_ body: (UInt64, Int32, GroupUse) -> Void) {}
    /// Programs that don't note what groups call.
    func noteCallsUnderWay() throws(SourceFailure) {}
    /// Programs that don't note what groups call.
    var callSetCounts: CallSetCounts { CallSetCounts() }
    /// Programs that don't note what groups call.
    func groupsWithoutSet(_ body: (UInt64, UInt64) -> Void) {}
}

/// What a run before has left in the kernel: programs that went on to gather, and what they put into their ring.
protocol BPFRemains: AnyObject {
    /// As of `BPFConnection`.
    func drain(limit: Int, _ body: (Span<UInt8>) -> Void) -> Int
    /// Bytes that wait.
    var waiting: Int { get }
    /// What did not come, of which the run before has not told.
    var missing: BPFMissing { get }
    /// Takes its programs out of the kernel; what is in the ring stays.
    func detach()
    /// Hands over all calls that were noted of each control group, also those that the run before knew.
    func callSets(_ body: (UInt64, Int32, GroupUse) -> Void)
}

extension BPFRemains {
    /// What didn't note what groups call.
    func callSets(_ body: (UInt64, Int32, GroupUse) -> Void) {}
}

/// What tells one file from another.
struct BPFFileIdentity: Hashable {
    var inode: UInt64
    /// The device as the kernel encodes it: major << 20 | minor.
    var device: UInt32
}

/// Events that did not come, by cause, as in `BPFCounts`.
struct BPFMissing: Equatable {
    var held: UInt64 = 0
    var lostFull: UInt64 = 0
    var lostBusy: UInt64 = 0

    var all: UInt64 { held &+ lostFull &+ lostBusy }
}

/// What the programs have counted.
struct BPFCounts: Equatable {
    /// Put into the ring.
    var delivered: UInt64 = 0
    /// Held back since a control group sent too much.
    var held: UInt64 = 0
    /// Lost since the ring was full.
    var lostFull: UInt64 = 0
    /// Lost since the processor's memory was in use.
    var lostBusy: UInt64 = 0
    /// Lost since a program ran on the processor already.
    var lostNested: UInt64 = 0

    /// Operations of io_uring of which the result is not told, since there was no room to keep their names.
    var toldEarly: UInt64 = 0
    /// Opens through io_uring of which nothing will tell which files they opened.
    var toldUnproven: UInt64 = 0
    /// Programs of which only the beginning of the arguments was told, and no environment.
    var toldShort: UInt64 = 0
    /// Control groups within others that have shares of their own, as there was no room to note whose they are.
    var groupsApart: UInt64 = 0

    /// Adds those of other programs.
    mutating func add(_ other: BPFCounts) {
        delivered &+= other.delivered
        held &+= other.held
        lostFull &+= other.lostFull
        lostBusy &+= other.lostBusy
        lostNested &+= other.lostNested
        toldEarly &+= other.toldEarly
        toldUnproven &+= other.toldUnproven
        toldShort &+= other.toldShort
        groupsApart &+= other.groupsApart
    }

    /// All that did not come, by cause.
    var losses: KernelLosses {
        var losses = KernelLosses()
        (losses.ringFull, losses.heldBack) = (lostFull, held)
        (losses.memoryInUse, losses.nested) = (lostBusy, lostNested)
        return losses
    }

    /// What the programs themselves know not to have come: one that is skipped counts nothing.
    var counted: BPFMissing { BPFMissing(held: held, lostFull: lostFull, lostBusy: lostBusy) }

    /// The causes of losses, as part of a sentence.
    var lossCauses: String {
        [
            (lostFull, "the ring buffer was full"), (lostBusy, "the processor's memory was in use"),
            (lostNested, "a program was running on the processor already"),
        ]
        .filter { $0.0 > 0 }.map { "\($0.0) since \($0.1)" }.joined(separator: ", ")
    }

    /// All that were lost.
    var lost: UInt64 { lostFull &+ lostBusy &+ lostNested }
    /// All that did not come, for whatever cause.
    var missing: UInt64 { lost &+ held }
}

/// What became of one control group's events.
struct BPFGroupCounts: Equatable {
    var held: UInt64 = 0
    var lost: UInt64 = 0
}
