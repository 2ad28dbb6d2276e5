import ArgumentParser
import Bench
import CommandOutput
import Configuration
import Daemon
import EventModel
import EventSources
import RuleEngine
import Testing

@testable import shrike

private func run(_ words: String...) throws -> RunCommand {
    try #require(try Shrike.parse(words) as? RunCommand)
}

private func message(_ words: String...) -> String {
    do {
        _ = try Shrike.parse(words)
        return ""
    } catch {
        return Shrike.fullMessage(for: error)
    }
}

@Suite struct CommandLineTests {
    @Test func `no arguments run with the defaults`() throws {
        let command = try run()
        #expect(try command.request == ConfigurationRequest())
        let options = command.options(ConfigurationRequest(), Configuration())
        #expect(options.stopAfterSeconds == nil)
        #expect(!options.isDryRun && !options.isUnbuffered && !options.isVerbose)
        #expect(options.pidFile == nil)
    }

    @Test func `-c, -r and -o say which configuration and rules`() throws {
        let request = try run("-c", "f.yaml", "-r", "a", "-rb", "-o", "x=y", "--option", "z=1").request
        #expect(request.path == "f.yaml")
        #expect(request.rulesFiles == ["a", "b"])
        #expect(request.overrides == ["x=y", "z=1"])
    }

