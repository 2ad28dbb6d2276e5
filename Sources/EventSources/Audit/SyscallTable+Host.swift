public import AuditRecords
import EventModel
import KernelInterface

extension SyscallTable {
    /// The calls of every ABI that libseccomp knows and audit can name.
    public static let known: SyscallTable = {
        SyscallTable(
            SyscallCatalogue.ABI.allCases.flatMap { abi in
                SyscallCatalogue.calls(of: abi).map {
                    Entry(architecture: RawEvent.Architecture(abi), number: $0.number, name: $0.name)
                }
            }
        )
    }()
}

extension RawEvent.Architecture {
    /// What audit calls an ABI; x32 is x86-64 to it.
    init(_ abi: SyscallCatalogue.ABI) {
        switch abi {
        case .x86_64, .x32: self = .x86_64
        case .i386: self = .i386
        case .aarch64: self = .aarch64
        case .arm: self = .arm
        case .s390x: self = .s390x
        case .ppc64le: self = .ppc64le
        case .riscv64: self = .riscv64
        }
    }

    /// The ABIs that programs of this machine can have and audit rules can name, its own first.
    static let host: [RawEvent.Architecture] = SyscallCatalogue.ABI.host.filter { $0 != .x32 }.map { .init($0) }
}
