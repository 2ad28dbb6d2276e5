/// Reads processes' attributes from /proc into their records.
public final class ProcessReader {
    init() {}
    func load(_ detail: ProcessDetails, into process: ProcessRecord) {}
    func threads(of process: ProcessRecord) -> UInt32 { 1 }
    func openDescriptors(of process: ProcessRecord) -> UInt32 { 0 }
    func memory(of process: ProcessRecord) -> ProcessMemory? { nil }
}
