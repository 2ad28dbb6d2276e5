import Configuration
import Foundation
import Testing

@testable import Daemon

@Suite struct DryRunTests {
    @Test func `a rehearsal says how many rules, where alerts go, and who watches already`() {
        var configuration = Configuration()
        #expect(
            DryRun.lines(configuration, rules: 2, outputs: ["stdout"], holder: nil)
                == ["2 rules of the built-in ones", "alerts go to stdout"])
        configuration.rulesFiles = ["/dev/null"]
        configuration.outputs.http.isEnabled = true
        let lines = DryRun.lines(configuration, rules: 1, outputs: ["stdout"], holder: "the Shrike that runs already")
        #expect(lines.prefix(2) == ["1 rule of 1 file", "alerts go to stdout, http (network)"])
        #expect(lines.last?.hasPrefix("this node is watched by the Shrike that runs already: ") == true)
    }

    @Test func `a rehearsal names what a run would refuse`() {
        var options = RunOptions(request: ConfigurationRequest(), configuration: Configuration())
        #expect(DryRun.problems(options) == [])
        options.pidFile = "/nowhere/shrike.pid"
        options.configuration.hostRoot = "/nowhere"
        let problems = DryRun.problems(options)
        #expect(problems.count == 2)
        #expect(
            problems.first?.hasPrefix("/nowhere/proc can't be read: No such file or directory; shrike.host_root ")
                == true)
        #expect(problems.last?.contains("--pidfile must name a file") == true)
    }
}
