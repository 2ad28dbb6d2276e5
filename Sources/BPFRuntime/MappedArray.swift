import CBPF
import Glibc

/// A BPF array map, mapped: reading and changing it needs no system call and no capability.
///
/// The memory is shared with programs that run on other CPUs; what both write must be one aligned word.
public struct MappedArray<Element: BitwiseCopyable>: ~Copyable {
    /// The entries; valid while the array lives.
    public let entries: UnsafeMutableBufferPointer<Element>
    private let start: UnsafeMutableRawPointer
    private let length: Int

    /// Maps the array map with that descriptor. Its values are as large as `Element`, which is a multiple of 8.
    init(descriptor: Int32, count: Int, name: String) throws(BPFError) {
        let size = Int(shrike_bpf_value_size(descriptor))
        guard size == MemoryLayout<Element>.stride, size % 8 == 0 else {
            throw BPFError(step: .map, object: name, errno: size < 0 ? Int32(-size) : EINVAL)
        }
        let page = sysconf(Int32(_SC_PAGESIZE))
        let length = (size * count + page - 1) / page * page
        guard
            let start = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0), start != MAP_FAILED
        else { throw BPFError(step: .map, object: name, errno: Glibc.errno) }
        self.init(start: start, length: length, count: count)
    }

    /// Takes over mapped memory, which begins with so many entries.
    init(start: UnsafeMutableRawPointer, length: Int, count: Int) {
        (self.start, self.length) = (start, length)
        entries = UnsafeMutableBufferPointer(start: start.bindMemory(to: Element.self, capacity: count), count: count)
    }

    deinit { munmap(start, length) }
}
