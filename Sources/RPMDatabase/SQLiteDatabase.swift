import CSQLite

/// RPM's database as an SQLite file: a table of headers (rpm, lib/backend/sqlite.c).
enum SQLiteDatabase {
    /// Calls with each package's header; no journal is followed. False where it can't be read to its end.
    static func forEachHeader(_ path: [UInt8], _ body: (ArraySlice<UInt8>) -> Void) -> Bool {
        var database: OpaquePointer?
        let flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI
        let opened = sqlite3_open_v2(uri(path), &database, flags, nil)
        defer { sqlite3_close_v2(database) }
        guard opened == SQLITE_OK, let database else { return false }
        shrike_sqlite_harden(database)
        sqlite3_limit(database, SQLITE_LIMIT_LENGTH, Int32(RPMDatabase.largestHeader))
        var statement: OpaquePointer?
        guard sqlite3_prepare_v2(database, "SELECT blob FROM Packages", -1, &statement, nil) == SQLITE_OK else {
            return false
        }
        defer { sqlite3_finalize(statement) }
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW:
                guard let start = sqlite3_column_blob(statement, 0) else { continue }
                let count = Int(sqlite3_column_bytes(statement, 0))
                body(Array(UnsafeRawBufferPointer(start: start, count: count))[...])
            case SQLITE_DONE: return true
            default: return false
            }
        }
    }

    /// https://www.sqlite.org/uri.html; what has a meaning there is written as a number.
    private static func uri(_ path: [UInt8]) -> String {
        var text = "file:"
        for byte in path {
            if byte.isPlain {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }
        return text + "?mode=ro&immutable=1"
    }
}

extension UInt8 {
    fileprivate var isPlain: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
