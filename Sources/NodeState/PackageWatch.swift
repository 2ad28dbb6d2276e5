import Glibc

/// The packages' files as they are known to the event thread: another thread reads them and looks at them again and again, and a
/// new table takes the place of the old one between two events.
final class PackageWatch {
    /// Nil until the lists were read for the first time.
    private(set) var table: PackageTable?
    /// 0 until then; another one for each table.
    private(set) var generation: UInt32 = 0

    private let context: StateContext
    private var stamp: PackageLists.Stamp?
    private var isUnderWay = false
    private var begun: UInt64 = 0
    private var next: UInt64 = 0
    private var earliest: UInt64 = 0

    init(context: StateContext) { self.context = context }

    /// Takes what is there, and lets be looked again where that is due. Never waits.
    func tick() {
        guard context.hasFiles, context.options.wanted.contains(.executableOrigin) else { return }
        // The state's own time, so that a recorded run looks when it did.
        let now = context.now
        if isUnderWay {
            guard let answer = context.files.takePackages() else { return }
            isUnderWay = false
            take(answer, now)
        }
        guard now >= next, context.files.beginPackages(PackageRequest(root: context.root, known: stamp)) else { return }
        isUnderWay = true
        begun = now
    }

    /// Lets be looked at the next tick, or as soon as the last reading is long enough ago: what installs packages has ended.
    func lookSoon() { next = min(next, earliest) }

    /// Waits at the start for the first table, so long at most.
    func awaitTable(milliseconds: Int) {
        guard context.options.wanted.contains(.executableOrigin) else { return }
        for _ in 0..<max(1, milliseconds) {
            tick()
            if table != nil { return }
            usleep(1000)
        }
    }

    private func take(_ answer: PackageAnswer, _ now: UInt64) {
        stamp = answer.stamp
        next = now &+ Self.interval
        guard let table = answer.table else { return }
        self.table = table
        context.counters.packageFilesLeftOut = UInt64(table.leftOut)
        generation &+= 1
        // While dpkg is at work all is read again and again: no more than a fifth of the time.
        earliest = now &+ min(4 &* (now &- begun), Self.longestPause)
        next = max(next, earliest)
    }

    /// dpkg writes a package's list some time before it starts what is in the package.
    private static let interval: UInt64 = 1_000_000_000
    private static let longestPause: UInt64 = 10_000_000_000
}
