import Configuration
import Glibc
import KernelInterface

/// What this process uses of the machine.
struct ProcessUsage: Sendable, Equatable {
    /// Resident memory in bytes.
    var residentBytes: UInt64 = 0
    /// Time on processors since the start, user and system, in nanoseconds.
    var cpuNanoseconds: UInt64 = 0

    /// The use as it is now.
    static func current() -> ProcessUsage {
        var usage = ProcessUsage()
        if case .success(let bytes) = SystemConfigurationFiles().read("/proc/self/statm") {
            // The second number counts resident pages (proc_pid_statm(5)).
            let words = bytes.split(separator: UInt8(ascii: " "))
            if words.count > 1, let pages = UInt64(String(decoding: words[1], as: UTF8.self)) {
                usage.residentBytes = pages &* UInt64(max(sysconf(Int32(_SC_PAGESIZE)), 0))
            }
        }
        usage.cpuNanoseconds = KernelClock.processor()
        return usage
    }
}
