import KernelInterface
public import NodeState

/// The files of a recorded run: each question has the answer that it had there, at the same point or the last one before. What that
/// run never asked is not there.
public final class RecordedFiles: NodeFiles {
    private struct Answers {
        /// The act that they belong to.
        var act: UInt64
        var values: [ArraySlice<UInt8>?]
        var next = 0
    }

    /// Answers by question. Those of processes, which end, are forgotten when they were not asked for through two spans of time.
    private var lasting: [[UInt8]: Answers] = [:]
    private var young: [[UInt8]: Answers] = [:]
    private var old: [[UInt8]: Answers] = [:]
    private var act: UInt64 = 0
    private var renewed: UInt64 = 0
    /// The beginning of paths of processes.
    private let processes: [UInt8]
    /// How many questions the recorded run did not ask.
    public private(set) var unanswered: UInt64 = 0

    private static let span: UInt64 = 60_000_000_000

    /// No answers yet.
    ///
    /// - Parameter hostRoot: what stands before the host's paths.
    init(hostRoot: [UInt8]) { processes = hostRoot + Array("/proc/".utf8) }

    /// Begins with the answers of the recorded run's next act; `time` is its time in nanoseconds, 0 where it has none.
    func begin(act time: UInt64) {
        act &+= 1
        guard time > renewed &+ Self.span else { return }
        renewed = time
        swap(&old, &young)
        young.removeAll(keepingCapacity: true)
    }

    /// Takes an answer of the act.
    func take(_ answer: ArraySlice<UInt8>?, to key: [UInt8]) {
        let answers = find(key)
        var values = answers.flatMap { $0.act == act ? $0.values : nil } ?? []
        values.append(answer)
        store(Answers(act: act, values: values), key)
    }

    private func isOfProcess(_ key: [UInt8]) -> Bool {
        // Behind the question's number and the path's length.
        let rest = key.dropFirst(2)
        guard rest.count > processes.count, rest.starts(with: processes) else {
            return key.first == Question.socket.rawValue
        }
        return rest[rest.startIndex + processes.count] >= UInt8(ascii: "0")
            && rest[rest.startIndex + processes.count] <= UInt8(ascii: "9")
    }

    private func find(_ key: [UInt8]) -> Answers? { lasting[key] ?? young[key] ?? old[key] }

    private func store(_ answers: Answers, _ key: [UInt8]) {
        if isOfProcess(key) { young[key] = answers } else { lasting[key] = answers }
    }

    /// The answer, decoded; nil where there is none, it was none, or it is damaged.
    private func answer<Value>(
        _ key: [UInt8], _ decode: (inout RecordingDecoder) throws(RecordingError) -> Value
    ) -> Value? {
        guard var answers = find(key) else {
            unanswered &+= 1
            return nil
        }
        let value = answers.values[answers.next]
        if answers.next + 1 < answers.values.count { answers.next += 1 }
        store(answers, key)
        guard let value else { return nil }
        var decoder = RecordingDecoder(value)
        return try? decode(&decoder)
    }

    private func content(_ key: [UInt8], into buffer: inout [UInt8]) -> Bool {
        buffer.removeAll(keepingCapacity: true)
        guard let content = answer(key, { decoder throws(RecordingError) in try decoder.rest() }) else { return false }
        buffer.append(contentsOf: content)
        return true
    }

    private func status(_ key: [UInt8]) -> FileStatus? {
        answer(key) { decoder throws(RecordingError) in try decoder.status() }
    }

    private func status(_ key: [UInt8], into buffer: inout [UInt8]) -> FileStatus? {
        buffer.removeAll(keepingCapacity: true)
        return answer(key) { decoder throws(RecordingError) in
            let status = try decoder.status()
            buffer.append(contentsOf: try decoder.rest())
            return status
        }
    }

    /// CLOCK_MONOTONIC when the recorded run asked; nil where it did not.
    public func monotonicNanoseconds() -> UInt64? {
        answer(Question.monotonicClock.key()) { decoder throws(RecordingError) in try decoder.number() }
    }

