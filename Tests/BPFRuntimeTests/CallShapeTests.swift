import CBPFRecords
import Testing

@testable import BPFRuntime

@Suite struct CallShapeTests {
    @Test func readsParts() {
        let rename = CallShape.of("renameat2").entry(slot: 3, type: 9)
        #expect((rename.base, rename.path, rename.base2, rename.path2) == (0, 1, 2, 3))
        #expect((rename.slot, rename.type) == (3, 9))
        let how = CallShape.of("openat2").entry(slot: 1, type: 1)
        #expect((how.block, how.block_length, how.object) == (2, 24, UInt8(SHRIKE_RESULT)))
        #expect(how.flags & UInt16(SHRIKE_CALL_OPEN_HOW.rawValue) != 0)
        let accept = CallShape.of("accept4").entry(slot: 1, type: 1)
        #expect((accept.address, accept.address_length) == (1, 2))
        #expect(accept.flags & UInt16(SHRIKE_CALL_LENGTH_POINTED.rawValue) != 0)
    }

    @Test func leavesUnknownCallsPlain() {
        let call = CallShape.of("getppid").entry(slot: 1, type: 2)
        #expect([call.path, call.object, call.address, call.block].allSatisfy { $0 == UInt8(SHRIKE_NONE) })
    }

    @Test(arguments: ["setuid", "setresuid32", "capset", "prctl", "setns", "unshare", "chroot", "pivot_root", "setsid"])
    func marksWhatChangesAProcess(_ name: String) {
        let flags = CallShape.of(name).entry(slot: 1, type: 1).flags
        #expect(flags & UInt16(SHRIKE_CALL_CHANGES_PROCESS.rawValue) != 0)
    }
}
