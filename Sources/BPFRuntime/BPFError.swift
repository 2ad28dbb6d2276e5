import Glibc

/// Why the eBPF programs can't be used, with what libbpf and the kernel said.
public struct BPFError: Error, Sendable, CustomStringConvertible {
    /// What was tried.
    public enum Step: String, Sendable {
        case unpack = "unpack the eBPF programs"
        case open = "read the eBPF programs"
        case load = "load the eBPF programs"
        case attach = "attach an eBPF program"
        case map = "set up an eBPF map"
        case update = "change an eBPF map"
        case run = "run an eBPF program"
    }

    /// What was tried.
    public var step: Step
    /// The program or map, where it is one.
    public var object: String
    /// The errno, 0 when there is none.
    public var errno: Int32
    /// What libbpf or the verifier said last, a line or a few; empty when they were silent.
    public var log: String

    /// A failed step.
    public init(step: Step, object: String = "", errno: Int32 = 0, log: String = "") {
        (self.step, self.object, self.errno, self.log) = (step, object, errno, log)
    }

    /// `cannot load the eBPF programs (shrike_exec): Operation not permitted; needs CAP_BPF and CAP_PERFMON`.
    public var description: String {
        var text = "cannot \(step.rawValue)"
        if !object.isEmpty { text += " (\(object))" }
        if errno != 0 { text += ": \(String(cString: strerror(errno)))" }
        if let fix { text += "; \(fix)" }
        return text
    }

    /// What mends it, where that is known.
    public var fix: String? {
        switch (step, errno) {
        case (.load, EPERM):
            "needs CAP_BPF and CAP_PERFMON, and a kernel that isn't locked down (lockdown=confidentiality)"
        case (.load, ENOMEM), (.map, ENOMEM): "there is no memory for the eBPF maps: give them less"
        case (.load, ESRCH), (.load, ENOENT): "the kernel needs BTF (CONFIG_DEBUG_INFO_BTF, /sys/kernel/btf/vmlinux)"
        case (.update, EPERM): "the map was frozen by somebody else: restart Shrike"
        case (.update, E2BIG), (.update, ENOSPC): "the map is full: give it more"
        default: nil
        }
    }
}
