import EventModel
import NodeState

/// What several process fields are made of.
extension EventFieldReader {
    /// Nanoseconds from a start to the event; null when the start is unknown.
    func duration(since start: UInt64) -> FieldValue {
        start == 0 ? .null : .unsigned(difference(time, start))
    }

    /// The id of the oldest process in the ancestry whose name ends in `sh`; null without one.
    func loginShell(of process: ProcessRecord) -> FieldValue {
        var shell: Int32?
        var generation = 0
        while let candidate = state.ancestor(generation, of: process) {
            if candidate.command.suffix(2).elementsEqual(shellSuffix) { shell = candidate.pid }
            generation += 1
        }
        return shell.map { .signed(Int64($0)) } ?? .null
    }
}

private let shellSuffix = Array("sh".utf8)

extension FieldValue {
    /// A number; null for 0, which means unknown.
    static func nonzero(_ value: UInt64) -> FieldValue { value == 0 ? .null : .unsigned(value) }
    /// A number; null when it isn't known.
    static func known(_ value: UInt64?) -> FieldValue { value.map { .unsigned($0) } ?? .null }
    /// An id; null for -1, which means unknown.
    static func id(_ value: Int32) -> FieldValue { value == -1 ? .null : .signed(Int64(value)) }
}

extension ProcessRecord {
    /// Whether the ids in the process's own pid namespace are known.
    var hasNamespaceIDs: Bool { virtualPID != -1 }
    /// Whether session and group in that namespace are known: a process that ended unread has them of its parent.
    var hasSession: Bool { virtualPID != -1 || sessionID != 0 }
    /// Whether the process is known to run on the host: its control groups are known and name no container.
    public var isOnHost: Bool { container == nil && !cgroups.isEmpty && !isContainerUnproven }
}

extension ValueArena {
    /// A text value of words that each end with a NUL, parted by blanks.
    mutating func words(_ words: [UInt8]) -> FieldValue {
        let start = mark
        append(words: words)
        return string(from: start)
    }

    /// A text value of a process's short name and arguments.
    mutating func commandLine(_ process: ProcessRecord) -> FieldValue {
        let start = mark
        append(process.command)
        let arguments = process.arguments
        if !arguments.isEmpty {
            append(UInt8(ascii: " "))
            append(words: arguments)
        }
        return string(from: start)
    }

    /// A text value of where a process's executable comes from; null when nothing tells.
    mutating func origin(of process: ProcessRecord) -> FieldValue {
        process.executableOrigin.map { string($0.name) } ?? .null
    }

    /// A text value of a process's executable's path; null unless the executable is what the path says.
    mutating func trustedPath(of process: ProcessRecord) -> FieldValue {
        process.isExecutableTrusted ? string(process.executablePath) : .null
    }

    /// A text value of a slice.
    mutating func string(copying slice: ArraySlice<UInt8>) -> FieldValue {
        let start = mark
        append(slice)
        return string(from: start)
    }

    /// A text value of a descriptor's name.
    mutating func name(of descriptor: DescriptorRecord, _ reader: EventFieldReader) -> FieldValue {
        let start = mark
        reader.appendName(of: descriptor, into: &self)
        return string(from: start)
    }
}

/// Words that each end with a NUL.
extension [UInt8] {
    /// The number of NULs.
    var wordSeparators: UInt64 { UInt64(reduce(0) { $1 == 0 ? $0 + 1 : $0 }) }
    /// The number of words; the last one's NUL may be missing.
    var wordCount: UInt64 { wordSeparators + (isEmpty || last == 0 ? 0 : 1) }

    /// The value of a variable among words `K=V`, without blanks around it.
    func variable(_ name: [UInt8]) -> ArraySlice<UInt8>? {
        for word in WordIterator(self) {
            guard word.count > name.count, word.starts(with: name),
                word[word.startIndex + name.count] == UInt8(ascii: "=")
            else { continue }
            var value = word.dropFirst(name.count + 1)
            while let first = value.first, first == UInt8(ascii: " ") || first == 9 { value = value.dropFirst() }
            while let last = value.last, last == UInt8(ascii: " ") || last == 9 { value = value.dropLast() }
            return value
        }
        return nil
    }
}
