import Glibc
import Testing

@testable import BPFRuntime

@Suite struct LoadedObjectTests {
    @Test func `why io_uring is not seen is said unless the kernel has none`() {
        let missing = BPFError(step: .load, errno: ESRCH)
        let refused = BPFError(step: .load, errno: EACCES)
        #expect(LoadedObject.obstacle([missing, missing], hasRings: false) == nil)
        #expect(LoadedObject.obstacle([missing, missing], hasRings: true)?.errno == ESRCH)
        #expect(LoadedObject.obstacle([missing, refused], hasRings: false)?.errno == EACCES)
        #expect(LoadedObject.obstacle([refused, missing], hasRings: true)?.errno == EACCES)
    }
}
