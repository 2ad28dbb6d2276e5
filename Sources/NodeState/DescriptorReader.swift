import EventModel
import Glibc
import KernelInterface

/// Reads file descriptors' attributes from /proc/PID/fd, and what sockets are from the kernel, into their records.
final class DescriptorReader {
    let context: StateContext
    /// Finds the overlay layer of files.
    var layers: OverlayLayers?

    init(context: StateContext) { self.context = context }

    /// Finds out what a descriptor refers to.
    func readLink(_ descriptor: DescriptorRecord) {
        guard !descriptor.isLinkRead else { return }
        descriptor.isLinkRead = true
        guard let process = descriptor.process, !process.isGone, link(descriptor.number, of: process) else { return }
        takeLink(into: descriptor, of: process)
    }

    /// Takes what the link says that was read last.
    private func takeLink(into descriptor: DescriptorRecord, of process: ProcessRecord) {
        descriptor.isLinkRead = true
        DescriptorLink(context.content).apply(to: descriptor)
        switch descriptor.storedKind {
        case .file:
            // The link does not tell a directory from a file.
            if let status = status(descriptor.number, of: process), status.mode & S_IFMT == S_IFDIR {
                descriptor.storedKind = .directory
            }
        case .unknown where descriptor.storedInode != 0:
            readSocket(descriptor)
            descriptor.isClosedOnExec = isClosedOnExec(descriptor.number, of: process)
        default: break
        }
        guard process.reader.isStillSame(process) else {
            descriptor.reset()
            descriptor.isLinkRead = true
            return
        }
    }

    /// Compares a record with what the kernel says now; a number that was given out anew since is read afresh. When the
    /// process is gone the record stands.
    func verify(_ descriptor: DescriptorRecord) {
        guard let process = descriptor.process, !process.isGone, link(descriptor.number, of: process) else { return }
        let link = DescriptorLink(context.content)
        let isSame: Bool
        if link.isSocket {
            // A socket whose inode no event told takes the one that is there.
            isSame =
                descriptor.storedKind.isSocket || descriptor.storedKind == .unknown
                ? descriptor.storedInode == 0 || descriptor.storedInode == link.inode : false
        } else {
            isSame =
                descriptor.storedKind == link.kind && link.kind != .file
                || descriptor.storedKind == .directory && link.kind == .file
                || descriptor.storedName.elementsEqual(context.content)
        }
        if isSame {
            if link.inode != 0 { descriptor.storedInode = link.inode }
        } else {
            descriptor.reset()
            takeLink(into: descriptor, of: process)
        }
    }

    /// Whether a process still has a socket under the number that a record knows it by, or its parent's record.
    func isStillThere(_ socket: DescriptorRecord, of process: ProcessRecord) -> Bool {
        guard socket.storedKind.isSocket, !process.isGone, link(socket.number, of: process) else { return false }
        let link = DescriptorLink(context.content)
        return link.isSocket && (socket.storedInode == 0 || socket.storedInode == link.inode)
    }

    /// Learns a socket's inode while the process has it, to know it again under another number.
    func readInode(_ descriptor: DescriptorRecord) {
        guard let process = descriptor.process, !process.isGone, link(descriptor.number, of: process) else { return }
        let link = DescriptorLink(context.content)
        if link.isSocket { descriptor.storedInode = link.inode }
    }

    /// Asks the kernel for a socket's addresses and protocol, once: it costs the same however many sockets there are.
    func readSocket(_ descriptor: DescriptorRecord) {
        guard !descriptor.isSocketRead else { return }
        descriptor.isSocketRead = true
        guard let process = descriptor.process, !process.isGone, context.mayLook(),
            let socket = context.files.socket(descriptor.number, of: process.pid),
            // The number may have been given out anew since the event.
            descriptor.storedInode == 0 || descriptor.storedInode == socket.inode
        else {
            context.counters.socketMisses += 1
            return
        }
        descriptor.storedInode = socket.inode
        SocketFacts.take(socket, into: descriptor)
    }

    /// Reads inode and device through /proc/PID/fd.
    func readStatus(_ descriptor: DescriptorRecord) {
        guard !descriptor.isStatusRead else { return }
        descriptor.isStatusRead = true
        guard let process = descriptor.process, !process.isGone,
            let status = status(descriptor.number, of: process), process.reader.isStillSame(process)
        else { return }
        descriptor.storedInode = status.inode
        descriptor.storedDevice = status.device
    }

    /// The overlayfs layer of a file.
    func layer(of descriptor: DescriptorRecord) -> ExecutableFile.Layer {
        guard descriptor.kind == .file, let process = descriptor.process else { return .none }
        guard descriptor.toldLayer == .unknown else { return ExecutableFile.Layer(descriptor.toldLayer) }
        return layers?.layer(ofPath: descriptor.storedName[...], seenBy: process) ?? .none
    }

