import Glibc
import KernelInterface

/// The spool's file: made safely, opened, set aside when it is damaged.
struct SpoolFile: Sendable {
    let path: String
    /// "SHRK", so that file(1) and a careful reader tell the file from other databases.
    private static let applicationID = 0x5348_524b
    /// 2: alerts for one output, and refused alerts with all that sending them again takes.
    static let version: Int64 = 2
    /// Above this size the check at the start would take longer than a start may; damage then shows when it is met.
    private static let checkedBytes = 32 << 20

    private static let schema = """
        CREATE TABLE IF NOT EXISTS alerts(
          id INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, priority INTEGER NOT NULL, rule TEXT NOT NULL,
          tags TEXT NOT NULL, source TEXT NOT NULL, key TEXT NOT NULL, payload BLOB NOT NULL,
          output TEXT NOT NULL DEFAULT '');
        CREATE INDEX IF NOT EXISTS alerts_by_priority ON alerts(priority, id);
        CREATE TABLE IF NOT EXISTS cursors(
          output TEXT PRIMARY KEY, position INTEGER NOT NULL, delivered INTEGER NOT NULL, rejected INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS rejected(
          id INTEGER PRIMARY KEY, output TEXT NOT NULL, alert INTEGER NOT NULL, status INTEGER NOT NULL,
          reason TEXT NOT NULL, payload BLOB NOT NULL, time INTEGER NOT NULL DEFAULT 0,
          priority INTEGER NOT NULL DEFAULT 7, rule TEXT NOT NULL DEFAULT '', tags TEXT NOT NULL DEFAULT '',
          source TEXT NOT NULL DEFAULT '', key TEXT NOT NULL DEFAULT '');
        """
    /// What the first version's tables lack.
    private static let upgrade = """
        ALTER TABLE alerts ADD COLUMN output TEXT NOT NULL DEFAULT '';
        ALTER TABLE rejected ADD COLUMN time INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE rejected ADD COLUMN priority INTEGER NOT NULL DEFAULT 7;
        ALTER TABLE rejected ADD COLUMN rule TEXT NOT NULL DEFAULT '';
        ALTER TABLE rejected ADD COLUMN tags TEXT NOT NULL DEFAULT '';
        ALTER TABLE rejected ADD COLUMN source TEXT NOT NULL DEFAULT '';
        ALTER TABLE rejected ADD COLUMN key TEXT NOT NULL DEFAULT '';
        """

    /// Opens the file, made with mode 0600 if it is not there, and brings it to this version's tables.
    func open() throws(SpoolError) -> Database {
        try prepareDirectory()
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK, 0o600)
        guard descriptor >= 0 else {
            throw .system(KernelError(call: "open", object: path, errno: errno, hint: "shrike.spool.path names it"))
        }
        var facts = stat()
        let isRegular = fstat(descriptor, &facts) == 0 && facts.st_mode & S_IFMT == S_IFREG
        close(descriptor)
        guard isRegular else { throw .failed("\(path) is no regular file") }

        let database = try Database(path: path, busyMilliseconds: 20)
        // NORMAL: a commit is a write and no fsync, so a slow disk can't stall the event thread. kill -9 loses nothing,
        // a power cut at most what the kernel had not written yet, and neither damages the file (sqlite.org/pragma.html).
        try database.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY;")
        // The forwarder moves the log into the file when it has time; this is for when it has not, in pages of 4 KiB.
        try database.execute("PRAGMA wal_autocheckpoint=8192; PRAGMA journal_size_limit=16777216;")
        try database.execute("PRAGMA cell_size_check=ON")
        let found = try database.prepare("PRAGMA user_version").number()
        guard found <= Self.version else {
            throw .failed("\(path) was written by a newer version (\(found)); move it away to begin a new one")
        }
        if facts.st_size > 0, Int(facts.st_size) <= Self.checkedBytes { try check(database) }
        try database.transaction { () throws(SpoolError) in
            if found == 1 { try database.execute(Self.upgrade) }
            try database.execute(
                Self.schema + "PRAGMA user_version=\(Self.version); PRAGMA application_id=\(Self.applicationID);")
        }
        return database
    }

    /// Looks at every page, through a connection of its own: another one may still remember a page as it was. Takes a second
    /// for some hundred megabytes.
    func verify() throws(SpoolError) { try check(Database(path: path, busyMilliseconds: 20)) }

    private func check(_ database: Database) throws(SpoolError) {
        let check = try database.prepare("PRAGMA quick_check(1)")
        guard try check.step() else { return }
        defer { check.reset() }
        let verdict = check.text(0)
        if verdict != "ok" { throw .corrupt(verdict) }
    }

    /// Whoever may write to the directory could swap files under a privileged process.
    private func prepareDirectory() throws(SpoolError) {
        let directory = Self.directory(of: path)
        if mkdir(directory, 0o700) != 0, errno != EEXIST {
            throw .system(
                KernelError(
                    call: "mkdir", object: directory, errno: errno, hint: "shrike.spool.path names a file in it"))
        }
        var facts = stat()
        guard stat(directory, &facts) == 0 else {
            throw .system(KernelError(call: "stat", object: directory, errno: errno))
        }
        let isOurs = facts.st_uid == geteuid() || facts.st_uid == 0
        guard isOurs, facts.st_mode & 0o022 == 0 else { throw .unsafeDirectory(directory) }
    }

    /// Renames the file and its log, so that what is in them can still be looked at; gives the new name, nil when there is no
    /// file.
    func setAside(nowSeconds: Int) throws(SpoolError) -> String? {
        var (time, parts) = (time_t(nowSeconds), tm())
        gmtime_r(&time, &parts)
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let day = "\(Int(parts.tm_year) + 1900)\(two(parts.tm_mon + 1))\(two(parts.tm_mday))"
        let clock = "\(two(parts.tm_hour))\(two(parts.tm_min))\(two(parts.tm_sec))"
        var name = "\(path).corrupt-\(day)T\(clock)Z"
        // Twice in one second: the first must not be overwritten.
        for attempt in 2...100 where access(name, F_OK) == 0 { name = "\(path).corrupt-\(day)T\(clock)Z-\(attempt)" }
        let isThere = rename(path, name) == 0
        guard isThere || errno == ENOENT else {
            throw .system(KernelError(call: "rename", object: path, errno: errno))
        }
        _ = rename(path + "-wal", name + "-wal")
        // The index of the log is made anew from the log.
        _ = unlink(path + "-shm")
        return isThere ? name : nil
    }

    private static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
