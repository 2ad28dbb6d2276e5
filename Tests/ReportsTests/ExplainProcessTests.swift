import CommandOutput
import Configuration
import Foundation
import TestSupport
import Testing

@testable import Reports

@Suite struct ExplainProcessTests {
    private func explain(_ condition: String, _ pid: Int32) throws -> String {
        try withDirectory { directory in
            try "- {rule: R, desc: d, condition: '\(condition)', output: o, priority: WARNING}\n".write(
                toFile: "\(directory)/r.yaml", atomically: true, encoding: .utf8)
            var configuration = Configuration()
            configuration.rulesFiles = ["\(directory)/r.yaml"]
            return RulesReport.explain(rule: "R", process: pid, configuration: configuration, isJSON: false).text
        }
    }

    @Test(
        arguments: [
            ("evt.type = execve and proc.pid = PID and user.uid = UID", "R: alerts\n"),
            ("evt.type = execve and proc.pid = 1", "R: does not match\n"),
            ("evt.type = execve and proc.ppid = PARENT and proc.apid = PARENT", "R: alerts\n"),
            (
                "evt.type = openat and fd.name = /x and proc.pid = PID",
                "R: undecided: the event tells nothing of fd.name\n"
            ),
            ("evt.type = openat and fd.name = /x and proc.pid = 1", "R: does not match\n"),
        ])
    func `what of a condition is true of a process`(condition: String, head: String) throws {
        let condition = condition.replacing("PID", with: "\(getpid())").replacing("UID", with: "\(geteuid())")
            .replacing("PARENT", with: "\(getppid())")
        let explained = try explain(condition, getpid())
        #expect(explained.hasPrefix(head), "\(explained)")
    }

    @Test func `a process that is not there is told`() throws {
        // More than any kernel's pid_max (proc_sys_kernel(5)).
        #expect(try explain("evt.type = execve", 1 << 30).hasPrefix("there is no process 1073741824"))
    }
}
