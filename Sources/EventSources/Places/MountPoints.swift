import KernelInterface

/// The mount points of a mountinfo file (proc_pid_mountinfo(5)).
enum MountPoints {
    /// The fifth word of each line, `\040` and the like decoded; lines without one are skipped.
    static func parse(_ text: [UInt8]) -> [[UInt8]] {
        text.split(separator: 0x0a).compactMap { line in
            let words = line.split(separator: 0x20, maxSplits: 5)
            return words.count > 4 ? ProgramMounts.decoded(words[4]) : nil
        }
    }
}
