import Glibc
import KernelInterface

/// A gzip file's content in pieces that a decoder understands.
struct PackedInput: ~Copyable {
    private let file: FileDescriptor
    private let path: String
    private var inflater: GzipInflater
    private var packed: [UInt8] = Array(repeating: 0, count: 1 << 16)
    private var packedRange = 0..<0
    private var buffer: [UInt8] = []
    private var position = 0
    private var hasEnded = false
    /// Whether the inflater may have more than there was room for.
    private var isOutputFull = false

    init(path: String) throws(RecordingError) {
        guard let inflater = GzipInflater() else { throw .noMemory }
        let number = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
        guard number >= 0 else { throw .system(KernelError(call: "open", object: path, errno: errno)) }
        self.path = path
        self.inflater = inflater
        file = FileDescriptor(owning: number)
    }

    /// What is unpacked already.
    init(_ bytes: [UInt8]) throws(RecordingError) {
        guard let inflater = GzipInflater() else { throw .noMemory }
        self.inflater = inflater
        path = ""
        // Nothing is read of it.
        file = FileDescriptor(owning: -1)
        buffer = bytes
        hasEnded = true
    }

    /// Whether everything was taken.
    var isAtEnd: Bool {
        mutating get {
            while position == buffer.count, !hasEnded {
                guard (try? fill()) != nil else { return false }
            }
            return position == buffer.count && hasEnded
        }
    }

    /// All that is left.
    mutating func all() throws(RecordingError) -> [UInt8] {
        while !hasEnded { try fill() }
        defer { position = buffer.count }
        return Array(buffer[position...])
    }

    /// Lets a decoder take one thing, and reads on where there is too little of it.
    mutating func next<Value>(
        _ decode: (inout RecordingDecoder) throws(RecordingError) -> Value
    ) throws(RecordingError) -> Value {
        while true {
            var decoder = RecordingDecoder(buffer[position...])
            do throws(RecordingError) {
                let value = try decode(&decoder)
                position += decoder.consumed
                return value
            } catch {
                guard case .cut = error, !hasEnded else { throw error }
            }
            try fill()
        }
    }

    private mutating func fill() throws(RecordingError) {
        if position > 1 << 20 {
            buffer.removeFirst(position)
            position = 0
        }
        if packedRange.isEmpty, !isOutputFull {
            let number = file.rawValue
            let count = packed.withUnsafeMutableBytes { read(number, $0.baseAddress, $0.count) }
            guard count >= 0 else { throw .system(KernelError(call: "read", object: path, errno: errno)) }
            packedRange = 0..<count
            if count == 0 { hasEnded = true }
            if count == 0 { return }
        }
        let start = buffer.count
        // As much again as is left, so that a long text takes few tries.
        let room = max(1 << 18, buffer.count - position)
        buffer.append(contentsOf: repeatElement(0, count: room))
        var consumed = 0
        var produced = 0
        let outcome = packed.withUnsafeBytes { source in
            buffer.withUnsafeMutableBytes { target in
                inflater.inflate(
                    UnsafeRawBufferPointer(rebasing: source[packedRange]),
                    into: UnsafeMutableRawBufferPointer(rebasing: target[start...]), consumed: &consumed,
                    produced: &produced)
            }
        }
        buffer.removeLast(room - produced)
        isOutputFull = produced == room
        packedRange = packedRange.lowerBound + consumed..<packedRange.upperBound
        switch outcome {
        case .more, .memberEnd: break
        case .damaged: throw .damaged
        case .outOfMemory: throw .noMemory
        }
    }
}
