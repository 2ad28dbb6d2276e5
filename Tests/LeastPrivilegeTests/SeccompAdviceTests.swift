import KernelInterface
import LeastPrivilege
import Profiles
import ProgramCalls
import Testing

@Suite("Seccomp profiles")
struct SeccompAdviceTests {
    private static let program = ProgramCalls(
        abi: .x86_64,
        calls: [
            .init(name: "read", number: 0, place: "libc.so.6: read", way: ["nginx: main", "libc.so.6: read"]),
            .init(
                name: "sendfile", number: 40, place: "libc.so.6: sendfile", way: ["nginx: main", "libc.so.6: sendfile"]),
        ], modules: ["/usr/sbin/nginx"], unseen: [.loading(place: "nginx: load")])

    private func advice(
        _ observed: ObservedPrivileges = .invented(), _ options: SeccompAdvice.Options = .init()
    ) -> SeccompAdvice {
        SeccompAdvice(observed, programs: [Self.program], abi: .x86_64, options: options)
    }

    @Test("Each call has its reason: seen before needed by the runtime before possible")
    func reasons() {
        let advice = advice()
        #expect(Set(advice.names(.seen)) == ["accept4", "epoll_wait", "openat", "read", "write"])
        #expect(advice.names(.possible) == ["sendfile"])
        #expect(advice.names(.runtime).contains("execve") && advice.names(.runtime).contains("capset"))
        #expect(advice.calls.first { $0.name == "read" }?.explanation == "seen 12 times, last 2026-11-28")
        #expect(
            advice.calls.first { $0.name == "sendfile" }?.explanation.contains("nginx: main > libc.so.6: sendfile")
                == true)
        #expect(advice.remarks == ["not seen in the code: nginx: load loads code while it runs"])
    }

    @Test("A program of the host needs nothing for a runtime, a container with noNewPrivileges less")
    func runtime() {
        #expect(advice(.invented(.unit("nginx.service"))).names(.runtime).isEmpty)
        var options = SeccompAdvice.Options()
        options.noNewPrivileges = true
        #expect(!advice(.invented(), options).names(.runtime).contains("capset"))
    }

    @Test(
        "Possible calls are treated as asked",
        arguments: [
            (SeccompAdvice.Treatment.allow, SeccompProfile.Action.allow as SeccompProfile.Action?), (.log, .log),
            (.deny, nil),
        ])
    func possible(treatment: SeccompAdvice.Treatment, action: SeccompProfile.Action?) {
        var options = SeccompAdvice.Options()
        options.possible = treatment
        let profile = advice().profile(options)
        #expect(profile.rules.first { $0.names == ["sendfile"] }?.action == action)
        #expect(profile.rules.first { $0.names == ["read"] }?.action == .allow)
        #expect(profile.defaultAction == .errno)
    }

    @Test("What is not settled, not seen or not looked at is said")
    func remarks() {
        var observed = ObservedPrivileges.invented()
        observed.unsettled = ["syscall"]
        observed.calls = []
        let advice = SeccompAdvice(observed, programs: [], abi: .x86_64)
        #expect(advice.remarks.count == 3)
    }

    @Test("A profile is read back as it was written, and the kernel takes its filter", arguments: [true, false])
    func written(isTrial: Bool) throws {
        var options = SeccompAdvice.Options()
        options.isTrial = isTrial
        options.tellsRefusals = !isTrial
        let profile = advice().profile(options)
        let text = profile.json
        #expect(try SeccompProfile(json: Array(text.utf8)) == profile)
        #expect(text.contains(#""SCMP_ARCH_X86_64""#) && text.contains("SECCOMP_FILTER_FLAG_LOG") == !isTrial)
        #expect(profile.check().isEmpty)
    }

    @Test("A profile that libseccomp or the kernel would not take as meant is found")
    func defects() {
        var profile = advice().profile()
        profile.rules.append(.init(names: ["no_such_call"], action: .allow))
        profile.architectures.append("SCMP_ARCH_VAX")
        #expect(profile.check().map(\.description).contains { $0.contains("vax") })
        profile.architectures.removeLast()
        #expect(profile.check().map(\.description).contains { $0.contains("no_such_call") })
    }

    @Test("A call without a name is left out and told, and the profile is one nevertheless")
    func nameless() {
        var observed = ObservedPrivileges.invented()
        observed.calls += ["#1023", "1023", "no_such_call", "read\0x"].map { .init($0, ObservedPrivileges.sight) }
        let advice = advice(observed)
        #expect(advice.names(.seen) == ["accept4", "epoll_wait", "openat", "read", "write"])
        #expect(advice.remarks.contains { $0.contains("#1023") && $0.contains("no_such_call") })
        #expect(advice.profile().check().isEmpty)
    }

    @Test("A profile that is tried out lets calls of every ABI of the machine go on")
    func trialABIs() throws {
        var options = SeccompAdvice.Options()
        options.isTrial = true
        let trial = try FilterSimulator(advice(.invented(), options).profile(options))
        #expect(trial.action("read", .x86_64) == .allow && trial.action("mount", .x86_64) == .log)
        for abi in [SyscallCatalogue.ABI.i386, .x32] {
            #expect(trial.action("read", abi) == .allow)
            #expect(trial.action("mount", abi) == .log)
        }
        #expect(trial.action("socketcall", .i386) == .log)
        // Enforced, the filter has the program's own ABI alone.
        let enforced = try FilterSimulator(advice().profile())
        #expect(enforced.action("mount", .x86_64) == .errno(1))
        #expect(enforced.action("read", .i386) == .killThread)
    }

    @Test("On arm64, too", arguments: [true, false])
    func trialOfARM(isTrial: Bool) {
        var options = SeccompAdvice.Options()
        options.isTrial = isTrial
        let profile = SeccompAdvice(.invented(), programs: [], abi: .aarch64, options: options).profile(options)
        #expect(profile.architectures == ["SCMP_ARCH_AARCH64"] + (isTrial ? ["SCMP_ARCH_ARM"] : []))
        #expect(profile.check().isEmpty)
    }

    @Test("Conditions on arguments are written, read and taken")
    func conditions() throws {
        let profile = SeccompProfile(
            defaultAction: .errno, defaultErrno: 38, architectures: [],
            rules: [
                .init(
                    names: ["socket"], action: .allow,
                    arguments: [.init(index: 0, value: 2, comparison: .equal)]),
                .init(
                    names: ["clone"], action: .allow,
                    arguments: [.init(index: 0, value: 0x7e02_0000, second: 0, comparison: .masked)]),
                .init(
                    names: ["personality"], action: .allow,
                    arguments: [.init(index: 0, value: .max, comparison: .equal)]),
            ])
        #expect(try SeccompProfile(json: Array(profile.json.utf8)) == profile)
        #expect(profile.check().isEmpty)
        let filter = try FilterSimulator(profile)
        let refused = SeccompProgram.Action.errno(38)
        #expect(filter.action("socket", .x86_64, arguments: [2]) == .allow)
        #expect(filter.action("socket", .x86_64, arguments: [10]) == refused)
        #expect(filter.action("clone", .x86_64, arguments: [0x0300_0000]) == refused)
        #expect(filter.action("personality", .x86_64, arguments: [.max]) == .allow)
        #expect(filter.action("personality", .x86_64, arguments: [.max >> 1]) == refused)
    }

    @Test(
        "What is no profile is refused with the reason",
        arguments: [
            ("", "not JSON"), ("{}", "defaultAction"), (#"{"defaultAction":"ALLOW"}"#, "defaultAction"),
            (#"{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["read"]}]}"#, "syscalls[0].action"),
            (#"{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"action":"SCMP_ACT_ALLOW"}]}"#, "syscalls[0].names"),
            (
                #"{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["read"],"action":"SCMP_ACT_ALLOW","args":[{"index":9}]}]}"#,
                "args"
            ),
            (
                #"{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["read"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"op":"SCMP_CMP_EQ","value":"2"}]}]}"#,
                "whole number"
            ),
            (
                #"{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["read",5],"action":"SCMP_ACT_ALLOW"}]}"#,
                "names"
            ),
            (#"{"defaultAction":"SCMP_ACT_ERRNO","architectures":[1]}"#, "architectures"),
            (#"{"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":-1}"#, "defaultErrnoRet"),
        ])
    func refused(text: String, word: String) {
        let error = #expect(throws: SeccompProfile.ReadError.self) { try SeccompProfile(json: Array(text.utf8)) }
        #expect(error?.description.contains(word) == true)
    }
}
