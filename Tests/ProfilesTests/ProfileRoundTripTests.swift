import Profiles
import SeededRandom
import Testing

/// What is written is read, whatever was learned.
@Suite("Profiles written and read")
struct ProfileRoundTripTests {
    private func check(_ profile: Profile, _ remark: String = "") {
        let text = ProfileDocument.text(of: profile)
        #expect(text.utf8.count <= ProfileDocument.longest)
        do throws(ProfileDocumentError) {
            let read = try ProfileDocument.read(Array(text.utf8))
            #expect(read.behaviours == profile.behaviours, "\(remark)")
            #expect(ProfileDocument.text(of: read) == text, "\(remark)")
            #expect(read.image == profile.image)
            #expect(read.quarantineLeftOut == profile.quarantineLeftOut)
            for kind in BehaviourKind.allCases {
                #expect(read.unseenMass(of: kind) == profile.unseenMass(of: kind), "\(remark) \(kind.word)")
                #expect(read.knownCount(of: kind) == profile.knownCount(of: kind))
                #expect(read.leftOut(of: kind) == profile.leftOut(of: kind))
            }
        } catch { Issue.record("\(remark): \(error.text(file: "profile"))") }
    }

    /// Any bytes: what makes texts has them printable.
    private func text(_ random: inout SeededGenerator, longest: Int) -> String {
        let count = Int.random(in: 0...longest, using: &random)
        let scalars = (0..<count).map { _ -> Unicode.Scalar in
            let value =
                Bool.random(using: &random)
                ? UInt32.random(in: 0...0x7f, using: &random) : UInt32.random(in: 0x80...0x1_ffff, using: &random)
            return Unicode.Scalar(value) ?? "x"
        }
        return String(String.UnicodeScalarView(scalars))
    }

    @Test("A random life", arguments: 0..<60 as Range<UInt64>)
    func life(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var settings = ProfileSettings(windowSeconds: 5, unseenBound: 0.5, startSeconds: 3, startRuns: 1)
        settings.behavioursPerKind = Int.random(in: 2...40, using: &random)
        var profile = Profile(
            identity: .container(name: "a", image: "b"), image: text(&random, longest: 700))
        var now = UInt32.random(in: 0...2_000_000_000, using: &random)
        var run: UInt32 = 0
        for _ in 0..<Int.random(in: 1...400, using: &random) {
            // Time goes on, stands, or is set back.
            switch Int.random(in: 0..<12, using: &random) {
            case 0: now = now &- UInt32.random(in: 0...4000, using: &random)
            case 1: now = now &+ UInt32.random(in: 0...90_000, using: &random)
            default: now = now &+ UInt32.random(in: 0...7, using: &random)
            }
            if now > 4_000_000_000 { now = 0 }
            let moment = ProfileMoment(
                now: now, run: run, runStart: now &- UInt32.random(in: 0...5, using: &random),
                source: BehaviourSource(process: UInt64.random(in: 0...5, using: &random)))
            profile.begin(at: now, .all, settings)
            var behaviours = EventBehaviours()
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                let mark = behaviours.mark
                switch Int.random(in: 0..<4, using: &random) {
                case 0: behaviours.text.append(canonical: text(&random, longest: 800).utf8)
                case 1: behaviours.text += Array("/d/\(Int.random(in: 0...80, using: &random))\"\\.log".utf8)
                case 2: behaviours.text += Array(text(&random, longest: 8).utf8)
                default: behaviours.text += Array("tcp 10.0.0.\(Int.random(in: 0...99, using: &random)):1".utf8)
                }
                behaviours.add(BehaviourKind.allCases.randomElement(using: &random) ?? .exec, from: mark)
            }
            let rule = Int.random(in: 0..<4, using: &random) == 0 ? text(&random, longest: 400) : nil
            let novelty = profile.look(&behaviours, at: moment, isJudged: rule != nil, settings)
            if novelty.hasUnknown { profile.learn(behaviours, at: moment, reason: rule, settings) }
            switch Int.random(in: 0..<40, using: &random) {
            case 0: run = profile.beginRun()
            case 1: profile.endRun(at: now)
            case 2: profile.change(image: text(&random, longest: 1500), at: now)
            case 3: profile.takeBack(from: 3, reason: text(&random, longest: 300), settings)
            case 4: profile.approve { $0.text.utf8.count % 2 == 0 }
            case 5: profile.forget { $0.text.utf8.count % 3 == 0 }
            case 6: profile.take(counted: &behaviours, at: moment, reason: nil, settings)
            case 7: profile.merge(profile)
            default: break
            }
        }
        check(profile, "seed \(seed)")
    }

    @Test("The largest: as long as texts may be, as many as there may be")
    func largest() throws {
        var profile = Profile(identity: .unit("a.service"), image: String(repeating: "\\", count: 2000))
        let settings = ProfileSettings(behavioursPerKind: 32_768)
        let moment = ProfileMoment(now: 1_000_000_000, run: profile.beginRun(), runStart: 0)
        profile.begin(at: moment.now, .all, settings)
        for length in [1000, 30] {
            for index in 0..<9000 {
                var behaviours = EventBehaviours()
                let text = "\(index)" + String(repeating: index % 2 == 0 ? "\\" : "x", count: length)
                behaviours.text += Array(text.utf8)
                behaviours.add(index % 3 == 0 ? .exec : .child, from: 0)
                let reason = index % 5 == 0 ? String(repeating: "\"", count: 900) : nil
                _ = profile.look(&behaviours, at: moment, isJudged: reason != nil, settings)
                profile.learn(behaviours, at: moment, reason: reason, settings)
            }
        }
        #expect(profile.behaviours.count > 2000)
        #expect(profile.leftOut(of: .exec) > 0)
        check(profile)
        var merged = profile
        var other = Profile(identity: .unit("a.service"))
        _ = other.beginRun()
        other.begin(at: moment.now, .all, settings)
        for index in 0..<9000 {
            var behaviours = EventBehaviours()
            behaviours.text += Array("other \(index)".utf8)
            behaviours.add(.exec, from: 0)
            _ = other.look(&behaviours, at: moment, isJudged: false, settings)
            other.learn(behaviours, at: moment, reason: nil, settings)
        }
        merged.merge(other)
        let text = ProfileDocument.text(of: merged)
        #expect(throws: Never.self) { try ProfileDocument.read(Array(text.utf8)) }
    }

    @Test("A clock that was set back leaves no more windows than the profile has")
    func clock() {
        var workload = ObservedWorkload()
        workload.now = 100
        _ = workload.act([(.exec, "/bin/a")])
        workload.now = 1000
        _ = workload.act([(.exec, "/bin/b")])
        for now in 500..<540 as Range<UInt32> {
            workload.now = now
            _ = workload.act([(.exec, "/bin/a")])
        }
        check(workload.profile)
    }
}
