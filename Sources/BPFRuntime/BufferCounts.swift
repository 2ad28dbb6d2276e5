/// How many buffers the programs have in which they make records; each takes 180 KiB or so.
///
/// There is one for each processor that runs. Kernels count many more as possible (a machine that can be given others while it runs),
/// so those that begin to run later share, as do programs that begin while another is under way on their processor.
struct BufferCounts: Equatable {
    /// Of one processor each, as long as there are no more of them.
    let own: UInt32
    /// Of all of them.
    let shared: UInt32
    /// Both together.
    var all: UInt32 { own + shared }

    /// More processors than Linux can be built for (NR_CPUS_RANGE_END, arch/x86/Kconfig) are taken for so many.
    private static let mostProcessors = 8192
    private static let leastShared = 2

    /// - Parameter runningProcessors: how many run; fewer than one (unknown) is one.
    init(runningProcessors: Int) {
        let count = min(max(runningProcessors, 1), Self.mostProcessors)
        own = UInt32(count)
        shared = UInt32(max(count / 4, Self.leastShared))
    }
}
