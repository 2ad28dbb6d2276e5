import CommandOutput
import Configuration
import EventModel
import KernelInterface
import Learning
import ProfileStorage
import Profiles

/// The event thread's side of what is learned: hands changed profiles to the thread that keeps them, takes in what others did to the
/// files, and asks for those of workloads that have come back.
final class ProfileKeeping {
    /// Learns.
    let learner: WorkloadLearner
    private let thread: ControlThread<ProfileKeeper>
    private let intervalNanoseconds: UInt64
    private var nextKeeping: UInt64
    /// What was told of what found no room.
    private var told = LearningCounters()
    private static let endMilliseconds: Int32 = 5000

    /// Reads what was learned before; `remarks` gets what is refused.
    init(_ configuration: LearningConfiguration, now: UInt64, remarks: inout [LogRemark]) throws(KernelError) {
        let settings = configuration.settings
        let directory = ProfileDirectory(path: configuration.directory, key: try configuration.readPublicKey())
        let bounds = ProfileKeeper.Bounds(
            workloads: settings.workloads, memory: settings.memoryBytes, disk: settings.diskBytes)
        let beginning = ProfileKeeper.begin(directory, bounds)
        remarks += beginning.problems.map { .warning("a profile is not used: \($0)") }
        let known = beginning.profiles.count + beginning.stored.count
        remarks.append(.info("learning: \(known) workloads known, in \(configuration.directory)"))
        learner = WorkloadLearner(settings: settings, profiles: beginning.profiles, stored: beginning.stored)
        thread = try ControlThread(name: "profiles", worker: beginning.keeper)
        intervalNanoseconds = UInt64(configuration.saveSeconds) &* 1_000_000_000
        nextKeeping = now &+ intervalNanoseconds
    }

    /// Does what is due; call with CLOCK_MONOTONIC.
    func tick(now: UInt64, log: DaemonLog) {
        for reply in thread.takeReplies() { take(reply, log) }
        learner.fit()
        // What gave way is to be on disk before it is asked for.
        let gone = learner.takeGivenUp()
        if !gone.isEmpty { thread.send(.keep(gone)) }
        let wanted = learner.takeWanted()
        if !wanted.isEmpty { thread.send(.read(wanted)) }
        guard now >= nextKeeping else { return }
        nextKeeping = now &+ intervalNanoseconds
        tellOfRoom(log)
        let changed = learner.takeChanged()
        if !changed.isEmpty { thread.send(.keep(changed)) }
    }

    /// Keeps what is known, and waits for it.
    func end(log: DaemonLog) {
        thread.send(.keep(learner.takeChanged()))
        let isDone = thread.stop(withinMilliseconds: Self.endMilliseconds)
        for case .problem(let problem) in thread.takeReplies() { log.warning(problem) }
        if !isDone { log.warning("profiles were not all written in time: what was learned last is lost") }
    }

    private func take(_ reply: ProfileKeeper.Reply, _ log: DaemonLog) {
        switch reply {
        case .changed(let profile):
            learner.replace(profile)
            thread.send(.taken(profile.identity))
            log.info("the profile of \(profile.identity.text) was changed: taken over")
        case .forgotten(let identity):
            learner.forget(identity)
            log.info("the profile of \(identity.text) was removed: learning begins anew")
        case .found(let profile):
            let untold = learner.resume(profile)
            guard !untold.isEmpty else { return }
            let news = untold.prefix(Self.mostUntold).map { "\($0.kind.word) \($0.text)" }.joined(separator: ", ")
            let more = untold.count > Self.mostUntold ? " and \(untold.count - Self.mostUntold) more" : ""
            log.warning(
                "\(profile.identity.text) did something new while its profile was read, which no rule was asked about: \(news)\(more)"
            )
        case .absent(let identity): learner.begin(identity)
        case .removed(let count):
            learner.noteRemoved(count)
            log.warning(ProfileKeeper.text(removed: count))
        case .problem(let problem): log.warning(problem)
        }
    }

    /// So much is told of what no rule was asked about.
    private static let mostUntold = 8

    /// Tells what found no room since the last time.
    private func tellOfRoom(_ log: DaemonLog) {
        let counters = learner.counters
        let quarantine = counters.quarantineLeftOut &- told.quarantineLeftOut
        if quarantine > 0 {
            log.warning(
                "\(quarantine) behaviours found no room in a quarantine and were told only, of \(learner.fullQuarantines.joined(separator: ", ")); approve or remove what waits with 'shrike profile edit'"
            )
        }
        let workloads = counters.workloadsGivenUp &- told.workloadsGivenUp
        if workloads > 0 {
            log.info(
                "\(workloads) workloads gave way to others and are kept on disk: shrike.learning.workloads and shrike.learning.memory_mib say how many find room"
            )
        }
        told = counters
    }
}

extension LearningConfiguration {
    /// The key by which frozen profiles must be signed; nil when none is configured.
    func readPublicKey() throws(KernelError) -> PublicKey? {
        guard !publicKeyFile.isEmpty else { return nil }
        guard let (bytes, _) = try DurableFile.read(publicKeyFile, limit: 4096), let key = PublicKey(text: bytes) else {
            throw KernelError(
                call: "read", object: publicKeyFile, errno: 22,
                hint:
                    "shrike.learning.public_key names a file with a key of 64 hexadecimal digits; 'shrike profile key' makes one"
            )
        }
        return key
    }
}
