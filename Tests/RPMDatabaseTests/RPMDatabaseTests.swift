import CSQLite
import Foundation
import SeededRandom
import Testing

@testable import RPMDatabase

/// Each kind of file: SQLite's by its own library; ndb as rpm 4.18's code writes it, with a package that was removed again; Berkeley DB's
/// hash as db5.3_load writes it, in pages so small that headers lie in chains and others beside them.
@Suite struct RPMDatabaseTests {
    private static let kinds = ["ndb", "hash", "hash-big-endian"]

    private static func fixture(_ name: String, _ type: String) throws -> URL {
        try #require(Bundle.module.url(forResource: name, withExtension: type, subdirectory: "Fixtures"))
    }

    private static func headers(_ path: String) -> [[UInt8]]? {
        var found: [[UInt8]] = []
        return RPMDatabase.forEachHeader(Array(path.utf8)) { found.append(Array($0)) } ? found : nil
    }

    @Test(arguments: kinds)
    func `older kinds of database have their headers`(_ kind: String) throws {
        let found = try #require(Self.headers(try Self.fixture(kind, "db").path))
        for name in ["first", "second"] {
            let header = Array(try Data(contentsOf: try Self.fixture(name, "header")))
            #expect(found.filter { $0 == header }.count == 1)
        }
        let small = (3..<40).map { Array("small header \($0 < 10 ? "0" : "")\($0)".utf8) }
        let others = found.filter { RPMHeader($0[...]) == nil }
        #expect(Set(others) == (kind == "ndb" ? [] : Set(small)))
        #expect(found.count == 2 + (kind == "ndb" ? 0 : small.count))
    }

    @Test(arguments: kinds)
    func `a file that is cut off or altered is told or read, and never traps`(_ kind: String) throws {
        let bytes = Array(try Data(contentsOf: try Self.fixture(kind, "db")))
        try Self.withDirectory { directory in
            let path = directory + "/database"
            func read(_ bytes: [UInt8]) throws -> [[UInt8]]? {
                try Data(bytes).write(to: URL(fileURLWithPath: path))
                return Self.headers(path)
            }
            for count in stride(from: 0, to: bytes.count, by: 301) {
                #expect(try read(Array(bytes.prefix(count))) == nil)
            }
            var generator = SeededGenerator.fromEnvironment()
            for _ in 0..<1500 {
                var altered = bytes
                for _ in 0..<Int.random(in: 1...6, using: &generator) {
                    // Heads of pages, slots and the first page are what is read for where to go.
                    let page = Int.random(in: 0..<bytes.count / 512, using: &generator) * 512
                    let index =
                        page + Int.random(in: 0..<(Bool.random(using: &generator) ? 64 : 512), using: &generator)
                    altered[index] = UInt8.random(in: 0...255, using: &generator)
                }
                _ = try read(altered)
            }
        }
    }

    /// A chain of pages that leads back to itself has no end.
    @Test func `a chain in a circle is told`() throws {
        var bytes = Array(try Data(contentsOf: try Self.fixture("hash", "db")))
        let overflows = stride(from: 0, to: bytes.count, by: 512).filter { bytes[$0 + 25] == 7 }
        let first = try #require(overflows.first)
        bytes.replaceSubrange((first + 16)..<(first + 20), with: bytes[(first + 8)..<(first + 12)])
        try Self.withDirectory { directory in
            try Data(bytes).write(to: URL(fileURLWithPath: directory + "/database"))
            #expect(Self.headers(directory + "/database") == nil)
        }
    }

    @Test func `what is no file is no database`() throws {
        try Self.withDirectory { directory in
            #expect(mkfifo(directory + "/fifo", 0o600) == 0)
            #expect(Self.headers(directory + "/fifo") == nil)
            #expect(Self.headers(directory) == nil)
        }
    }

    private static func withDirectory(_ body: (String) throws -> Void) throws {
        let directory = NSTemporaryDirectory() + "shrike-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try body(directory)
    }

    @Test func `a database is read whatever its name, and one that is none is told`() throws {
        try Self.withDirectory { directory in
            let path = directory + "/a?b%#.sqlite"
            var database: OpaquePointer?
            #expect(sqlite3_open(path, &database) == SQLITE_OK)
            sqlite3_exec(
                database, "CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob BLOB NOT NULL)", nil, nil, nil)
            var statement: OpaquePointer?
            sqlite3_prepare_v2(database, "INSERT INTO Packages (blob) VALUES (?)", -1, &statement, nil)
            let bytes = Array(try Data(contentsOf: try Self.fixture("tool", "header")))
            _ = bytes.withUnsafeBytes { shrike_sqlite_bind_blob(statement, 1, $0.baseAddress, Int32($0.count)) }
            #expect(sqlite3_step(statement) == SQLITE_DONE)
            sqlite3_finalize(statement)
            sqlite3_close(database)
            var found: [[UInt8]] = []
            #expect(RPMDatabase.forEachHeader(Array(path.utf8)) { found.append(Array($0)) })
            #expect(found == [bytes])
            #expect(!RPMDatabase.forEachHeader(Array((directory + "/none").utf8)) { _ in })
            try "no database".write(toFile: directory + "/text", atomically: true, encoding: .utf8)
            #expect(!RPMDatabase.forEachHeader(Array((directory + "/text").utf8)) { _ in })
        }
    }
}
