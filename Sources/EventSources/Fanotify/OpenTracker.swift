import EventModel
import KernelInterface

/// Finds out how a file was opened. Pure.
///
/// FAN_OPEN does not say whether for reading or writing. Three things do: the process's descriptor, where it is still
/// open; a close in the same record (the kernel joins the records of one process and file that wait in the queue); the
/// close that comes later. An open without any of these waits for its close for a moment, then counts as a read.
struct OpenTracker: Sendable {
    private struct Writer: Sendable {
        var pid: Int32
        var device: UInt64
        var inode: UInt64
    }
    private struct Waiting: Sendable {
        var open: ObservedOpen
        var deadline: UInt64
    }

    /// The bounds of both tables; beyond them the oldest gives way, at the price of a wrong guess.
    static let waitingLimit = 1024
    static let writerLimit = 4096
    static let patienceNanoseconds: UInt64 = 50_000_000

    private var waiting: [Waiting] = []
    private var writers: [Writer] = []
    /// Opens whose way of access stayed unknown, taken for reads.
    private(set) var guessed: UInt64 = 0

    /// Whether the process's descriptors should be looked at for this record.
    static func needsDescriptor(_ events: FanotifyGroup.Events) -> Bool {
        events.contains(.open) && !events.contains(.openExec)
    }

    /// Takes a record. `open` has its flags and descriptor set where `isFound`; opens that are known now go to `ready`.
    mutating func take(
        _ open: ObservedOpen, _ events: FanotifyGroup.Events, isFound: Bool, now: UInt64,
        into ready: inout [ObservedOpen]
    ) {
        // A program's start opens its file too, but by no open call.
        let isExec = events.contains(.openExec)
        let isClosedWriter = events.contains(.closeWrite)
        let isClosedReader = events.contains(.closeNoWrite) && !isExec
        if events.contains(.open), !isExec {
            if isFound {
                ready.append(open)
                if open.access.contains(.write), !isClosedWriter { remember(open) }
            } else if isClosedWriter || isClosedReader {
                if isClosedWriter { ready.append(open.with(flags: ObservedOpen.writeOnly)) }
                if isClosedReader { ready.append(open.with(flags: ObservedOpen.readOnly)) }
            } else {
                wait(open, now: now, into: &ready)
            }
            return
        }
        if isClosedReader, let waited = takeWaiting(open, samePID: true) {
            ready.append(waited.with(flags: ObservedOpen.readOnly))
        }
        guard isClosedWriter else { return }
        if let waited = takeWaiting(open, samePID: true) {
            ready.append(waited.with(flags: ObservedOpen.writeOnly))
        } else if forget(open, samePID: true) || forget(open, samePID: false) {
            // Told when it was opened; a child that inherited the descriptor may have closed it.
        } else if let waited = takeWaiting(open, samePID: false) {
            ready.append(waited.with(flags: ObservedOpen.writeOnly))
        } else {
            // Opened before the mark was there, or only closes are marked.
            ready.append(open.with(flags: ObservedOpen.writeOnly))
        }
    }

    /// Gives up waiting where the time is over.
    mutating func expire(now: UInt64, into ready: inout [ObservedOpen]) {
        guard let first = waiting.first, first.deadline <= now else { return }
        let count = waiting.firstIndex { $0.deadline > now } ?? waiting.count
        for index in 0..<count { guess(waiting[index].open, into: &ready) }
        waiting.removeFirst(count)
    }

    private mutating func guess(_ open: ObservedOpen, into ready: inout [ObservedOpen]) {
        guessed &+= 1
        ready.append(open.with(flags: ObservedOpen.readOnly))
    }

    private mutating func wait(_ open: ObservedOpen, now: UInt64, into ready: inout [ObservedOpen]) {
        if waiting.count >= Self.waitingLimit { guess(waiting.removeFirst().open, into: &ready) }
        waiting.append(Waiting(open: open, deadline: now &+ Self.patienceNanoseconds))
    }

    private mutating func takeWaiting(_ open: ObservedOpen, samePID: Bool) -> ObservedOpen? {
        guard
            let index = waiting.firstIndex(where: {
                $0.open.inode == open.inode && $0.open.device == open.device && (!samePID || $0.open.pid == open.pid)
            })
        else { return nil }
        return waiting.remove(at: index).open
    }

    private mutating func remember(_ open: ObservedOpen) {
        if writers.count >= Self.writerLimit { writers.removeFirst(Self.writerLimit / 4) }
        writers.append(Writer(pid: open.pid, device: open.device, inode: open.inode))
    }

    private mutating func forget(_ open: ObservedOpen, samePID: Bool) -> Bool {
        guard
            let index = writers.firstIndex(where: {
                $0.inode == open.inode && $0.device == open.device && (!samePID || $0.pid == open.pid)
            })
        else { return false }
        writers.remove(at: index)
        return true
    }
}

extension ObservedOpen {
    fileprivate func with(flags: Int32) -> ObservedOpen {
        var result = self
        result.flags = flags
        return result
    }
}
