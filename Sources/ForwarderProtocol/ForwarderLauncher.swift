import Glibc
import KernelInterface

/// The process that starts forwarders for the sensor, which itself may neither start programs nor change users once it
/// watches (`SensorSandbox`). It is started before that, does nothing but what the sensor's messages say, and ends with the
/// sensor.
///
/// Messages are a byte and what belongs to it. To the launcher: `start` with the forwarder's descriptors, `kill`. From it:
/// `started` with the process id, `failed` with the errno, `ended` with the status as waitpid(2) gives it; numbers in
/// four bytes of the machine's order.
public enum ForwarderLauncher {
    /// The descriptor of the connection to the sensor.
    public static let channelDescriptor: Int32 = 3
    /// The descriptor of the forwarder's program, which the sensor has found and looked at.
    public static let programDescriptor: Int32 = 4

    /// What a message says.
    public enum Word {
        /// Start a forwarder with these descriptors.
        public static let start = UInt8(ascii: "s")
        /// End the forwarder at once.
        public static let kill = UInt8(ascii: "k")
        /// A forwarder runs.
        public static let started = UInt8(ascii: "S")
        /// A forwarder could not be started.
        public static let failed = UInt8(ascii: "F")
        /// The forwarder has ended.
        public static let ended = UInt8(ascii: "E")
    }

    /// A message with a number.
    public static func message(_ word: UInt8, _ number: Int32) -> [UInt8] {
        [word] + withUnsafeBytes(of: number) { Array($0) }
    }

    /// A message's number; nil when it has none.
    public static func number(in message: [UInt8]) -> Int32? {
        guard message.count == 5 else { return nil }
        return message.dropFirst().withUnsafeBytes { $0.loadUnaligned(as: Int32.self) }
    }

    /// What a forwarder needs until it gives everything up: to read the user's certificates and tokens, to become its own
    /// user, and without capabilities, and to be ended although it is another's then.
    private static let capabilities: CapabilitySet = [.setUID, .setGID, .setPrivileges, .kill, .dacReadSearch]

    /// Runs until the sensor closes its end; gives the exit status.
    public static func run() -> Int32 {
        // The sensor decides when it ends.
        for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE] { signal(number, SIG_IGN) }
        do throws(KernelError) {
            guard DescriptorFacts.status(of: channelDescriptor) != nil else {
                throw KernelError(
                    call: "fstat", object: "descriptor \(channelDescriptor)", errno: EBADF,
                    hint: "only a running shrike starts this command")
            }
            let signals = try SignalDescriptor([SIGCHLD])
            try ProcessPrivileges.keep(capabilities, forbidsNewPrivileges: true)
            try serve(DescriptorChannel(FileDescriptor(owning: channelDescriptor)), signals)
            return 0
        } catch {
            let line = Array("shrike launch: \(error)\n".utf8)
            _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
            return 1
        }
    }

    private static func serve(_ channel: borrowing DescriptorChannel, _ signals: SignalDescriptor) throws(KernelError) {
        var child: Int32?
        // The file that was looked at, whatever bears its name by now. Not "self": the child opens it.
        let program = "/proc/\(getpid())/fd/\(programDescriptor)"
        var waits = [
            pollfd(fd: channel.rawValue, events: Int16(POLLIN), revents: 0),
            pollfd(fd: signals.rawValue, events: Int16(POLLIN), revents: 0),
        ]
        while true {
            if poll(&waits, nfds_t(waits.count), -1) < 0, errno != EINTR {
                throw KernelError(call: "poll", object: "", errno: errno)
            }
            while signals.read() != nil {}
            if let pid = child {
                var status: Int32 = 0
                if waitpid(pid, &status, WNOHANG) == pid {
                    child = nil
                    try channel.send(message(Word.ended, status))
                }
            }
            while let received = try channel.receive() {
                switch received.bytes.first {
                // The sensor has gone. The forwarder goes with this process (PR_SET_PDEATHSIG).
                case nil: return
                case Word.start where child == nil:
                    do throws(KernelError) {
                        child = try ChildProcess.spawn(program, ["shrike-forward"], descriptors: received.numbers)
                        try channel.send(message(Word.started, child ?? 0))
                    } catch {
                        try channel.send(message(Word.failed, error.errno))
                    }
                // The one before has not ended yet.
                case Word.start: try channel.send(message(Word.failed, EBUSY))
                case Word.kill: if let child { kill(child, SIGKILL) }
                default: break
                }
            }
        }
    }
}
