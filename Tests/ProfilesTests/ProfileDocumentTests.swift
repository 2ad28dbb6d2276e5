import Profiles
import SeededRandom
import Testing

@Suite("Document of a profile")
struct ProfileDocumentTests {
    private func profile() -> Profile {
        var workload = ObservedWorkload()
        workload.profile = Profile(
            identity: .kubernetes(namespace: "shop", owner: "web", container: "nginx"), image: "nginx:1")
        workload.run = workload.profile.beginRun()
        workload.settle([(.exec, "/usr/sbin/nginx"), (.read, "/etc/nginx/nginx.conf")])
        _ = workload.act([(.exec, "/bin/sh \"x\" \\")])
        workload.profile.change(image: "nginx:2", at: workload.now)
        return workload.profile
    }

    @Test("What is written is read as the same profile")
    func roundTrip() throws {
        let text = ProfileDocument.text(of: profile())
        let read = try ProfileDocument.read(Array(text.utf8))
        #expect(ProfileDocument.text(of: read) == text)
        #expect(read.behaviours == profile().behaviours)
        #expect(read.settledKinds(ProfileSettings()) == profile().settledKinds(ProfileSettings()))
        #expect(
            text.contains(
                "    - {what: \"/usr/sbin/nginx\", count: 60, windows: 60, runs: 1, first: 1970-01-12T13:46:41Z"))
    }

    @Test(
        "What is wrong is refused with its place and reason",
        arguments: [
            ("shrike_profile: 1", "shrike_profile: 2", ProfileDocumentError.Reason.version, 2),
            ("shrike_profile: 1", "shrike_profile: one", .corrupt, 2),
            ("shrike_profile: 1\n", "", .corrupt, 2),
            ("windows: 60\nhours", "windows: 59\nhours", .contradictory, 14),
            ("hours: []", "hours: [24]", .corrupt, 12),
            ("hours: []", "hours: [1, 1]", .corrupt, 12),
            ("runs: 1\n", "runs: -1\n", .corrupt, 9),
            ("runs: 1\n", "runs: 1\nruns: 1\n", .corrupt, 10),
            ("runs: 1\n", "runs: 1\nrnus: 1\n", .corrupt, 10),
            ("k8s/shop/web/nginx", "k8s/shop", .corrupt, 3),
            ("count: 60, windows: 60", "count: 59, windows: 60", .contradictory, 28),
            ("count: 60, windows: 60", "count: 60, windows: 61", .contradictory, 28),
            ("what: \"/usr/sbin/nginx\"", "what: \"\"", .corrupt, 28),
            ("what: \"/usr/sbin/nginx\"", "what: \"\u{e9}\"", .corrupt, 28),
            ("phases: [steady]", "phases: []", .corrupt, 28),
            ("phases: [steady]", "phases: [later]", .corrupt, 28),
            ("first: 1970-01-12T13:46:41Z", "first: 1970-13-12T13:46:41Z", .corrupt, 28),
            ("first: 1970-01-12T13:46:41Z", "first: 2026-01-12T13:46:41Z", .contradictory, 28),
            (", because: \"new\"", "", .corrupt, 33),
            ("behaviours:\n", "behaviours:\n  magic: []\n", .corrupt, 27),
            ("hours: []", "hours: [", .corrupt, 14),
        ])
    func refused(old: String, new: String, reason: ProfileDocumentError.Reason, line: Int) throws {
        let text = ProfileDocument.text(of: profile())
        let start = try #require(text.firstRange(of: old))
        let broken = text.replacingCharacters(in: start, with: new)
        let error = #expect(throws: ProfileDocumentError.self) { try ProfileDocument.read(Array(broken.utf8)) }
        #expect(error?.reason == reason)
        #expect(error?.line == line, "\(error?.message ?? "")")
    }

    @Test("A behaviour that is known and quarantined is refused")
    func twice() throws {
        let text = ProfileDocument.text(of: profile())
        let line = try #require(text.split(separator: "\n").first { $0.contains("nginx.conf") })
        let again = text + "  read:\n" + line.replacing(", count", with: ", because: \"new\", count") + "\n"
        let error = #expect(throws: ProfileDocumentError.self) { try ProfileDocument.read(Array(again.utf8)) }
        #expect(error?.reason == .contradictory)
    }

    @Test("Too much is refused")
    func tooLarge() {
        let error = #expect(throws: ProfileDocumentError.self) {
            try ProfileDocument.read(Array(repeating: 0x20, count: ProfileDocument.longest + 1))
        }
        #expect(error?.reason == .tooLarge)
    }

    @Test("No text makes the reader trap", arguments: 0..<40 as Range<UInt64>)
    func broken(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var bytes = Array(ProfileDocument.text(of: profile()).utf8)
        for _ in 0..<4 {
            let index = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<3, using: &random) {
            case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.remove(at: index)
            default: bytes.insert(UInt8.random(in: 32...126, using: &random), at: index)
            }
        }
        guard let read = try? ProfileDocument.read(bytes) else { return }
        #expect((try? ProfileDocument.read(Array(ProfileDocument.text(of: read).utf8))) != nil)
    }

    @Test("Two nodes' profiles become one; the difference says what each has alone")
    func merge() {
        var left = ObservedWorkload()
        var right = ObservedWorkload()
        left.settle([(.exec, "/bin/a"), (.exec, "/bin/b")], windows: 10)
        right.settle([(.exec, "/bin/a"), (.exec, "/bin/c")], windows: 20)
        let difference = ProfileDifference(left.profile, right.profile)
        #expect(difference.onlyFirst.map(\.text) == ["/bin/b"])
        #expect(difference.onlySecond.map(\.text) == ["/bin/c"])
        left.profile.merge(right.profile)
        #expect(left.texts(.exec) == ["/bin/a", "/bin/b", "/bin/c"])
        #expect(left.profile.behaviours.first?.counts.windows == 30)
        #expect(left.profile.windows == 30)
        #expect(ProfileDifference(left.profile, left.profile).isEmpty)
        #expect((try? ProfileDocument.read(Array(ProfileDocument.text(of: left.profile).utf8))) != nil)
    }

    @Test("What is forgotten is gone")
    func forget() {
        var profile = profile()
        #expect(profile.forget { $0.kind == .exec } == 2)
        #expect(profile.behaviours.map(\.kind) == [.read])
        #expect(profile.quarantinedCount == 0)
    }
}

extension String {
    /// This text with a range of it replaced.
    fileprivate func replacingCharacters(in range: Range<Index>, with text: String) -> String {
        self[..<range.lowerBound] + text + self[range.upperBound...]
    }
}
