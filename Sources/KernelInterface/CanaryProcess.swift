import CKernel

/// A child process made only so that a source that watches processes has one to see.
public enum CanaryProcess {
    /// Makes a child that exits at once, reaps it and gives its pid. No SIGCHLD is sent.
    public static func run() throws(KernelError) -> Int32 {
        let pid = shrike_canary_process()
        guard pid > 0 else { throw KernelError(call: "clone", object: "canary process", errno: -pid) }
        return pid
    }
}
