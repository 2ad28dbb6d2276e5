import KernelInterface
import NodeState

/// What the node's state asks of the machine, as the key of an answer: which question, and what of.
enum Question: UInt8 {
    case wallClock, read, readOfRoot, isOfRoot, statusOfRootAlone, readBeneath, readLink, status, statusUnlessProgram
    case statusBeneath, follow, listNumbers, listNames, socket, packages, packageTime, monotonicClock

    /// The key: parts of it may hold any bytes, so each has its length before it.
    func key(_ parts: some Sequence<ArraySlice<UInt8>>) -> [UInt8] {
        var encoder = RecordingEncoder()
        encoder.append(raw: [rawValue])
        for part in parts { encoder.append(text: part) }
        return encoder.bytes
    }

    func key(_ path: PathBuffer) -> [UInt8] { key(CollectionOfOne(path.path)) }
    func key(_ path: [UInt8], below root: [UInt8]) -> [UInt8] { key([path[...], root[...]]) }
    func key() -> [UInt8] { [rawValue] }
    func key(_ number: Int32, of pid: Int32) -> [UInt8] {
        var encoder = RecordingEncoder()
        encoder.append(raw: [rawValue])
        encoder.append(pid)
        encoder.append(number)
        return encoder.bytes
    }

    static func bytes(_ components: [StaticString]) -> [UInt8] {
        var bytes: [UInt8] = []
        for component in components {
            bytes.append(UInt8(ascii: "/"))
            component.withUTF8Buffer { bytes.append(contentsOf: $0) }
        }
        return bytes
    }
}

extension RecordingEncoder {
    mutating func append(_ status: FileStatus) {
        append(status.device)
        append(status.kernelDevice)
        append(status.inode)
        append(status.mode)
        append(status.uid)
        append(status.gid)
        append(status.links)
        append(status.size)
        append(status.changeTimeNanoseconds)
        append(status.modificationTimeNanoseconds)
    }

    mutating func append(_ socket: ForeignSocket) {
        append(socket.family)
        append(socket.type)
        append(socket.transport)
        append(socket.isListening)
        append(socket.inode)
        append(text: socket.local)
        append(text: socket.remote)
    }
}

extension RecordingDecoder {
    mutating func status() throws(RecordingError) -> FileStatus {
        var status = FileStatus()
        status.device = try number()
        status.kernelDevice = try number()
        status.inode = try number()
        status.mode = try number(as: UInt32.self)
        status.uid = try number(as: UInt32.self)
        status.gid = try number(as: UInt32.self)
        status.links = try number()
        status.size = try number(as: Int64.self)
        status.changeTimeNanoseconds = try number()
        status.modificationTimeNanoseconds = try number()
        return status
    }

    mutating func socket() throws(RecordingError) -> ForeignSocket {
        var socket = ForeignSocket()
        socket.family = try number(as: Int32.self)
        socket.type = try number(as: Int32.self)
        socket.transport = try number(as: Int32.self)
        socket.isListening = try flag()
        socket.inode = try number()
        socket.local = Array(try text())
        socket.remote = Array(try text())
        return socket
    }
}
