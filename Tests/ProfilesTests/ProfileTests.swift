import Profiles
import Testing

/// A workload that is observed in a test, a window a second.
struct ObservedWorkload {
    var profile = Profile(identity: .unit("a.service"))
    var settings = ProfileSettings(windowSeconds: 1, unseenBound: 0.1, startSeconds: 0, wholeDay: false)
    var now: UInt32 = 1_000_000
    var run: UInt32 = 0
    var isJudged = false
    /// Who does it.
    var source = BehaviourSource(process: 1)
    var behaviours = EventBehaviours()

    init() { run = profile.beginRun() }

    /// An event with some behaviours; gives what is new.
    mutating func act(_ acts: [(BehaviourKind, String)], rule: String? = nil) -> Novelty {
        let moment = ProfileMoment(now: now, run: run, runStart: 0, source: source)
        profile.begin(at: now, .all, settings)
        behaviours.reset()
        for (kind, text) in acts {
            let mark = behaviours.mark
            behaviours.text.append(contentsOf: text.utf8)
            behaviours.add(kind, from: mark)
        }
        let novelty = profile.look(&behaviours, at: moment, isJudged: isJudged, settings)
        if novelty.hasUnknown { profile.learn(behaviours, at: moment, reason: rule, settings) }
        return novelty
    }

    /// The same act in so many windows.
    mutating func settle(_ acts: [(BehaviourKind, String)] = [(.exec, "/bin/a")], windows: Int = 60) {
        for _ in 0..<windows {
            now += 1
            _ = act(acts)
        }
    }

    func texts(_ kind: BehaviourKind) -> [String] {
        profile.behaviours.filter { $0.kind == kind && $0.quarantine == nil }.map(\.text)
    }
}

extension Profile {
    /// The kinds that are settled.
    func settledKinds(_ settings: ProfileSettings) -> BehaviourKinds {
        BehaviourKinds(BehaviourKind.allCases.filter { isSettled($0, settings) })
    }
}

@Suite("Profile")
struct ProfileTests {
    @Test("Nothing is told before the profile is settled; then what is new, and not what is known")
    func settling() {
        var workload = ObservedWorkload()
        #expect(workload.act([(.exec, "/bin/a")]).kinds == [])
        #expect(workload.profile.state(workload.settings) == .learning)
        workload.settle()
        #expect(workload.profile.state(workload.settings) == .settled)
        #expect(workload.act([(.exec, "/bin/a")]).kinds == [])
        let novelty = workload.act([(.exec, "/bin/b"), (.user, "0")])
        #expect(novelty.kinds == [BehaviourKinds(.exec), BehaviourKinds(.user)])
        #expect(novelty.bits > 10)
        #expect(workload.texts(.exec) == ["/bin/a"])
    }

    @Test("What was told waits for approval and is told once in its time")
    func quarantine() {
        var workload = ObservedWorkload()
        workload.settle()
        workload.now = 1_000_800
        #expect(workload.act([(.exec, "/bin/b")]).kinds == BehaviourKinds(.exec))
        #expect(workload.act([(.exec, "/bin/b")]).kinds == [])
        #expect(workload.profile.quarantinedCount == 1)
        workload.now += 3600
        #expect(workload.act([(.exec, "/bin/b")]).kinds == BehaviourKinds(.exec))
        workload.now += 3600
        #expect(workload.profile.approve { $0.text == "/bin/b" } == 1)
        #expect(workload.profile.quarantinedCount == 0)
        #expect(workload.act([(.exec, "/bin/b")]).kinds == [])
    }

    @Test("What raises an alert while learning is not learned")
    func alertWhileLearning() {
        var workload = ObservedWorkload()
        _ = workload.act([(.exec, "/bin/evil")], rule: "Evil")
        workload.settle(windows: 200)
        #expect(workload.texts(.exec) == ["/bin/a"])
        #expect(workload.profile.behaviours.first { $0.text == "/bin/evil" }?.quarantine == "Evil")
        workload.now += 3600
        #expect(workload.act([(.exec, "/bin/evil")]).kinds == BehaviourKinds(.exec))
    }

    @Test("What a judged process did first, and others do without an alert, becomes known; what raises it never")
    func shared() {
        var workload = ObservedWorkload()
        _ = workload.act([(.exec, "/bin/evil"), (.read, "/lib/libc")], rule: "Evil")
        #expect(workload.texts(.read) == [])
        _ = workload.act([(.read, "/lib/libc")])
        #expect(workload.texts(.read) == ["/lib/libc"])
        _ = workload.act([(.exec, "/bin/evil")], rule: "Evil")
        #expect(workload.texts(.exec) == [])
        workload.isJudged = true
        _ = workload.act([(.exec, "/bin/evil")], rule: "Evil")
        #expect(workload.texts(.exec) == [])
    }

