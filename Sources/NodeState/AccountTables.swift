/// The accounts of the host and of containers, read again when their files change.
final class AccountTables {
    private final class Table {
        var accounts = AccountFile()
        var passwd = FileStatus()
        var group = FileStatus()
        var checkedNanoseconds: UInt64 = 0
        var isRead = false
        var lastUsed: UInt64 = 0
    }

    private let context: StateContext
    private let host = Table()
    private var byContainer: [UInt64: Table] = [:]
    private var useClock: UInt64 = 0

    init(context: StateContext) { self.context = context }

    /// The user as the process sees it.
    func user(_ uid: UInt32, of process: ProcessRecord?) -> UserAccount? { table(of: process).accounts.users[uid] }

    /// The group as the process sees it.
    func group(_ gid: UInt32, of process: ProcessRecord?) -> GroupAccount? { table(of: process).accounts.groups[gid] }

    /// How long a table is used before its files are looked at again.
    private static let hostInterval: UInt64 = 1_000_000_000
    private static let containerInterval: UInt64 = 30_000_000_000

    private func table(of process: ProcessRecord?) -> Table {
        guard let process, let container = process.container else {
            if isDue(host, Self.hostInterval) { readHost() }
            return host
        }
        let key = ContainerTable.hash(container.fullID)
        useClock += 1
        if let table = byContainer[key] {
            table.lastUsed = useClock
            if isDue(table, Self.containerInterval) { read(table, of: process) }
            return table
        }
        if byContainer.count >= context.options.accountTableLimit { evict() }
        let table = Table()
        table.lastUsed = useClock
        byContainer[key] = table
        read(table, of: process)
        return table
    }

    private func isDue(_ table: Table, _ interval: UInt64) -> Bool {
        !table.isRead || context.now > table.checkedNanoseconds &+ interval
    }

    private func evict() {
        guard let oldest = byContainer.min(by: { $0.value.lastUsed < $1.value.lastUsed }) else { return }
        byContainer[oldest.key] = nil
        context.counters.accountTablesEvicted += 1
    }

    private func readHost() {
        host.checkedNanoseconds = context.now
        context.setPath(host: "/etc/passwd")
        let passwd = context.files.status(context.path) ?? FileStatus()
        context.setPath(host: "/etc/group")
        let group = context.files.status(context.path) ?? FileStatus()
        if host.isRead, passwd == host.passwd, group == host.group { return }
        host.isRead = true
        host.passwd = passwd
        host.group = group
        host.accounts = AccountFile()
        context.setPath(host: "/etc/passwd")
        if readHostFile() { host.accounts.addUsers(context.content) }
        context.setPath(host: "/etc/group")
        if readHostFile() { host.accounts.addGroups(context.content) }
        context.counters.malformedAccountLines += host.accounts.malformedLines
    }

    private func readHostFile() -> Bool {
        let limit = context.options.accountFileLimit
        guard context.files.read(context.path, upTo: limit, into: &context.content) else {
            context.counters.accountFileFailures += 1
            return false
        }
        return true
    }

    /// Reads a container's files through a living process's root. Where that fails, what was read before stays.
    private func read(_ table: Table, of process: ProcessRecord) {
        // The next process of the container may be there to read them through.
        guard !process.isGone else { return }
        table.checkedNanoseconds = context.now
        table.isRead = true
        var accounts = AccountFile()
        context.setPath(process: process.pid, "root")
        let limit = context.options.accountFileLimit
        let hasUsers =
            context.files.readBeneath(
                root: context.path, components: ["etc", "passwd"], upTo: limit, into: &context.content) != nil
        if hasUsers { accounts.addUsers(context.content) }
        let hasGroups =
            context.files.readBeneath(
                root: context.path, components: ["etc", "group"], upTo: limit, into: &context.content) != nil
        if hasGroups { accounts.addGroups(context.content) }
        // The files were the process's only if it is still there under its id.
        guard hasUsers || hasGroups, process.reader.isStillSame(process) else {
            context.counters.accountFileFailures += 1
            // Not at once again: the container's files may be such that reading them takes all the time that is given.
            table.checkedNanoseconds = context.now &- Self.containerInterval &+ Self.hostInterval
            return
        }
        context.counters.malformedAccountLines += accounts.malformedLines
        table.accounts = accounts
    }
}
