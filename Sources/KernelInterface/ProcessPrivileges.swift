import CCap
import CKernel
import Glibc
import Synchronization

/// Gives up what a process may do, for good.
public enum ProcessPrivileges {
    /// Becomes an unprivileged user and loses every capability.
    ///
    /// As root it takes the ids of the first of `users` that exists; as any other user it keeps its own. It fails rather
    /// than leave something: afterwards neither root's ids nor a capability can be had again.
    ///
    /// - Parameters:
    ///   - users: account names, best first.
    ///   - parent: the process whose end ends this one.
    public static func dropAll(users: [String], parent: Int32) throws(KernelError) {
        for bit in 0..<max(0, cap_max_bits()) where cap_get_bound(cap_value_t(bit)) == 1 {
            // Without CAP_SETPCAP the bounding set stays; no_new_privs below keeps it from mattering.
            _ = cap_drop_bound(cap_value_t(bit))
        }
        _ = cap_reset_ambient()
        if geteuid() == 0 { try become(users) }
        guard let none = cap_init() else { throw KernelError(call: "cap_init", object: "", errno: errno) }
        defer { cap_free(UnsafeMutableRawPointer(none)) }
        guard cap_set_proc(none) == 0 else { throw KernelError(call: "capset", object: "", errno: errno) }
        try check(shrike_no_new_privileges(), "PR_SET_NO_NEW_PRIVS")
        try check(shrike_forbid_dumps(), "PR_SET_DUMPABLE")
        // After the change of ids, which forgets it; a parent that ended before shows as another parent.
        try check(shrike_die_with_parent(SIGKILL), "PR_SET_PDEATHSIG")
        guard getppid() == parent else {
            throw KernelError(call: "getppid", object: "the sensor has gone", errno: ESRCH)
        }
        guard geteuid() != 0, getuid() != 0, try CapabilitySet.permitted().isEmpty else {
            throw KernelError(call: "setresuid", object: "privileges remain", errno: EPERM)
        }
    }

    /// Keeps these capabilities, as far as the process has them, and gives all others up for good.
    ///
    /// Both belong to a thread: this one's, and those of every `ControlThread` and `LimitedCalls`, are given up. Threads that
    /// are started later take over what is left here.
    ///
    /// - Parameter forbidsNewPrivileges: sets no_new_privs: no program that is started can gain privileges.
    public static func keep(_ kept: CapabilitySet, forbidsNewPrivileges: Bool) throws(KernelError) {
        let outcome = SharedFailure()
        let missing = try WorkerThread.performOnAll(withinMilliseconds: 2000) {
            do throws(KernelError) { try keepOnThread(kept, forbidsNewPrivileges: forbidsNewPrivileges) } catch {
                outcome.note(error)
            }
        }
        try keepOnThread(kept, forbidsNewPrivileges: forbidsNewPrivileges)
        if let error = outcome.first { throw error }
        guard missing == 0 else {
            throw KernelError(
                call: "capset", object: "\(missing) threads that do not answer", errno: ETIMEDOUT,
                hint: "they keep their privileges until what they wait for answers")
        }
    }

    /// The first error of several threads.
    private final class SharedFailure: Sendable {
        private let error = Mutex<KernelError?>(nil)
        var first: KernelError? { error.withLock { $0 } }
        func note(_ new: KernelError) { error.withLock { if $0 == nil { $0 = new } } }
    }

    private static func keepOnThread(_ kept: CapabilitySet, forbidsNewPrivileges: Bool) throws(KernelError) {
        let kept = try kept.intersection(CapabilitySet.permitted())
        for bit in 0..<max(0, cap_max_bits()) where !kept.contains(CapabilitySet(bit: Int(bit))) {
            // Without CAP_SETPCAP the bounding set stays.
            if cap_get_bound(cap_value_t(bit)) == 1 { _ = cap_drop_bound(cap_value_t(bit)) }
        }
        guard let state = cap_init() else { throw KernelError(call: "cap_init", object: "", errno: errno) }
        defer { cap_free(UnsafeMutableRawPointer(state)) }
        var values = (0..<max(0, cap_max_bits())).filter { kept.contains(CapabilitySet(bit: Int($0))) }
            .map { cap_value_t($0) }
        for flag in [CAP_PERMITTED, CAP_EFFECTIVE] {
            guard cap_set_flag(state, flag, Int32(values.count), &values, CAP_SET) == 0 else {
                throw KernelError(call: "cap_set_flag", object: "", errno: errno)
            }
        }
        guard cap_set_proc(state) == 0 else { throw KernelError(call: "capset", object: "", errno: errno) }
        if forbidsNewPrivileges { try check(shrike_no_new_privileges(), "PR_SET_NO_NEW_PRIVS") }
    }

    private static func become(_ users: [String]) throws(KernelError) {
        var ids: (user: uid_t, group: gid_t)?
        for name in users where ids == nil {
            if let entry = getpwnam(name) { ids = (entry.pointee.pw_uid, entry.pointee.pw_gid) }
        }
        guard let ids, ids.user != 0 else {
            throw KernelError(
                call: "getpwnam", object: users.joined(separator: ", "), errno: ENOENT,
                hint: "make a system user: useradd --system --no-create-home shrike")
        }
        let result = shrike_become(ids.user, ids.group)
        guard result == 0 else {
            throw KernelError(
                call: "setresuid", object: "\(ids.user)", errno: -result,
                hint: "needs CAP_SETUID and CAP_SETGID, to be without them afterwards")
        }
    }

    private static func check(_ result: Int32, _ what: String) throws(KernelError) {
        if result != 0 { throw KernelError(call: "prctl", object: what, errno: -result) }
    }
}
