import EventModel
import Foundation
import Glibc
import KernelInterface
import Testing

@testable import Outputs

@Suite struct RunSummaryTests {
    @Test func `alerts by severity and rule, most first, then what was lost`() {
        var summary = RunSummary()
        summary.events = 1234
        for (rule, priority) in [("B", Priority.notice), ("A", .notice), ("C", .critical), ("C", .critical)] {
            summary.alerts.count(
                Alert(
                    timeNanoseconds: 0, rule: rule, priority: priority, source: "syscall", tags: [], message: [],
                    fields: []))
        }
        summary.addDrop("audit: events lost in the kernel", count: 5)
        summary.addDrop("audit: malformed records", count: 0)
        summary.addNetworkOutput("siem", delivered: 3, refused: 0, queued: 1)
        #expect(
            summary.text == """
                Events detected: 4
                Rule counts by severity:
                   CRITICAL: 2
                   NOTICE: 2
                Triggered rules by rule name:
                   C: 2
                   A: 1
                   B: 1
                Events examined: 1234
                Network outputs:
                   siem: 3 delivered, 0 refused, 1 queued
                Dropped:
                   audit: events lost in the kernel: 5

                """)
    }

    @Test func `a quiet run says that nothing was lost`() {
        #expect(RunSummary().text == "Events detected: 0\nEvents examined: 0\nDropped: nothing\n")
        var summary = RunSummary()
        summary.addUncounted("fanotify: equal opens")
        #expect(
            summary.text
                == "Events detected: 0\nEvents examined: 0\nDropped: nothing that can be counted\nNot counted:\n   fanotify: equal opens\n"
        )
    }
}
