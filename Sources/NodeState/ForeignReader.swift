import Glibc
public import KernelInterface

/// Reads what belongs to others (a container's account files, a process's sockets) on threads of its own that can be given up:
/// what others own may never answer. Beside them it reads what is much: the packages' file lists.
///
/// Make it before privileges are dropped and the system call filter is put on: its threads start at once.
public final class ForeignReader: Sendable {
    struct File: Sendable {
        var status: FileStatus
        var content: [UInt8]
    }
    private struct FileRequest: Sendable {
        var root: PathBuffer
        var components: [StaticString]
        var limit: Int
    }
    private struct SocketRequest: Sendable {
        var pid: Int32
        var number: Int32
    }

    private let files: LimitedCalls<FileRequest, File?>
    private let sockets: LimitedCalls<SocketRequest, ForeignSocket?>
    private let packages: LimitedCalls<PackageRequest, PackageAnswer>

    /// Starts the threads.
    public init() throws(KernelError) {
        files = try LimitedCalls(name: "shrike-files", threads: 2) { request in
            var content: [UInt8] = []
            return HostFiles.readBeneath(
                request.root, request.components, upTo: request.limit, into: &content
            ).map { File(status: $0, content: content) }
        }
        sockets = try LimitedCalls(name: "shrike-sockets", threads: 4) { request in
            ForeignSocket(process: request.pid, descriptor: request.number)
        }
        packages = try LimitedCalls(name: "shrike-packages", threads: 1) { request in
            PackageLists.look(request, files: HostFiles())
        }
    }

    /// Begins to look at the packages' file lists; nil while an earlier look is under way.
    func beginPackages(_ request: PackageRequest) -> Int? { packages.begin(request) }
    /// What a look found; nil while it is under way.
    func packages(of call: Int) -> PackageAnswer? { packages.answer(of: call) }

    /// How many reads hang now.
    public var hanging: Int { files.hanging + sockets.hanging }

    func read(_ root: PathBuffer, _ components: [StaticString], upTo limit: Int, withinMilliseconds time: Int32)
        -> File?
    {
        let request = FileRequest(root: root, components: components, limit: limit)
        do throws(LimitedCalls<FileRequest, File?>.Failure) {
            return try files.call(request, withinMilliseconds: time)
        } catch { return nil }
    }

    func socket(_ number: Int32, of pid: Int32, withinMilliseconds time: Int32) -> ForeignSocket? {
        do throws(LimitedCalls<SocketRequest, ForeignSocket?>.Failure) {
            return try sockets.call(SocketRequest(pid: pid, number: number), withinMilliseconds: time)
        } catch { return nil }
    }
}

/// How long the event thread may wait for others' answers: so much for one, and so much a second for all.
struct ForeignWait {
    /// Long enough for a thread that has to be scheduled on a busy machine.
    private static let oneMilliseconds: UInt64 = 20
    private static let perSecondMilliseconds: UInt64 = 100

    private var window: UInt64 = 0
    private var used: UInt64 = 0

    /// Makes a call with the time that is left for it; nil when none is.
    mutating func spend<Answer>(_ call: (Int32) -> Answer?) -> Answer? {
        let start = KernelClock.monotonic()
        if start / 1_000_000_000 != window { (window, used) = (start / 1_000_000_000, 0) }
        let left = Self.perSecondMilliseconds &* 1_000_000 &- min(used, Self.perSecondMilliseconds &* 1_000_000)
        let time = min(Self.oneMilliseconds, left / 1_000_000)
        guard time > 0 else { return nil }
        let answer = call(Int32(time))
        used &+= KernelClock.monotonic() &- start
        return answer
    }
}
