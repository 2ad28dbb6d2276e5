import AuditRecords
import BPFFilter
import BPFRuntime
import CBPFRecords
import EventModel
import Glibc
import KernelInterface

/// The eBPF programs in this kernel.
///
/// The kernel's tables have room for two images. A new one is written beside the one in use; then the calls are led to it, one
/// after another, each by one store. The old one's entries are removed later (`removeRetired`): a program that runs on another
/// processor may have begun with them.
final class LoadedPrograms: BPFConnection {
    /// Bounds of what one control group may send.
    struct Share {
        /// Events a second.
        var rate: UInt64 = 10_000
        /// Events at once.
        var burst: UInt64 = 20_000
    }

    let session: BPFSession
    let settings: BPFSettings
    /// What is in use, and where its slots begin.
    private var image = FilterImage()
    private var offset: UInt16 = 0
    /// The files' entries of the image in use, and what each name of the file says.
    private var files: [shrike_value_key: [[UInt8]: shrike_verdict]] = [:]
    /// What no call is led to any more and is still in the tables.
    private var retired: Retired?
    private let configuration: BPFConfiguration

    private struct Retired {
        var image: FilterImage
        var offset: UInt16
        var files: [shrike_value_key]
    }

    /// Loads the programs and attaches them; they tell nothing but processes until a filter is installed.
    ///
    /// - Parameters:
    ///   - ahead: the programs, where their loading has begun already.
    ///   - canaryParent: what its children do passes every filter; 0: nobody's.
    init(
        settings: BPFSettings = BPFSettings(), ahead: ProgramsAhead? = nil, share: Share = Share(),
        wantsEnvironment: Bool = false,
        canaryParent: Int32 = getpid()
    ) throws(BPFError) {
        self.settings = settings
        var configuration = BPFConfiguration()
        (configuration.rate, configuration.burst) = (share.rate, share.burst)
        configuration.wantsEnvironment = wantsEnvironment
        (configuration.ignored, configuration.canaryParent) = (getpid(), canaryParent)
        self.configuration = configuration
        session = if let loaded = try ahead?.take(settings) { loaded } else { try BPFSession.load(settings) }
        session.configure(configuration)
        try session.attach()
    }

    var descriptor: Int32 { session.ring.descriptor }
    /// Whether programs hang on the functions of wanted calls, not on what all calls pass.
    var hooksFunctions: Bool { session.hooksFunctions }
    var shortcomings: [String] {
        var texts: [String] = []
        if let obstacle = session.ringObstacle {
            texts.append("operations of io_uring are not seen: \(SourceFailure(obstacle).reason)")
        }
        if countedKinds.contains(.capabilities), !session.notesAdministration {
            texts.append(
                "which control groups use CAP_SYS_ADMIN is not known, and so not noted for profiles: the kernel asks for it with every "
                    + "reservation of memory, too, and does not say where it does that (needs CONFIG_KALLSYMS)")
        }
        return texts
    }
    var queue: (waiting: Int, capacity: Int) { (session.waiting, settings.ringBytes) }

    var positions: (read: UInt64, written: UInt64) { session.positions }

    var counts: BPFCounts {
        let counters = session.counters
        return BPFCounts(
            delivered: counters.delivered, held: counters.missing.held, lostFull: counters.missing.lost_full,
            lostBusy: counters.missing.lost_busy, lostNested: session.recursionMisses, toldEarly: counters.told_early,
            toldUnproven: counters.told_unproven, toldShort: counters.told_short, groupsApart: counters.groups_apart)
    }

    func groups(_ body: (UInt64, BPFGroupCounts) -> Void) {
        session.groups { key, group in body(key, BPFGroupCounts(held: group.held, lost: group.lost)) }
    }

    func drain(limit: Int, _ body: (Span<UInt8>) -> Void) -> Int { session.drain(limit: limit, body) }

    func willSleep() { session.willSleep() }

    // MARK: Sets of calls

    var countedKinds: GroupUse.Kinds { session.countedKinds }
    func drainCallSets(_ body: (UInt64, Int32, GroupUse) -> Void) {
        session.drainCallSets { group, member, use in body(group, member, use) }
    }
    func noteCallsUnderWay() throws(SourceFailure) {
        do throws(BPFError) { try session.noteCallsUnderWay() } catch { throw SourceFailure(error) }
    }
    var callSetCounts: CallSetCounts { session.callSetCounts }
    func groupsWithoutSet(_ body: (UInt64, UInt64) -> Void) { session.groupsWithoutSet(body) }

    // MARK: Filter

    func install(_ new: FilterImage, fill: () -> Void) throws(SourceFailure) {
        removeRetired()
        let newOffset = offset == 0 ? UInt16(FilterImage.slotLimit) : 0
        for (index, slot) in new.slots.enumerated() { session.slots[index + Int(newOffset)] = slot.kernel }
        do throws(BPFError) {
            try write(new, at: newOffset)
            try session.hookCalls { Self.use(of: $0, new, at: newOffset) }
        } catch {
            remove(new, at: newOffset)
            throw SourceFailure(error)
        }
        let former = image
        retired = Retired(image: image, offset: offset, files: Array(files.keys))
        (image, offset, files) = (new, newOffset, [:])
        // An event that meets the new slots must find the files.
        fill()
        // Until the calls are led elsewhere both images are looked up.
        setHint(zip(new.fourBytesHint, former.fourBytesHint).map { $0 | $1 })
        lead(new, at: newOffset)
        setHint(new.fourBytesHint)
        session.seal()
    }

    func removeRetired() {
        guard let retired else { return }
        self.retired = nil
        for key in retired.files { try? session.remove(key) }
        remove(retired.image, at: retired.offset)
    }

