import Configuration
import Delivery
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
        var rules: Result<LoadedRules, ReloadRejection>
        /// What is to be logged.
        var remarks: [LogRemark]
    }

    private let request: ConfigurationRequest
    private let isVerbose: Bool
    /// Where relative paths start.
    private let directory: String
    private var watch: ConfigurationWatch
    private var isWatching: Bool
    /// What was loaded last without errors.
    private var configuration: Configuration
    private var shed = Shed()
    private var outputs: [NetworkOutput]
    private var nextLook: UInt64 = 0
    /// Twice as long is a change left alone: an editor or several files of one change are not yet done.
    private static let lookNanoseconds: UInt64 = 300_000_000

    /// A worker for a configuration that is in use.
    init(_ options: RunOptions) {
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
                let rules = rules(of: configuration, &remarks)
                replies.send(
                    Reply(configuration: configuration, shed: shed, rules: rules, remarks: remarks))
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
        let rules: Result<LoadedRules, ReloadRejection> =
            problems.isEmpty
            ? rules(of: result.configuration, &remarks) : .failure(ReloadRejection(problems: problems))
        if case .success = rules { configuration = result.configuration }
        return Reply(
            reason: reason, configuration: result.configuration, shed: shed, rules: rules, remarks: remarks)
    }

    private func rules(
        of configuration: Configuration, _ remarks: inout [LogRemark]
    ) -> Result<LoadedRules, ReloadRejection> {
        var loaded = configuration
        if let threshold = shed.threshold {
            loaded.priorityThreshold = min(configuration.priorityThreshold, threshold)
        }
        do throws(InvalidRules) {
            return .success(try LoadedRules.load(loaded, isVerbose: isVerbose, remarks: &remarks))
        } catch {
            return .failure(ReloadRejection(problems: error.problems))
        }
    }
}

/// Why a change is not taken over.
struct ReloadRejection: Error, Equatable {
    /// What is wrong, a line each.
    var problems: [String]
}
