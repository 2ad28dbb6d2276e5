import Glibc
public import KernelInterface

/// Packs and writes a recording on a thread of its own: a gzip file of many members, so that what was written can be read whatever
/// becomes of the rest.
public struct RecordingWriter: ControlWorker {
    /// Why a recording ends early.
    public enum Problem: Sendable, CustomStringConvertible {
        case failed(KernelError)
        case full(UInt64)
        case tooSlow
        case noMemory

        /// For messages.
        public var description: String {
            switch self {
            case .failed(let error): error.description
            case .full(let limit): "it has reached its bound of \(limit >> 20) MiB"
            case .tooSlow: "it could not be written as fast as events came"
            case .noMemory: "there was not enough memory to pack it"
            }
        }
    }

    private let descriptor: Int32
    private let path: String
    private let limit: UInt64
    private var written: UInt64 = 0
    private var hasFailed = false

    /// Makes the file, which must not be there yet: what it holds is for nobody but its owner.
    init(path: String, limit: UInt64) throws(KernelError) {
        self.path = path
        self.limit = limit
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            let hint =
                errno == EEXIST ? "a recording goes to a file that is not there yet: name another, or remove it" : nil
            throw KernelError(call: "open", object: path, errno: errno, hint: hint)
        }
    }

    /// Writes portions.
    public mutating func take(_ requests: [[UInt8]], _ replies: ControlReplies<Problem>) {
        for portion in requests where !hasFailed {
            if let problem = write(portion) {
                hasFailed = true
                replies.send(problem)
            }
        }
    }

    /// Closes the file; one that nothing was written to goes.
    public mutating func end(_ replies: ControlReplies<Problem>) {
        _ = close(descriptor)
        if written == 0, !hasFailed { _ = unlink(path) }
    }

    private mutating func write(_ portion: [UInt8]) -> Problem? {
        guard let packed = GzipDeflater.pack(portion) else { return .noMemory }
        guard written &+ UInt64(packed.count) <= limit else { return .full(limit) }
        var rest = packed[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return .failed(KernelError(call: "write", object: path, errno: errno)) }
            rest = rest.dropFirst(count)
            written &+= UInt64(count)
        }
        return nil
    }
}
