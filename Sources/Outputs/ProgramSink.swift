import Glibc
import KernelInterface

/// The programs that run. That a pipe took an alert says nothing yet: an alert is delivered when the program for all has read
/// it, or when the program for this one has ended well.
struct ProgramSink: OutputSink {
    /// A process that has not been waited for, and how many alerts were given to it alone.
    private struct Child {
        let process: pid_t
        var alerts: UInt64 = 0
    }

    let name: String
    let command: String
    let keepsRunning: Bool
    var batchBytes: Int { keepsRunning ? 4096 : 0 }
    var idleMilliseconds: Int32 { isAnyUnderWay ? Self.lookMilliseconds : 1000 }
    let isDeferred = true
    private var input: Int32 = -1
    private var output: DescriptorWriter
    private var children: [Child] = []
    /// The lengths of the lines in the pipe of the program that keeps running, as far as it is not known to have read them.
    private var unread: [Int] = []
    private var outcome = DeferredOutcome()
    /// More unfinished processes than this means that the program doesn't keep up.
    private static let childLimit = 32
    /// A program for one alert must take it in this time; one for all may take longer.
    private static let patienceMilliseconds: Int32 = 2000
    /// How often it is looked what became of alerts.
    private static let lookMilliseconds: Int32 = 50
    /// How long the end waits to learn what became of the last alerts.
    private static let endMilliseconds: Int32 = 500

    init(name: String, command: String, keepsRunning: Bool) {
        (self.name, self.command, self.keepsRunning) = (name, command, keepsRunning)
        output = DescriptorWriter(patienceMilliseconds: keepsRunning ? nil : Self.patienceMilliseconds)
    }

    private var isAnyUnderWay: Bool { !unread.isEmpty || children.contains { $0.alerts > 0 } }

    mutating func write(_ lines: [OutputBuffer.Entry], unless isGivenUp: () -> Bool) throws(OutputError) {
        tick()
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
            giveUpUnread()
            // One that ended after it had worked is started again at once; one that ends as it is started is not.
            guard hasRun else { throw .failed(KernelError(call: "write", object: name, errno: EPIPE)) }
            output.restart()
            try start()
            do throws(OutputError) {
                try output.write(lines, to: input, object: name, unless: isGivenUp)
            } catch .readerGone {
                giveUpUnread()
                throw .failed(KernelError(call: "write", object: name, errno: EPIPE))
            }
        }
        if keepsRunning {
            unread += lines.map(\.bytes.count)
        } else if let last = children.indices.last {
            children[last].alerts = UInt64(lines.count)
        }
    }

    /// Starts the program anew with the next alert.
    mutating func reopen() throws(OutputError) {
        lookAtPipe()
        // The program reads on to the end of its input.
        outcome.delivered &+= UInt64(unread.count)
        unread = []
        closeInput()
        output.restart()
    }

    mutating func tick() {
        lookAtPipe()
        reap()
    }

    /// The end of its input tells the program to finish; nobody waits for one that does not.
    mutating func close() {
        var waited: Int32 = 0
        func waitsOn() -> Bool {
            guard waited < Self.endMilliseconds else { return false }
            waited += 10
            usleep(10_000)
            return true
        }
        tick()
        while !unread.isEmpty, waitsOn() { tick() }
        closeInput()
        reap()
        while !children.isEmpty, waitsOn() { reap() }
    }

    mutating func takeOutcome() -> DeferredOutcome {
        defer { outcome = DeferredOutcome() }
        return outcome
    }

    private mutating func closeInput() {
        if input >= 0 { Glibc.close(input) }
        input = -1
    }

    /// Counts what the program that keeps running has read; what one that has gone left is lost.
    private mutating func lookAtPipe() {
        guard keepsRunning, input >= 0 else { return }
        countRead()
        var request = pollfd(fd: input, events: 0, revents: 0)
        // POLLERR (poll(2)): nobody holds the reading end any more.
        if poll(&request, 1, 0) > 0, request.revents & Int16(POLLERR) != 0 { giveUpUnread() }
    }

    private mutating func countRead() {
        var left: Int32 = 0
        guard !unread.isEmpty, ioctl(input, UInt(FIONREAD), &left) == 0 else { return }
        var count = 0
        for length in unread.reversed() where left > 0 {
            left -= Int32(clamping: length)
            count += 1
        }
        outcome.delivered &+= UInt64(unread.count - count)
        unread.removeFirst(unread.count - count)
    }

    private mutating func giveUpUnread() {
        countRead()
        if !unread.isEmpty { outcome.fail(.ended(status: nil), losing: UInt64(unread.count)) }
        unread = []
        closeInput()
    }

    private mutating func reap() {
        children.removeAll { child in
            var status: Int32 = 0
            guard waitpid(child.process, &status, WNOHANG) != 0 else { return false }
            if status == 0 {
                outcome.delivered &+= child.alerts
            } else {
                outcome.fail(.ended(status: status), losing: child.alerts)
            }
            return true
        }
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
            children.append(Child(process: try ShellCommand.spawn(command, input: pipe.reading.rawValue)))
            input = pipe.takeWriting().release()
        } catch { throw .failed(error) }
    }
}
