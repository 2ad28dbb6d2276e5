import KernelInterface
import ProfileStorage
import Profiles

/// Keeps profiles on disk, on a thread of its own: writes those that have changed, reads those that are wanted again, and notices what
/// others did to the files (`shrike profile edit`, `freeze`, `forget`).
///
/// It writes over nothing that it has not read: a file that is refused, or that somebody else has changed, stays as it is.
struct ProfileKeeper: ControlWorker {
    /// What it is asked for.
    enum Request: Sendable {
        /// These have changed.
        case keep([Profile])
        /// The profiles of these are wanted.
        case read([WorkloadIdentity])
        /// What somebody else had changed of a profile is taken over: what is to be kept from now on has it.
        case taken(WorkloadIdentity)
    }

    /// What it tells.
    enum Reply: Sendable {
        /// Somebody changed a profile; it takes the place of what is known.
        case changed(Profile)
        /// Somebody removed one.
        case forgotten(WorkloadIdentity)
        /// A profile that was wanted.
        case found(Profile)
        /// None is kept of a workload, or none that can be used.
        case absent(WorkloadIdentity)
        /// So many were removed for want of room.
        case removed(Int)
        /// A file is refused, or can't be written: why.
        case problem(String)
    }

    /// How much is kept.
    struct Bounds {
        /// Profiles in memory.
        var workloads: Int
        /// Bytes of those.
        var memory: Int
        /// Bytes of all files.
        var disk: Int
        /// Files; more would take too long to look through.
        var files: Int { min(workloads * 4, ProfileDirectory.mostFiles / 2) }
    }

    private let directory: ProfileDirectory
    private let bounds: Bounds
    /// The versions of the files that are known here, by name.
    private var marks: [String: ProfileDirectory.FileMark] = [:]
    /// Whose they are; none for refused ones.
    private var identities: [String: WorkloadIdentity] = [:]
    /// The names of those that are frozen: they are whose that froze them.
    private var frozen: Set<String> = []
    /// Why files are refused, by name.
    private var refused: [String: String] = [:]
    /// Changes of others that are told and not taken over yet: what comes to be kept doesn't have them.
    private var untaken: Set<String> = []
    private var nextLook: UInt64 = 0
    private var lastProblem = ""
    private var toldRefused: Set<String> = []
    private static let lookNanoseconds: UInt64 = 2_000_000_000

    /// What was found at the start.
    struct Beginning {
        var keeper: ProfileKeeper
        /// Those that were seen last.
        var profiles: [Profile] = []
        /// Whose profiles found no room in memory.
        var stored: Set<WorkloadIdentity> = []
        var problems: [String] = []
    }

    private init(_ directory: ProfileDirectory, _ bounds: Bounds) {
        self.directory = directory
        self.bounds = bounds
    }

    /// Reads a directory: the profiles that were seen last, as many as there is room for, leaving a quarter to new ones. No more than
    /// those are in memory at a time.
    static func begin(_ directory: ProfileDirectory, _ bounds: Bounds) -> Beginning {
        var beginning = Beginning(keeper: ProfileKeeper(directory, bounds))
        let (room, memory) = (max(bounds.workloads - bounds.workloads / 4, 1), bounds.memory / 4 * 3)
        var used = 0
        let names: [(name: String, mark: ProfileDirectory.FileMark)]
        do throws(KernelError) { names = try directory.names() } catch {
            beginning.problems.append("\(error)")
            return beginning
        }
        // The last written first, so that little is read in vain.
        for (name, _) in names.sorted(by: { $0.mark.written > $1.mark.written }) {
            guard let found = directory.read(name) else { continue }
            beginning.keeper.marks[name] = found.mark
            switch found.result {
            case .success(let profile):
                beginning.keeper.note(profile, name)
                used += profile.memory
                let index = beginning.profiles.firstIndex { isBefore(profile, $0) } ?? beginning.profiles.count
                beginning.profiles.insert(profile, at: index)
                while beginning.profiles.count > 1, beginning.profiles.count > room || used > memory,
                    let last = beginning.profiles.popLast()
                {
                    used -= last.memory
                    beginning.stored.insert(last.identity)
                }
            case .failure(let problem):
                beginning.keeper.refused[name] = "\(problem)"
                beginning.problems.append("\(problem)")
            }
        }
        let removed = beginning.keeper.makeRoom(beside: nil)
        if removed > 0 { beginning.problems.append(Self.text(removed: removed)) }
        return beginning
    }

    /// The order in which profiles are held in memory.
    private static func isBefore(_ left: Profile, _ right: Profile) -> Bool {
        (left.isFrozen ? 1 : 0, left.lastSeen) > (right.isFrozen ? 1 : 0, right.lastSeen)
    }

