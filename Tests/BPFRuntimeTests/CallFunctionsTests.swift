import KernelInterface
import Testing

@testable import BPFRuntime

struct CallFunctionsTests {
    /// Functions as Linux 6.12 for x86-64 has them, of two types.
    static func functions(without left: Set<String> = []) -> [String: CallFunctions.Function] {
        var functions: [String: CallFunctions.Function] = [:]
        func add(_ name: String, _ type: UInt32) {
            guard !left.contains(name) else { return }
            functions[name] = CallFunctions.Function(name: name, id: UInt32(functions.count + 1), type: type)
        }
        for name in [
            "openat", "newstat", "newfstat", "newlstat", "newfstatat", "sendfile64", "umount", "newuname", "setuid",
        ] {
            add("__x64_sys_\(name)", 7)
        }
        for name in ["memfd_create", "connect"] { add("__x64_sys_\(name)", 8) }
        for name in ["fork", "setsid", "openat"] { add("__do_sys_\(name)", 8) }
        add("ia32_sys_call", 9)
        add("__do_fast_syscall_32", 10)
        return functions
    }

    @Test("a call has the function that the kernel enters it by") func findsFunctions() throws {
        let found = try #require(CallFunctions(Self.functions(), isTaken: { _ in true }))
        let expected = [
            "openat": "__x64_sys_openat", "stat": "__x64_sys_newstat", "umount2": "__x64_sys_umount",
            "uname": "__x64_sys_newuname",
            "fork": "__do_sys_fork", "setsid": "__do_sys_setsid", "connect": "__x64_sys_connect",
        ]
        for (call, function) in expected { #expect(found.own[call]?.name == function) }
        #expect(found.own["vfork"] == nil && found.own["nfsservctl"] == nil)
        #expect(found.compat?.name == "ia32_sys_call")
        #expect(Set(found.examples.map(\.type)) == [7, 8])
        #expect(CallHooks.excluded(found) == ["shrike_sys_exit"])
        #expect(
            CallHooks.targets(found).map(\.program) == ["shrike_hooked", "shrike_hooked_too", "shrike_hooked_compat"])
        #expect(CallHooks.excluded(nil) == ["shrike_hooked", "shrike_hooked_too", "shrike_hooked_compat"])
    }

    @Test("where calls would not be seen, all pass one program") func refuses() {
        #expect(CallFunctions(Self.functions(), isTaken: { _ in false }) == nil)
        // Callers of 32 bits that enter otherwise, and a name that another kernel may have changed.
        for missing in ["ia32_sys_call", "__x64_sys_newstat", "__x64_sys_umount"] {
            #expect(CallFunctions(Self.functions(without: [missing]), isTaken: { _ in true }) == nil)
        }
        var functions = Self.functions()
        functions["__x64_sys_bpf"] = CallFunctions.Function(name: "__x64_sys_bpf", id: 99, type: 11)
        #expect(CallFunctions(functions, isTaken: { _ in true }) == nil)
        functions = Self.functions()
        functions["__x64_compat_sys_execve"] = CallFunctions.Function(name: "__x64_compat_sys_execve", id: 99, type: 7)
        #expect(CallFunctions(functions, isTaken: { _ in true }) == nil)
        let without = Self.functions(without: ["ia32_sys_call", "__do_fast_syscall_32"])
        let native = CallFunctions(without, isTaken: { _ in true })
        #expect(native != nil && native?.compat == nil)
        #expect(CallHooks.excluded(native).contains("shrike_hooked_compat"))
    }
}
