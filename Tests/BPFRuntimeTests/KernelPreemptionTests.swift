import Testing

@testable import BPFRuntime

@Suite struct KernelPreemptionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var signs: KernelPreemption.Signs
        var isExcluded: Bool
    }

    static let dynamic = "#1 SMP PREEMPT_DYNAMIC Debian 6.1.148-1 (2025-08-26)"
    static let cases = [
        Case(testDescription: "built without", signs: .init(version: "#1 SMP Debian 5.10"), isExcluded: true),
        Case(testDescription: "built with", signs: .init(version: "#1 SMP PREEMPT Tue"), isExcluded: false),
        Case(testDescription: "real time", signs: .init(version: "#1 SMP PREEMPT_RT Tue"), isExcluded: false),
        Case(testDescription: "not known", signs: .init(version: dynamic), isExcluded: false),
        Case(
            testDescription: "set to voluntary",
            signs: .init(version: dynamic, mode: "none (voluntary) full \n", commandLine: "preempt=full"),
            isExcluded: true),
        Case(
            testDescription: "set to lazy", signs: .init(version: dynamic, mode: "none voluntary full (lazy)\n"),
            isExcluded: false),
        Case(
            testDescription: "started with none",
            signs: .init(
                version: dynamic, commandLine: "root=/dev/vda preempt=full preempt=none\n",
                configuration: "CONFIG_PREEMPT=y\n"),
            isExcluded: true),
        Case(
            testDescription: "Debian's",
            signs: .init(
                version: dynamic, commandLine: "root=/dev/vda ro\n",
                configuration:
                    "CONFIG_PREEMPT_BUILD=y\n# CONFIG_PREEMPT_NONE is not set\nCONFIG_PREEMPT_VOLUNTARY=y\nCONFIG_PREEMPT_DYNAMIC=y\n"
            ),
            isExcluded: true),
        Case(
            testDescription: "one that preempts",
            signs: .init(
                version: dynamic, commandLine: "quiet", configuration: "CONFIG_PREEMPT_BUILD=y\nCONFIG_PREEMPT=y\n"),
            isExcluded: false),
    ]

    @Test(arguments: cases)
    func `hooks are for kernels that surely don't interrupt them`(_ one: Case) {
        #expect(KernelPreemption(one.signs).isExcluded == one.isExcluded)
    }
}
