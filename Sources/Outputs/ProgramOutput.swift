import Glibc
import KernelInterface

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

/// The programs that run.
private struct ProgramSink: OutputSink {
    let name: String
    let command: String
    let keepsRunning: Bool
    var batchBytes: Int { keepsRunning ? 4096 : 0 }
    let idleMilliseconds: Int32 = 1000
    private var input: Int32 = -1
    private var output: DescriptorWriter
    /// The processes that have not been waited for.
    private var children: [pid_t] = []
    /// More unfinished processes than this means that the program doesn't keep up.
    private static let childLimit = 32
    /// A program for one alert must take it in this time; one for all may take longer.
    private static let patienceMilliseconds: Int32 = 2000

    init(name: String, command: String, keepsRunning: Bool) {
        (self.name, self.command, self.keepsRunning) = (name, command, keepsRunning)
        output = DescriptorWriter(patienceMilliseconds: keepsRunning ? nil : Self.patienceMilliseconds)
    }

    mutating func write(_ lines: [OutputBuffer.Entry], unless isGivenUp: () -> Bool) throws(OutputError) {
        reap()
        while !keepsRunning, children.count >= Self.childLimit {
            if isGivenUp() { throw .full }
            usleep(20_000)
            reap()
        }
        defer { if !keepsRunning { closeInput() } }
        let hasRun = input >= 0
        if !hasRun { try start() }
        do throws(OutputError) {
            try output.write(lines, to: input, object: name, unless: isGivenUp)
        } catch .readerGone {
            closeInput()
            // One that ended after it had worked is started again at once; one that ends as it is started is not.
            guard hasRun else { throw .failed(KernelError(call: "write", object: name, errno: EPIPE)) }
            output.restart()
            try start()
            do throws(OutputError) {
                try output.write(lines, to: input, object: name, unless: isGivenUp)
            } catch .readerGone {
                closeInput()
                throw .failed(KernelError(call: "write", object: name, errno: EPIPE))
            }
        }
    }

    /// Starts the program anew with the next alert.
    mutating func reopen() throws(OutputError) {
        closeInput()
        output.restart()
    }

    mutating func tick() { reap() }

    /// The end of its input tells the program to finish; nobody waits for one that does not.
    mutating func close() {
        closeInput()
        reap()
    }

    private mutating func closeInput() {
        if input >= 0 { Glibc.close(input) }
        input = -1
    }

    private mutating func reap() {
        children.removeAll { waitpid($0, nil, WNOHANG) != 0 }
    }

    /// Starts the program; `input` is the writing end of its input then.
    private mutating func start() throws(OutputError) {
        do throws(KernelError) {
            // The program must not inherit the writing end, nor may one that another output starts at this moment, or it would
            // never see the end of its input: so the ends are made as not inherited.
            let pipe = try ChildProcess.Pipe()
            // Only this end is non-blocking: the program expects a blocking input.
            guard fcntl(pipe.writing.rawValue, F_SETFL, O_NONBLOCK) == 0 else {
                throw KernelError(call: "fcntl", object: name, errno: errno)
            }
            children.append(try ShellCommand.spawn(command, input: pipe.reading.rawValue))
            input = pipe.takeWriting().release()
        } catch { throw .failed(error) }
    }
}

/// A command of the shell in a process of its own.
private enum ShellCommand {
    /// Starts it with this standard input; gives its process id.
    static func spawn(_ command: String, input: Int32) throws(KernelError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)

        // The program gets the signals' usual meaning and none blocked, whatever ours is.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigaddset(&signals, SIGPIPE)
        sigaddset(&signals, SIGXFSZ)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

        var child: pid_t = 0
        var arguments: [UnsafeMutablePointer<CChar>?] = ["/bin/sh", "-c", command].map { (word: String) in strdup(word)
        }
        arguments.append(nil)
        defer { for argument in arguments { free(argument) } }
        let error = posix_spawn(&child, "/bin/sh", &actions, &attributes, arguments, environ)
        guard error == 0 else { throw KernelError(call: "posix_spawn", object: "/bin/sh", errno: error) }
        return child
    }
}
