import CBPF
import Glibc
import KernelInterface

/// The functions of this kernel that system calls enter by, where programs can hang on their ends (fexit).
struct CallFunctions {
    /// A function and its type, by their ids in the kernel's type information.
    struct Function {
        var name: String
        var id: UInt32
        var type: UInt32
    }

    /// Those of 64-bit calls, by the name of the call as libseccomp has it. What the kernel lacks is not among them.
    private(set) var own: [String: Function] = [:]
    /// The one that all callers of 32 bits pass; nil where the kernel has no such callers.
    private(set) var compat: Function?
    /// One function of each type that those of 64-bit calls have: one or two.
    private(set) var examples: [Function] = []

    /// Finds them; nil where the kernel takes no such programs, or enters calls in a way that is not known here.
    static func find() -> CallFunctions? {
        #if arch(x86_64)
            var found = Found()
            let status = withUnsafeMutablePointer(to: &found) { found in
                shrike_bpf_each_function(found) { context, name, id, type in
                    guard let name, let found = context?.assumingMemoryBound(to: Found.self) else { return }
                    found.pointee.note(name, id, type)
                }
            }
            guard status == 0 else { return nil }
            return CallFunctions(found.functions)
        #else
            return nil
        #endif
    }

    /// What of all functions can be one of these.
    private struct Found {
        var functions: [String: Function] = [:]

        mutating func note(_ symbol: UnsafePointer<CChar>, _ id: UInt32, _ type: UInt32) {
            // There are tens of thousands: a text is made of few.
            guard CallFunctions.beginnings.contains(where: { strncmp(symbol, $0, strlen($0)) == 0 }) else { return }
            let name = String(cString: symbol)
            functions[name] = Function(name: name, id: id, type: type)
        }
    }

    /// How the names of functions begin that can be one of these, and where callers of 32 bits enter (arch/x86/entry/syscall_32.c): what such
    /// a kernel has, and what all of their calls pass since 6.9 and in stable versions of that time.
    private static let beginnings = ["__x64_sys_", "__do_sys_", "__do_fast_syscall_32", "ia32_sys_call", x32Beginning]
    /// Of calls that only kernels with the x32 ABI have.
    private static let x32Beginning = "__x64_compat_sys_"

    /// - Parameter functions: by name, what of them the kernel has.
    init?(_ functions: [String: Function], isTaken: (Function) -> Bool = { shrike_bpf_try_hook($0.id) == 0 }) {
        // A call of this kernel's that is not found would not be seen: what is always there must be found by its name.
        for call in SyscallCatalogue.calls(of: .x86_64) {
            let symbol = Self.symbols[call.name] ?? call.name
            // What has no argument is another name of its body (arch/x86/include/asm/syscall_wrapper.h, SYSCALL_DEFINE0).
            own[call.name] = functions["__x64_sys_\(symbol)"] ?? functions["__do_sys_\(symbol)"]
        }
        compat = functions["ia32_sys_call"]
        guard compat != nil || functions["__do_fast_syscall_32"] == nil,
            !functions.keys.contains(where: { $0.hasPrefix(Self.x32Beginning) }),
            Self.symbols.keys.allSatisfy({ own[$0] != nil }), let open = own["openat"], isTaken(open)
        else { return nil }
        for function in own.values.sorted(by: { $0.name < $1.name })
        where !examples.contains(where: { $0.type == function.type }) { examples.append(function) }
        guard examples.count <= 2 else { return nil }
    }

    /// Calls whose functions have other names (arch/x86/entry/syscalls/syscall_64.tbl).
    private static let symbols = [
        "fstat": "newfstat", "lstat": "newlstat", "newfstatat": "newfstatat", "sendfile": "sendfile64",
        "stat": "newstat",
        "umount2": "umount", "uname": "newuname",
    ]
}
