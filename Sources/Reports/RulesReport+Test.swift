public import CommandOutput
public import Configuration
import ConfiguredRules
import JSONTree
public import KernelInterface
import Outputs
import RuleLanguage
public import RuleTesting

/// `shrike rules test`.
extension RulesReport {
    /// Tests run, or why they could not be.
    public enum RuleTests {
        /// They were run.
        case run(RuleTestSuite, isOfConfiguration: Bool)
        /// The rules have errors, or there are no tests.
        case impossible(Report)
    }

    /// Runs the tests of files; without any those that belong to the configured rules, and those that the configuration names.
    ///
    /// - Parameter program: the path of this program, which the tests of the built-in rules are found by.
    public static func test(
        files: [String], configuration: Configuration, program: String = ProgramPlace.thisProgram ?? "", isJSON: Bool
    ) -> RuleTests {
        var configuration = configuration
        // Tests are of all built-in rules, also of those that only a sensor uses which learns.
        if !configuration.learning.isEnabled, configuration.rulesFiles == nil {
            configuration.learning.isEnabled = true
            configuration.learning.setting = .eager
        }
        let rules = ConfiguredRules.load(configuration)
        guard rules.isSuccessful else { return .impossible(problems(of: rules, isJSON: isJSON)) }
        var paths = files
        if files.isEmpty {
            paths = RuleTestSuite.places(of: configuration, program: program)
            paths += configuration.ruleTests.filter { !paths.contains($0) }
        }
        guard !paths.isEmpty else {
            return .impossible(
                .failure(
                    "there are no tests: name their files, here or in shrike.rules_tests, or put them into a directory 'tests' "
                        + "beside the rules", isJSON: isJSON))
        }
        return .run(RuleTestSuite(paths: paths, rules: rules), isOfConfiguration: files.isEmpty)
    }

    /// The tests that failed with what decided them, and a line for each file.
    public static func text(of suite: RuleTestSuite, isOfConfiguration: Bool) -> Report {
        var lines: [String] = []
        for file in suite.files {
            lines += file.diagnostics.map(\.rendered)
            for result in file.results { lines += result.lines }
        }
        for file in suite.files {
            let failed = file.results.count { $0.failure != nil }
            lines.append("\(file.name): \(file.results.count - failed) passed, \(failed) failed")
        }
        // Files that were named may be of some rules only.
        if isOfConfiguration {
            for (names, what) in [
                (suite.untested.alerts, "raises its alert"), (suite.untested.quiet, "keeps it quiet"),
            ]
            where !names.isEmpty {
                lines += Columns.wrapped("no test \(what): ", names.joined(separator: ", "))
            }
        }
        return Report(lines: lines, status: suite.isSuccessful ? .success : .invalid)
    }

    /// The results as JSON.
    public static func json(of suite: RuleTestSuite) -> Report {
        var json = JSONWriter()
        json.beginObject()
        json.member("successful", suite.isSuccessful)
        json.key("files")
        json.beginArray()
        for file in suite.files {
            json.beginObject()
            json.member("name", file.name)
            json.member("errors", file.diagnostics.map(\.line))
            json.key("tests")
            json.beginArray()
            for result in file.results { write(result, into: &json) }
            json.endArray()
            json.endObject()
        }
        json.endArray()
        json.key("untested")
        json.beginObject()
        json.member("alerts", suite.untested.alerts)
        json.member("quiet", suite.untested.quiet)
        json.endObject()
        json.endObject()
        return Report(
            bytes: json.bytes + [UInt8(ascii: "\n")], status: suite.isSuccessful ? .success : .invalid)
    }

    private static func write(_ result: RuleTestResult, into json: inout JSONWriter) {
        json.beginObject()
        json.member("rule", result.test.rule)
        json.member("case", result.test.name)
        json.member("expected", result.test.mustAlert ? "alert" : "quiet")
        json.member("line", result.test.location.line)
        json.member("passed", result.failure == nil)
        if let failure = result.failure {
            json.member("failure", failure)
            json.member("details", result.details)
        }
        json.endObject()
    }

    /// The results as JUnit's XML: a suite a file, a test case a case.
    public static func junit(of suite: RuleTestSuite) -> [UInt8] {
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
        for file in suite.files {
            let failures = file.results.count { $0.failure != nil }
            text += "  <testsuite name=\"\(escaped(file.name))\" tests=\"\(file.results.count)\" "
            text += "failures=\"\(failures)\" errors=\"\(file.diagnostics.count)\">\n"
            for diagnostic in file.diagnostics {
                text += "    <testcase classname=\"\(escaped(file.name))\" name=\"line \(diagnostic.location.line)\">"
                text += "<error message=\"\(escaped(diagnostic.line))\"/></testcase>\n"
            }
            for result in file.results {
                text += "    <testcase classname=\"\(escaped(result.test.rule))\" name=\"\(escaped(result.test.name))\""
                guard let failure = result.failure else {
                    text += "/>\n"
                    continue
                }
                text += "><failure message=\"\(escaped(failure))\">"
                text += escaped(result.lines.joined(separator: "\n")) + "</failure></testcase>\n"
            }
            text += "  </testsuite>\n"
        }
        return Array((text + "</testsuites>\n").utf8)
    }

    /// The text for XML: the characters of its markup as entities, those that it can't hold as U+FFFD.
    private static func escaped(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result.append(contentsOf: "&amp;".unicodeScalars)
            case "<": result.append(contentsOf: "&lt;".unicodeScalars)
            case ">": result.append(contentsOf: "&gt;".unicodeScalars)
            case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
            case "\n", "\t": result.append(scalar)
            case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF:
                result.append("\u{FFFD}")
            default: result.append(scalar)
            }
        }
        return String(result)
    }
}
