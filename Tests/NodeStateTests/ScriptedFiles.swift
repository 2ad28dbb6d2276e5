import KernelInterface

@testable import NodeState

/// A file system made of dictionaries: files by path, links by path, directories by what lies below them.
final class ScriptedFiles: NodeFiles {
    var texts: [String: [UInt8]] = [:]
    var links: [String: String] = [:]
    var statuses: [String: FileStatus] = [:]
    var reads: [String: Int] = [:]
    /// Sockets by PID/NUMBER, and how often they were asked for.
    var sockets: [String: ForeignSocket] = [:]
    var socketLooks = 0
    /// Directories in which others than root may write.
    var foreign = ["/tmp/", "/home/"]

    subscript(path: String) -> String {
        get { String(decoding: texts[path] ?? [], as: UTF8.self) }
        set { texts[path] = Array(newValue.utf8) }
    }

    func read(_ path: PathBuffer, upTo limit: Int, into buffer: inout [UInt8]) -> Bool {
        reads[path.text, default: 0] += 1
        buffer.removeAll(keepingCapacity: true)
        guard !path.isTorn, let text = texts[path.text] else { return false }
        buffer.append(contentsOf: text.prefix(limit))
        return true
    }

    func readBeneath(
        root: PathBuffer, components: [StaticString], upTo limit: Int, into buffer: inout [UInt8]
    ) -> FileStatus? {
        let path = ([root.text] + components.map(\.description)).joined(separator: "/")
        buffer.removeAll(keepingCapacity: true)
        reads[path, default: 0] += 1
        guard !root.isTorn, let text = texts[path], text.count <= limit else { return nil }
        buffer.append(contentsOf: text)
        return statuses[path] ?? FileStatus()
    }

    func readLink(_ path: PathBuffer, into buffer: inout [UInt8]) -> Bool {
        buffer.removeAll(keepingCapacity: true)
        guard let text = links[path.text] else { return false }
        buffer.append(contentsOf: text.utf8)
        return true
    }

    func isOfRoot(_ path: [UInt8], below root: [UInt8]) -> Bool {
        let text = String(decoding: root + path, as: UTF8.self)
        return !foreign.contains { text.hasPrefix($0) } && exists(text)
    }

    func readOfRoot(_ path: [UInt8], below root: [UInt8], upTo limit: Int, into buffer: inout [UInt8]) -> Bool {
        guard isOfRoot(path, below: root) else { return false }
        return read(PathBuffer(String(decoding: root + path, as: UTF8.self)), upTo: limit, into: &buffer)
    }

    /// Programs are not scripted: they are there.
    private func exists(_ path: String) -> Bool {
        path.hasPrefix("/usr/") || texts[path] != nil || texts.keys.contains { $0.hasPrefix(path + "/") }
    }

    func status(_ path: PathBuffer) -> FileStatus? { statuses[path.text] }

    func socket(_ number: Int32, of pid: Int32) -> ForeignSocket? {
        socketLooks += 1
        return sockets["\(pid)/\(number)"]
    }

    func listNumbers(_ path: PathBuffer, into numbers: inout [Int32]) -> Bool {
        let names = listNames(path, limit: .max) ?? []
        numbers = names.compactMap { Int32(String(decoding: $0, as: UTF8.self)) }
        return !names.isEmpty
    }

    func listNames(_ path: PathBuffer, limit: Int) -> [[UInt8]]? {
        let prefix = path.text + "/"
        let below = (Array(texts.keys) + Array(links.keys)).filter { $0.hasPrefix(prefix) }
        let names = Set(below.map { String($0.dropFirst(prefix.count).prefix { $0 != "/" }) })
        return names.isEmpty ? nil : Array(names.sorted().prefix(limit)).map { Array($0.utf8) }
    }

    /// Adds a process to /proc.
    func addProcess(
        _ pid: Int32, parent: Int32 = 1, command: String, arguments: [String]? = nil, ticks: UInt64 = 100,
        cgroup: String = "0::/\n", group: Int32? = nil, namespaceIDs: [Int32]? = nil, executable: String? = nil,
        directory: String = "/", isExiting: Bool = false, uid: UInt32? = nil
    ) {
        let base = "/proc/\(pid)"
        self["\(base)/stat"] =
            "\(pid) (\(command)) S \(parent) \(group ?? pid) \(group ?? pid) 34816 -1 \(isExiting ? 4_194_308 : 4_194_304) 99 0 7 0 1 2 0 0 20 0 3 0 "
            + "\(ticks) 3133440 388 18446744073709551615 94419811651584 0 0 0 0 0 0\n"
        let inner = namespaceIDs.map { $0.map(String.init).joined(separator: "\t") } ?? "\(pid)"
        self["\(base)/status"] = """
            Name:\t\(command)
            Tgid:\t\(pid)
            Uid:\t\(uid.map { "\($0)\t\($0)\t\($0)\t\($0)" } ?? "1000\t1001\t1001\t1001")
            Gid:\t100\t101\t101\t101
            NStgid:\t\(inner)
            NSpid:\t\(inner)
            NSpgid:\t\(inner)
            NSsid:\t\(inner)
            VmSwap:\t      12 kB
            CapInh:\t0000000000000000
            CapPrm:\t000001ffffffffff
            CapEff:\t0000000000000003

            """
        self["\(base)/cmdline"] = (arguments ?? [command]).map { $0 + "\0" }.joined()
        self["\(base)/cgroup"] = cgroup
        self["\(base)/environ"] = "HOME=/root\0LANG=C\0"
        self["\(base)/loginuid"] = "4294967295"
        links["\(base)/exe"] = executable ?? "/usr/bin/\(command)"
        links["\(base)/cwd"] = directory
    }

    /// Makes a file that has nothing but a status.
    func addFile(_ path: String, mode: UInt32 = 0o100755) {
        var status = FileStatus()
        status.mode = mode
        status.inode = UInt64(statuses.count + 1)
        statuses[path] = status
    }

    /// Makes directories of root's, and all above them.
    func addDirectory(_ path: String, uid: UInt32 = 0, mode: UInt32 = 0o040755) {
        var status = FileStatus()
        status.uid = uid
        status.mode = mode
        status.inode = UInt64(statuses.count + 1)
        statuses[path] = status
        let above = path.split(separator: "/").dropLast().joined(separator: "/")
        if !above.isEmpty, statuses["/" + above] == nil { addDirectory("/" + above) }
    }

    /// Gives a process a TCP socket over IPv4.
    func addSocket(
        _ number: Int32, of pid: Int32, inode: UInt64, local: ([UInt8], UInt16)?, remote: ([UInt8], UInt16)? = nil,
        isListening: Bool = false
    ) {
        func address(_ end: ([UInt8], UInt16)?) -> [UInt8] {
            guard let (bytes, port) = end else { return [] }
            return [2, 0, UInt8(port >> 8), UInt8(port & 255)] + bytes + [0, 0, 0, 0, 0, 0, 0, 0]
        }
        var socket = ForeignSocket()
        (socket.family, socket.type, socket.transport, socket.inode) = (2, 1, 6, inode)
        (socket.local, socket.remote, socket.isListening) = (address(local), address(remote), isListening)
        sockets["\(pid)/\(number)"] = socket
        links["/proc/\(pid)/fd/\(number)"] = "socket:[\(inode)]"
    }

    /// Takes a process out of /proc.
    func removeProcess(_ pid: Int32) {
        let prefix = "/proc/\(pid)/"
        texts = texts.filter { !$0.key.hasPrefix(prefix) }
        links = links.filter { !$0.key.hasPrefix(prefix) }
    }
}
