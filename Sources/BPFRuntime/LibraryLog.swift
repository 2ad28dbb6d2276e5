import CBPF

/// What libbpf says while something is loaded. libbpf has one place for it per process; loading is done by one thread.
struct LibraryLog: ~Copyable {
    /// libbpf repeats the verifier's log, whose end says what is wrong.
    private static let capacity = 1 << 20
    private let buffer: UnsafeMutableBufferPointer<CChar>

    init() {
        buffer = .allocate(capacity: Self.capacity)
        shrike_bpf_capture(buffer.baseAddress, buffer.count)
    }

    deinit {
        shrike_bpf_capture(nil, 0)
        buffer.deallocate()
    }

    /// Forgets what was said.
    func clear() { shrike_bpf_capture(buffer.baseAddress, buffer.count) }

    /// The last lines that say something, without libbpf's frame around the verifier's log.
    var lastWords: String {
        guard let start = buffer.baseAddress else { return "" }
        let lines = String(cString: start).split(separator: "\n")
            .filter { !$0.contains("-- END PROG LOAD LOG --") && !$0.hasPrefix("processed ") }
        return lines.suffix(6).joined(separator: " | ")
    }
}
