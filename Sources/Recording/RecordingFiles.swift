import KernelInterface
public import NodeState

/// The machine's files, with every answer noted in a recording.
public final class RecordingFiles: NodeFiles {
    private let real: any NodeFiles
    private let recorder: Recorder

    /// Passes questions on and notes the answers.
    public init(_ real: any NodeFiles, _ recorder: Recorder) {
        self.real = real
        self.recorder = recorder
    }

    /// As the machine's.
    public var isEmpty: Bool { real.isEmpty }

    /// As the machine's, noted.
    public var wallNanoseconds: UInt64? {
        let time = real.wallNanoseconds
        recorder.note(Question.wallClock.key(), time) { $0.append($1) }
        return time
    }

    /// As the machine's, noted.
    public func read(_ path: PathBuffer, upTo limit: Int, into buffer: inout [UInt8]) -> Bool {
        noted(Question.read.key(path), real.read(path, upTo: limit, into: &buffer), buffer)
    }

    /// As the machine's, noted.
    public func readOfRoot(_ path: [UInt8], below root: [UInt8], upTo limit: Int, into buffer: inout [UInt8]) -> Bool {
        noted(
            Question.readOfRoot.key(path, below: root), real.readOfRoot(path, below: root, upTo: limit, into: &buffer),
            buffer)
    }

    private func noted(_ key: [UInt8], _ isRead: Bool, _ content: [UInt8]) -> Bool {
        recorder.note(key, isRead ? content : nil) { $0.append(raw: $1) }
        return isRead
    }

    /// As the machine's, noted.
    public func isOfRoot(_ path: [UInt8], below root: [UInt8]) -> Bool {
        noted(Question.isOfRoot.key(path, below: root), real.isOfRoot(path, below: root), [])
    }

    /// As the machine's, noted.
    public func statusOfRootAlone(_ path: [UInt8], below root: [UInt8]) -> FileStatus? {
        noted(Question.statusOfRootAlone.key(path, below: root), real.statusOfRootAlone(path, below: root))
    }

    private func noted(_ key: [UInt8], _ status: FileStatus?) -> FileStatus? {
        recorder.note(key, status) { $0.append($1) }
        return status
    }

    private func noted(_ key: [UInt8], _ status: FileStatus?, _ content: [UInt8]) -> FileStatus? {
        recorder.note(key, status) { encoder, status in
            encoder.append(status)
            encoder.append(raw: content)
        }
        return status
    }

    /// As the machine's, noted.
    public func readBeneath(
        root: PathBuffer, components: [StaticString], upTo limit: Int, into buffer: inout [UInt8]
    ) -> FileStatus? {
        let key = Question.readBeneath.key(Question.bytes(components), below: Array(root.path))
        return noted(key, real.readBeneath(root: root, components: components, upTo: limit, into: &buffer), buffer)
    }

    /// As the machine's, noted.
    public func readLink(_ path: PathBuffer, into buffer: inout [UInt8]) -> Bool {
        noted(Question.readLink.key(path), real.readLink(path, into: &buffer), buffer)
    }

    /// As the machine's, noted.
    public func status(_ path: PathBuffer) -> FileStatus? { noted(Question.status.key(path), real.status(path)) }

    /// As the machine's, noted.
    public func statusUnlessProgram(_ path: PathBuffer) -> FileStatus? {
        noted(Question.statusUnlessProgram.key(path), real.statusUnlessProgram(path))
    }

    /// As the machine's, noted.
    public func status(of path: ArraySlice<UInt8>, beneath directory: [UInt8]) -> FileStatus? {
        noted(Question.statusBeneath.key([path, directory[...]]), real.status(of: path, beneath: directory))
    }

    /// As the machine's, noted.
    public func follow(_ name: [UInt8], below root: PathBuffer, into buffer: inout [UInt8]) -> FileStatus? {
        let key = Question.follow.key(name, below: Array(root.path))
        return noted(key, real.follow(name, below: root, into: &buffer), buffer)
    }

    /// As the machine's, noted.
    public func listNumbers(_ path: PathBuffer, limit: Int, into numbers: inout [Int32]) -> Bool {
        let isListed = real.listNumbers(path, limit: limit, into: &numbers)
        recorder.note(Question.listNumbers.key(path), isListed ? numbers : nil) { encoder, numbers in
            encoder.append(UInt64(numbers.count))
            for number in numbers { encoder.append(number) }
        }
        return isListed
    }

    /// As the machine's, noted.
    public func listNames(_ path: PathBuffer, limit: Int) -> [[UInt8]]? {
        let names = real.listNames(path, limit: limit)
        recorder.note(Question.listNames.key(path), names) { encoder, names in
            encoder.append(UInt64(names.count))
            for name in names { encoder.append(text: name) }
        }
        return names
    }

    /// As the machine's, noted.
    public func socket(_ number: Int32, of pid: Int32) -> ForeignSocket? {
        let socket = real.socket(number, of: pid)
        recorder.note(Question.socket.key(number, of: pid), socket) { $0.append($1) }
        return socket
    }

    /// As the machine's.
    public func beginPackages(_ request: PackageRequest) -> Bool { real.beginPackages(request) }

    /// As the machine's; a table is noted by what is known without asking it.
    public func takePackages() -> PackageAnswer? {
        let answer = real.takePackages()
        if let table = answer?.table {
            recorder.note(Question.packages.key(), table) { encoder, table in
                encoder.append(UInt64(table.count))
                encoder.append(UInt64(table.leftOut))
            }
        }
        return answer
    }

    /// As the machine's, noted.
    public func packageTime(of path: [UInt8], in table: PackageTable) -> UInt64? {
        let time = real.packageTime(of: path, in: table)
        recorder.note(Question.packageTime.key(CollectionOfOne(path[...])), time) { $0.append($1) }
        return time
    }
}
