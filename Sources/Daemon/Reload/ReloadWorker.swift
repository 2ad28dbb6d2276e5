import Configuration
import Delivery
import Detection
import EventModel
import ForwarderProtocol
import KernelInterface
import Outputs
import RuleLanguage

/// Reads, checks and compiles what a reload needs, beside the event thread: files of others may be large, slow or not answer.
struct ReloadWorker: ControlWorker {
    /// What it is asked for.
    enum Request: Sendable {
        /// Load everything anew, and say why.
        case load(because: String)
        /// Load the rules anew, with this left out from now on.
        case shed(Shed)
        /// What was loaded last could not be put in place: these are still in use.
        case keep(Configuration, Shed)
        /// The network outputs that run: their credentials were looked at.
        case outputs([NetworkOutput])
    }

    /// What came of a request, or of a change of files.
    struct Reply: Sendable {
        /// Why everything was loaded anew; nil: rules alone, for what is shed.
        var reason: String?
        var configuration: Configuration
        var shed: Shed
        var ready: Result<Ready, ReloadRejection>
        /// What is to be logged.
        var remarks: [LogRemark]
    }

    /// What is to be put in place.
    struct Ready: Sendable {
        var rules: Handover<RuleEvaluation>
        /// The outputs but for the spool, opened; nil where they are those that were loaded before.
        var channels: Handover<OutputChannels>?
    }

    /// Opens the outputs of a configuration, but for the spool.
    typealias Opening = @Sendable (Configuration) -> Result<Handover<OutputChannels>, ReloadRejection>

    private let request: ConfigurationRequest
    private let clock: @Sendable () -> UInt64
    private let open: Opening
    private let isVerbose: Bool
    /// Where relative paths start.
    private let directory: String
    private var watch: ConfigurationWatch
    private var isWatching: Bool
    /// What was loaded last without errors.
    private var configuration: Configuration
    private var shed = Shed()
    private var outputs: [NetworkOutput]
    /// What was logged of the configuration and rules in use: it is not said again while it stays.
    private var told: Set<LogRemark>
    private var nextLook: UInt64 = 0
    /// Twice as long is a change left alone: an editor or several files of one change are not yet done.
    private static let lookNanoseconds: UInt64 = 300_000_000

    /// A worker for a configuration that is in use.
    ///
    /// - Parameters:
    ///   - told: what was logged of the rules already.
    ///   - clock: nanoseconds, for what rules cost.
    ///   - open: opens outputs; where that can hang, within a time.
    init(
        _ options: RunOptions, told: [LogRemark] = [], clock: @escaping @Sendable () -> UInt64, open: @escaping Opening
    ) {
        // Who loads the configuration before the start shows these.
        self.told = Set(options.request.load().diagnostics.map { .text($0.rendered) } + told)
        self.clock = clock
        self.open = open
        request = options.request
        isVerbose = options.isVerbose || options.configuration.logLevel == .debug
        directory = options.directory
        configuration = options.configuration
        watch = ConfigurationWatch(options.configuration, request: options.request)
        isWatching = options.configuration.watchesFiles
        outputs = options.configuration.forwarderPlan.outputs
    }

    mutating func take(_ requests: [Request], _ replies: ControlReplies<Reply>) {
        for request in requests {
            switch request {
            case .load(let reason): replies.send(load(because: reason))
            case .keep(let configuration, let shed): (self.configuration, self.shed) = (configuration, shed)
            case .shed(let new):
                shed = new
                var remarks: [LogRemark] = []
                let ready = rules(of: configuration, &remarks).map { Ready(rules: $0) }
                replies.send(Reply(configuration: configuration, shed: shed, ready: ready, remarks: remarks))
            case .outputs(let running): outputs = running
            }
        }
    }

    mutating func tick(nowNanoseconds: UInt64, _ replies: ControlReplies<Reply>) {
        guard isWatching, nowNanoseconds >= nextLook else { return }
        nextLook = nowNanoseconds &+ Self.lookNanoseconds
        if watch.hasChanged() { replies.send(load(because: "a file changed")) }
    }

    private mutating func load(because reason: String) -> Reply {
        let result = request.load()
        // What was read now, good or bad, is not read again until it changes.
        watch.restart(result.configuration, request: request)
        var remarks = result.diagnostics.map { LogRemark.text($0.rendered) }
        var problems = result.diagnostics.filter { $0.severity == .error }.map(\.line)
        if problems.isEmpty {
            isWatching = result.configuration.watchesFiles
            problems = FileTrust.weaknesses(of: FileTrust.files(of: result.configuration), in: directory)
                .map(\.diagnostic.line)
        }
        if problems.isEmpty {
            problems = result.configuration.forwarderPlan.outputs.filter { !outputs.contains($0) }
                .compactMap { $0.credentialProblem() }
        }
        let ready: Result<Ready, ReloadRejection> =
            problems.isEmpty
            ? prepare(result.configuration, &remarks) : .failure(ReloadRejection(problems: problems))
        if case .success = ready {
            configuration = result.configuration
            let all = Set(remarks)
            remarks.removeAll(where: told.contains)
            told = all
        }
        return Reply(
            reason: reason, configuration: result.configuration, shed: shed, ready: ready, remarks: remarks)
    }

    /// Makes what is to be put in place: rules first, since outputs are opened for nothing with wrong ones.
    private func prepare(_ new: Configuration, _ remarks: inout [LogRemark]) -> Result<Ready, ReloadRejection> {
        rules(of: new, tests: .required, &remarks).flatMap { rules in
            guard new.hasOtherOutputs(than: configuration) else { return .success(Ready(rules: rules)) }
            return open(new).map { Ready(rules: rules, channels: $0) }
        }
    }

    private func rules(
        of configuration: Configuration, tests: LoadedRules.TestUse = .ignored, _ remarks: inout [LogRemark]
    ) -> Result<Handover<RuleEvaluation>, ReloadRejection> {
        var loaded = configuration
        if let threshold = shed.threshold {
            loaded.priorityThreshold = min(configuration.priorityThreshold, threshold)
        }
        do throws(InvalidRules) {
            let rules = try LoadedRules.load(loaded, isVerbose: isVerbose, tests: tests, remarks: &remarks)
            return .success(Handover(rules.evaluation(clock: clock)))
        } catch {
            return .failure(ReloadRejection(problems: error.problems))
        }
    }
}

extension Configuration {
    /// Whether alerts go elsewhere, or in another form.
    func hasOtherOutputs(than other: Configuration) -> Bool {
        outputs != other.outputs || alertFormat != other.alertFormat
    }

    /// Opens the outputs but for the spool. May wait for a file that does not answer.
    func openedOutputs(isUnbuffered: Bool) -> Result<Handover<OutputChannels>, ReloadRejection> {
        do throws(OutputError) {
            return .success(Handover(try outputs.open(format: alertFormat, isUnbuffered: isUnbuffered)))
        } catch {
            return .failure(ReloadRejection(problems: ["an output can't be opened: \(error)"]))
        }
    }
}

/// Why a change is not taken over.
struct ReloadRejection: Error, Equatable {
    /// What is wrong, a line each.
    var problems: [String]
}
