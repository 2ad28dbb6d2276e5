import KernelInterface
import Testing

@testable import BPFRuntime

@Suite struct CountedKindsTests {
    @Test(
        arguments: [
            (0, [], []), (64, ["shrike_capable"], .calls), (64, ["shrike_prepare_exec"], [.calls, .capabilities]),
            (64, [], [.calls, .capabilities]),
        ] as [(Int, [String], GroupUse.Kinds)])
    func `calls are counted where there are sets, capabilities where the kernel tells of them`(
        sets: Int, excluded: [String], kinds: GroupUse.Kinds
    ) {
        #expect(BPFSession.countedKinds(sets, without: excluded) == kinds)
    }
}
