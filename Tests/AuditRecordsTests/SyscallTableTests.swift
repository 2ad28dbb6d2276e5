import AuditRecords
import EventModel
import Testing

@Suite struct SyscallTableTests {
    @Test(
        arguments: [
            (.x86_64, 59, "execve"), (.x86_64, 17, "pread"), (.x86_64, 166, "umount2"), (.i386, 11, "execve"),
            (.i386, 22, "umount"), (.i386, 212, "chown"), (.i386, 221, "fcntl"),
            (.x86_64, 520 | SyscallTable.x32Bit, "execve"), (.x86_64, 257 | SyscallTable.x32Bit, "openat"),
        ] as [(RawEvent.Architecture, Int32, String)])
    func `event types by ABI and number`(_ architecture: RawEvent.Architecture, _ number: Int32, _ name: String) {
        #expect(SyscallTable.fixtures.type(architecture, number)?.name == name)
    }

    @Test(
        arguments: [
            (.x86_64, -1), (.x86_64, 100_000), (.x86_64, Int32.max), (.x86_64, Int32.min), (.aarch64, 221),
            (.x86_64, 600 | SyscallTable.x32Bit),
        ] as [(RawEvent.Architecture, Int32)])
    func `numbers that no table has`(_ architecture: RawEvent.Architecture, _ number: Int32) {
        #expect(SyscallTable.fixtures.type(architecture, number) == nil)
    }

    @Test func `socket calls of i386`() throws {
        let table = SyscallTable.fixtures
        let connect = try #require(EventType(name: "connect"))
        #expect(table.isSocketCall(.i386, 102))
        #expect(!table.isSocketCall(.x86_64, 102))
        #expect(table.type(ofSocketCall: 3) == connect)
        #expect(table.type(ofSocketCall: 0) == nil)
        #expect(table.type(ofSocketCall: UInt64.max) == nil)
        let call = try #require(table.socketCall(making: connect, .i386))
        #expect(call.number == 102)
        #expect(call.call == 3)
        #expect(table.socketCall(making: connect, .x86_64) == nil)
    }

    @Test func `the calls that make a type, for filters`() throws {
        let table = SyscallTable.fixtures
        let execve = try #require(EventType(name: "execve"))
        #expect(table.calls(making: execve, .x86_64) == [59, 520 | SyscallTable.x32Bit])
        #expect(table.calls(making: execve, .i386) == [11])
        #expect(table.calls(making: execve, .aarch64) == [])
    }

    @Test func `every alias names an event type`() {
        for name in ["pread64", "pwrite64", "prlimit64", "_llseek", "_newselect", "fcntl64", "setuid32", "truncate64"] {
            #expect(SyscallTable.type(named: name) != nil, "\(name)")
            #expect(SyscallTable.type(named: name)?.name != name)
        }
    }
}
