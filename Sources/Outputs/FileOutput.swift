import Glibc
import KernelInterface

/// Alerts appended to a file that only its owner may read.
public final class FileOutput: AlertOutput {
    /// `file` and the path.
    public let name: String
    private let path: String
    private let keepsOpen: Bool
    private let isBuffered: Bool
    private var file: FileDescriptor?
    private var buffer: [UInt8] = []
    private static let capacity = 32 << 10

    /// Appends to the file at `path`, made if needed with mode 0600. Without `keepsOpen` it is opened for each delivery, so
    /// that log rotation needs no signal. Opens it once here: a path that can't be written shows at start.
    public init(path: String, keepsOpen: Bool, isBuffered: Bool) throws(OutputError) {
        name = "file \(path)"
        self.path = path
        self.keepsOpen = keepsOpen
        self.isBuffered = isBuffered
        let opened = try Self.open(path)
        file = keepsOpen ? consume opened : nil
    }

    /// Keeps the line until the batch ends or the buffer is full.
    public func write(_ alert: borrowing RenderedAlert) throws(OutputError) {
        buffer.append(contentsOf: alert.line)
        buffer.append(UInt8(ascii: "\n"))
        if buffer.count >= Self.capacity { try deliver() }
    }

    /// Appends what the batch left, unless only a full buffer is written.
    public func flush() throws(OutputError) {
        if !isBuffered { try deliver() }
    }

    /// Opens the path anew: what was renamed keeps the lines so far.
    public func reopen() throws(OutputError) {
        try deliver()
        guard keepsOpen else { return }
        file = nil
        file = try Self.open(path)
    }

    /// Appends what is left.
    public func close() throws(OutputError) {
        defer { file = nil }
        try deliver()
    }

    private func deliver() throws(OutputError) {
        guard !buffer.isEmpty else { return }
        defer { buffer.removeAll(keepingCapacity: true) }
        // A file that could not be opened anew gets its next chance here.
        if keepsOpen, file == nil { file = try Self.open(path) }
        if let descriptor = file?.rawValue {
            try append(to: descriptor)
        } else {
            let opened = try Self.open(path)
            try append(to: opened.rawValue)
        }
    }

    private func append(to descriptor: Int32) throws(OutputError) {
        try DescriptorWriter.write(buffer, to: descriptor, object: path, timeoutMilliseconds: -1)
    }

    private static func open(_ path: String) throws(OutputError) -> FileDescriptor {
        let descriptor = Glibc.open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0o600)
        guard descriptor >= 0 else {
            throw .failed(
                KernelError(
                    call: "open", object: path, errno: errno,
                    hint: "file_output.filename must name a file in a directory that exists and may be written"))
        }
        return FileDescriptor(owning: descriptor)
    }
}
