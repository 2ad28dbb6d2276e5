import Glibc

/// Whether the kernel takes the processor away from a task that is in the middle of a system call.
///
/// A program on a kernel function's end (fexit) that was interrupted so is skipped for every other task of that processor until it goes on
/// (kernel/bpf/trampoline.c, `__bpf_prog_enter_recur`), and its task decides how long that is. Tracepoints' programs are not interrupted.
struct KernelPreemption: Equatable {
    /// What is known of the running kernel; nil where it can't be read.
    struct Signs: Equatable {
        /// uname(2)'s `version`.
        var version: String
        /// /sys/kernel/debug/sched/preempt, the mode that is on in parentheses.
        var mode: String?
        /// /proc/cmdline.
        var commandLine: String?
        /// What the kernel was built with, as /boot has it.
        var configuration: String?
    }

    /// Whether it is certain that it doesn't.
    let isExcluded: Bool

    /// Judges the signs, the most direct first.
    init(_ signs: Signs) {
        let flags = signs.version.split(separator: " ")
        // scripts/mkcompile_h: of a kernel with one of the two modes that don't preempt, and no other, it says nothing.
        guard flags.contains("PREEMPT_DYNAMIC") else {
            isExcluded = !flags.contains { $0.hasPrefix("PREEMPT") }
            return
        }
        let chosen =
            signs.mode.flatMap(Self.parenthesised)
            ?? signs.commandLine.flatMap(Self.option) ?? signs.configuration.flatMap(Self.builtIn)
        isExcluded = chosen == "none" || chosen == "voluntary"
    }

    /// Of the running kernel.
    static var running: KernelPreemption {
        var name = utsname()
        guard uname(&name) == 0 else { return KernelPreemption(Signs(version: "PREEMPT")) }
        let release = text(&name.release)
        return KernelPreemption(
            Signs(
                version: text(&name.version), mode: read("/sys/kernel/debug/sched/preempt"),
                commandLine: read("/proc/cmdline"),
                configuration: read("/boot/config-\(release)") ?? read("/proc/1/root/boot/config-\(release)")))
    }

    private static func parenthesised(_ text: String) -> String? {
        guard let start = text.firstIndex(of: "("), let end = text[start...].firstIndex(of: ")") else { return nil }
        return String(text[text.index(after: start)..<end])
    }

    /// `preempt=`, of which the last counts.
    private static func option(_ commandLine: String) -> String? {
        commandLine.split(whereSeparator: \.isWhitespace).last { $0.hasPrefix("preempt=") }.map {
            String($0.dropFirst(8))
        }
    }

    private static func builtIn(_ configuration: String) -> String? {
        let names = [
            "CONFIG_PREEMPT_NONE": "none", "CONFIG_PREEMPT_VOLUNTARY": "voluntary", "CONFIG_PREEMPT_LAZY": "lazy",
            "CONFIG_PREEMPT": "full",
        ]
        for line in configuration.split(separator: "\n") where line.hasSuffix("=y") {
            if let mode = names[String(line.dropLast(2))] { return mode }
        }
        return nil
    }

    private static func text<Bytes>(_ bytes: inout Bytes) -> String {
        withUnsafeBytes(of: &bytes) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    /// A file's text, a mebibyte at most; nil where it can't be read.
    private static func read(_ path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count < 1 << 20 {
            let count = Glibc.read(file, &chunk, chunk.count)
            guard count > 0 else { return count == 0 ? String(decoding: bytes, as: UTF8.self) : nil }
            bytes += chunk[..<count]
        }
        return nil
    }
}
