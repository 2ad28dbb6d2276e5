import ForwarderProtocol
import Glibc
import KernelInterface

/// The forwarders' launcher as the sensor sees it. It must be started before the sensor gives up its privileges, and can't
/// be started again afterwards.
final class LauncherProcess {
    /// Its process id.
    let pid: Int32
    /// Whether it has ended, and with it all delivery over the network.
    private(set) var hasEnded = false

    private let channel: DescriptorChannel
    private var endedStatus: Int32?
    /// It answers in a few milliseconds, and the event thread waits for it.
    private static let answerMilliseconds: Int32 = 2000

    /// Starts the launcher of this program, with the forwarder's program that was installed with it.
    init(program: String) throws(KernelError) {
        let forwarder = try ForwarderProgram(of: program)
        let ends = try DescriptorChannel.Pair()
        pid = try ChildProcess.spawn(
            program, ["shrike", "launch"], descriptors: [ends.other.rawValue, forwarder.descriptor.rawValue])
        channel = ends.takeOwn()
    }

    /// Starts a forwarder with these descriptors; gives its process id.
    func start(descriptors: [Int32]) throws(KernelError) -> Int32 {
        // An answer that came too late belongs to nobody any more.
        while try receive() != nil {}
        endedStatus = nil
        try send([ForwarderLauncher.Word.start], descriptors)
        var wait = pollfd(fd: channel.rawValue, events: Int16(POLLIN), revents: 0)
        while poll(&wait, 1, Self.answerMilliseconds) > 0 {
            guard let message = try receive() else { continue }
            guard let number = ForwarderLauncher.number(in: message) else { break }
            switch message.first {
            case ForwarderLauncher.Word.started: return number
            case ForwarderLauncher.Word.failed:
                throw KernelError(call: "posix_spawn", object: "shrike-forward", errno: number)
            default: continue
            }
        }
        // A forwarder that starts after all would be nobody's, and keep the next one from starting.
        kill()
        throw KernelError(call: "poll", object: "the forwarder's launcher", errno: hasEnded ? EPIPE : ETIMEDOUT)
    }

    /// Ends the forwarder at once; `takeEnded` tells when it has ended.
    func kill() { try? send([ForwarderLauncher.Word.kill], []) }

    /// How the forwarder ended, as waitpid(2) gives it; nil while it runs.
    func takeEnded() -> Int32? {
        while endedStatus == nil, let message = try? receive() {
            if message.first == ForwarderLauncher.Word.ended { endedStatus = ForwarderLauncher.number(in: message) }
        }
        defer { endedStatus = nil }
        return endedStatus
    }

    private func send(_ bytes: [UInt8], _ descriptors: [Int32]) throws(KernelError) {
        guard !hasEnded else {
            throw KernelError(call: "sendmsg", object: "the forwarder's launcher", errno: EPIPE)
        }
        do throws(KernelError) { try channel.send(bytes, descriptors: descriptors) } catch {
            if error.errno == EPIPE { hasEnded = true }
            throw error
        }
    }

    /// The next message; nil when there is none.
    private func receive() throws(KernelError) -> [UInt8]? {
        guard !hasEnded, let message = try channel.receive() else { return nil }
        if message.bytes.isEmpty {
            hasEnded = true
            waitpid(pid, nil, WNOHANG)
            return nil
        }
        return message.bytes
    }
}
