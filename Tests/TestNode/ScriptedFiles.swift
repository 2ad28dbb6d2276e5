package import KernelInterface
package import NodeState

/// A file system made of dictionaries: files by path, links by path, directories by what lies below them.
package final class ScriptedFiles: NodeFiles {
    /// No files.
    package init() {}

    package var texts: [String: [UInt8]] = [:]
    package var links: [String: String] = [:]
    package var statuses: [String: FileStatus] = [:]
    package var reads: [String: Int] = [:]
    /// Sockets by PID/NUMBER, and how often they were asked for.
    package var sockets: [String: ForeignSocket] = [:]
    package var socketLooks = 0
    /// How often the status of a file was asked for.
    package var statusLooks = 0
    /// The look at packages that is under way.
    private var packages: PackageRequest?
    /// Whether looks at packages don't come back.
    package var hangsPackages = false
    /// The headers of RPM's database; nil: it can't be read.
    package var rpmHeaders: [[UInt8]]?
    /// Directories in which others than root may write.
    package var foreign = ["/tmp/", "/home/"]

    /// A file as text.
    package subscript(path: String) -> String {
        get { String(decoding: texts[path] ?? [], as: UTF8.self) }
        set { texts[path] = Array(newValue.utf8) }
    }

    package func read(_ path: PathBuffer, upTo limit: Int, into buffer: inout [UInt8]) -> Bool {
        reads[path.text, default: 0] += 1
        buffer.removeAll(keepingCapacity: true)
        guard !path.isTorn, let text = texts[path.text] else { return false }
        buffer.append(contentsOf: text.prefix(limit))
        return true
    }

    package func readBeneath(
        root: PathBuffer, components: [StaticString], upTo limit: Int, into buffer: inout [UInt8]
    ) -> FileStatus? {
        let path = ([root.text] + components.map(\.description)).joined(separator: "/")
        buffer.removeAll(keepingCapacity: true)
        reads[path, default: 0] += 1
        guard !root.isTorn, let text = texts[path], text.count <= limit else { return nil }
        buffer.append(contentsOf: text)
        return statuses[path] ?? FileStatus()
    }

    package func readLink(_ path: PathBuffer, into buffer: inout [UInt8]) -> Bool {
        reads[path.text, default: 0] += 1
        buffer.removeAll(keepingCapacity: true)
        guard let text = links[path.text] else { return false }
        buffer.append(contentsOf: text.utf8)
        return true
    }

    package func isOfRoot(_ path: [UInt8], below root: [UInt8]) -> Bool {
        let text = String(decoding: root + path, as: UTF8.self)
        return !foreign.contains { text.hasPrefix($0) } && exists(text)
    }

    package func readOfRoot(_ path: [UInt8], below root: [UInt8], upTo limit: Int, into buffer: inout [UInt8]) -> Bool {
        guard isOfRoot(path, below: root) else { return false }
        return read(PathBuffer(String(decoding: root + path, as: UTF8.self)), upTo: limit, into: &buffer)
    }

    /// Programs are not scripted: they are there.
    private func exists(_ path: String) -> Bool {
        path.hasPrefix("/usr/") || texts[path] != nil || texts.keys.contains { $0.hasPrefix(path + "/") }
    }

    package func beginPackages(_ request: PackageRequest) -> Bool {
        packages = request
        return true
    }

    package func takePackages() -> PackageAnswer? {
        guard !hangsPackages, let request = packages else { return nil }
        packages = nil
        return PackageLists.look(request, files: self)
    }

    package func forEachRPMHeader(_ path: [UInt8], below root: [UInt8], _ body: (ArraySlice<UInt8>) -> Void) -> Bool {
        rpmHeaders?.forEach { body($0[...]) }
        return rpmHeaders != nil
    }

    package func status(_ path: PathBuffer) -> FileStatus? {
        statusLooks += 1
        return statuses[path.text]
    }

    package func follow(_ name: [UInt8], below root: PathBuffer, into buffer: inout [UInt8]) -> FileStatus? {
        guard let target = links[root.text + String(decoding: name, as: UTF8.self)] else { return nil }
        buffer = Array(target.utf8)
        return statuses[target]
    }

    package func socket(_ number: Int32, of pid: Int32) -> ForeignSocket? {
        socketLooks += 1
        return sockets["\(pid)/\(number)"]
    }

    package func listNumbers(_ path: PathBuffer, limit: Int, into numbers: inout [Int32]) -> Bool {
        let names = listNames(path, limit: .max) ?? []
        numbers = names.compactMap { Int32(String(decoding: $0, as: UTF8.self)) }
        return !names.isEmpty
    }

    package func listNames(_ path: PathBuffer, limit: Int) -> [[UInt8]]? {
        let prefix = path.text + "/"
        let below = (Array(texts.keys) + Array(links.keys)).filter { $0.hasPrefix(prefix) }
        let names = Set(below.map { String($0.dropFirst(prefix.count).prefix { $0 != "/" }) })
        return names.isEmpty ? nil : Array(names.sorted().prefix(limit)).map { Array($0.utf8) }
    }

    /// Adds a process to /proc.
    package func addProcess(
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
    package func addFile(_ path: String, mode: UInt32 = 0o100755) {
        var status = FileStatus()
        status.mode = mode
        status.inode = UInt64(statuses.count + 1)
        statuses[path] = status
    }

    /// Makes a program with an inode of its own.
    @discardableResult
    package func addProgram(_ path: String, changed seconds: UInt64 = 100, device: UInt64 = 0x801, links: UInt64 = 1)
        -> FileStatus
    {
        var status = FileStatus()
        status.mode = 0o100755
        status.inode = UInt64(1000 + statuses.count)
        status.device = device
        status.links = links
        status.changeTimeNanoseconds = seconds * 1_000_000_000
        statuses[path] = status
        return status
    }

    /// Makes a package's list of files, written at a time.
    package func addPackage(_ name: String, _ paths: [String], written seconds: UInt64) {
        let path = "/var/lib/dpkg/info/\(name).list"
        self[path] = paths.joined(separator: "\n") + "\n"
        addFile(path, mode: 0o100644)
        statuses[path]?.changeTimeNanoseconds = seconds * 1_000_000_000
        addFile("/var/lib/dpkg/info", mode: 0o040755)
    }

    /// Makes directories of root's, and all above them.
    package func addDirectory(_ path: String, uid: UInt32 = 0, mode: UInt32 = 0o040755) {
        var status = FileStatus()
        status.uid = uid
        status.mode = mode
        status.inode = UInt64(statuses.count + 1)
        statuses[path] = status
        let above = path.split(separator: "/").dropLast().joined(separator: "/")
        if !above.isEmpty, statuses["/" + above] == nil { addDirectory("/" + above) }
    }

    /// Gives a process a TCP socket over IPv4.
    package func addSocket(
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
    package func removeProcess(_ pid: Int32) {
        let prefix = "/proc/\(pid)/"
        texts = texts.filter { !$0.key.hasPrefix(prefix) }
        links = links.filter { !$0.key.hasPrefix(prefix) }
    }
}
