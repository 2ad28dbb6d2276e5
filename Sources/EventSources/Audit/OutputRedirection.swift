import EventModel
import NodeState

/// How a shell opens the file that a program's output goes to (`>`, `>>`), before it executes the program: of one that ends at once
/// only that call tells what its standard output was.
enum OutputRedirection {
    /// O_WRONLY|O_CREAT with O_TRUNC or O_APPEND, nothing else; zsh adds O_NOCTTY (asm-generic/fcntl.h). Most programs ask for more
    /// or for less, O_CLOEXEC or O_EXCL, so that their files are left alone.
    private static let flags: [UInt32] = [0x241, 0x441, 0x341, 0x541]
    /// What the C library of an ABI of 32 bits adds, O_LARGEFILE: its number differs.
    private static let largeFile: [RawEvent.Architecture: UInt32] = [.i386: 0x8000, .arm: 0x20000]
    /// The register that has the flags (open(2)).
    private static let registers = ["open": 1, "openat": 2]

    /// The calls, where rules read what output is.
    static func types(fieldNames: Set<String>) -> [EventType] {
        StateSyscalls.readsOutputs(fieldNames) ? registers.keys.compactMap(EventType.init(name:)) : []
    }

    /// What a call passes that opens so; empty for calls that don't.
    static func filters(_ type: EventType, _ architecture: RawEvent.Architecture) -> [AuditRuleFilter] {
        guard let register = registers[type.name] else { return [] }
        let added = [0] + [largeFile[architecture]].compactMap { $0 }
        return added.flatMap { more in
            flags.map { flags in
                AuditRuleFilter(arguments: [AuditRuleField(.argument(register), .equal, flags | more)], success: true)
            }
        }
    }
}
