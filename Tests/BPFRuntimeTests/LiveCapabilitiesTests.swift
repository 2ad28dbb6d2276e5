import CBPF
import Foundation
import Testing

@testable import BPFRuntime
@testable import KernelInterface

/// Which capabilities a control group asks for and has, as the kernel notes it.
@Suite(
    .serialized,
    .enabled(
        if: LiveSession.obstacle == nil && shrike_bpf_has_tracepoint("cap_capable") != 0,
        "needs root and a kernel that tells of capabilities (6.14)"))
struct LiveCapabilitiesTests {
    /// A Python program, and the capabilities that it asks for and has.
    struct CapabilityCase: CustomTestStringConvertible {
        var code: String
        var asked: [String]
        var granted: [String]
        init(_ code: String, asked: [String], granted: [String]) {
            (self.code, self.asked, self.granted) = (code, asked, granted)
        }
        var testDescription: String { asked.joined(separator: " ") }
    }

    /// What a program needs capabilities for, and the names of those that are noted.
    @Test(
        arguments: memoryAndAdministration + [
            CapabilityCase("import os; os.nice(-1)", asked: ["CAP_SYS_NICE"], granted: ["CAP_SYS_NICE"]),
            CapabilityCase(
                "import os; os.setgroups([]); os.setuid(0)", asked: ["CAP_SETGID", "CAP_SETUID"],
                granted: ["CAP_SETGID", "CAP_SETUID"]),
            CapabilityCase(
                """
                import os
                os.setuid(65534)
                try: os.chroot('/')
                except OSError: pass
                """, asked: ["CAP_SETUID", "CAP_SYS_CHROOT"], granted: ["CAP_SETUID"]),
        ])
    func `capabilities that were asked for are noted, with those that were there`(_ wanted: CapabilityCase) throws {
        let found = try Self.capabilities(try LiveCallSetsTests.session(), wanted)
        #expect(found.asked.names.sorted() == wanted.asked)
        #expect(found.granted.names.sorted() == wanted.granted)
    }

    /// Neither the unit nor pods have CAP_SYSLOG, without which /proc/kallsyms has no addresses.
    @Test(arguments: [true, false])
    func `with the capabilities of the unit and of pods it is told who administrates`(isUnit: Bool) throws {
        let given = isUnit ? try UnitCapabilities.ofUnit() : try UnitCapabilities.ofPods()
        try #require(given.contains("CAP_BPF") && !given.contains("CAP_SYSLOG"))
        var session: BPFSession?
        try UnitCapabilities.with(given) {
            #expect(try CapabilitySet.effective().names.allSatisfy(given.contains))
            session = try LiveCallSetsTests.session()
        }
        let running = try #require(session)
        #expect(running.notesAdministration)
        for wanted in Self.memoryAndAdministration {
            let found = try Self.capabilities(running, wanted)
            #expect(found.asked.names.sorted() == wanted.asked)
        }
    }

    /// Where the kernel doesn't say from where it asks about memory.
    @Test func `who administrates is not told where nobody can know`() throws {
        let session = try LiveCallSetsTests.session()
        session.memoryCheck = 0
        session.setConstants()
        #expect(!session.notesAdministration)
        for wanted in Self.memoryAndAdministration {
            #expect(try Self.capabilities(session, wanted).asked.isEmpty)
        }
    }

    /// Memory in ways that ask whether it may be reserved: mapped, copied by fork, of a tmpfs. And a call that asks for the same.
    static let memoryAndAdministration = [
        CapabilityCase(
            """
            import mmap, os
            m = mmap.mmap(-1, 1 << 24)
            os.fork() or os._exit(0)
            os.wait()
            f = os.memfd_create('memory')
            os.write(f, b'x' * 99999)
            """, asked: [], granted: []),
        CapabilityCase(
            "import socket; socket.sethostname(socket.gethostname())", asked: ["CAP_SYS_ADMIN"],
            granted: ["CAP_SYS_ADMIN"]),
    ]

    /// What a program asks for and has.
    static func capabilities(
        _ session: BPFSession, _ wanted: CapabilityCase
    ) throws -> (asked: CapabilitySet, granted: CapabilitySet) {
        #expect(session.countedKinds == [.calls, .capabilities])
        let group = try FreshGroup()
        try LiveSession.withDirectory { directory in
            let script = "\(directory)/script.py"
            try wanted.code.write(toFile: script, atomically: true, encoding: .utf8)
            _ = try LiveSession.run("/bin/sh", ["-c", group.entering("/usr/bin/python3 \(script)")])
        }
        var found = (asked: CapabilitySet(), granted: CapabilitySet())
        session.drainCallSets { key, _, use in
            guard key == group.id, case .capabilities(let asked, let granted) = use else { return }
            found.asked.formUnion(asked)
            found.granted.formUnion(granted)
        }
        return found
    }
}
