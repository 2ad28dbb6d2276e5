import JSONTree
import SeededRandom
import Testing

@testable import NodeState

@Suite struct JSONDocumentTests {
    private func parse(_ json: String) throws(JSONError) -> JSONValue { try JSONDocument(Array(json.utf8)).root }

    @Test func `values are found by name and order`() throws {
        let root = try parse(#" {"a": {"b": [1, -2, {"c": "x"}], "a": 2}, "d": true, "e": null, "a": 9} "#)
        #expect(root["a"]?["b"]?.elements.map(\.integer) == [1, -2, nil])
        #expect(root["a"]?["b"]?.elements.last?["c"]?.string == [UInt8(ascii: "x")])
        #expect(root["a"]?["a"]?.integer == 2)
        #expect(root["d"]?.bool == true && root["e"]?.kind == .null && root["f"] == nil)
        #expect(root.members.map { text($0.name) } == ["a", "d", "e", "a"])
        #expect(try parse("[]").elements.isEmpty)
        #expect(try parse("{}").members.isEmpty)
    }

    @Test(arguments: [
        (#""a\"b\\c\/""#, "a\"b\\c/"), (#""\n\t\r""#, "\n\t\r"), (#""\u00e9""#, "é"), (#""\ud83d\ude00""#, "😀"),
        (#""\ud83d""#, "\u{FFFD}"), (#""\ude00x""#, "\u{FFFD}x"), (#""é""#, "é"),
    ])
    func `texts are decoded`(_ json: String, _ expected: String) throws {
        #expect(try parse(json).string.map { text($0) } == expected)
    }

    @Test(arguments: [
        "", " ", "{", "[", "[1", "[1,", "[1,]", "[,1]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "[1 2]", "\"",
        "\"a",
        "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"a\nb\"", "01", "-", "1.", "1e", "+1", ".5", "tru", "nul",
        "[]]",
        "{} {}", "'a'", "NaN", "[1}",
    ])
    func `anything else is refused`(_ json: String) {
        #expect(throws: JSONError.self) { try JSONDocument(Array(json.utf8)) }
    }

    @Test func `depth and size are bounded`() {
        let deep = Array(repeating: UInt8(ascii: "["), count: 1_000_000)
        #expect(throws: JSONError.tooDeep(at: 64)) { try JSONDocument(deep) }
        let wide = Array("[".utf8) + Array(repeatElement(Array("1,".utf8), count: 100).joined()) + Array("1]".utf8)
        #expect(throws: JSONError.self) { try JSONDocument(wide, nodeLimit: 50) }
        #expect(throws: Never.self) { try JSONDocument(wide, nodeLimit: 102) }
    }

    @Test func `mutations of a bundle never trap`() throws {
        let seed = Array(BundleFixture.containerd.utf8)
        var random = SeededGenerator(seed: 7)
        for _ in 0..<3000 {
            var bytes = seed
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: at)
                case 2: bytes.insert(contentsOf: Array("{}[]\",:\\".utf8).shuffled(using: &random).prefix(2), at: at)
                default: bytes.removeSubrange(at..<min(at + 40, bytes.count))
                }
            }
            guard let document = try? JSONDocument(bytes) else { continue }
            ContainerRecord(fullID: [], engine: .unknown).takeBundle(document.root, bundle: [])
            ContainerRecord(fullID: [], engine: .unknown).takeDocker(document.root, host: document.root, path: [])
            ContainerRecord(fullID: [], engine: .unknown).takeStorage(document.root)
        }
    }
}
