import EventModel
import KernelInterface

/// What a run before has left: programs that went on to gather, and their ring, until it is read.
final class EarlierRun {
    /// Since when events are of this run's programs, CLOCK_BOOTTIME.
    let end: UInt64
    /// What its programs held back or lost, and nobody has told of; known when its ring is read.
    private(set) var losses = BPFCounts()
    private var remains: (any BPFRemains)?
    private var recordsRead = 0
    private var looks = 0

    private static let batch = 256
    /// Ticks after which a record that is not complete is given up.
    private static let looksLimit = 20

    /// Takes its programs out of the kernel, where this run's are by now. For a moment both ran: none is missed, and the time tells
    /// whose an event is.
    init(_ remains: any BPFRemains) {
        end = KernelClock.boot()
        remains.detach()
        self.remains = remains
    }

    /// Hands over what happened before this run's programs were there, each record valid during the call alone.
    func read(_ body: (Span<UInt8>) -> Void) {
        guard let remains else { return }
        while true {
            let count = remains.drain(limit: Self.batch, body)
            guard count > 0 else { return }
            recordsRead += count
        }
    }

    /// With each tick: lets go of the ring once it is read, since the kernel may have been at a last record. Says what there was.
    func conclude(into sink: any EventSink) {
        guard let remains else { return }
        looks += 1
        guard looks > 1, remains.waiting == 0 || looks > Self.looksLimit else { return }
        self.remains = nil
        let missing = remains.missing
        (losses.held, losses.lostFull, losses.lostBusy) = (missing.held, missing.lostFull, missing.lostBusy)
        var causes: [String] = []
        if losses.lost > 0 { causes.append("\(losses.lost) events lost in the kernel (\(losses.lossCauses))") }
        if losses.held > 0 {
            causes.append("\(losses.held) held back, since more came from one control group than its share")
        }
        if !causes.isEmpty {
            let message = "while Shrike was started anew: \(causes.joined(separator: ", "))"
            sink.report(SourceNotice(kind: .lost, source: .ebpf, message: message, count: losses.missing))
        }
        let message = "the programs of the run before went on until now; \(recordsRead) records of theirs were read"
        sink.report(SourceNotice(kind: .remark, source: .ebpf, message: message))
    }
}
