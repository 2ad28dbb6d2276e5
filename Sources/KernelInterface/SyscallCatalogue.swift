import CKernel
import CSeccomp
import Glibc

/// The names and numbers of system calls by ABI, as libseccomp knows them, and those that are newer than it.
public struct SyscallCatalogue: Sendable {
    /// An ABI that libseccomp has a table of.
    public enum ABI: UInt32, Sendable, CaseIterable {
        case x86_64, i386, x32, aarch64, arm
        /// Of other machines' logs only.
        case s390x, ppc64le, riscv64

        /// The ABIs that programs of this machine can have, its own first.
        public static var host: [ABI] {
            #if arch(x86_64)
                [.x86_64, .i386, .x32]
            #elseif arch(arm64)
                [.aarch64, .arm]
            #else
                []
            #endif
        }

        /// Whether this kernel runs programs of the x32 ABI; their calls have numbers that audit rules can't name.
        public static var hasX32: Bool { shrike_has_x32() != 0 }

        /// libseccomp's token (seccomp_arch_add(3)): that of audit, with x32 apart.
        var token: UInt32 {
            switch self {
            case .x86_64: 0xc000_003e
            case .i386: 0x4000_0003
            case .x32: 0x4000_003e
            case .aarch64: 0xc000_00b7
            case .arm: 0x4000_0028
            case .s390x: 0x8000_0016
            case .ppc64le: 0xc000_0015
            case .riscv64: 0xc000_00f3
            }
        }

        /// `AUDIT_ARCH_…` (linux/audit.h), as audit's records and seccomp's filters have it: x32 is x86-64 there.
        var auditArchitecture: UInt32 { self == .x32 ? ABI.x86_64.token : token }
    }

    /// A system call of one ABI.
    public struct Call: Sendable, Hashable {
        /// The ABI.
        public let abi: ABI
        /// The number that the kernel sees; x32 numbers have their bit.
        public let number: Int32
        /// The name.
        public let name: String
    }

    /// ABIs number their calls from 0 without large gaps; none is near this.
    private static let maximumNumber: Int32 = 600
    /// `__X32_SYSCALL_BIT` (asm/unistd.h), which libseccomp's x32 numbers have, too.
    private static let x32Bit: Int32 = 0x4000_0000
    /// Calls of ARM's private range (arch/arm/include/uapi/asm/unistd.h).
    private static let armPrivate: ClosedRange<Int32> = 0x0f_0000...0x0f_0010

    /// The calls of an ABI in the order of their numbers.
    public static func calls(of abi: ABI) -> [Call] {
        var calls: [Call] = []
        func add(_ number: Int32) {
            if let name = name(of: number, abi) { calls.append(Call(abi: abi, number: number, name: name)) }
        }
        let base = abi == .x32 ? x32Bit : 0
        for number in 0..<maximumNumber { add(base + number) }
        if abi == .arm { for number in armPrivate { add(number) } }
        return calls
    }

    /// A call as audit's records have it; its name is the number where libseccomp knows none. Nil for the ABI of another machine.
    ///
    /// - Parameter architecture: `AUDIT_ARCH_…` (linux/audit.h).
    public static func call(ofAudit architecture: UInt32, number: Int32) -> Call? {
        let isX32 = architecture == ABI.x86_64.token && number & x32Bit != 0
        let abi = isX32 ? ABI.x32 : ABI.allCases.first { $0 != .x32 && $0.auditArchitecture == architecture }
        return abi.map { Call(abi: $0, number: number, name: name(of: number, $0) ?? "\(number)") }
    }

    /// Calls of Linux 6.6 to 6.18, which the libseccomp of a node may be too old for. All ABIs have them by one number
    /// (scripts/syscall.tbl, arch/x86/entry/syscalls/syscall_64.tbl), x32 with its bit.
    private static let newer: [Int32: String] = [
        451: "cachestat", 452: "fchmodat2", 453: "map_shadow_stack", 454: "futex_wake", 455: "futex_wait",
        456: "futex_requeue",
        457: "statmount", 458: "listmount", 459: "lsm_get_self_attr", 460: "lsm_set_self_attr", 461: "lsm_list_modules",
        462: "mseal", 463: "setxattrat", 464: "getxattrat", 465: "listxattrat", 466: "removexattrat",
        467: "open_tree_attr",
        468: "file_getattr", 469: "file_setattr",
    ]
    private static let newerNumbers = [String: Int32](uniqueKeysWithValues: newer.map { ($0.value, $0.key) })

    /// The name of a call; nil when the ABI has no such number.
    public static func name(of number: Int32, _ abi: ABI) -> String? {
        guard let text = seccomp_syscall_resolve_num_arch(abi.token, number) else {
            return newer[abi == .x32 ? number ^ x32Bit : number]
        }
        defer { free(text) }
        return String(cString: text)
    }

    /// Whether a text is the name of a call in any ABI that libseccomp knows: what a rule of it can be made of.
    public static func isName(_ text: String) -> Bool {
        // -1: none; other negative numbers are libseccomp's own, for calls that this ABI lacks.
        !text.isEmpty
            && text.utf8.allSatisfy { $0 >= 0x61 && $0 <= 0x7a || $0 >= 0x30 && $0 <= 0x39 || $0 == UInt8(ascii: "_") }
            && Int(text) == nil && seccomp_syscall_resolve_name(text) != -1
    }

    /// The number of a call; nil when the ABI has none of that name.
    public static func number(of name: String, _ abi: ABI) -> Int32? {
        // Negative numbers are libseccomp's own, for calls that the ABI lacks.
        let number = seccomp_syscall_resolve_name_arch(abi.token, name)
        return number >= 0 ? number : newerNumbers[name].map { abi == .x32 ? $0 | x32Bit : $0 }
    }
}
