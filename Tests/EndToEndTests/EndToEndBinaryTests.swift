import Foundation
import Testing

/// What users get: the release program, with Swift's library inside.
@Suite(.enabled(if: ShrikeProcess.isReleaseBinary, "SHRIKE_BINARY names no release program"))
struct EndToEndBinaryTests {
    /// Bytes of the stripped program; it had three times as many while Foundation and ICU were in it.
    private static let largestSize = 25_000_000

    @Test func `the program is small`() throws {
        try Command.withDirectory { directory in
            let stripped = "\(directory)/shrike"
            let done = try Command.run("/usr/bin/env", ["strip", "-o", stripped, ShrikeProcess.binary.path])
            try #require(done.status == 0, "\(done.output)")
            let attributes = try FileManager.default.attributesOfItem(atPath: stripped)
            let size = try #require(attributes[.size] as? Int)
            #expect(size < Self.largestSize, "\(size) bytes")
        }
    }

    @Test func `neither ICU nor all of Foundation is in it`() throws {
        let bytes = try Data(contentsOf: ShrikeProcess.binary)
        // ICU's data begins with its name; a Swift symbol begins with its module's name and the length of that.
        for mark in ["icudt", "$s10Foundation", "$s29FoundationInternationalization"] {
            #expect(bytes.range(of: Data(mark.utf8)) == nil, "found \(mark)")
        }
        // A mark that is there shows that the program has its symbols, without which nothing would be found.
        #expect(bytes.range(of: Data("$s9RuleFiles".utf8)) != nil)
    }
}