    @Test("A judged process doesn't teach that something is usual")
    func judged() {
        var workload = ObservedWorkload()
        workload.settle(windows: 3)
        workload.isJudged = true
        workload.settle(windows: 5)
        #expect(workload.profile.behaviours.first?.counts.windows == 3)
    }

    @Test("Something new starts the waiting for its kind anew, and for no other")
    func kinds() {
        var workload = ObservedWorkload()
        workload.settle([(.exec, "/bin/a"), (.user, "0")], windows: 20)
        _ = workload.act([(.exec, "/bin/b")])
        workload.settle(windows: 20)
        #expect(workload.profile.settledKinds(workload.settings).has(.user))
        #expect(!workload.profile.settledKinds(workload.settings).has(.exec))
    }

    @Test("A kind that nobody looks at is never settled")
    func unseenKinds() {
        var workload = ObservedWorkload()
        for _ in 0..<100 {
            workload.now += 1
            workload.profile.begin(at: workload.now, BehaviourKinds(.exec), workload.settings)
        }
        #expect(workload.profile.settledKinds(workload.settings) == BehaviourKinds(.exec))
    }

    @Test("An hour of the day that was never seen is learned, not told")
    func hours() {
        var workload = ObservedWorkload()
        workload.settings.wholeDay = true
        workload.now = 86_400 * 100 + 3600 * 9
        workload.settle(windows: 100)
        // Its hour isn't over.
        #expect(workload.act([(.exec, "/bin/b")]).kinds == [])
        workload.settle(windows: 100)
        // The job of the first night is learned, and is known in the second.
        workload.now = 86_400 * 101 + 3600 * 3
        #expect(workload.act([(.exec, "/bin/nightly")]).kinds == [])
        workload.settle(windows: 100)
        workload.now = 86_400 * 101 + 3600 * 9
        #expect(workload.act([(.exec, "/bin/c")]).kinds == BehaviourKinds(.exec))
        workload.now = 86_400 * 102 + 3600 * 3
        #expect(workload.act([(.exec, "/bin/nightly")]).kinds == [])
        #expect(workload.act([(.exec, "/bin/d")]).kinds == BehaviourKinds(.exec))
    }