    /// As it was.
    public var wallNanoseconds: UInt64? {
        answer(Question.wallClock.key()) { decoder throws(RecordingError) in try decoder.number() }
    }

    /// As it was.
    public func read(_ path: PathBuffer, upTo limit: Int, into buffer: inout [UInt8]) -> Bool {
        content(Question.read.key(path), into: &buffer)
    }

    /// As it was.
    public func readOfRoot(_ path: [UInt8], below root: [UInt8], upTo limit: Int, into buffer: inout [UInt8]) -> Bool {
        content(Question.readOfRoot.key(path, below: root), into: &buffer)
    }

    /// As it was.
    public func isOfRoot(_ path: [UInt8], below root: [UInt8]) -> Bool {
        answer(Question.isOfRoot.key(path, below: root)) { _ throws(RecordingError) in true } ?? false
    }

    /// As it was.
    public func statusOfRootAlone(_ path: [UInt8], below root: [UInt8]) -> FileStatus? {
        status(Question.statusOfRootAlone.key(path, below: root))
    }

    /// As it was.
    public func readBeneath(
        root: PathBuffer, components: [StaticString], upTo limit: Int, into buffer: inout [UInt8]
    ) -> FileStatus? {
        status(Question.readBeneath.key(Question.bytes(components), below: Array(root.path)), into: &buffer)
    }

    /// As it was.
    public func readLink(_ path: PathBuffer, into buffer: inout [UInt8]) -> Bool {
        content(Question.readLink.key(path), into: &buffer)
    }

    /// As it was.
    public func status(_ path: PathBuffer) -> FileStatus? { status(Question.status.key(path)) }

    /// As it was.
    public func statusUnlessProgram(_ path: PathBuffer) -> FileStatus? {
        status(Question.statusUnlessProgram.key(path))
    }

    /// As it was.
    public func status(of path: ArraySlice<UInt8>, beneath directory: [UInt8]) -> FileStatus? {
        status(Question.statusBeneath.key([path, directory[...]]))
    }

    /// As it was.
    public func follow(_ name: [UInt8], below root: PathBuffer, into buffer: inout [UInt8]) -> FileStatus? {
        status(Question.follow.key(name, below: Array(root.path)), into: &buffer)
    }

    /// As it was.
    public func listNumbers(_ path: PathBuffer, limit: Int, into numbers: inout [Int32]) -> Bool {
        numbers.removeAll(keepingCapacity: true)
        let listed: [Int32]? = answer(Question.listNumbers.key(path)) { decoder throws(RecordingError) in
            var listed: [Int32] = []
            for _ in 0..<(try decoder.count()) { listed.append(try decoder.number(as: Int32.self)) }
            return listed
        }
        guard let listed else { return false }
        numbers.append(contentsOf: listed.prefix(limit))
        return true
    }

    /// As it was.
    public func listNames(_ path: PathBuffer, limit: Int) -> [[UInt8]]? {
        answer(Question.listNames.key(path)) { decoder throws(RecordingError) in
            var names: [[UInt8]] = []
            for _ in 0..<(try decoder.count()) { names.append(Array(try decoder.text())) }
            return Array(names.prefix(limit))
        }
    }

    /// As it was.
    public func socket(_ number: Int32, of pid: Int32) -> ForeignSocket? {
        answer(Question.socket.key(number, of: pid)) { decoder throws(RecordingError) in try decoder.socket() }
    }

    /// Tables come when they came.
    public func beginPackages(_ request: PackageRequest) -> Bool { true }

    /// The table that the recorded run got in this act; it is asked through `packageTime`.
    public func takePackages() -> PackageAnswer? {
        guard let answers = find(Question.packages.key()), answers.act == act else { return nil }
        return answer(Question.packages.key()) { decoder throws(RecordingError) in
            PackageAnswer(
                standingFor: Int(clamping: try decoder.number()), leftOut: Int(clamping: try decoder.number()))
        }
    }

    /// As it was.
    public func packageTime(of path: [UInt8], in table: PackageTable) -> UInt64? {
        answer(Question.packageTime.key(CollectionOfOne(path[...]))) { decoder throws(RecordingError) in
            try decoder.number()
        }
    }
}
