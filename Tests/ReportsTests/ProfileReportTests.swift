import CommandOutput
import Configuration
import Foundation
import ProfileStorage
import Profiles
import Reports
import Testing

@Suite struct ProfileReportTests {
    private func withDirectory(_ body: (Configuration) throws -> Void) throws {
        let path = NSTemporaryDirectory() + "shrike-profile-report-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        var configuration = Configuration()
        configuration.learning.directory = path
        try body(configuration)
    }

    @Test func `what nothing counts is not known, and the reason is said`() throws {
        try withDirectory { configuration in
            var profile = Profile(identity: .unit("a.service"))
            profile.begin(at: 1000, BehaviourKinds(.exec), ProfileSettings())
            try ProfileDirectory(path: configuration.learning.directory).write(profile)
            let text = try ProfileReport.show(configuration, "unit/a.service", isYAML: false).text
            #expect(text.contains("\nexec        0 "), "\(text)")
            #expect(text.contains("\ncapability  not known: nothing counts capabilities here; eBPF does"), "\(text)")
            #expect(text.contains("\nread        not known: no rule in use has novel.read in its condition"), "\(text)")
        }
    }

    @Test func `what found no room in quarantine is said`() throws {
        try withDirectory { configuration in
            var profile = Profile(identity: .unit("a.service"))
            let settings = ProfileSettings(behavioursPerKind: 2)
            let moment = ProfileMoment(now: 1000, run: profile.beginRun(), runStart: 0)
            profile.begin(at: 1000, .all, settings)
            for name in ["/bin/a", "/bin/b", "/bin/c"] {
                var behaviours = EventBehaviours()
                behaviours.text += Array(name.utf8)
                behaviours.add(.exec, from: 0)
                _ = profile.look(&behaviours, at: moment, isJudged: true, settings)
                profile.learn(behaviours, at: moment, reason: "A rule", settings)
            }
            try ProfileDirectory(path: configuration.learning.directory).write(profile)
            let text = try ProfileReport.show(configuration, "unit/a.service", isYAML: false).text
            #expect(text.contains("\n1 more that were told found no room"), "\(text)")
        }
    }
}
