import CBPF
public import CBPFRecords
public import KernelInterface

/// The programs of a session whose process has ended, held by descriptors that the service manager kept: they have gone on to
/// gather, and their records wait from where that process stopped reading. Needs no capability. To be used by one thread at a time.
public final class KeptSession {
    /// What a session gives to keep, by the last part of the descriptor's name.
    enum Part: String, CaseIterable { case ring, control, counters, link, sets }

    private let descriptors: StoredDescriptors
    private let prefix: String
    private var ring: RingReader
    private let controlMemory: MappedArray<shrike_control>
    private let counterMemory: MappedArray<shrike_counters>
    private let callSets: CallSets?

    /// Finds a session's parts among descriptors; nil where one is missing.
    ///
    /// - Parameter prefix: what their names begin with (`BPFSession.storable`).
    public init?(_ descriptors: StoredDescriptors, prefix: String) {
        func first(_ part: Part) -> Int32? { descriptors.numbers(named: prefix + part.rawValue).first }
        guard let ring = first(.ring), let control = first(.control), let counters = first(.counters),
            first(.link) != nil
        else { return nil }
        let cpus = Int(max(libbpf_num_possible_cpus(), 1))
        do throws(BPFError) {
            let controlMemory: MappedArray<shrike_control> = try MappedArray(
                descriptor: control, count: 1, name: ".bss")
            let counterMemory: MappedArray<shrike_counters> = try MappedArray(
                descriptor: counters, count: cpus, name: "shrike_counters")
            let reader = try RingReader(descriptor: ring)
            var callSets: CallSets?
            if let sets = first(.sets), case let count = shrike_bpf_entry_count(sets), count > 0 {
                callSets = try CallSets(descriptor: sets, count: Int(count))
            }
            self.callSets = callSets
            self.controlMemory = controlMemory
            self.counterMemory = counterMemory
            self.ring = reader
        } catch { return nil }
        self.descriptors = descriptors
        self.prefix = prefix
    }

    deinit { for part in Part.allCases { descriptors.close(named: prefix + part.rawValue) } }

    /// Takes the programs out of the kernel; what is in the ring stays.
    public func detach() { descriptors.close(named: prefix + Part.link.rawValue) }

    /// As of `BPFSession`.
    public func drain(limit: Int, _ body: (Span<UInt8>) -> Void) -> Int { ring.drain(limit: limit, body) }

    /// Bytes that wait.
    public var waiting: Int { ring.waiting }

    /// Hands over all calls that the programs have noted of each control group, also those that the ended process knew.
    public func callSets(_ body: (_ group: UInt64, _ member: Int32, _ use: GroupUse) -> Void) {
        callSets?.all(body)
    }

    /// How many events were held back or lost beyond those that the ended process had told of, by cause.
    public var missing: shrike_missing {
        let told = controlMemory.entries.first?.told ?? shrike_missing()
        var missing = shrike_missing()
        for entry in counterMemory.entries { missing.add(entry.missing) }
        return missing.beyond(told)
    }
}

extension shrike_missing {
    mutating func add(_ other: shrike_missing) {
        held &+= other.held
        lost_full &+= other.lost_full
        lost_busy &+= other.lost_busy
    }

    /// What is more than in `other`, cause by cause.
    func beyond(_ other: shrike_missing) -> shrike_missing {
        func more(_ cause: KeyPath<shrike_missing, UInt64>) -> UInt64 {
            let (count, told) = (self[keyPath: cause], other[keyPath: cause])
            return count > told ? count - told : 0
        }
        return shrike_missing(held: more(\.held), lost_full: more(\.lost_full), lost_busy: more(\.lost_busy))
    }
}

extension BPFSession {
    /// What keeps the programs running and their records readable when this process has ended, with what it is called.
    public var storable: [(name: String, descriptors: [Int32])] {
        let links = links.map { bpf_link__fd($0.link) } + (hooks?.links ?? [])
        guard !links.isEmpty else { return [] }
        let sets = callSets.map { [(KeptSession.Part.sets.rawValue, [$0.descriptor])] } ?? []
        let parts = stride(from: 0, to: links.count, by: Self.linksAtOnce).map { start in
            (KeptSession.Part.link.rawValue, Array(links[start..<min(start + Self.linksAtOnce, links.count)]))
        }
        return sets + [
            (KeptSession.Part.ring.rawValue, [ring.descriptor]), (KeptSession.Part.control.rawValue, [controlMap]),
            (KeptSession.Part.counters.rawValue, [counterMap]),
        ] + parts
    }

    /// Descriptors that can be given away in one message.
    private static let linksAtOnce = 16

    /// Notes what user space has told of, for who reads on.
    public func note(told: shrike_missing) { control.pointee.told = told }
}