    mutating func take(_ requests: [Request], _ replies: ControlReplies<Reply>) {
        for request in requests {
            switch request {
            case .keep(let profiles): for profile in profiles { keep(profile, replies) }
            case .read(let wanted): for identity in wanted { read(identity, replies) }
            case .taken(let identity): if let name = identity.fileName { untaken.remove(name) }
            }
        }
    }

    mutating func tick(nowNanoseconds: UInt64, _ replies: ControlReplies<Reply>) {
        guard nowNanoseconds >= nextLook else { return }
        nextLook = nowNanoseconds &+ Self.lookNanoseconds
        look(replies)
    }

    private mutating func note(_ profile: Profile, _ name: String) {
        identities[name] = profile.identity
        refused[name] = nil
        toldRefused.remove(name)
        if profile.isFrozen { frozen.insert(name) } else { frozen.remove(name) }
    }

    private mutating func keep(_ profile: Profile, _ replies: ControlReplies<Reply>) {
        guard let name = profile.identity.fileName, !frozen.contains(name), !untaken.contains(name) else { return }
        // Who changed, made or removed it meanwhile is heard with the next look.
        let present = directory.mark(of: name)
        guard present == marks[name] else { return }
        if let why = refused[name] {
            guard toldRefused.insert(name).inserted else { return }
            return replies.send(
                .problem(
                    "what is learned of \(profile.identity.text) is not kept, since its file is refused: \(why); "
                        + "mend the file or remove it"))
        }
        do throws(KernelError) {
            marks[name] = try directory.write(profile)
            identities[name] = profile.identity
            lastProblem = ""
        } catch { return tell("profiles can't be kept: \(error)", replies) }
        let removed = makeRoom(beside: name)
        if removed > 0 { replies.send(.removed(removed)) }
    }

    private mutating func read(_ identity: WorkloadIdentity, _ replies: ControlReplies<Reply>) {
        guard let name = identity.fileName, let found = directory.read(name) else {
            return replies.send(.absent(identity))
        }
        marks[name] = found.mark
        switch found.result {
        case .success(let profile):
            note(profile, name)
            replies.send(.found(profile))
        case .failure(let problem):
            refused[name] = "\(problem)"
            replies.send(.problem("a profile is not used: \(problem)"))
            replies.send(.absent(identity))
        }
    }

    private mutating func look(_ replies: ControlReplies<Reply>) {
        let names: [(name: String, mark: ProfileDirectory.FileMark)]
        do throws(KernelError) { names = try directory.names() } catch {
            return tell("profiles can't be read: \(error)", replies)
        }
        for (name, mark) in names where marks[name] != mark {
            guard let found = directory.read(name) else { continue }
            marks[name] = found.mark
            switch found.result {
            case .success(let profile):
                note(profile, name)
                untaken.insert(name)
                replies.send(.changed(profile))
            case .failure(let problem):
                refused[name] = "\(problem)"
                replies.send(.problem("a profile is not used: \(problem)"))
            }
        }
        // Of more than are looked at nobody knows which are gone.
        guard names.count < ProfileDirectory.mostFiles else { return }
        let present = Set(names.map(\.name))
        for name in marks.keys where !present.contains(name) {
            if let identity = drop(name) { replies.send(.forgotten(identity)) }
        }
    }

    /// Forgets a file that is gone; gives whose it was.
    private mutating func drop(_ name: String) -> WorkloadIdentity? {
        marks[name] = nil
        refused[name] = nil
        toldRefused.remove(name)
        frozen.remove(name)
        untaken.remove(name)
        return identities.removeValue(forKey: name)
    }

    /// Removes the profiles that were not written for longest, until the rest is within the bounds; not frozen ones, and not files that
    /// are no profiles. Gives how many.
    private mutating func makeRoom(beside kept: String?) -> Int {
        var used = marks.values.reduce(0) { $0 + $1.bytes }
        guard used > bounds.disk || marks.count > bounds.files else { return 0 }
        var removed = 0
        let candidates = marks.filter { $0.key != kept && identities[$0.key] != nil && !frozen.contains($0.key) }
            .sorted { $0.value.written < $1.value.written }
        for (name, mark) in candidates {
            // Some more, so that it isn't to be done with each file.
            guard used > bounds.disk / 16 * 15 || marks.count > bounds.files else { break }
            guard let identity = identities[name], directory.mark(of: name) == mark,
                (try? directory.remove(identity)) != nil
            else { continue }
            _ = drop(name)
            used -= mark.bytes
            removed += 1
        }
        return removed
    }

    /// What is told of profiles that were removed.
    static func text(removed count: Int) -> String {
        "\(count) profiles that were not written for longest were removed: all take more than shrike.learning.disk_mib, or are more than "
            + "four times shrike.learning.workloads"
    }

    /// Tells of a problem once.
    private mutating func tell(_ problem: String, _ replies: ControlReplies<Reply>) {
        guard problem != lastProblem else { return }
        lastProblem = problem
        replies.send(.problem(problem))
    }
}
