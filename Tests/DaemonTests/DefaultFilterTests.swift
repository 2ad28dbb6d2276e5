import Configuration
import EventModel
import EventSources
import Testing

@testable import Daemon

/// What the built-in rules come to in the kernel.
@Suite struct DefaultFilterTests {
    @Test func `the kernel tells the built-in rules' ways to match apart, but for programs that start`() throws {
        var remarks: [LogRemark] = []
        let rules = try LoadedRules.load(Configuration(), isVerbose: false, remarks: &remarks).evaluation()
        let filter = try #require(SourceNeeds(rules).filter)
        // Those are told in any case: the filter stops failures of them alone.
        #expect(Set(filter.crowded.keys.map(\.name)).isSubset(of: ["execve", "execveat"]), "\(filter.crowded)")
        #expect(!filter.filters.isEmpty)
    }
}
