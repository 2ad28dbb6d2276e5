import BPFFilter
import CBPFRecords
import EventModel
import KernelInterface

@testable import EventSources

/// Programs that are in no kernel: a test puts records into their ring.
final class ScriptedPrograms: BPFConnection {
    var records: [[UInt8]] = []
    var counts = BPFCounts()
    var groupCounts: [UInt64: BPFGroupCounts] = [:]
    var altered: [(text: String, isMendable: Bool)] = []
    var shortcomings: [String] = []
    var refusal: SourceFailure?
    /// The same for files alone.
    var fileRefusal: SourceFailure?
    private(set) var images: [FilterImage] = []
    private(set) var files: [(path: String, old: BPFFileIdentity?, new: BPFFileIdentity?)] = []
    private(set) var sleeps = 0
    private(set) var restorations = 0
    private(set) var isDetached = false
    /// Called when the reader says that it is going to sleep.
    var onSleep: () -> Void = {}

    let descriptor: Int32 = 99
    var queue: (waiting: Int, capacity: Int) { (records.reduce(0) { $0 + $1.count }, 1 << 20) }

    /// Bytes that were read.
    private var read: UInt64 = 0
    var positions: (read: UInt64, written: UInt64) { (read, read + UInt64(queue.waiting)) }
    let storable = [StorableDescriptors(name: "programs", numbers: [99])]
    private(set) var toldMissing = BPFMissing()
    func note(told: BPFMissing) { toldMissing = told }

    func groups(_ body: (UInt64, BPFGroupCounts) -> Void) { for (key, counts) in groupCounts { body(key, counts) } }

    func drain(limit: Int, _ body: (Span<UInt8>) -> Void) -> Int {
        let taken = records.prefix(limit)
        records.removeFirst(taken.count)
        read += taken.reduce(0) { $0 + UInt64($1.count) }
        for record in taken { body(record.span) }
        return taken.count
    }

    func willSleep() {
        sleeps += 1
        onSleep()
    }

    /// Files that were known when calls were led to the filter in use.
    private(set) var filesAtLead: [String] = []

    func install(_ image: FilterImage, fill: () -> Void) throws(SourceFailure) {
        if let refusal { throw refusal }
        files = []
        fill()
        filesAtLead = files.map(\.path)
        images.append(image)
    }

    func setFile(_ file: FilterImage.NamedFile, from old: BPFFileIdentity?, to new: BPFFileIdentity?)
        throws(SourceFailure)
    {
        if let refusal = refusal ?? fileRefusal { throw refusal }
        files.append((String(decoding: file.path, as: UTF8.self), old, new))
    }

    func restore() throws(SourceFailure) {
        if let refusal { throw refusal }
        restorations += 1
        altered = altered.filter { !$0.isMendable }
    }

    /// Numbers of processes, and the words that were set.
    var generations: [Int32: UInt64] = [:]
    private(set) var words: [Int32: [UInt64]] = [:]
    func generation(ofProcess pid: Int32) -> UInt64? { generations[pid] }
    func set(_ words: [UInt64], ofProcess pid: Int32, generation: UInt64) -> Bool {
        guard generations[pid] == generation else { return false }
        self.words[pid] = words
        return true
    }
    func forgetProcesses() { words.removeAll() }
    func removeRetired() {}
    var countedKinds: GroupUse.Kinds = []

    func alterations() -> [(text: String, isMendable: Bool)] { altered }
    func detach() { isDetached = true }

    /// A record without parts.
    static func record(
        _ kind: shrike_record_kind, type: String? = nil, pid: Int32 = 70,
        _ change: (inout shrike_record) -> Void = { _ in }
    ) -> [UInt8] {
        var record = shrike_record()
        record.version = UInt16(SHRIKE_RECORD_VERSION)
        record.kind = UInt8(kind.rawValue)
        record.size = UInt32(MemoryLayout<shrike_record>.size)
        record.type = type.flatMap(EventType.init(name:))?.index ?? 0
        (record.tgid, record.tid) = (pid, pid)
        change(&record)
        return withUnsafeBytes(of: record) { Array($0) }
    }
}