    private func link(_ number: Int32, of process: ProcessRecord) -> Bool {
        guard number >= 0, context.mayLook() else { return false }
        context.setPath(process: process.pid, "fd/")
        context.path.append(decimal: number)
        return context.files.readLink(context.path, into: &context.content)
    }

    /// Whether an exec closes the descriptor (`flags` of /proc/PID/fdinfo/N, proc_pid_fdinfo(5)). No event told it.
    private func isClosedOnExec(_ number: Int32, of process: ProcessRecord) -> Bool {
        guard let line = information("flags:", ofDescriptor: number, of: process) else { return false }
        var flags: UInt64 = 0
        for byte in line where byte >= 0x30 && byte <= 0x37 { flags = flags << 3 | UInt64(byte & 7) }
        return flags & CloseOnExec.flag != 0
    }

    /// The id, in the initial pid namespace, of the process that a descriptor refers to (`Pid` of /proc/PID/fdinfo/N,
    /// pidfd_open(2)), 0 or less when that has gone; nil when it is no such descriptor, or nobody can be asked any more.
    func process(ofDescriptor number: Int32, of process: ProcessRecord) -> Int32? {
        guard !process.isGone, let line = information("Pid:", ofDescriptor: number, of: process) else { return nil }
        var digits = line.drop { $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: " ") }
        if digits.first == UInt8(ascii: "-") { return 0 }
        digits = digits.prefix { $0 >= 0x30 && $0 <= 0x39 }
        return DecimalText.unsigned(digits).flatMap { Int32(exactly: $0) }
    }

    /// What follows a key in a line of /proc/PID/fdinfo/N (proc_pid_fdinfo(5)).
    private func information(
        _ key: StaticString, ofDescriptor number: Int32, of process: ProcessRecord
    ) -> ArraySlice<UInt8>? {
        guard context.mayLook() else { return nil }
        context.setPath(process: process.pid, "fdinfo/")
        context.path.append(decimal: number)
        guard context.files.read(context.path, upTo: 512, into: &context.content) else { return nil }
        var lines = LineCursor(context.content)
        while let line = lines.next() {
            if context.content[line].begins(with: key) { return context.content[line].dropFirst(key.utf8CodeUnitCount) }
        }
        return nil
    }

    private func status(_ number: Int32, of process: ProcessRecord) -> FileStatus? {
        guard context.mayLook() else { return nil }
        context.setPath(process: process.pid, "fd/")
        context.path.append(decimal: number)
        return context.files.status(context.path)
    }
}

/// The text of a link below /proc/PID/fd: a path, `socket:[INODE]`, `pipe:[INODE]` or `anon_inode:[NAME]`
/// (proc_pid_fd(5)).
struct DescriptorLink {
    let text: [UInt8]
    private(set) var kind: DescriptorKind = .unknown
    private(set) var isSocket = false
    private(set) var inode: UInt64 = 0

    init(_ text: [UInt8]) {
        self.text = text
        if text.begins(with: "socket:[") {
            isSocket = true
            inode = Self.number(text.dropFirst(8))
        } else if text.begins(with: "pipe:[") {
            kind = .pipe
            inode = Self.number(text.dropFirst(6))
        } else if text.begins(with: "anon_inode:") {
            kind = Self.anonymousKind(text.dropFirst(11))
        } else if text.begins(with: "/memfd:") {
            kind = .memory
        } else if text.begins(with: "/") {
            kind = .file
        }
    }

    func apply(to descriptor: DescriptorRecord) {
        descriptor.storedKind = kind
        if inode != 0 { descriptor.storedInode = inode }
        switch kind {
        case .memory:
            let name = text.dropFirst(7)
            descriptor.storedName.replace(with: name.ends(with: " (deleted)") ? name.dropLast(10) : name)
        case .file: descriptor.storedName.replace(with: text)
        case .unknown, .pipe: descriptor.storedName.removeAll(keepingCapacity: true)
        default: descriptor.storedName.replace(with: text)
        }
    }

    private static func anonymousKind(_ name: ArraySlice<UInt8>) -> DescriptorKind {
        let kinds: [(StaticString, DescriptorKind)] = [
            ("[eventpoll]", .eventPoll), ("[eventfd]", .event), ("[signalfd]", .signal), ("[timerfd]", .timer),
            ("inotify", .inotify), ("[io_uring]", .ioUring), ("[userfaultfd]", .userFault), ("[pidfd]", .pid),
            ("bpf", .bpf), ("[bpf", .bpf),
        ]
        return kinds.first { name.begins(with: $0.0) }?.1 ?? .unsupported
    }

    private static func number(_ text: ArraySlice<UInt8>) -> UInt64 { DecimalText.unsigned(text.dropLast()) ?? 0 }
}
