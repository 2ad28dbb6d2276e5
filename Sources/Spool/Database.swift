import CSQLite

/// A connection to an SQLite file. Closed when the last owner goes; statements keep it open for as long as they live.
final class Database {
    private let handle: OpaquePointer

    /// Opens a file that exists.
    init(path: String, busyMilliseconds: Int32) throws(SpoolError) {
        var opened: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        let code = sqlite3_open_v2(path, &opened, flags, nil)
        guard let opened else { throw .failed("no memory for a connection") }
        handle = opened
        guard code == SQLITE_OK else { throw error(code) }
        shrike_sqlite_harden(opened)
        sqlite3_busy_timeout(opened, busyMilliseconds)
    }

    deinit { sqlite3_close_v2(handle) }

    /// Runs statements that give no rows anyone wants.
    func execute(_ sql: String) throws(SpoolError) {
        let code = sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw error(code) }
    }

    /// Compiles one statement.
    func prepare(_ sql: String) throws(SpoolError) -> Statement {
        var compiled: OpaquePointer?
        let code = sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &compiled, nil)
        guard code == SQLITE_OK, let compiled else { throw error(code) }
        return Statement(compiled, of: self)
    }

    /// Runs `body` in one transaction that takes the write lock at once; rolls back when it fails.
    func transaction(_ body: () throws(SpoolError) -> Void) throws(SpoolError) {
        try execute("BEGIN IMMEDIATE")
        do throws(SpoolError) {
            try body()
            try execute("COMMIT")
        } catch {
            // Some failures (a full disk) have rolled back already; then this one has nothing to do.
            try? execute("ROLLBACK")
            throw error
        }
    }

    /// Rows that the last statement inserted, changed or deleted.
    var changes: Int64 { sqlite3_changes64(handle) }

    /// The error of a result code.
    func error(_ code: Int32) -> SpoolError {
        SpoolError(code: code, message: String(cString: sqlite3_errmsg(handle)))
    }
}

/// A compiled statement, used again and again.
final class Statement {
    private let handle: OpaquePointer
    private let database: Database

    init(_ handle: OpaquePointer, of database: Database) {
        self.handle = handle
        self.database = database
    }

    deinit { sqlite3_finalize(handle) }

    /// Binds a number to a parameter, counted from 1.
    func bind(_ index: Int32, _ value: Int64) { sqlite3_bind_int64(handle, index, value) }
    /// Binds text.
    func bind(_ index: Int32, _ text: String) {
        var text = text
        text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
                _ = shrike_sqlite_bind_text(handle, index, $0.baseAddress, Int32(clamping: $0.count))
            }
        }
    }
    /// Binds bytes.
    func bind(_ index: Int32, _ bytes: [UInt8]) {
        bytes.withUnsafeBytes { _ = shrike_sqlite_bind_blob(handle, index, $0.baseAddress, Int32(clamping: $0.count)) }
    }

    /// Goes to the next row; false, and ready for new parameters, when there is none.
    func step() throws(SpoolError) -> Bool {
        let code = sqlite3_step(handle)
        if code == SQLITE_ROW { return true }
        sqlite3_reset(handle)
        if code == SQLITE_DONE { return false }
        throw database.error(code)
    }

    /// Runs a statement that gives no row.
    func run() throws(SpoolError) {
        while try step() {}
    }

    /// Gives up the rows that are left: an open read would keep the log from being reused.
    func reset() { sqlite3_reset(handle) }

    /// A number of the current row, counted from 0.
    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }
    /// A text of the current row.
    func text(_ column: Int32) -> String { String(decoding: bytes(column), as: UTF8.self) }
    /// Bytes of the current row.
    func bytes(_ column: Int32) -> [UInt8] {
        // The pointer first: asking for it may convert the value, which changes the count (sqlite3_column_blob(3)).
        guard let start = sqlite3_column_blob(handle, column) else { return [] }
        let count = Int(sqlite3_column_bytes(handle, column))
        return Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    /// Runs a statement that gives one row with one number; 0 when there is no row.
    func number() throws(SpoolError) -> Int64 {
        guard try step() else { return 0 }
        defer { reset() }
        return integer(0)
    }
}
