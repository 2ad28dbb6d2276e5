import Glibc
public import KernelInterface
import RPMDatabase

/// This machine's file system and kernel.
public final class HostFiles: NodeFiles {
    private let foreign: ForeignReader?
    private var wait = ForeignWait()
    /// The look at packages that is under way, and what it found where there is no thread for it.
    private var packageCall: Int?
    private var packageAnswer: PackageAnswer?

    /// This machine's. What belongs to others is read by `foreign`, so that it can be given up; without it at once, which is only
    /// for a thread that may wait.
    public init(foreign: ForeignReader? = nil) { self.foreign = foreign }

    /// CLOCK_REALTIME.
    public var wallNanoseconds: UInt64? { KernelClock.wall() }

    /// Opens without waiting and without taking a terminal, reads, closes.
    public func read(_ path: PathBuffer, upTo limit: Int, into buffer: inout [UInt8]) -> Bool {
        buffer.removeAll(keepingCapacity: true)
        guard !path.isTorn else { return false }
        let descriptor = path.withCString { open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) }
        guard descriptor >= 0 else { return false }
        defer { _ = close(descriptor) }
        return Self.fill(&buffer, from: descriptor, upTo: limit)
    }

    /// Opened for reading only once its place is known to be root's, and that very file.
    public func readOfRoot(_ path: [UInt8], below root: [UInt8], upTo limit: Int, into buffer: inout [UInt8]) -> Bool {
        buffer.removeAll(keepingCapacity: true)
        guard let place = PlaceOfRoot(root: root, path: path), place.isFile, place.size <= limit else { return false }
        return Self.readAgain(place.rawValue, upTo: limit, into: &buffer)
    }

    /// SQLite opens it by its name, which only root can give to another file.
    public func forEachRPMHeader(_ path: [UInt8], below root: [UInt8], _ body: (ArraySlice<UInt8>) -> Void) -> Bool {
        isOfRoot(path, below: root) && RPMDatabase.forEachHeader(root + path, body)
    }

    /// Every directory on the way is looked at.
    public func isOfRoot(_ path: [UInt8], below root: [UInt8]) -> Bool {
        PlaceOfRoot(root: root, path: path) != nil
    }

    /// Every directory on the way is looked at, sticky ones are others'.
    public func statusOfRootAlone(_ path: [UInt8], below root: [UInt8]) -> FileStatus? {
        guard let place = PlaceOfRoot(root: root, path: path, isAlone: true) else { return nil }
        var status = FileStatus(place.pathStatus)
        status.kernelDevice = place.kernelDevice ?? status.device
        return status
    }

    /// By a thread that is never waited for.
    public func beginPackages(_ request: PackageRequest) -> Bool {
        guard let foreign else {
            packageAnswer = PackageLists.look(request, files: self)
            return true
        }
        guard packageCall == nil, let call = foreign.beginPackages(request) else { return false }
        packageCall = call
        return true
    }

    /// Nil while the thread is at it.
    public func takePackages() -> PackageAnswer? {
        if let packageCall, let answer = foreign?.packages(of: packageCall) {
            self.packageCall = nil
            return answer
        }
        defer { packageAnswer = nil }
        return packageAnswer
    }

    /// By a thread that can be given up.
    public func readBeneath(
        root: PathBuffer, components: [StaticString], upTo limit: Int, into buffer: inout [UInt8]
    ) -> FileStatus? {
        guard let foreign else { return Self.readBeneath(root, components, upTo: limit, into: &buffer) }
        buffer.removeAll(keepingCapacity: true)
        guard let file = wait.spend({ foreign.read(root, components, upTo: limit, withinMilliseconds: $0) }) else {
            return nil
        }
        buffer.append(contentsOf: file.content)
        return file.status
    }

    /// By a thread that can be given up.
    public func socket(_ number: Int32, of pid: Int32) -> ForeignSocket? {
        guard let foreign else { return ForeignSocket(process: pid, descriptor: number) }
        return wait.spend { foreign.socket(number, of: pid, withinMilliseconds: $0) }
    }

    /// Walks down by descriptors that open nothing, checks what it came to, then opens that very file.
    static func readBeneath(
        _ root: PathBuffer, _ components: [StaticString], upTo limit: Int, into buffer: inout [UInt8]
    ) -> FileStatus? {
        buffer.removeAll(keepingCapacity: true)
        guard !root.isTorn else { return nil }
        // O_PATH opens nothing: no device is touched, no pipe waited for. /proc/PID/root is a magic link to the root.
        var directory = root.withCString { open($0, Self.openPath | O_DIRECTORY | O_CLOEXEC) }
        guard directory >= 0 else { return nil }
        defer { _ = close(directory) }
        var name = PathBuffer()
        for component in components {
            name.reset()
            name.append(component)
            let next = name.withCString { openat(directory, $0, Self.openPath | O_NOFOLLOW | O_CLOEXEC) }
            guard next >= 0 else { return nil }
            _ = close(directory)
            directory = next
        }
        guard let found = Self.status(of: directory), found.mode & S_IFMT == S_IFREG, found.size <= limit,
            Self.readAgain(directory, upTo: limit, into: &buffer)
        else { return nil }
        return found
    }

    /// Reads a file that is open only to be named: through /proc, so it is the one that was checked, whatever its name means by
    /// now.
    private static func readAgain(_ descriptor: Int32, upTo limit: Int, into buffer: inout [UInt8]) -> Bool {
        var again = PathBuffer()
        again.append("/proc/self/fd/")
        again.append(decimal: descriptor)
        let readable = again.withCString { open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
        guard readable >= 0 else { return false }
        defer { _ = close(readable) }
        // One byte more than the limit tells a file that grew since.
        return fill(&buffer, from: readable, upTo: limit + 1) && buffer.count <= limit
    }

    /// readlink(2).
    public func readLink(_ path: PathBuffer, into buffer: inout [UInt8]) -> Bool {
        buffer.removeAll(keepingCapacity: true)
        guard !path.isTorn else { return false }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.linkLimit) { room in
            let count = path.withCString { name in
                room.withMemoryRebound(to: CChar.self) { text in
                    text.baseAddress.map { readlink(name, $0, text.count) } ?? -1
                }
            }
            guard count >= 0 else { return false }
            buffer.append(contentsOf: UnsafeBufferPointer(rebasing: room[..<count]))
            return true
        }
    }

    /// statx(2), without asking a server.
    public func status(_ path: PathBuffer) -> FileStatus? {
        guard !path.isTorn else { return nil }
        return path.withCString { PathStatus(following: $0) }.map(FileStatus.init)
    }

    /// Step by step (`MarkTarget.init(walking:)`).
    public func statusUnlessProgram(_ path: PathBuffer) -> FileStatus? {
        guard !path.isTorn else { return nil }
        do throws(WalkObstacle) {
            return try MarkTarget(walking: Array(path.path)).pathStatus.map(FileStatus.init)
        } catch { return nil }
    }

    /// openat2(2) beneath the directory.
    public func status(of path: ArraySlice<UInt8>, beneath directory: [UInt8]) -> FileStatus? {
        guard !path.contains(0), !directory.contains(0) else { return nil }
        return PathStatus(of: path, beneath: directory).map(FileStatus.init)
    }

    /// readdir(3), names of digits alone.
    public func listNumbers(_ path: PathBuffer, limit: Int, into numbers: inout [Int32]) -> Bool {
        numbers.removeAll(keepingCapacity: true)
        return forEachName(path) { name in
            var value: Int32 = 0
            for byte in name {
                guard byte >= 0x30, byte <= 0x39 else { return true }
                let (product, tooLarge) = value.multipliedReportingOverflow(by: 10)
                let (sum, overflow) = product.addingReportingOverflow(Int32(byte - 0x30))
                guard !tooLarge, !overflow else { return true }
                value = sum
            }
            numbers.append(value)
            return numbers.count < limit
        }
    }

    /// readdir(3).
    public func listNames(_ path: PathBuffer, limit: Int) -> [[UInt8]]? {
        var names: [[UInt8]] = []
        let isRead = forEachName(path) { name in
            if !name.elementsEqual([0x2e]), !name.elementsEqual([0x2e, 0x2e]) { names.append(Array(name)) }
            return names.count < limit
        }
        return isRead ? names : nil
    }

    /// O_PATH, asm-generic/fcntl.h: x86-64 and arm64 share it, Glibc's module hides it (_GNU_SOURCE).
    private static let openPath: Int32 = 0o10000000

    /// PATH_MAX: the longest text that the kernel gives for a link below /proc.
    private static let linkLimit = 4096

    private func forEachName(_ path: PathBuffer, _ body: (UnsafeBufferPointer<UInt8>) -> Bool) -> Bool {
        guard !path.isTorn, let stream = path.withCString({ opendir($0) }) else { return false }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            // The name lies in the entry's last member, NUL-terminated, valid until the next readdir.
            let goesOn = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                let start = UnsafeRawPointer(tuple).assumingMemoryBound(to: UInt8.self)
                let count = strlen(UnsafeRawPointer(tuple).assumingMemoryBound(to: CChar.self))
                return body(UnsafeBufferPointer(start: start, count: count))
            }
            guard goesOn else { break }
        }
        return true
    }

    /// Reads until the end or the limit, in steps: files below /proc have no size to ask for.
    private static func fill(_ buffer: inout [UInt8], from descriptor: Int32, upTo limit: Int) -> Bool {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: stepSize) { room in
            while buffer.count < limit {
                let count = Glibc.read(descriptor, room.baseAddress, min(room.count, limit - buffer.count))
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { return count == 0 }
                buffer.append(contentsOf: UnsafeBufferPointer(rebasing: room[..<count]))
            }
            return true
        }
    }

    /// On the stack; most files below /proc fit in one step.
    private static let stepSize = 16384

    static func status(of descriptor: Int32) -> FileStatus? {
        var raw = stat()
        guard fstat(descriptor, &raw) == 0 else { return nil }
        return FileStatus(raw)
    }
}

