import Glibc

/// Alerts on the standard input of a shell command: one process for all alerts, or one for each.
public final class ProgramOutput: BufferedOutput {
    /// `program` and the command.
    public let name: String
    let identity: String
    let queue: OutputQueue
    let buffering = OutputBuffering.none
    var writer: OutputWriter

    /// Runs `command` with `/bin/sh -c`. With `keepsRunning` it is started with the first alert and again when it ends.
    public init(command: String, keepsRunning: Bool, queue: OutputQueue = OutputQueue()) throws(OutputError) {
        let name = "program \(command)"
        self.name = name
        identity = "\(name) \(keepsRunning)"
        self.queue = queue
        signal(SIGPIPE, SIG_IGN)
        writer = try OutputWriter(name: name, queue: queue) {
            ProgramSink(name: name, command: command, keepsRunning: keepsRunning)
        }
    }

    /// Hands the line over.
    public func write(_ alert: borrowing RenderedAlert) throws(OutputError) {
        put(alert.line + [UInt8(ascii: "\n")], alert)
    }
}
