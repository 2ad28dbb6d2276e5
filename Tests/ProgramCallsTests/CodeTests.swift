import FuzzChecks
import KernelInterface
import ProgramCalls
import SeededRandom
import Testing

@Suite("Calls in code")
struct CodeTests {
    private struct OneFile: ProgramFiles {
        let bytes: [UInt8]
        func read(_ path: String, upTo limit: Int) throws(ImageError) -> [UInt8]? { path == "/p" ? bytes : nil }
    }

    private func look(_ program: InventedProgram) throws -> ProgramCalls {
        try ProgramCalls.look(at: "/p", in: OneFile(bytes: program.bytes))
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var code: [UInt8]
        var calls: Set<String>
        var isUnknown = false
        init(_ name: String, _ code: [UInt8], _ calls: Set<String>, isUnknown: Bool = false) {
            (testDescription, self.code, self.calls, self.isUnknown) = (name, code, calls, isUnknown)
        }
    }

    @Test(
        "x86-64: the number of a call is found on all ways that lead to it",
        arguments: [
            // mov eax, 39; syscall; ret
            Case("a constant", [0xb8, 39, 0, 0, 0, 0x0f, 0x05, 0xc3], ["getpid"]),
            // xor eax, eax; syscall; ret
            Case("zero", [0x31, 0xc0, 0x0f, 0x05, 0xc3], ["read"]),
            // mov rax, 1; syscall
            Case("a sign-extended constant", [0x48, 0xc7, 0xc0, 1, 0, 0, 0, 0x0f, 0x05, 0xc3], ["write"]),
            // push 57; pop rax; syscall
            Case("by the stack", [0x6a, 57, 0x58, 0x0f, 0x05, 0xc3], ["fork"]),
            // mov edx, 231; mov eax, edx; syscall
            Case("through another register", [0xba, 231, 0, 0, 0, 0x89, 0xd0, 0x0f, 0x05, 0xc3], ["exit_group"]),
            // test edi, edi; mov eax, 3; je +5; mov eax, 2; syscall
            Case(
                "two ways", [0x85, 0xff, 0xb8, 3, 0, 0, 0, 0x74, 5, 0xb8, 2, 0, 0, 0, 0x0f, 0x05, 0xc3],
                ["close", "open"]),
            // mov eax, 5; mov ecx, 4; cmovne eax, ecx; syscall
            Case(
                "a conditional move",
                [0xb8, 5, 0, 0, 0, 0xb9, 4, 0, 0, 0, 0x0f, 0x45, 0xc1, 0x0f, 0x05, 0xc3], ["fstat", "stat"]),
            // mov eax, [rdi]; syscall
            Case("from memory", [0x8b, 0x07, 0x0f, 0x05, 0xc3], [], isUnknown: true),
            // mov eax, 39; call rbx; syscall: what a call returns is no number, and the way before it leads to no other.
            Case("behind a call that does not return", [0xb8, 39, 0, 0, 0, 0xff, 0xd3, 0x0f, 0x05, 0xc3], ["getpid"]),
            // nothing of it is a call: mov eax, 0x050f; ret
            Case("bytes that look like a call", [0xb8, 0x0f, 0x05, 0, 0, 0xc3], []),
        ])
    func x86(test: Case) throws {
        let found = try look(InventedProgram(code: test.code))
        #expect(found.names == test.calls)
        #expect(found.abi == .x86_64)
        #expect(found.unseen.isEmpty == !test.isUnknown)
    }

    @Test(
        "arm64: the number of a call is found",
        arguments: [
            // mov x8, #172; svc #0; ret
            ("a constant", [0xd280_1588, 0xd400_0001, 0xd65f_03c0], ["getpid"]),
            // mov w9, #64; mov x8, x9; svc #0; ret
            ("through another register", [0x5280_0809, 0xaa09_03e8, 0xd400_0001, 0xd65f_03c0], ["write"]),
            // cbz x0, +8; mov x8, #63 (else) …
            (
                "two ways",
                [0xd280_07e8, 0xb400_0040, 0xd280_0808, 0xd400_0001, 0xd65f_03c0], ["read", "write"]
            ),
        ] as [(String, [UInt32], Set<String>)])
    func arm64(name: String, words: [UInt32], calls: Set<String>) throws {
        let found = try look(.arm64(words))
        #expect(found.names == calls, "\(name)")
        #expect(found.abi == .aarch64)
    }

    @Test("A file that is no program of a known machine is refused with the reason")
    func refused() {
        var program = InventedProgram(code: [0xc3])
        program.machine = 3
        #expect(throws: ImageError.unsupported(machine: 3)) { try look(program) }
        #expect(throws: ImageError.notELF) {
            try ProgramCalls.look(at: "/p", in: OneFile(bytes: Array("no program".utf8)))
        }
        #expect(throws: ImageError.self) { try ProgramCalls.look(at: "/q", in: OneFile(bytes: [])) }
    }

    @Test("Cut, altered and random programs are looked at or refused, and nothing traps", arguments: 0..<8)
    func altered(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let whole = InventedProgram(code: (0..<400).map { _ in UInt8.random(in: 0...255, using: &random) }).bytes
        for _ in 0..<25 {
            var bytes = Array(whole.prefix(Int.random(in: 0...whole.count, using: &random)))
            for _ in 0..<Int.random(in: 0...6, using: &random) where !bytes.isEmpty {
                bytes[Int.random(in: 0..<min(bytes.count, 180), using: &random)] = UInt8.random(
                    in: 0...255, using: &random)
            }
            ProgramCallsCheck.check(bytes)
        }
    }
}
