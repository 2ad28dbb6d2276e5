import Profiles
import Testing

@Suite("Quarantine")
struct QuarantineTests {
    /// A settled workload with room for ten in quarantine.
    private func workload() -> ObservedWorkload {
        var workload = ObservedWorkload()
        workload.settings.behavioursPerKind = 10
        workload.settle([(.exec, "/bin/a"), (.write, "/srv/a")])
        // A whole period of telling lies ahead.
        workload.now = 3600 * 300
        _ = workload.act([(.exec, "/bin/a"), (.write, "/srv/a")])
        return workload
    }

    @Test("A flood of what is told leaves a settled kind settled, is told on, and is counted")
    func flood() {
        var workload = workload()
        for index in 0..<50 {
            let name = "/bin/\(ProfileTests.word(index))"
            #expect(workload.act([(.exec, name)]).kinds == BehaviourKinds(.exec), "\(name)")
            // Once in its time, also what found no room.
            #expect(workload.act([(.exec, name)]).kinds == [], "\(name)")
        }
        #expect(workload.profile.quarantinedCount == 10)
        #expect(workload.profile.quarantineLeftOut == 40)
        #expect(workload.profile.leftOut(of: .exec) == 0)
        #expect(workload.profile.isSettled(.exec, workload.settings))
        #expect(workload.texts(.exec) == ["/bin/a"])
        workload.now += 3600
        #expect(workload.act([(.exec, "/bin/\(ProfileTests.word(49))")]).kinds == BehaviourKinds(.exec))
        #expect(workload.profile.quarantineLeftOut == 40)
    }

    @Test("A flood of what a judged process does, too")
    func judgedFlood() {
        var workload = workload()
        workload.isJudged = true
        for index in 0..<50 { _ = workload.act([(.write, "/srv/\(ProfileTests.word(index))x")], rule: "Evil") }
        workload.isJudged = false
        #expect(workload.profile.isSettled(.write, workload.settings))
        #expect(workload.texts(.write) == ["/srv/a"])
        #expect(workload.act([(.write, "/srv/other")]).kinds == BehaviourKinds(.write))
    }

    @Test("While learning it takes nothing from what is known")
    func learning() {
        var workload = ObservedWorkload()
        workload.settings.behavioursPerKind = 10
        workload.isJudged = true
        for index in 0..<50 { _ = workload.act([(.write, "/srv/\(ProfileTests.word(index))x")], rule: "Evil") }
        workload.isJudged = false
        workload.settle([(.write, "/srv/a")])
        #expect(workload.profile.isSettled(.write, workload.settings))
        #expect(workload.profile.quarantineLeftOut == 40)
    }

    @Test("What a process brought in is taken back, also what its children did, however much came since")
    func takenBack() {
        var workload = ObservedWorkload()
        workload.source = BehaviourSource(process: 50, maker: 40)
        _ = workload.act([(.exec, "/bin/evil")])
        workload.source = BehaviourSource(process: 51, maker: 50)
        _ = workload.act([(.exec, "/bin/child")])
        workload.source = BehaviourSource(process: 60, maker: 40)
        for index in 0..<600 { _ = workload.act([(.write, "/srv/\(ProfileTests.word(index))/x.\(index % 7)a")]) }
        #expect(workload.profile.takeBack(from: 50, reason: "Evil", workload.settings) == 2)
        #expect(workload.texts(.exec) == [])
        #expect(workload.profile.behaviours.filter { $0.kind == .exec }.map(\.quarantine) == ["Evil", "Evil"])
        #expect(workload.profile.takeBack(from: 50, reason: "Evil", workload.settings) == 0)
        #expect(!workload.texts(.write).isEmpty)
    }

    @Test("What others have done since is theirs, too, and stays")
    func others() {
        var workload = ObservedWorkload()
        workload.source = BehaviourSource(process: 50, maker: 40)
        _ = workload.act([(.read, "/lib/libc"), (.exec, "/bin/evil")])
        workload.now += 1
        workload.source = BehaviourSource(process: 70, maker: 30)
        _ = workload.act([(.read, "/lib/libc")])
        #expect(workload.profile.takeBack(from: 50, reason: "Evil", workload.settings) == 1)
        #expect(workload.texts(.read) == ["/lib/libc"])
        #expect(workload.texts(.exec) == [])
    }

    @Test("What is taken back and finds no room is not known any more")
    func takenBackWithoutRoom() {
        var workload = ObservedWorkload()
        workload.settings.behavioursPerKind = 5
        workload.source = BehaviourSource(process: 50)
        for index in 0..<5 {
            _ = workload.act([
                (.exec, "/bin/\(ProfileTests.word(index))"), (.child, "/bin/\(ProfileTests.word(index)) > /x"),
            ])
        }
        #expect(workload.profile.takeBack(from: 50, reason: "Evil", workload.settings) == 10)
        #expect(workload.profile.behaviours.count == 5)
        #expect(workload.profile.quarantineLeftOut == 5)
        #expect(workload.texts(.exec) + workload.texts(.child) == [])
    }

    @Test(
        "What the kernel counted is told once, with the first event of it, whichever comes first",
        arguments: [true, false])
    func counted(isCountedFirst: Bool) {
        var workload = ObservedWorkload()
        workload.settle([(.syscall, "read")])
        workload.now = 3600 * 300
        func count() {
            var behaviours = EventBehaviours()
            behaviours.text = Array("ptrace".utf8)
            behaviours.add(.syscall, from: 0)
            let moment = ProfileMoment(now: workload.now, run: 1, runStart: 0)
            workload.profile.take(counted: &behaviours, at: moment, reason: nil, workload.settings)
        }
        if isCountedFirst { count() }
        #expect(workload.act([(.syscall, "ptrace")]).kinds == BehaviourKinds(.syscall))
        if !isCountedFirst { count() }
        #expect(workload.act([(.syscall, "ptrace")]).kinds == [])
        count()
        #expect(workload.act([(.syscall, "ptrace")]).kinds == [])
        #expect(workload.texts(.syscall) == ["read"])
    }

    @Test("A profile that was away goes on as it was; what was new meanwhile is left to be told")
    func goingOn() {
        var kept = ObservedWorkload()
        for index in 0..<60 {
            kept.now += 1
            _ = kept.act([(.exec, "/bin/a"), (.read, "/srv/\(ProfileTests.word(index))/x")])
        }
        let quiet = kept.profile.unseenMass(of: .exec).quietWindows
        var other = ObservedWorkload()
        other.now = kept.now + 7200
        _ = other.act([(.exec, "/bin/a"), (.exec, "/bin/evil"), (.read, "/srv/s/x")])
        let untold = kept.profile.goOn(from: other.profile, .all, kept.settings)
        #expect(untold.map(\.text) == ["/bin/evil"])
        #expect(kept.profile.unseenMass(of: .exec).quietWindows == quiet + 1)
        #expect(kept.profile.isSettled(.exec, kept.settings))
        #expect(kept.texts(.read).contains("/srv/s/x"))
        kept.now = other.now
        #expect(kept.act([(.exec, "/bin/evil")]).kinds == BehaviourKinds(.exec))
    }
}
