import CSQLite
import Foundation
import SeededRandom
import Testing

@testable import RPMDatabase

/// Headers and the database as rpm 4.18 wrote them for a package of two programs and a text.
@Suite struct RPMHeaderTests {
    private static func fixture() throws -> [UInt8] {
        let url = try #require(
            Bundle.module.url(forResource: "tool", withExtension: "header", subdirectory: "Fixtures"))
        return Array(try Data(contentsOf: url))
    }

    private static func paths(_ bytes: [UInt8]) -> [String]? {
        guard let header = RPMHeader(bytes[...]) else { return nil }
        var paths: [String] = []
        header.forEachPath { paths.append(String(decoding: $0, as: UTF8.self)) }
        return paths
    }

    @Test func `a header has its files and when they were installed`() throws {
        let bytes = try Self.fixture()
        let header = try #require(RPMHeader(bytes[...]))
        // As `rpm -q --qf '%{INSTALLTIME}'` and `rpm -ql` say.
        #expect(header.installTime == 1796000411)
        #expect(
            Self.paths(bytes)
                == ["/usr/bin/tool", "/usr/lib/tool", "/usr/lib/tool/helper", "/usr/share/doc/tool/README"])
    }

    @Test func `a file that another package has replaced is not the package's`() throws {
        var bytes = try Self.fixture()
        // RPMTAG_FILESTATES, 1029: a CHAR for each file, of which 1 is RPMFILE_STATE_REPLACED.
        let entry = try #require(bytes.indices.first { bytes[$0...].starts(with: [0, 0, 4, 5, 0, 0, 0, 1]) })
        let offset = bytes[(entry + 8)..<(entry + 12)].reduce(0) { $0 << 8 | Int($1) }
        let entries = bytes[0..<4].reduce(0) { $0 << 8 | Int($1) }
        bytes[8 + entries * 16 + offset] = 1
        #expect(Self.paths(bytes)?.first == "/usr/lib/tool")
    }

    @Test func `no bytes make reading trap`() throws {
        let bytes = try Self.fixture()
        #expect(Self.paths([]) == nil)
        for count in stride(from: 0, to: bytes.count, by: 7) { _ = Self.paths(Array(bytes.prefix(count))) }
        var generator = SeededGenerator.fromEnvironment()
        for _ in 0..<5000 {
            var mutated = bytes
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                // Most of what is read is the index.
                let index = Int.random(in: 0..<(Bool.random(using: &generator) ? 600 : bytes.count), using: &generator)
                mutated[index] = UInt8.random(in: 0...255, using: &generator)
            }
            _ = Self.paths(mutated)
        }
    }
}
