import Testing

@testable import KernelInterface

@Suite struct SyscallCatalogueTests {
    @Test(
        arguments: [
            (SyscallCatalogue.ABI.x86_64, "execve", 59), (SyscallCatalogue.ABI.x86_64, "openat", 257),
            (SyscallCatalogue.ABI.x86_64, "openat2", 437), (SyscallCatalogue.ABI.i386, "execve", 11),
            (SyscallCatalogue.ABI.i386, "openat", 295),
            (SyscallCatalogue.ABI.s390x, "openat", 288), (SyscallCatalogue.ABI.ppc64le, "openat", 286),
            (SyscallCatalogue.ABI.riscv64, "openat", 56),
        ] as [(SyscallCatalogue.ABI, String, Int32)])
    func `names and numbers are those of the kernel's tables`(
        _ abi: SyscallCatalogue.ABI, _ name: String, _ number: Int32
    ) {
        #expect(SyscallCatalogue.number(of: name, abi) == number)
        #expect(SyscallCatalogue.name(of: number, abi) == name)
    }

    @Test(arguments: ["", "opennat", "execve ", "\u{0}"])
    func `what is no system call has no number`(_ name: String) {
        #expect(SyscallCatalogue.number(of: name, .x86_64) == nil)
    }

    // On i386 and s390x libseccomp has the calls of socketcall(2) and ipc(2) by numbers of its own.
    @Test(arguments: [SyscallCatalogue.ABI.x86_64, .x32, .aarch64, .riscv64])
    func `each call has its number back by its name`(_ abi: SyscallCatalogue.ABI) {
        let calls = SyscallCatalogue.calls(of: abi)
        #expect(calls.count > 250 && Set(calls.map(\.number)).count == calls.count)
        for call in calls { #expect(SyscallCatalogue.number(of: call.name, abi) == call.number, "\(call.name)") }
    }

    /// The kernel has them, whatever libseccomp knows.
    @Test(
        arguments: [
            (SyscallCatalogue.ABI.x86_64, 463), (SyscallCatalogue.ABI.i386, 463), (SyscallCatalogue.ABI.aarch64, 463),
            (SyscallCatalogue.ABI.x32, 0x4000_0000 | 463),
        ] as [(SyscallCatalogue.ABI, Int32)])
    func `calls that libseccomp doesn't know have the kernel's numbers`(_ abi: SyscallCatalogue.ABI, _ number: Int32) {
        #expect(SyscallCatalogue.number(of: "setxattrat", abi) == number)
        #expect(SyscallCatalogue.name(of: number, abi) == "setxattrat")
        #expect(SyscallCatalogue.calls(of: abi).contains { $0.name == "file_setattr" })
    }
}
