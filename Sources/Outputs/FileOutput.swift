import Glibc
import KernelInterface

/// Alerts appended to a file that only its owner may read.
public final class FileOutput: BufferedOutput {
    /// `file` and the path.
    public let name: String
    let identity: String
    let queue: OutputQueue
    let buffering: OutputBuffering
    var writer: OutputWriter

    /// Appends to the file at `path`, made if needed with mode 0600. Without `keepsOpen` it is opened for each delivery, so
    /// that log rotation needs no signal. Opens it once here: a path that can't be written shows at start.
    public init(path: String, keepsOpen: Bool, isBuffered: Bool, queue: OutputQueue = OutputQueue())
        throws(OutputError)
    {
        name = "file \(path)"
        identity = "\(name) \(keepsOpen)"
        buffering = isBuffered ? .full : .batch
        self.queue = queue
        _ = FileDescriptor(owning: try FileSink.open(path))
        writer = try OutputWriter(name: name, queue: queue) { FileSink(path: path, keepsOpen: keepsOpen) }
    }

    /// Hands the line over.
    public func write(_ alert: borrowing RenderedAlert) throws(OutputError) {
        put(alert.line + [UInt8(ascii: "\n")], alert)
    }
}

/// The file, opened when it is first written to.
private struct FileSink: OutputSink {
    let path: String
    let keepsOpen: Bool
    let batchBytes = 32 << 10
    private var file: Int32 = -1
    private var output = DescriptorWriter()

    init(path: String, keepsOpen: Bool) { (self.path, self.keepsOpen) = (path, keepsOpen) }

    mutating func write(_ lines: [OutputBuffer.Entry], unless isGivenUp: () -> Bool) throws(OutputError) {
        // A file that could not be opened anew gets its next chance here.
        if file < 0 { file = try Self.open(path) }
        do throws(OutputError) {
            try output.write(lines, to: file, object: path, unless: isGivenUp)
        } catch .readerGone {
            // A named pipe: another reader may come.
            close()
            throw .failed(KernelError(call: "write", object: path, errno: EPIPE))
        }
        if !keepsOpen { close() }
    }

    mutating func reopen() throws(OutputError) {
        guard keepsOpen else { return }
        close()
        output.restart()
        file = try Self.open(path)
    }

    mutating func close() {
        if file >= 0 { Glibc.close(file) }
        file = -1
    }

    /// Opens the file; a named pipe without a reader is an error instead of a wait for one.
    static func open(_ path: String) throws(OutputError) -> Int32 {
        let descriptor = Glibc.open(
            path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0o600)
        guard descriptor >= 0 else {
            throw .failed(
                KernelError(
                    call: "open", object: path, errno: errno,
                    hint: "file_output.filename must name a file in a directory that exists and may be written"))
        }
        return descriptor
    }
}
