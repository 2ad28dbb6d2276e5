import BPFFilter
import Configuration
import EventModel
import Testing

@testable import Daemon
@testable import EventSources

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

    /// A filter without a place in the words of processes stops nothing of what no rule can mean of a program.
    @Test func `each filter of the built-in rules is told what is possible for a process`() throws {
        var remarks: [LogRemark] = []
        let rules = try LoadedRules.load(Configuration(), isVerbose: false, remarks: &remarks).evaluation()
        let needs = SourceNeeds(rules)
        let image = FilterImage(try #require(needs.filter), always: InstalledFilter.stateTypes(needs))
        let filtered = EventType.all.filter { (needs.filter?.filterOfType[Int($0.index)] ?? -1) >= 0 }
        let without = filtered.filter { image.slots[Int(image.slotOfType[Int($0.index)])].processWords == 0 }
        #expect(without.isEmpty, "\(without.map(\.name)) of \(filtered.count)")
    }
}
