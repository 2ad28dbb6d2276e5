public import CommandOutput
public import Configuration
import ConfiguredRules
import EventModel
import EventSources
import Glibc
import KernelInterface
import Outputs
import RuleLanguage

/// Runs attacks beside a sensor of its own, and says which of them were told of.
public struct SelfTest {
    /// What is asked for.
    public struct Options {
        /// What the command line says about rules, configuration and sources.
        public var request: ConfigurationRequest
        /// The same as options of `shrike run`.
        public var sensorOptions: [String]
        /// Names, layers or parts of rules' names; empty: all attacks.
        public var wanted: [String] = []
        /// The attacks' directory; nil: those that belong to this program.
        public var directory: String?
        /// Whether the result is one JSON document.
        public var isJSON = false
        /// Shows a line at once.
        public var show: (String) -> Void
        /// Shows a remark on the way.
        public var remark: (String) -> Void

        /// Options from their parts.
        public init(
            request: ConfigurationRequest, sensorOptions: [String], show: @escaping (String) -> Void,
            remark: @escaping (String) -> Void
        ) {
            self.request = request
            self.sensorOptions = sensorOptions
            self.show = show
            self.remark = remark
        }
    }

    /// An alert may take so long after its attack has ended: the scan looks once a second.
    private static let patienceNanoseconds: UInt64 = 3_000_000_000
    /// The longest time between two ticks of the kernel's clock (CONFIG_HZ_100).
    private static let tickNanoseconds: UInt64 = 10_000_000
    /// After the last case: alerts of those that must stay quiet would have come by then.
    private static let settleNanoseconds: UInt64 = 600_000_000

    private let options: Options

    private init(_ options: Options) { self.options = options }

    /// Lists the attacks.
    public static func list(_ options: Options) -> ExitStatus {
        let test = SelfTest(options)
        guard let attacks = test.attacks() else { return .invalid }
        if options.isJSON {
            options.show(SelfTestReport.list(attacks))
        } else {
            for attack in attacks { options.show(SelfTestReport.line(of: attack)) }
        }
        return .success
    }

    /// Runs the attacks. Success: nothing was missed, and nothing was told that must not be.
    public static func run(_ options: Options) -> ExitStatus {
        let test = SelfTest(options)
        guard let attacks = test.attacks() else { return .invalid }
        do throws(KernelError) {
            return try test.run(attacks)
        } catch {
            test.fail(["\(error)"])
            return .invalid
        }
    }

    /// Tells why nothing is run.
    private func fail(_ reasons: [String]) {
        if options.isJSON {
            options.show(SelfTestReport.failure(reasons.joined(separator: "\n")))
        } else {
            for reason in reasons { options.remark(reason) }
        }
    }

    /// The attacks that are asked for; nil after a problem, which was told.
    private func attacks() -> [AttackCase]? {
        let directory = options.directory ?? ProgramPlace.thisProgram.flatMap(AttackSuite.directory(ofProgram:))
        guard let directory else {
            fail(["there are no attacks beside this program; --attacks DIRECTORY says where they are"])
            return nil
        }
        let suite = AttackSuite(directory: directory)
        guard suite.problems.isEmpty else {
            fail(suite.problems.map { "error: \($0)" })
            return nil
        }
        guard !suite.cases.isEmpty else {
            fail(["there are no attacks in \(directory); expected LAYER/NAME.sh"])
            return nil
        }
        for word in options.wanted where !suite.cases.contains(where: { $0.isMeant(by: word) }) {
            fail(["no attack is of a rule, layer or case '\(word)'; shrike selftest --list has them all"])
            return nil
        }
        if options.wanted.isEmpty { return suite.cases }
        return suite.cases.filter { attack in options.wanted.contains { attack.isMeant(by: $0) } }
    }

    private func run(_ attacks: [AttackCase]) throws(KernelError) -> ExitStatus {
        let loaded = options.request.load()
        guard !loaded.hasErrors else {
            fail(loaded.diagnostics.filter { $0.severity == .error }.map(\.rendered))
            return .invalid
        }
        let rules = ConfiguredRules.load(loaded.configuration)
        let selection = SourceSelection(
            availabilities: SourceDriver.all.map { $0.probe() }, needs: rules.needs,
            choice: loaded.configuration.sources)
        let running = SourceTraits.all.filter { selection.running.contains($0.kind) }

        // Told to end, it puts an end to attack and sensor first.
        let signals = try SignalDescriptor([SIGINT, SIGTERM, SIGHUP])
        try StartedProgram.adoptOrphans()
        let sensor = try SensorProcess(
            program: ProgramPlace.thisProgram ?? "/proc/self/exe", options: options.sensorOptions,
            limitSeconds: 120 + attacks.count * 40)
        defer { sensor.stop() }
        var isTold = false
        while !sensor.isArmed, sensor.end == nil, !isTold {
            sensor.listen(milliseconds: 50, signals: signals.rawValue)
            isTold = signals.read() != nil
        }
        guard sensor.isArmed, !isTold else {
            fail([sensor.remarks])
            if case .exited(let status) = sensor.end { return ExitStatus(rawValue: status) ?? .invalid }
            return .invalid
        }

        let reasons = MissReasons(rules, running: running)
        let needs = AttackNeeds()
        let names = running.map(\.kind.name)
        if !options.isJSON { options.remark("\(attacks.count) cases, watched with \(names.joined(separator: ", "))") }
        var results: [SelfTestResult] = []
        var marks: [(attack: AttackCase, mark: AttackMark)] = []
        for attack in attacks {
            var found: [SelfTestResult]
            if let missing = needs.missing(for: attack, running: names) {
                found = (attack.rules + attack.quietRules).map {
                    SelfTestResult(attack: attack, rule: $0, outcome: .skipped(missing))
                }
            } else {
                let mark: AttackMark
                (found, mark) = try self.run(attack, sensor, signals, reasons, earlier: marks.map(\.mark.process))
                marks.append((attack, mark))
            }
            if !options.isJSON { for result in found { options.show(result.line) } }
            results += found
            isTold = signals.read() != nil
            if isTold || sensor.end != nil { break }
        }
        let isWhole = !isTold && sensor.end == nil
        if isWhole { wait(nanoseconds: Self.settleNanoseconds, sensor, signals) { false } }
        results = addLate(results, marks, sensor.alerts)
        if !isWhole { options.remark(isTold ? "stopped before the end" : "the sensor ended:\n\(sensor.remarks)") }
        if options.isJSON {
            options.show(SelfTestReport.json(results, sources: names, isWhole: isWhole))
        } else {
            options.show(SelfTestReport.summary(results))
        }
        return isWhole && !results.contains(where: \.outcome.isBad) ? .success : .invalid
    }

