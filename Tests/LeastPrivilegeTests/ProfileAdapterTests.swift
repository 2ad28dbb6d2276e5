import LeastPrivilege
import Profiles
import Testing

@Suite("Privileges of a profile")
struct ProfileAdapterTests {
    private func observed(_ behaviours: [(BehaviourKind, String)]) -> ObservedPrivileges {
        var profile = Profile(identity: .unit("a.service"))
        let settings = ProfileSettings()
        let moment = ProfileMoment(now: 1_795_910_400, run: profile.beginRun(), runStart: 1_795_900_000)
        for (kind, text) in behaviours {
            var event = EventBehaviours()
            let mark = event.mark
            event.text += Array(text.utf8)
            event.add(kind, from: mark)
            _ = profile.look(&event, at: moment, isJudged: false, settings)
            profile.learn(event, at: moment, reason: text == "bad" ? "a rule" : nil, settings)
        }
        return ObservedPrivileges(profile, settings)
    }

    @Test("Each kind goes where it belongs, and what is quarantined nowhere")
    func kinds() {
        let observed = observed([
            (.syscall, "read"), (.syscall, "bad"), (.capability, "CAP_CHOWN"), (.exec, "/usr/bin/a"), (.user, "33"),
            (.read, "/etc/a%20b"), (.write, "/var/log/{n}.log"), (.write, "/srv/{any}.dat"),
            (.read, "/tmp/%2A%7Bany%7D"),
            (.listen, "tcp 80"), (.listen, "tcp {ephemeral}"), (.listen, "raw 6"),
        ])
        #expect(observed.calls.map(\.text) == ["read"])
        #expect(observed.calls.first?.sight.lastSeen == 1_795_910_400)
        #expect(observed.capabilities.map(\.text) == ["CAP_CHOWN"])
        #expect(observed.programs.map(\.path) == ["/usr/bin/a"])
        #expect(observed.users == [33])
        let files = Set(observed.files.map(\.path))
        #expect(
            files.contains("/etc/a%20b") && files.contains("/var/log/*.log")
                && files.contains(PathGlob(profiled: "/srv/{any}.dat")))
        #expect(files.contains(PathGlob(literal: "/tmp/*{any}".utf8)) && files.count == 4)
        #expect(observed.ports == [.init(.tcp, 80)] && observed.hasChosenPorts)
        #expect(observed.unsettled.contains("syscall") && observed.nonsense.isEmpty)
    }

    @Test("A program of the host is one of its own programs, as its parent's profile has the exec")
    func ownProgram() {
        let settings = ProfileSettings()
        let profile = Profile(identity: .program(uid: 0, path: "/opt/my%20app/run"))
        #expect(ObservedPrivileges(profile, settings).programs.map(\.path.literalText) == ["/opt/my app/run"])
        #expect(ObservedPrivileges(Profile(identity: .unit("a.service")), settings).programs.isEmpty)
    }

    @Test(
        "What can be no behaviour is left out and told",
        arguments: [
            (.capability, "CAP_SYS_ADMIN, /** rwx,"), (.capability, "CAP_NONE"),
            (.connect, "tcp 10.0.0.0/8') or (1:443"),
            (.connect, "tcp 10.0.0.0/33:443"), (.connect, "udp nobody:53"), (.listen, "tcp 0"), (.listen, "tcp 99999"),
            (.user, "-1"), (.user, "root"), (.exec, "run"),
        ] as [(BehaviourKind, String)])
    func nonsense(kind: BehaviourKind, text: String) {
        let observed = observed([(kind, text)])
        #expect(observed.nonsense == [text])
        #expect(observed.capabilities.isEmpty && observed.destinations.isEmpty && observed.ports.isEmpty)
        #expect(observed.users.isEmpty && observed.programs.isEmpty)
    }

    @Test(
        "Destinations are addresses and nets as manifests have them",
        arguments: [
            ("tcp 192.0.2.7:443", ["192.0.2.7/32"]), ("tcp 10.0.1.0/24:443", ["10.0.1.0/24"]),
            ("udp [2001:db8:0:0:0:0:0:1]:53", ["2001:db8::1/128"]),
            ("tcp [2001:db8:0:1:]/64:443", ["2001:db8:0:1::/64"]), ("tcp {any}:443", ["0.0.0.0/0", "::/0"]),
            ("tcp [0:0:0:0:0:ffff:c000:207]:443", ["192.0.2.7/32"]),
            ("unix /run/x:1", []), ("raw 192.0.2.7:0", []), ("tcp", []), ("tcp x", []),
        ])
    func destinations(text: String, blocks: [String]) {
        #expect(observed([(.connect, text)]).destinations.map(\.address.cidr) == blocks)
    }

    @Test("This machine's own addresses are known in any form")
    func loopback() {
        for text in ["127.0.0.1", "127.8.0.1", "::1", "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1"] {
            #expect(NetworkAddress(text)?.isLoopback == true)
        }
        for text in ["128.0.0.1", "::2", "2001:db8::1", "0.0.0.0/0"] {
            #expect(NetworkAddress(text)?.isLoopback == false)
        }
    }
}
