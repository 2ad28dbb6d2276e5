import EventModel
import EventSources
import Foundation
import TestSupport
import Testing

@testable import Daemon

/// Exceptions that hold for a time, in a whole run.
@Suite struct EmbeddedExceptionTests {
    private static func rules(_ ends: [(rule: String, seconds: UInt64)]) -> String {
        ends.map { rule, seconds in
            """
            - rule: \(rule)
              desc: A program in /tmp.
              condition: evt.type = execve and proc.exepath startswith /tmp/
              output: run %proc.exepath
              priority: WARNING
              exceptions:
                - name: ops until then
                  fields: [proc.exepath, evt.rawtime]
                  comps: ["=", "<"]
                  values:
                    - [/tmp/known, \(ScriptedTime.epoch + (seconds + 1) * EmbeddedRun.second)]

            """
        }.joined()
    }

    private static func known(_ log: inout AuditLogBuilder) { log.exec("/tmp/known", ["known"], pid: 700, parent: 1) }

    @Test func `an exception keeps quiet until its end, which is told once`() throws {
        try withDirectory { directory in
            let audit = ScriptedSource(.audit)
            let run = try EmbeddedRun([audit.driver(.systemCalls)], rules: Self.rules([("r", 5)]), in: directory)
            run.at(1) { audit.put(Self.known) }
            run.at(8) { audit.put(Self.known) }
            run.at(9) { #expect(throws: Never.self) { try run.replaceRules(Self.rules([("r", 5)]) + "\n# changed") } }
            run.run(until: 20)
            #expect(
                run.rules.filter { $0 != "Shrike internal: configuration reloaded" }
                    == ["Shrike internal: exception expired", "r"])
            let told = run.messages(of: "Shrike internal: exception expired")
            #expect(
                told.count == 1 && told.allSatisfy { $0.contains("'ops until then' of the rule 'r' held until 20") })
        }
    }

    @Test func `one that is over already is told at the start, and one that a reload brings when its time comes`()
        throws
    {
        try withDirectory { directory in
            let audit = ScriptedSource(.audit)
            let run = try EmbeddedRun([audit.driver(.systemCalls)], rules: Self.rules([("r", 0)]), in: directory)
            run.at(3) {
                #expect(throws: Never.self) {
                    try run.replaceRules(Self.rules([("r", 0), ("later", 10), ("never", 99)]))
                }
            }
            run.run(until: 20)
            let told = run.output.alerts.filter { $0.rule == "Shrike internal: exception expired" }
            let rules = told.compactMap { alert in alert.fields.first { $0.key == "rule_name" }?.value }
            #expect(rules == [.string(Array("r".utf8)), .string(Array("later".utf8))])
        }
    }
}