    /// Runs one attack; what is known right after it.
    private func run(
        _ attack: AttackCase, _ sensor: SensorProcess, _ signals: SignalDescriptor, _ reasons: MissReasons,
        earlier: [Int32]
    ) throws(KernelError) -> ([SelfTestResult], AttackMark) {
        let run = try AttackRun(attack, others: Set(earlier + [sensor.identifier]))
        let end = run.finish(keeping: [sensor.identifier]) {
            sensor.listen(milliseconds: 5, signals: signals.rawValue)
            return sensor.end == nil && !signals.isPending
        }
        func first(_ rule: String) -> SensedAlert? { sensor.alerts.first { $0.rule == rule && run.mark.isOf($0) } }
        if case .skipped = end {
            // Nothing will come.
        } else if attack.rules.isEmpty {
            // What comes late is found by its processes and its time, which audit tells in ticks of the kernel's.
            wait(nanoseconds: Self.tickNanoseconds * 2, sensor, signals) { false }
        } else {
            let expected = attack.rules.filter { reasons.reason(forRule: $0) == nil }
            wait(nanoseconds: Self.patienceNanoseconds, sensor, signals) { expected.allSatisfy { first($0) != nil } }
        }
        let own = sensor.alerts.filter(run.mark.isOf)
        let remarks = sensor.alerts.filter { $0.isInternal && $0.readNanoseconds >= run.startNanoseconds }.map(\.rule)
        let others = Self.unique(own.map(\.rule).filter { !attack.rules.contains($0) })
        var results: [SelfTestResult] = []
        for rule in attack.rules {
            let outcome: SelfTestResult.Outcome
            if let alert = first(rule) {
                outcome = .seen(milliseconds: alert.delayMilliseconds)
            } else if case .skipped(let why) = end {
                outcome = .skipped(why)
            } else {
                let stray = sensor.alerts.first { $0.rule == rule && run.mark.isStray($0) }
                outcome = .missed(
                    reasons.reason(
                        forRule: rule, after: end, others: others, stray: stray, remarks: Self.unique(remarks)))
            }
            results.append(SelfTestResult(attack: attack, rule: rule, outcome: outcome))
        }
        for rule in attack.quietRules {
            let outcome: SelfTestResult.Outcome
            if let alert = first(rule) {
                outcome = .falseAlarm(alert.output)
            } else {
                switch end {
                case .done: outcome = .quiet
                case .skipped(let why): outcome = .skipped(why)
                case .failed(let why): outcome = .failed(why)
                }
            }
            results.append(SelfTestResult(attack: attack, rule: rule, outcome: outcome))
        }
        return (results, run.mark)
    }

    /// What came too late for its case: alerts that must not be there.
    private func addLate(
        _ results: [SelfTestResult], _ marks: [(attack: AttackCase, mark: AttackMark)], _ alerts: [SensedAlert]
    ) -> [SelfTestResult] {
        let processes = Set(marks.map(\.mark.process))
        return results.map { result in
            guard result.outcome == .quiet, let mark = marks.first(where: { $0.attack == result.attack })?.mark,
                let alert = alerts.first(where: { alert in
                    alert.rule == result.rule && mark.isOf(alert)
                        && !alert.processes.contains { $0 != mark.process && processes.contains($0) }
                })
            else { return result }
            var late = result
            late.outcome = .falseAlarm(alert.output)
            if !options.isJSON { options.show(late.line) }
            return late
        }
    }

    private func wait(
        nanoseconds: UInt64, _ sensor: SensorProcess, _ signals: SignalDescriptor, until isDone: () -> Bool
    ) {
        let end = KernelClock.monotonic() &+ nanoseconds
        while !isDone(), KernelClock.monotonic() < end, sensor.end == nil, !signals.isPending {
            sensor.listen(milliseconds: 10, signals: signals.rawValue)
        }
    }

    private static func unique(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }
}

extension SignalDescriptor {
    /// Whether a signal waits to be read.
    fileprivate var isPending: Bool {
        var waiting = [pollfd(fd: rawValue, events: Int16(POLLIN), revents: 0)]
        return poll(&waiting, 1, 0) > 0
    }
}