    @Test func `-D disables by part of the name or by pattern`() throws {
        #expect(
            try run("-D", "Shell", "-D", "Write *").request.ruleSelections == [
                RuleSelection(isEnabling: false, rule: "*Shell*"), RuleSelection(isEnabling: false, rule: "Write *"),
            ])
    }

    @Test func `-t leaves only the rules with a tag`() throws {
        #expect(
            try run("-t", "network", "-tprocess").request.ruleSelections == [
                RuleSelection(isEnabling: false, rule: "*"), RuleSelection(isEnabling: true, tag: "network"),
                RuleSelection(isEnabling: true, tag: "process"),
            ])
    }

    @Test func `-T disables the rules with a tag`() throws {
        #expect(try run("-T", "network").request.ruleSelections == [RuleSelection(isEnabling: false, tag: "network")])
    }

    @Test(arguments: ["-D", "-t", "-T"])
    func `an empty selection of rules is an error`(option: String) {
        #expect(message(option, "").contains("\(option): the value is empty"))
    }

    @Test(arguments: [
        (["-e", "file.scap"], "-e is Falco's: use 'shrike replay FILE'"),
        (["--config-schema"], "--config-schema is Falco's: use 'shrike config schema'."),
        (["--support"], "use 'shrike doctor'"), (["-b"], "use -o buffer_format_base64=true"), (["-x"], ""),
    ])
    func `what Falco has and Shrike has not is answered with what to use`(words: [String], hint: String) {
        #expect(throws: (any Error).self) { try Shrike.parse(words) }
        let text = FalcoOptions.hint(for: words)
        #expect(hint.isEmpty ? text.isEmpty : text.contains(hint))
    }

    @Test func `options of Falco that mean nothing here are accepted with a remark`() throws {
        let words = ["-A", "--cri", "/run/x.sock", "--cri=/run/y.sock", "--disable-cri-async", "-U"]
        let command = try #require(try Shrike.parse(words) as? RunCommand)
        #expect(command.alertFlags.isUnbuffered)
        #expect(FalcoOptions.remarks(on: words).count == 4)
    }

    @Test func `-t can't be combined with -T or -D`() {
        #expect(message("-t", "a", "-T", "b").contains("can't be combined"))
        #expect(message("-t", "a", "-D", "b").contains("can't be combined"))
    }

    @Test(arguments: [["-p", "on %evt.hostname"], ["--print", "on %evt.hostname"]])
    func `-p extends the output`(words: [String]) throws {
        let command = try #require(try Shrike.parse(words) as? RunCommand)
        #expect(try command.request.outputExtension == "on %evt.hostname")
    }

    @Test func `--json asks for JSON alerts`() throws {
        #expect(try run("--json").request.overrides == ["json_output=true"])
    }

    @Test(
        arguments: [
            (["--source", "auto"], .auto), (["--source", "proc"], .only(SourceChoice.processSources)),
            (["--source", "audit", "--source", "scan"], .only([.audit, .procfs])),
            (["--source", "audit-log"], .only([.auditLog])),
        ] as [([String], SourceChoice)])
    func `--source chooses event sources`(words: [String], expected: SourceChoice) throws {
        let command = try #require(try Shrike.parse(words) as? RunCommand)
        #expect(try command.request.sources == expected)
    }

    @Test func `the options of the run itself`() throws {
        let command = try run("-UvM", "30", "-P", "/run/x.pid", "--dry-run")
        let options = command.options(ConfigurationRequest(), Configuration())
        #expect(options.stopAfterSeconds == 30)
        #expect(options.isUnbuffered && options.isVerbose && options.isDryRun)
        #expect(options.pidFile == "/run/x.pid")
        #expect(try run("--unbuffered", "--verbose", "--pidfile", "x").pidFile == "x")
    }

    @Test func `-V, -L and -l ask about rules`() throws {
        #expect(try run("-V", "a", "--validate", "b").validatedFiles == ["a", "b"])
        #expect(try run("-L").describesAll)
        #expect(try run("-l", "Some rule").describedRule == "Some rule")
    }

    @Test func `--list and --list-events ask about fields and events`() throws {
        let command = try run("--list=syscall", "-N", "--format", "json")
        #expect(command.listsFields && command.namesOnly)
        #expect(command.listedSource == "syscall")
        #expect(command.format == .json)
        #expect(try run("--list", "--markdown").isMarkdown)
        #expect(try run("--list-events").listsEvents)
    }

    @Test(
        arguments: [
            (["--jsn"], "Did you mean '--json'?"), (["-x"], "Unknown option '-x'"),
            (["-c"], "Missing value for '-c <file>'"),
            (["-M", "soon"], "'soon' is invalid"), (["-M", "-1"], "-M takes a number of seconds"),
            (["--format", "xml"], "'xml' is invalid"), (["--list=files"], "there is no event source 'files'"),
            (["-N"], "-N belongs to --list"), (["--source", "kmod"], "'kmod' is no event source"),
            (["--enable-source", "aws"], "there is no event source 'aws'"),
            (["--disable-source", "syscall"], "nothing is watched"), (["replay"], "Missing expected argument '<file>"),
            (["rules", "check"], "Missing expected argument '<file>"),
            (["rules", "show"], "Missing expected argument '<name>'"),
            (["rules", "check", "a", "--jsno"], "Did you mean '--json'?"), (["run", "x"], "Unexpected argument 'x'"),
        ] as [([String], String)])
    func `a mistake is told`(words: [String], expected: String) {
        do {
            _ = try Shrike.parse(words)
            Issue.record("accepted")
        } catch {
            let message = Shrike.fullMessage(for: error)
            #expect(message.contains(expected), "\(message)")
            #expect(Shrike.exitCode(for: error) != .success)
        }
    }

    @Test func `rules and fields commands`() throws {
        let check = try #require(try Shrike.parse(["rules", "check", "a", "b", "--json"]) as? RulesCheckCommand)
        #expect(check.files == ["a", "b"] && check.isJSON)
        let list = try #require(try Shrike.parse(["rules", "list", "-r", "a", "-T", "x"]) as? RulesListCommand)
        #expect(list.configurationFlags.rulesFiles == ["a"])
        let show = try #require(try Shrike.parse(["rules", "show", "A rule", "--json"]) as? RulesShowCommand)
        #expect(show.name == "A rule" && show.isJSON)
        let fields = try #require(try Shrike.parse(["fields", "proc", "--json"]) as? FieldsCommand)
        #expect(fields.filter == "proc" && fields.isJSON)
    }

    @Test func `replay takes logs and the options that concern rules and alerts`() throws {
        let replay = try #require(
            try Shrike.parse(["replay", "-r", "a", "--json", "-U", "x.log", "-"]) as? ReplayCommand)
        #expect(replay.files == ["x.log", "-"])
        #expect(replay.request.rulesFiles == ["a"])
        #expect(replay.request.overrides == ["json_output=true"])
        #expect(replay.alertFlags.isUnbuffered)
    }

    @Test(
        arguments: [
            ["--help"], ["-h"], ["run", "--help"], ["rules", "check", "--help"], ["fields", "-h"], ["help", "replay"],
        ])
    func `help is no mistake and has examples`(words: [String]) {
        do {
            var command = try Shrike.parse(words)
            try command.run()
            Issue.record("no help")
        } catch {
            #expect(Shrike.exitCode(for: error) == .success)
            #expect(Shrike.fullMessage(for: error).contains("EXAMPLES:"))
        }
    }

    @Test func `--version names shrike and the rule engine`() {
        #expect(message("--version").contains("shrike \(Version.shrike)"))
        #expect(message("-U", "--version").contains("rule engine \(Version.ruleEngine)"))
    }

    @Test func `bench alerts sends a hundred a second for ten seconds unless told otherwise`() throws {
        func options(_ words: String...) throws -> AlertBenchOptions {
            let command = try #require(try Shrike.parse(["bench", "alerts"] + words) as? BenchAlertsCommand)
            return try command.options(Configuration())
        }
        #expect(try options().count == 1000)
        #expect(try options().rate == 100)
        #expect(try options("--rate", "2.5", "--seconds", "4").count == 10)
        #expect(try options("--rate", "0", "--count", "7").rate == nil)
        #expect(try options("--priority", "Error", "--tag", "a", "--tag", "b").priority == .error)
        #expect(try options("--tag", "a", "--tag", "b").tags == ["a", "b"])
    }

    @Test(arguments: [
        (["--count", "1", "--seconds", "2"], "not both"), (["--rate", "0"], "no end without --count"),
        (["--rate", "-1"], "--rate"), (["--count", "0"], "from 1"), (["--seconds", "0"], "--seconds"),
        (["--seconds", "1e300"], "--seconds"), (["--rate", "nan"], "--"),
        (["--priority", "high"], "there is no 'high'"),
        (["--rule", ""], "--rule"), (["--size", "-1"], "--size"), (["--patience", "0"], "--patience"),
    ])
    func `bench alerts says what is wrong with its options`(words: [String], expected: String) {
        do {
            _ = try Shrike.parse(["bench", "alerts"] + words)
            Issue.record("\(words) were taken")
        } catch {
            #expect(Shrike.fullMessage(for: error).contains(expected))
        }
    }
}