    private func write(_ image: FilterImage, at offset: UInt16) throws(BPFError) {
        for (key, verdict) in image.values { try session.set(kernel(key, at: offset), verdict.kernel) }
        for (key, verdict) in image.prefixes { try session.set(key.kernel(slotOffset: offset), verdict.kernel) }
    }

    /// What can't be removed is in nobody's way: no call leads to its slots.
    private func remove(_ image: FilterImage, at offset: UInt16) {
        for key in image.values.keys { try? session.remove(kernel(key, at: offset)) }
        for key in image.prefixes.keys { try? session.remove(key.kernel(slotOffset: offset)) }
    }

    /// Leads every call to its slot.
    private func lead(_ image: FilterImage, at offset: UInt16) {
        session.setCalls { Self.use(of: $0, image, at: offset) }
        session.setOperations(RingOperation.calls) { Self.use(of: $0, image, at: offset) }
    }

    private static func use(of call: String, _ image: FilterImage, at offset: UInt16) -> BPFSession.CallUse? {
        guard let type = SyscallTable.type(named: call) else { return nil }
        let slot = image.slotOfType[Int(type.index)]
        return slot == 0 ? nil : BPFSession.CallUse(slot: slot &+ offset, type: type.index)
    }

    private func setHint(_ words: [UInt64]) {
        let hint = session.fourBytesHint
        for index in hint.indices where index < words.count { hint[index] = words[index] }
    }

    func setFile(
        _ file: FilterImage.NamedFile, from old: BPFFileIdentity?, to new: BPFFileIdentity?
    ) throws(SourceFailure) {
        do throws(BPFError) {
            // The new entry first: between the two an event must find one.
            if let new {
                let key = key(of: new, file)
                files[key, default: [:]][file.path] = file.verdict.kernel
                try setFile(key)
            }
            if let old, old != new {
                let key = key(of: old, file)
                files[key]?[file.path] = nil
                try setFile(key)
            }
        } catch { throw SourceFailure(error) }
    }

    /// Two names of one file: an event on it meets what either says.
    private func setFile(_ key: shrike_value_key) throws(BPFError) {
        guard let names = files[key]?.values, let first = names.first else {
            files[key] = nil
            return try session.remove(key)
        }
        try session.set(key, names.dropFirst().reduce(first) { $0.joined(with: $1) })
    }

    private func key(of identity: BPFFileIdentity, _ file: FilterImage.NamedFile) -> shrike_value_key {
        kernel(file.key(inode: identity.inode, device: identity.device), at: offset)
    }

    private func kernel(_ key: FilterImage.ValueKey, at offset: UInt16) -> shrike_value_key {
        key.kernel(slotOffset: offset, hashKey: session.hashKey)
    }

    // MARK: Processes

    func generation(ofProcess pid: Int32) -> UInt64? { session.beginBits(ofProcess: pid) }
    func set(_ words: [UInt64], ofProcess pid: Int32, generation: UInt64) -> Bool {
        session.setBits(words, ofProcess: pid, generation: generation)
    }
    func forgetProcesses() { session.forgetBits() }

    // MARK: Tampering

    func alterations() -> [(text: String, isMendable: Bool)] {
        session.alterations().map { alteration in
            let isProgram = if case .program = alteration { true } else { false }
            return ("\(alteration)", !isProgram)
        }
    }

    func restore() throws(SourceFailure) {
        session.configure(configuration)
        // The other half is written whole, whatever this one has become.
        let kept = files
        var failure: BPFError?
        try install(image) {
            do throws(BPFError) {
                for (key, names) in kept {
                    var key = key
                    key.slot = key.slot % UInt16(FilterImage.slotLimit) + offset
                    files[key] = names
                    try setFile(key)
                }
            } catch { failure = error }
        }
        if let failure { throw SourceFailure(failure) }
    }

    func detach() { session.detach() }
}

extension SourceFailure {
    init(_ error: BPFError) {
        var bare = error
        let fix = error.fix ?? ""
        bare.log = ""
        let text = bare.description
        let reason = fix.isEmpty ? text : text.replacingSuffix("; \(fix)")
        let keys = Self.keys(that: error)
        self.init(
            reason: reason + (error.log.isEmpty ? "" : " (\(error.log))"), fix: keys.isEmpty ? fix : "\(fix) (\(keys))")
    }

    /// The configuration's keys that mend it.
    private static func keys(that error: BPFError) -> String {
        switch (error.step, error.errno) {
        case (.load, ENOMEM), (.map, ENOMEM): "\(BPFLimits.Key.ringMebibytes.rawValue) and the other keys there"
        case (.update, E2BIG), (.update, ENOSPC):
            "\(BPFLimits.Key.values.rawValue), \(BPFLimits.Key.prefixes.rawValue)"
        default: ""
        }
    }
}

extension String {
    fileprivate func replacingSuffix(_ suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
    }
}

extension shrike_value_key: @retroactive Hashable {
    /// By all of its parts.
    public static func == (left: Self, right: Self) -> Bool {
        (left.slot, left.dimension, left.value) == (right.slot, right.dimension, right.value)
    }
    /// By all of its parts.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(slot)
        hasher.combine(dimension)
        hasher.combine(value)
    }
}

extension shrike_verdict {
    /// What either leaves possible.
    fileprivate func joined(with other: shrike_verdict) -> shrike_verdict {
        shrike_verdict(set: set.union(other.set), keep: keep.union(other.keep))
    }
}

extension shrike_bits {
    fileprivate func union(_ other: shrike_bits) -> shrike_bits {
        shrike_bits(
            word: (
                word.0 | other.word.0, word.1 | other.word.1, word.2 | other.word.2, word.3 | other.word.3
            ))
    }
}