extension FileStatus {
    init(_ status: PathStatus) {
        device = status.device
        inode = status.inode
        mode = status.mode
        uid = status.uid
        gid = status.gid
        links = UInt64(status.links)
        size = status.size
        changeTimeNanoseconds = status.changeTimeNanoseconds
        modificationTimeNanoseconds = status.modificationTimeNanoseconds
    }

    init(_ raw: stat) {
        device = UInt64(truncatingIfNeeded: raw.st_dev)
        inode = UInt64(truncatingIfNeeded: raw.st_ino)
        mode = raw.st_mode
        uid = raw.st_uid
        gid = raw.st_gid
        links = UInt64(truncatingIfNeeded: raw.st_nlink)
        size = Int64(raw.st_size)
        changeTimeNanoseconds = Self.nanoseconds(raw.st_ctim)
        modificationTimeNanoseconds = Self.nanoseconds(raw.st_mtim)
    }

    private static func nanoseconds(_ time: timespec) -> UInt64 {
        UInt64(truncatingIfNeeded: time.tv_sec) &* 1_000_000_000 &+ UInt64(truncatingIfNeeded: time.tv_nsec)
    }
}

extension PathBuffer {
    /// The path for a system call.
    func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        bytes.withUnsafeBytes { raw in
            // Never empty: the NUL is always there.
            guard let base = raw.baseAddress else { return withUnsafePointer(to: 0) { body($0) } }
            return body(base.assumingMemoryBound(to: CChar.self))
        }
    }
}
