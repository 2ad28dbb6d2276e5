public import EventModel
public import KernelInterface

/// Notes what a run does and what it is answered, in order: the event thread's side of a recording. Behind each act's answers comes the
/// act, so that a reader has them when it does the same.
///
/// It never waits: what the writer can't take in time ends the recording, and is told.
public final class Recorder {
    /// What is noted so far is handed over when it is so much, or so old.
    private static let portion = 256 << 10
    private static let patience: UInt64 = 1_000_000_000

    private let thread: ControlThread<RecordingWriter>
    private var answers = RecordingEncoder()
    private var scratch = RecordingEncoder()
    private var act = RecordingEncoder()
    private var noted: [UInt8] = []
    private var handedOver: UInt64 = 0
    private var isOn = true
    private var hasHeader = false
    private var problem: RecordingWriter.Problem?

    /// Begins a recording in a new file of at most so many bytes, and with it the first act. Nothing is written before `start`.
    public init(path: String, limit: UInt64) throws(KernelError) {
        let writer = try RecordingWriter(path: path, limit: limit)
        var options = ControlThread<RecordingWriter>.Options()
        // 64 MiB at most wait.
        options.queueLimit = 256
        thread = try ControlThread(name: "recording", options: options, worker: writer)
        act.append(Act.begin)
    }

    /// Puts the header before what is noted so far.
    public func start(_ header: RecordingHeader) {
        var encoder = RecordingEncoder()
        header.encode(into: &encoder)
        noted.insert(contentsOf: encoder.bytes, at: 0)
        hasHeader = true
    }

    /// A run that never began leaves no file.
    deinit { if !hasHeader { thread.stop(withinMilliseconds: 1000) } }

    /// Notes an answer of the act at hand; nil: there was none.
    func note<Value>(_ key: [UInt8], _ value: Value?, _ encode: (inout RecordingEncoder, Value) -> Void) {
        guard isOn else { return }
        answers.append(raw: [EntryTag.answer.rawValue])
        answers.append(text: key)
        answers.append(value != nil)
        guard let value else { return }
        scratch.removeAll()
        encode(&scratch, value)
        answers.append(text: scratch.bytes)
    }

    /// Notes what time it was for the detection, CLOCK_MONOTONIC.
    public func note(monotonic time: UInt64) {
        note(Question.monotonicClock.key(), time) { $0.append($1) }
    }

    /// Begins an act.
    public func begin(_ next: Act) {
        guard isOn else { return }
        settle()
        act.append(next)
    }

    /// Begins to take an event.
    public func begin(_ event: borrowing RawEvent) {
        guard isOn else { return }
        settle()
        act.append(Act.event)
        act.append(event)
    }

    private func settle() {
        noted.append(contentsOf: answers.bytes)
        noted.append(contentsOf: act.bytes)
        answers.removeAll()
        act.removeAll()
        if hasHeader, noted.count >= Self.portion { handOver() }
    }

    /// Hands over what is old enough. `now` is CLOCK_MONOTONIC.
    public func passOn(now: UInt64) {
        guard isOn, hasHeader, now > handedOver &+ Self.patience, !noted.isEmpty else { return }
        handedOver = now
        handOver()
    }

    private func handOver() {
        if let told = thread.takeReplies().first { return end(told) }
        guard thread.send(noted) else { return end(.tooSlow) }
        noted = []
        noted.reserveCapacity(Self.portion * 2)
    }

    private func end(_ problem: RecordingWriter.Problem) {
        self.problem = problem
        isOn = false
        noted = []
    }

    /// Why the recording ended before the run, once; nil while it goes on.
    public func takeProblem() -> String? {
        defer { problem = nil }
        return problem.map { "\($0)" }
    }

    /// Ends the recording with the run.
    public func finish() {
        guard isOn, hasHeader else { return }
        begin(.end)
        settle()
        handOver()
        isOn = false
        if !thread.stop(withinMilliseconds: 5000) { problem = .tooSlow }
        if let told = thread.takeReplies().first { problem = told }
    }
}
