import Glibc
import KernelInterface

/// Alerts on the standard input of a shell command: one process for all alerts, or one for each.
public final class ProgramOutput: AlertOutput {
    /// `program` and the command.
    public let name: String
    private let command: String
    private let keepsRunning: Bool
    private var input: FileDescriptor?
    /// The processes that have not been waited for.
    private var children: [pid_t] = []
    private var line: [UInt8] = []
    /// More unfinished processes than this means that the program doesn't keep up.
    private static let childLimit = 32
    private static let timeoutMilliseconds: Int32 = 2000

    /// Runs `command` with `/bin/sh -c`. With `keepsRunning` it is started with the first alert and again when it ends.
    public init(command: String, keepsRunning: Bool) {
        name = "program \(command)"
        self.command = command
        self.keepsRunning = keepsRunning
        signal(SIGPIPE, SIG_IGN)
    }

    /// Writes the alert to the program, which is started if it isn't running.
    public func write(_ alert: borrowing RenderedAlert) throws(OutputError) {
        reap()
        line.removeAll(keepingCapacity: true)
        line.append(contentsOf: alert.line)
        line.append(UInt8(ascii: "\n"))
        if !keepsRunning {
            guard children.count < Self.childLimit else { throw .full }
            let pipe = try start()
            try deliver(to: pipe.rawValue)
            return
        }
        if let running = input?.rawValue {
            do {
                return try deliver(to: running)
            } catch .readerGone {
                input = nil
            }
        }
        let pipe = try start()
        let descriptor = pipe.rawValue
        input = consume pipe
        try deliver(to: descriptor)
    }

    /// Nothing is kept; waits for programs that have ended.
    public func flush() throws(OutputError) { reap() }

    /// Starts the program anew with the next alert.
    public func reopen() throws(OutputError) { input = nil }

    /// Ends the program's input.
    public func close() throws(OutputError) {
        // The end of its input tells the program to finish; nobody waits for one that does not.
        input = nil
        reap()
    }

    private func deliver(to descriptor: Int32) throws(OutputError) {
        try DescriptorWriter.write(line, to: descriptor, object: name, timeoutMilliseconds: Self.timeoutMilliseconds)
    }

    private func reap() {
        children.removeAll { waitpid($0, nil, WNOHANG) != 0 }
    }

    /// Starts the program and returns the writing end of its input.
    private func start() throws(OutputError) -> FileDescriptor {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw .failed(KernelError(call: "pipe", object: name, errno: errno)) }
        let reading = FileDescriptor(owning: ends[0])
        let writing = FileDescriptor(owning: ends[1])
        // The program must not inherit the writing end, or it would never see the end of its input. Only that end is
        // non-blocking: the program expects a blocking input.
        let isSet =
            fcntl(reading.rawValue, F_SETFD, FD_CLOEXEC) == 0 && fcntl(writing.rawValue, F_SETFD, FD_CLOEXEC) == 0
            && fcntl(writing.rawValue, F_SETFL, O_NONBLOCK) == 0
        guard isSet else { throw .failed(KernelError(call: "fcntl", object: name, errno: errno)) }

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, reading.rawValue, STDIN_FILENO)

        // The program gets the signals' usual meaning and none blocked, whatever ours is.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigaddset(&signals, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

        var child: pid_t = 0
        var arguments: [UnsafeMutablePointer<CChar>?] = ["/bin/sh", "-c", command].map { (word: String) in strdup(word)
        }
        arguments.append(nil)
        defer { for argument in arguments { free(argument) } }
        let error = posix_spawn(&child, "/bin/sh", &actions, &attributes, arguments, environ)
        guard error == 0 else { throw .failed(KernelError(call: "posix_spawn", object: "/bin/sh", errno: error)) }
        children.append(child)
        return writing
    }
}
