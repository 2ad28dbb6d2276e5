/// The tree of processes that a process belongs to.
extension NodeState {
    /// The number of a process's tree: that of its root, the outermost ancestor that is no service manager's or login program's
    /// own business. A process is a root when its parent is
    ///
    /// - unknown, the first process or the kernel's (pid 1 and 2): a service, or what a service manager started;
    /// - a user's service manager (systemd --user);
    /// - in another container, or on the host: a container's first process, and what is started in it from outside;
    /// - root's on the host and of another login: a session of sshd or login, a job of cron. Others' say so of their children
    ///   proves nothing: a login uid that is unset can be set by everybody (audit_set_loginuid_perm, kernel/auditsc.c).
    ///
    /// A process that loses its parent stays where it is. The number is the root's process id, followed by six digits that tell
    /// it from others of the same id in this run.
    public func tree(of process: ProcessRecord) -> UInt64 {
        _ = process.loginUID
        return tree(of: process, mayRead: true, depth: 0).number
    }

    /// The login uid of a process's tree; nil where there is none, or anybody may have set it.
    public func treeLogin(of process: ProcessRecord) -> UInt32? {
        _ = tree(of: process)
        return process.tree.provenLoginUID == .max ? nil : process.tree.provenLoginUID
    }

    /// Notes the tree of a process that has just come to be, while it still has the parent that made it.
    func noteTree(of process: ProcessRecord) { _ = tree(of: process, mayRead: false, depth: 0) }

    private func tree(of process: ProcessRecord, mayRead: Bool, depth: Int) -> ProcessTree {
        let login = Self.login(of: process)
        let known = process.tree
        if known.number != 0, known.loginUID == login, known.container === process.container { return known }
        var found = found(process, login, mayRead: mayRead, depth: depth)
        (found.loginUID, found.container) = (login, process.container)
        process.tree = found
        return found
    }

    private func found(_ process: ProcessRecord, _ login: UInt32, mayRead: Bool, depth: Int) -> ProcessTree {
        var own = ProcessTree()
        own.number = UInt64(UInt32(bitPattern: process.pid)) &* 1_000_000 &+ process.serial % 1_000_000
        // The parent that it had, not the one that the kernel gave it since.
        let found = processes.linkedParent(of: process) ?? (mayRead ? parent(of: process) : nil)
        guard process.pid > 2, let parent = found, parent.pid > 2, depth < Self.deepestTree else {
            if found?.pid == 1, isUserManager(process) { own.provenLoginUID = login }
            return own
        }
        if parent.container !== process.container { return own }
        if mayRead { _ = parent.loginUID }
        if login != .max, Self.login(of: parent) != login, isRootOfHost(parent) {
            own.provenLoginUID = login
            return own
        }
        let above = tree(of: parent, mayRead: mayRead, depth: depth + 1)
        guard isUserManager(parent) else { return above }
        own.provenLoginUID = above.provenLoginUID
        return own
    }

    private func isRootOfHost(_ process: ProcessRecord) -> Bool {
        guard process.container == nil, !process.isContainerUnproven, let user = process.knownCredentials else {
            return false
        }
        // Not what anybody starts that has the setuid bit.
        return user.uid == 0 && user.effectiveUID == 0
    }

    private static let deepestTree = 128

    private static func login(of process: ProcessRecord) -> UInt32 {
        process.known.contains(.loginUser) ? process.storedLoginUID : .max
    }

    /// Whether a process is the service manager of a user's session (user@.service(5)): process 1 started it, and only root can
    /// write its file. In a container, where others can put any program at any path, none is.
    private func isUserManager(_ process: ProcessRecord) -> Bool {
        guard process.container == nil,
            Self.managerPaths.contains(where: { process.storedExecutablePath[...].matches($0) }),
            let starter = processes.linkedParent(of: process), starter.pid == 1
        else { return false }
        return process.isExecutableOfRootAlone
    }

    private static let managerPaths: [StaticString] = ["/usr/lib/systemd/systemd", "/lib/systemd/systemd"]
}

/// The tree that a process was found in, and what that was found from.
struct ProcessTree {
    /// 0 when it was not looked for yet.
    var number: UInt64 = 0
    var loginUID: UInt32 = .max
    var container: ContainerRecord?
    /// The login uid that root gave the tree; `UInt32.max` when none.
    var provenLoginUID: UInt32 = .max
}