    @Test("The start of a run is told of when several runs were seen")
    func starts() {
        var workload = ObservedWorkload()
        workload.settings.startSeconds = 60
        workload.settle(windows: 100)
        func moment() -> ProfileMoment { ProfileMoment(now: workload.now, run: 1, runStart: workload.now) }
        var behaviours = EventBehaviours()
        behaviours.text = Array("/bin/start".utf8)
        behaviours.add(.exec, from: 0)
        var first = workload.profile
        #expect(first.look(&behaviours, at: moment(), isJudged: false, workload.settings).kinds == [])
        _ = workload.profile.beginRun()
        #expect(
            workload.profile.look(&behaviours, at: moment(), isJudged: false, workload.settings).kinds
                == BehaviourKinds(.exec))
    }

    @Test("A frozen profile tells all that it lacks, and learns nothing")
    func frozen() {
        var workload = ObservedWorkload()
        _ = workload.act([(.exec, "/bin/a")])
        workload.profile.isFrozen = true
        #expect(workload.profile.state(workload.settings) == .frozen)
        #expect(workload.act([(.exec, "/bin/b")]).kinds == BehaviourKinds(.exec))
        #expect(workload.texts(.exec) == ["/bin/a"])
    }

    @Test("Many names in a directory become the directory")
    func directory() {
        var workload = ObservedWorkload()
        for index in 0..<40 { _ = workload.act([(.write, "/srv/app/data/\(Self.word(index))")]) }
        #expect(workload.texts(.write) == ["/srv/app/data/{any}"])
        workload.settle([(.write, "/srv/app/data/more")])
        #expect(workload.act([(.write, "/srv/app/data/below/it")]).kinds == [])
        #expect(workload.act([(.write, "/srv/app/other")]).kinds == BehaviourKinds(.write))
        #expect(workload.act([(.read, "/srv/app/data/x")]).kinds == BehaviourKinds(.read))
        // It stands for files of its kind only.
        #expect(workload.act([(.write, "/srv/app/data/shell.php")]).kinds == BehaviourKinds(.write))
    }

    @Test("Many directories of a directory, each with a file of a kind, become that directory")
    func directoriesWithMadeUpNames() {
        var workload = ObservedWorkload()
        for index in 0..<40 {
            let name = Self.word(index)
            _ = workload.act([
                (.write, "/srv/app/jobs/\(name)/in.csv"), (.write, "/srv/app/deep/\(name)/a/out.csv"),
                (.write, "/tmp/\(name)/x"),
                (.write, "/srv/\(name)/data"), (.write, "/etc/app/\(name)/conf"),
            ])
        }
        let texts = workload.texts(.write)
        for text in ["/srv/app/jobs/{any}.csv", "/srv/app/deep/{any}.csv", "/tmp/{any}"] {
            #expect(texts.contains(text))
        }
        #expect(texts.count { $0.hasPrefix("/srv/app") } == 2 && texts.count { $0.hasPrefix("/tmp") } == 1)
        // Each user's, each site's is apart, and what is of weight.
        #expect(texts.count { $0.hasPrefix("/srv/") && $0.hasSuffix("/data") } == 40)
        #expect(texts.count { $0.hasPrefix("/etc/") } == 40)
        workload.settle()
        #expect(
            workload.act([(.write, "/srv/app/jobs/other/in.csv"), (.write, "/srv/app/jobs/other/b/c.csv")]).kinds == [])
        #expect(workload.act([(.write, "/srv/app/jobs/other/shell.php")]).kinds == BehaviourKinds(.write))
    }

    @Test("A directory of many files keeps their extension; programs are never put together")
    func extensions() {
        var workload = ObservedWorkload()
        for index in 0..<40 {
            _ = workload.act([
                (.write, "/var/log/app/\(Self.word(index)).log.{n}"), (.exec, "/opt/app/bin/\(Self.word(index))"),
                (.child, "/bin/sh > /opt/app/bin/\(Self.word(index))"),
            ])
        }
        #expect(workload.texts(.write) == ["/var/log/app/{any}.log.{n}"])
        #expect(workload.texts(.exec).count == 40)
        #expect(workload.texts(.child).count == 40)
        workload.settle()
        #expect(workload.act([(.write, "/var/log/app/x/y.log.{n}")]).kinds == [])
        for name in ["x.so", "x.log", "x", ".log.{n}"] {
            #expect(workload.act([(.write, "/var/log/app/\(name)")]).kinds == BehaviourKinds(.write), "\(name)")
        }
        #expect(workload.act([(.exec, "/opt/app/bin/new")]).kinds == BehaviourKinds(.exec))
    }

    @Test("Deep directories are not put together, so that a look-up has a bound")
    func deep() {
        var workload = ObservedWorkload()
        let deep = String(repeating: "/d", count: 20)
        for index in 0..<40 { _ = workload.act([(.read, "\(deep)/\(Self.word(index))")]) }
        #expect(workload.texts(.read).count == 40)
    }

    @Test("Reads and writes settle each by itself")
    func readsAndWrites() {
        var workload = ObservedWorkload()
        for index in 0..<60 {
            workload.now += 1
            _ = workload.act([(.write, "/var/log/a.log"), (.read, "/srv/\(Self.word(index))/x")])
        }
        #expect(workload.profile.isSettled(.write, workload.settings))
        #expect(!workload.profile.isSettled(.read, workload.settings))
        #expect(workload.act([(.write, "/srv/b")]).kinds == BehaviourKinds(.write))
    }

    @Test("A directory whose files are of weight stays apart")
    func weight() {
        var workload = ObservedWorkload()
        for index in 0..<40 { _ = workload.act([(.read, "/etc/\(Self.word(index))")]) }
        #expect(workload.texts(.read).count == 40)
    }

    @Test("Many addresses become their net, many nets the port")
    func nets() {
        var workload = ObservedWorkload()
        for index in 0..<20 { _ = workload.act([(.connect, "tcp 10.0.1.\(index):443")]) }
        #expect(workload.texts(.connect) == ["tcp 10.0.1.0/24:443"])
        for index in 0..<20 { _ = workload.act([(.connect, "tcp [2001:db8:0:1:0:0:0:\(index)]:53")]) }
        #expect(workload.texts(.connect).last == "tcp [2001:db8:0:1::]/64:53")
        for index in 0..<40 { _ = workload.act([(.connect, "tcp 10.1.\(index).1:80")]) }
        #expect(workload.texts(.connect).contains("tcp {any}:80"))
        workload.settle()
        #expect(workload.act([(.connect, "tcp 10.0.1.200:443")]).kinds == [])
        #expect(workload.act([(.connect, "tcp 10.0.2.200:443")]).kinds == BehaviourKinds(.connect))
        #expect(workload.act([(.connect, "tcp 192.0.2.1:80")]).kinds == [])
    }

    @Test("A kind without room is never settled")
    func room() {
        var workload = ObservedWorkload()
        workload.settings.behavioursPerKind = 10
        for index in 0..<12 { _ = workload.act([(.exec, "/bin/\(Self.word(index))")]) }
        workload.settle([(.exec, "/bin/\(Self.word(0))")], windows: 200)
        #expect(workload.profile.leftOut(of: .exec) >= 2)
        #expect(!workload.profile.settledKinds(workload.settings).has(.exec))
        #expect(workload.profile.settledKinds(workload.settings).has(.user))
    }

    @Test("Full of files, the directory with the most gives way")
    func fullOfFiles() {
        var workload = ObservedWorkload()
        workload.settings.behavioursPerKind = 100
        for index in 0..<150 { _ = workload.act([(.read, "/srv/app/\(Self.word(index))/data")]) }
        #expect(workload.texts(.read).contains("/srv/app/{any}"))
        #expect(workload.profile.leftOut(of: .read) == 0)
    }

    @Test("Counts: windows, runs, phases")
    func counts() throws {
        var workload = ObservedWorkload()
        workload.settings.startSeconds = 10
        func act(_ now: UInt32, _ run: UInt32, _ start: UInt32) {
            let moment = ProfileMoment(now: now, run: run, runStart: start)
            workload.profile.begin(at: now, .all, workload.settings)
            var behaviours = EventBehaviours()
            behaviours.text = Array("/bin/a".utf8)
            behaviours.add(.exec, from: 0)
            let novelty = workload.profile.look(&behaviours, at: moment, isJudged: false, workload.settings)
            if novelty.hasUnknown { workload.profile.learn(behaviours, at: moment, reason: nil, workload.settings) }
        }
        act(1000, 1, 1000)
        act(1000, 1, 1000)
        act(1020, 1, 1000)
        let second = workload.profile.beginRun()
        act(1030, second, 1030)
        // Of a run that began before: it is counted already.
        act(1040, 1, 1000)
        workload.profile.endRun(at: 1045)
        let counts = try #require(workload.profile.behaviours.first?.counts)
        #expect(
            counts
                == BehaviourCounts(
                    count: 5, firstSeen: 1000, lastSeen: 1040, windows: 4, runs: 2,
                    phases: [.start, .steady, .shutdown]))
    }

    @Test("A clock that goes back does no harm")
    func clock() {
        var workload = ObservedWorkload()
        workload.settle(windows: 10)
        workload.now -= 1000
        workload.settle(windows: 10)
        #expect(workload.profile.windows == 10)
        #expect(workload.profile.behaviours.allSatisfy { $0.counts.windows <= 10 })
    }

    @Test("200 workloads fit in 12 MiB")
    func memory() {
        var workload = ObservedWorkload()
        for index in 0..<200 { _ = workload.act([(.read, "/usr/share/\(Self.word(index))/of/a/usual/length")]) }
        for index in 0..<60 {
            _ = workload.act([(.syscall, Self.word(index)), (.exec, "/usr/bin/\(Self.word(index))")])
        }
        #expect(workload.profile.behaviours.count > 300)
        #expect(workload.profile.memory * 200 < 12 << 20)
    }

    @Test("Another image starts from what the one before did")
    func image() {
        var profile = Profile(identity: .container(name: "a", image: "b"), image: "b:1")
        profile.change(image: "b:1", at: 50)
        #expect(profile.predecessorImage == "")
        profile.change(image: "b:2", at: 100)
        #expect(profile.image == "b:2")
        #expect(profile.predecessorImage == "b:1")
        #expect(profile.imageSince == 100)
    }

    @Test("Scores are added up over a tree and fade")
    func scores() {
        var scores = TreeScores(halfLifeSeconds: 10)
        #expect(scores.add(8, to: 2, parent: 1, at: 100) == 8)
        // A sibling goes on with what the parent has.
        #expect(scores.add(8, to: 3, parent: 1, at: 100) == 16)
        #expect(scores.score(of: 4, parent: 3, at: 100) == 16)
        #expect(abs(scores.score(of: 3, parent: 1, at: 110) - 8) < 0.01)
        #expect(scores.score(of: 9, parent: 8, at: 100) == 0)
    }

    /// A name that no shape matches.
    static func word(_ index: Int) -> String {
        String(decoding: [97 + UInt8(index / 26 % 26), 97 + UInt8(index % 26), 103], as: UTF8.self)
            + (index >= 676 ? "z" : "")
    }
}
