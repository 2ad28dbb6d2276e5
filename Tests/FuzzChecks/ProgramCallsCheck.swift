import ProgramCalls

/// What must hold of any bytes that are taken for a program, for the fuzzer and the tests.
public enum ProgramCallsCheck {
    private struct OneFile: ProgramFiles {
        let bytes: [UInt8]

        func read(_ path: String, upTo limit: Int) throws(ImageError) -> [UInt8]? {
            guard bytes.count <= limit else { throw .tooLarge("test") }
            return path == "/program" || path == "/lib/again.so" ? bytes : nil
        }
    }

    /// Looks at the bytes, also as a library that is loaded later: nothing traps, it ends, and what is told is in order.
    @discardableResult
    public static func check(_ bytes: [UInt8]) -> ProgramCalls? {
        var limits = ProgramCalls.Limits()
        limits.modules = 4
        limits.bytes = 8 << 20
        limits.instructions = 100_000
        let files = OneFile(bytes: bytes)
        guard
            let found = try? ProgramCalls.look(at: "/program", additional: ["/lib/again.so"], in: files, limits: limits)
        else { return nil }
        precondition(found.calls.map(\.name) == found.calls.map(\.name).sorted(), "calls out of order")
        precondition(found.calls.allSatisfy { $0.number >= 0 && !$0.way.isEmpty }, "a call from nowhere")
        return found
    }
}
