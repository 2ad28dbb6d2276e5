import CKernel

/// The memory of this process.
public enum ProcessMemory {
    /// Gives what is free inside the C library's heap back to the kernel. Takes some milliseconds.
    public static func trim() { shrike_trim_heap() }
}
