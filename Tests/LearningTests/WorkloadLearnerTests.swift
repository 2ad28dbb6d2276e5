import EventModel
import NodeState
import Profiles
import TestNode
import Testing

@testable import Learning

@Suite("Learning from events")
struct WorkloadLearnerTests {
    @Test("A service's programs, with parents and users; what is new is told when that is settled")
    func service() {
        let scene = LearningScene()
        scene.settle { scene.run("/usr/bin/gzip", by: 500) }
        #expect(
            scene.known("unit/nginx.service") == [
                "exec /usr/bin/gzip", "child /usr/sbin/nginx > /usr/bin/gzip", "user 33",
            ])
        #expect(scene["novel.state"] == "settled")
        #expect(scene.told == [])
        scene.run("/usr/bin/sh", by: 500, uid: 0)
        #expect(scene.told == ["novel.exec", "novel.child", "novel.user"])
        #expect(scene.news == "exec /usr/bin/sh, child /usr/sbin/nginx > /usr/bin/sh, user 0")
        #expect(scene["novel.workload"] == "unit/nginx.service")
    }

    @Test("An alert says what was expected")
    func expected() {
        let scene = LearningScene(fields: ["novel.exec"])
        scene.settle { scene.run("/usr/bin/gzip", by: 500) }
        scene.run("/usr/bin/sh", by: 500)
        #expect(scene["novel.expected"] == "programs: /usr/bin/gzip")
    }

    @Test("A host program's children are its own, not their own workload's")
    func program() {
        let scene = LearningScene(fields: ["novel.exec"])
        scene.settle { scene.run("/usr/bin/make", by: 700, uid: 0) }
        #expect(scene.known("program/0/usr/bin/bash") == ["exec /usr/bin/make"])
        scene.run("/usr/bin/nc", by: 700, uid: 0)
        #expect(scene.told == ["novel.exec"])
    }

    @Test("Only what rules ask for is learned")
    func asked() {
        let scene = LearningScene(fields: ["novel.user"])
        scene.run("/usr/bin/gzip", by: 500)
        #expect(scene.known("unit/nginx.service") == ["user 33"])
        let none = LearningScene(fields: ["proc.name"])
        none.run("/usr/bin/gzip", by: 500)
        #expect(none.learner.profiles.isEmpty)
        #expect(none["novel.exec"] == "false")
        #expect(none["novel.state"] == nil)
    }

    @Test("Workloads that are left out have no profile")
    func groupings() {
        let scene = LearningScene(fields: ["novel.exec"], { $0.groupings = [.unit] })
        scene.run("/usr/bin/make", by: 700)
        #expect(scene.learner.profiles.isEmpty)
        scene.run("/usr/bin/gzip", by: 500)
        #expect(scene.learner.profiles.map(\.identity.text) == ["unit/nginx.service"])
    }

    @Test("A judged process teaches nothing, nor do its children, whatever they are called; nor what it did before")
    func judged() {
        let scene = LearningScene(fields: ["novel.exec"])
        let shell = scene.run("/usr/bin/sh", by: 500)
        #expect(scene.known("unit/nginx.service") == ["exec /usr/bin/sh"])
        scene.take("openat", pid: shell, rule: "Bad read")
        #expect(scene.known("unit/nginx.service") == [])
        scene.run("/usr/bin/curl", by: shell)
        #expect(scene.known("unit/nginx.service") == [])
        let reasons = scene.profile("unit/nginx.service")?.behaviours.map(\.quarantine)
        #expect(reasons == ["Bad read", "Bad read"])
        // Another process of the workload is not.
        scene.run("/usr/bin/gzip", by: 500)
        #expect(scene.known("unit/nginx.service") == ["exec /usr/bin/gzip"])
        #expect(scene.learner.counters.judged == 1)
    }

    @Test("Alerts judge that are severe, and not about something new")
    func judging() {
        let scene = LearningScene()
        func alert(_ priority: Priority, _ tags: [String]) -> Alert {
            Alert(
                timeNanoseconds: 0, rule: "R", priority: priority, source: "syscall", tags: tags, message: [],
                fields: [])
        }
        #expect(scene.learner.judges(alert(.warning, [])))
        #expect(scene.learner.judges(alert(.critical, [])))
        #expect(!scene.learner.judges(alert(.notice, [])))
        #expect(!scene.learner.judges(alert(.warning, ["anomaly"])))
    }

    @Test("Rare acts of a tree add up")
    func score() {
        let scene = LearningScene()
        scene.settle { scene.run("/usr/bin/gzip", by: 500) }
        #expect(scene["novel.score"] == "0.0")
        let shell = scene.run("/usr/bin/sh", by: 500)
        let first = Double(scene["novel.score"] ?? "") ?? 0
        #expect(first > 8)
        scene.run("/usr/bin/curl", by: shell)
        #expect((Double(scene["novel.score"] ?? "") ?? 0) > first * 1.5)
        // Nothing odd itself: what happens behind an odd act is not told with it.
        scene.run("/usr/bin/curl", by: shell)
        #expect(scene["novel.score"] == "0.0")
    }

    @Test("A service that is at work already goes on with its run after a restart of the sensor")
    func restart() throws {
        let first = LearningScene(fields: ["novel.exec"])
        first.settle(20) { first.run("/usr/bin/gzip", by: 500) }
        let kept = try ProfileDocument.read(
            Array(ProfileDocument.text(of: try #require(first.profile("unit/nginx.service"))).utf8))
        #expect(kept.runs == 1)
        let second = LearningScene(fields: ["novel.exec"], profiles: [kept])
        second.seconds = first.seconds
        second.settle(20) { second.run("/usr/bin/gzip", by: 500) }
        #expect(second.profile("unit/nginx.service")?.runs == 1)
        second.run("/usr/bin/sh", by: 500)
        #expect(second.told == ["novel.exec"])
    }

    @Test("Beyond the bound a workload that was not seen for long gives way, and is kept")
    func bound() {
        let scene = LearningScene(fields: ["novel.exec"], { $0.workloads = 2 })
        func service(_ pid: Int32, _ name: String) {
            scene.files.addProcess(pid, command: "d", cgroup: "0::/system.slice/\(name).service\n", uid: 0)
            scene.run("/usr/bin/true", by: pid)
        }
        service(801, "a")
        service(802, "b")
        service(803, "c")
        #expect(scene.learner.profiles.map(\.identity.text) == ["unit/a.service", "unit/b.service"])
        #expect(scene.learner.counters.workloadsLeftOut == 1)
        scene.seconds += 4000
        service(804, "b")
        service(805, "d")
        #expect(scene.learner.profiles.map(\.identity.text) == ["unit/d.service", "unit/b.service"])
        #expect(
            Set(scene.learner.takeChanged().map(\.identity.text)) == [
                "unit/a.service", "unit/b.service", "unit/d.service",
            ])
        #expect(scene.learner.takeChanged().isEmpty)
    }

    @Test("Calls that the kernel counted, by their names")
    func calls() throws {
        let scene = LearningScene(fields: ["novel.syscall"], countedKinds: BehaviourKinds(.syscall))
        scene.take("openat", pid: 500)
        let process = try #require(scene.state.current.process)
        for second in 0..<40 {
            scene.learner.observe(
                ["read", "write"], of: .syscall, by: process, scene.state, now: 5000 + UInt32(second))
        }
        #expect(scene.known("unit/nginx.service") == ["syscall read", "syscall write"])
    }

    @Test("Somebody's change of a profile takes the place of what is known; one that is removed begins anew")
    func changes() throws {
        let scene = LearningScene(fields: ["novel.exec"])
        scene.settle { scene.run("/usr/bin/gzip", by: 500) }
        var profile = try #require(scene.profile("unit/nginx.service"))
        profile.isFrozen = true
        scene.learner.replace(profile)
        scene.run("/usr/bin/sh", by: 500)
        #expect(scene["novel.state"] == "frozen")
        #expect(scene.told == ["novel.exec"])
        #expect(scene.learner.takeChanged().isEmpty)
        scene.learner.forget(profile.identity)
        scene.run("/usr/bin/gzip", by: 500)
        #expect(scene["novel.state"] == "learning")
        #expect(scene.known("unit/nginx.service") == ["exec /usr/bin/gzip"])
    }

    @Test(
        "The service of a control group",
        arguments: [
            ("0::/system.slice/nginx.service\n", "unit/nginx.service"),
            ("0::/system.slice/system-getty.slice/getty@tty1.service\n", "unit/getty@.service"),
            ("1:name=systemd:/system.slice/ssh.service\n", "unit/ssh.service"),
            ("0::/system.slice/docker.service/inner\n", "unit/docker.service"),
            ("0::/user.slice/user-1000.slice/user@1000.service/app.slice/evil.service\n", nil),
            ("0::/init.scope\n", nil), ("0::/\n", nil), ("", nil),
        ])
    func units(cgroups: String, unit: String?) {
        #expect(WorkloadNaming.unit(in: Array(cgroups.utf8))?.text == unit)
    }

    @Test("A capability is known only where the kernel counts them")
    func capabilities() {
        for isCounted in [false, true] {
            let scene = LearningScene(
                fields: ["novel.capability", "novel.syscall"],
                countedKinds: isCounted ? [BehaviourKinds(.capability), BehaviourKinds(.syscall)] : [])
            func mount() {
                scene.take("mount", pid: 500) { event in
                    event.process.capabilitiesEffective = .max
                    event.process.known.insert(.capabilities)
                }
            }
            scene.settle { scene.take("umount2", pid: 500) }
            mount()
            #expect(scene.learner.kinds.has(.capability) == isCounted)
            #expect(scene.told.contains("novel.syscall"))
            #expect(scene.told.contains("novel.capability") == isCounted)
        }
    }

    @Test("Profiles beyond the bound of memory give way, those that were not seen for longest first")
    func memory() {
        let scene = LearningScene(fields: ["novel.exec"], { $0.memoryBytes = 100 << 10 })
        func service(_ pid: Int32, _ name: String) {
            scene.seconds += 1
            scene.files.addProcess(pid, command: "d", cgroup: "0::/system.slice/\(name).service\n", uid: 0)
            for index in 0..<300 { scene.run("/usr/bin/\(name)-\(index)x", by: pid) }
            scene.learner.fit()
        }
        for (index, name) in ["a", "b", "c", "d", "e", "f"].enumerated() { service(801 + Int32(index), name) }
        let here = scene.learner.profiles.map(\.identity.text)
        #expect(here.contains("unit/f.service"))
        #expect(!here.contains("unit/a.service"))
        #expect(scene.learner.memory <= 100 << 10)
        #expect(scene.learner.counters.workloadsGivenUp == UInt64(6 - here.count))
        let kept = scene.learner.takeGivenUp()
        #expect(kept.map(\.identity.text).first == "unit/a.service")
        #expect(kept.first?.behaviours.count == 300)
        #expect(scene.learner.takeGivenUp().isEmpty)
    }

    @Test("A workload that comes back goes on with the kept profile, also with a frozen one", arguments: [false, true])
    func comingBack(isFrozen: Bool) throws {
        let first = LearningScene(fields: ["novel.exec"])
        first.settle { first.run("/usr/bin/gzip", by: 500) }
        var kept = try #require(first.profile("unit/nginx.service"))
        kept.isFrozen = isFrozen
        let scene = LearningScene(fields: ["novel.exec"], stored: [kept.identity])
        scene.seconds = first.seconds + 8000
        scene.run("/usr/bin/gzip", by: 500)
        scene.run("/usr/bin/nc", by: 500)
        #expect(scene.told == [])
        #expect(scene.learner.takeWanted() == [kept.identity])
        #expect(scene.learner.takeWanted() == [])
        // What was begun is not kept over what is there.
        #expect(scene.learner.takeChanged().isEmpty)
        #expect(scene.learner.resume(kept).map(\.text) == ["/usr/bin/nc"])
        #expect(scene.known("unit/nginx.service") == ["exec /usr/bin/gzip"])
        scene.run("/usr/bin/nc", by: 500)
        #expect(scene.told == ["novel.exec"])
        #expect(scene["novel.state"] == (isFrozen ? "frozen" : "settled"))
        #expect(scene.learner.takeChanged().isEmpty == isFrozen)
        #expect(scene.learner.counters.untold == 1)
    }

    @Test("Where none can be read after all, learning begins")
    func absent() {
        let scene = LearningScene(fields: ["novel.exec"], stored: [.unit("nginx.service")])
        scene.run("/usr/bin/gzip", by: 500)
        #expect(scene.learner.takeChanged().isEmpty)
        scene.learner.begin(.unit("nginx.service"))
        #expect(scene.learner.takeChanged().map(\.identity.text) == ["unit/nginx.service"])
    }

    @Test("What gave way and is not kept yet is gone on with")
    func comingBackSoon() {
        let scene = LearningScene(fields: ["novel.exec"], { $0.workloads = 1 })
        scene.run("/usr/bin/gzip", by: 500)
        scene.seconds += 4000
        scene.files.addProcess(801, command: "d", cgroup: "0::/system.slice/a.service\n", uid: 0)
        scene.run("/usr/bin/true", by: 801)
        #expect(scene.learner.profiles.map(\.identity.text) == ["unit/a.service"])
        scene.seconds += 4000
        scene.run("/usr/bin/zip", by: 500)
        #expect(scene.learner.takeWanted() == [])
        #expect(scene.known("unit/nginx.service") == ["exec /usr/bin/gzip", "exec /usr/bin/zip"])
    }

    @Test("A service that ended and is started again begins a run; one of whose processes others are left goes on")
    func runs() {
        let scene = LearningScene(fields: ["novel.exec"])
        let group = "0::/system.slice/nginx.service\n"
        scene.run("/usr/bin/gzip", by: 500)
        #expect(scene.profile("unit/nginx.service")?.runs == 1)
        scene.seconds += 100
        // Another root of the service, as for a reload, while the first is there.
        scene.files.addProcess(
            501, parent: 1, command: "reload", ticks: UInt64(scene.seconds) * 100, cgroup: group, uid: 0)
        scene.run("/usr/bin/gzip", by: 501)
        #expect(scene.profile("unit/nginx.service")?.runs == 1)
        // The first ends, and the second stays.
        scene.end(500)
        scene.seconds += 100
        scene.run("/usr/bin/gzip", by: 501)
        #expect(scene.profile("unit/nginx.service")?.runs == 1)
        // All end; nobody tells of it.
        scene.endAll(but: [1, 700])
        scene.seconds += 100
        scene.files.addProcess(
            502, parent: 1, command: "nginx", ticks: UInt64(scene.seconds) * 100, cgroup: group,
            executable: "/usr/sbin/nginx", uid: 33)
        scene.run("/usr/bin/gzip", by: 502)
        #expect(scene.profile("unit/nginx.service")?.runs == 2)
        scene.run("/usr/bin/gzip", by: 502)
        #expect(scene.profile("unit/nginx.service")?.runs == 2)
        #expect(scene.profile("unit/nginx.service")?.behaviours.first?.counts.runs == 2)
    }

    @Test("A port that a datagram socket was given is none that is listened on")
    func ports() {
        let scene = LearningScene(fields: ["novel.listen"])
        func bind(_ port: UInt16, _ type: UInt64) {
            scene.take("socket", pid: 500) { event in
                (event.registers[0], event.registers[1], event.registerCount) = (2, type, 3)
                event.result = 7
            }
            scene.take("bind", pid: 500) { event in
                (event.registers[0], event.registers[2], event.registerCount) = (7, 16, 3)
                let bytes: [UInt8] = [2, 0, UInt8(port >> 8), UInt8(port & 255)] + [UInt8](repeating: 0, count: 12)
                event.socketAddress = event.store(bytes)
            }
        }
        bind(53, 2)
        bind(40_000, 2)
        bind(0, 2)
        #expect(scene.known("unit/nginx.service") == ["listen udp 53"])
    }
}
