import EventModel
import Testing

@testable import AuditRecords

@Suite struct ArgumentAssemblyTests {
    /// Assembles records and gives the arguments, each as text, and whether something is missing.
    private func assemble(_ records: [String]) -> (arguments: [String], isTruncated: Bool, duplicates: Int) {
        var assembly = ArgumentAssembly()
        var duplicates = 0
        for record in records where !assembly.take(Array(record.utf8).span, from: 0) { duplicates += 1 }
        var bytes: [UInt8] = []
        let range = assembly.finish(into: &bytes)
        let parts = bytes[range.range].split(separator: 0, omittingEmptySubsequences: false)
        return (parts.dropLast().map { String(decoding: $0, as: UTF8.self) }, assembly.isTruncated, duplicates)
    }

    @Test func `twelve arguments stay in the order of their numbers`() {
        let record = "argc=12 " + (0..<12).map { "a\($0)=\"v\($0)\"" }.joined(separator: " ")
        let result = assemble([record])
        #expect(result.arguments == (0..<12).map { "v\($0)" })
        #expect(!result.isTruncated)
    }

    @Test func `quoted, hexadecimal, empty and null-looking arguments`() {
        let result = assemble(["argc=5 a0=\"sh\" a1=612062 a2=\"\" a3=\"(null)\" a4=6E650A"])
        #expect(result.arguments == ["sh", "a b", "", "(null)", "ne\n"])
    }

    @Test func `arguments over several records`() {
        let result = assemble(["argc=4 a0=\"a\" a1=\"b\"", "a2=\"c\"", "a3=\"d\""])
        #expect(result.arguments == ["a", "b", "c", "d"])
        #expect(!result.isTruncated)
    }

    @Test func `records of one argument in any order`() {
        let result = assemble([
            "a1[2]=6363 a2=\"end\"", "argc=3 a0=\"echo\" a1_len=6 a1[0]=\"aa\"", "a1[1]=6262",
        ])
        #expect(result.arguments == ["echo", "aabbcc", "end"])
        #expect(!result.isTruncated)
    }

    @Test(arguments: ["a1_len=99999999999999999999", "a1_len=0", "a1_len=", "a1_len=-1", "a1_len=18446744073709551615"])
    func `the announced length of an argument is not believed`(_ length: String) {
        let result = assemble(["argc=2 a0=\"e\" \(length) a1[0]=\"x\" a1[1]=79"])
        #expect(result.arguments == ["e", "xy"])
    }

    @Test func `a record that comes twice counts once`() {
        let result = assemble(["argc=2 a0=\"a\"", "a1=\"b\"", "a1=\"b\""])
        #expect(result.arguments == ["a", "b"])
        #expect(result.duplicates == 1)
    }

    @Test func `missing arguments show`() {
        #expect(assemble(["argc=3 a0=\"a\" a1=\"b\""]).isTruncated)
        #expect(assemble(["argc=3 a0=\"a\"", "a2=\"c\""]).isTruncated)
        #expect(assemble(["a1=\"b\""]).isTruncated)
        #expect(assemble(["argc=2 a0=\"a\" a1_len=4 a1[1]=\"x\""]).isTruncated == true)
    }

    @Test func `padding can push neither end out of sight`() {
        var records = ["argc=2002 a0=\"curl\" a1=\"first\""]
        for number in 2..<2000 { records.append("a\(number)=\"\(String(repeating: "x", count: 500))\"") }
        records.append("a2000=\"http://evil\" a2001=\"last\"")
        let result = assemble(records)
        #expect(result.arguments.prefix(2) == ["curl", "first"])
        #expect(result.arguments.suffix(2) == ["http://evil", "last"])
        #expect(result.isTruncated)
        #expect(result.arguments.joined().utf8.count <= ArgumentAssembly.maximumBytes)
    }

    @Test func `fragments of one long argument keep its head and tail`() {
        var records = ["argc=2 a0=\"e\" a1_len=2000000 a1[0]=\"head\""]
        let padding = String(repeating: "y", count: 7000)
        for number in 1..<200 { records.append("a1[\(number)]=\"\(padding)\"") }
        records.append("a1[200]=\"tail\"")
        let result = assemble(records)
        #expect(result.arguments.count == 2)
        #expect(result.arguments[1].hasPrefix("headyyy"))
        #expect(result.arguments[1].hasSuffix("yyytail"))
        #expect(result.isTruncated)
    }

    @Test func `many tiny records are bounded too`() {
        let result = assemble((0..<5000).map { "a\($0)=\"\($0)\"" })
        #expect(result.arguments.first == "0")
        #expect(result.arguments.last == "4999")
        #expect(result.arguments.count <= 257)
        #expect(result.isTruncated)
    }

    @Test(arguments: [
        "a=1", "a1", "a1[", "a1[]=1", "a1[1=2", "ab=1", "a99999999999=\"x\"", "a1[99999999999]=\"x\"", "=", "\"",
        "a0=\"",
    ])
    func `odd names make no trap`(_ record: String) {
        _ = assemble([record, record])
    }
}
