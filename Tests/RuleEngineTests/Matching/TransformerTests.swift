import Testing

@testable import RuleEngine

@Suite struct TransformerTests {
    typealias Case = OperatorTests.Case

    static let cases: [Case] = [
        Case("tolower(proc.name) = bash", ["proc.name": "BaSH"], true),
        Case("toupper(proc.name) = BASH\u{e9}", ["proc.name": "bash\u{e9}"], true),
        Case("toupper(b64(proc.name)) = HELLO", ["proc.name": "aGVsbG8="], true),
        Case("b64(proc.name) = hello", ["proc.name": "aGVsbG8"], true),
        Case("b64(proc.name) = \"\"", ["proc.name": ""], true),
        Case("b64(proc.name) exists", ["proc.name": "a"], false),
        Case("b64(proc.name) exists", ["proc.name": "!!!!"], false),
        Case("b64(proc.name) exists", ["proc.name": "aG=VsbG8"], false),
        Case("b64(evt.buffer) = a", ["evt.buffer": .bytes(Array("YQ==".utf8))], true),
        Case("basename(fd.name) = c", ["fd.name": "/a/b/c"], true),
        Case("basename(fd.name) = c", ["fd.name": "c"], true),
        Case("basename(fd.name) = \"\"", ["fd.name": "/a/"], true),
        Case("len(proc.name) = 4", ["proc.name": "bash"], true),
        Case("len(proc.name) > 4", ["proc.name": "bash"], false),
        Case("len(evt.buffer) = 2", ["evt.buffer": .bytes([0, 0])], true),
        Case("len(t.words) = 2", ["t.words": ["a", "b"]], true),
        Case("join(\"-\", t.words) = a-b", ["t.words": ["a", "b"]], true),
        Case("join(\"-\", t.words) = \"\"", ["t.words": []], true),
        Case("join(\"-\", (proc.name, \"x\")) = a-x", ["proc.name": "a"], true),
        Case("join(\"-\", (proc.name, proc.pname)) exists", ["proc.name": "a"], false),
        Case("concat(proc.name, \"/\", proc.pname) = a/b", ["proc.name": "a", "proc.pname": "b"], true),
        Case("tolower(t.words) in (a, b)", ["t.words": ["A", "b"]], true),
        Case("b64(t.words) exists", ["t.words": ["YQ", "!"]], false),
        Case("len(tolower(t.words)) = 2", ["t.words": ["A", "b"]], true),
        Case("tolower(proc.name) startswith anyof (ba, x)", ["proc.name": "BASH"], true),
        Case("proc.name = tolower(proc.pname)", ["proc.name": "a", "proc.pname": "A"], true),
        Case("toupper(\"a\") = A", [:], true),
    ]

    @Test(arguments: cases)
    func `a transformer's value is compared`(_ test: Case) throws {
        #expect(try holds(test.condition, TestEvent("openat", test.values)) == test.expected)
    }

    struct Options: CustomTestStringConvertible, Sendable {
        let words: [String]
        let options: String
        let result: String
        var selected: [String: String?] = [:]
        var testDescription: String { "\(words) \(options)" }
    }

    static let options = [
        Options(
            words: ["-l", "-p", "80"], options: "lp:", result: "l,p,80", selected: ["l": "l", "p": "80", "x": nil]),
        Options(words: ["-lp80"], options: "lp:", result: "l,p,80", selected: ["p": "80"]),
        Options(words: ["-p", "1", "-p2"], options: "p:", result: "p,1,p,2", selected: ["p": "2"]),
        Options(words: ["-x", "-l"], options: "l", result: "?,l", selected: ["x": nil]),
        Options(words: ["-p"], options: "p:", result: "", selected: ["p": ""]),
        Options(words: ["--long", "-l", "--", "-x"], options: "lx", result: "l", selected: ["x": nil]),
        Options(words: ["-l", "file", "-x"], options: "lx", result: "l"),
        Options(words: ["-l", "-", "-x"], options: "lx", result: "l"),
        Options(words: ["-l", "", "-x"], options: "lx", result: "l"),
        Options(words: ["-l"], options: ":l", result: "l"),
        Options(words: ["-:"], options: "a:", result: "?"), Options(words: [], options: "a", result: ""),
    ]

    @Test(arguments: options)
    func `getopt finds short options`(_ test: Options) throws {
        let event = TestEvent("execve", ["t.words": .list(test.words.map { .text($0) })])
        #expect(try holds("join(\",\", getopt(t.words, \"\(test.options)\")) = \"\(test.result)\"", event))
        for (selector, value) in test.selected {
            let call = "getopt(t.words, \"\(test.options)\")[\(selector)]"
            #expect(try holds(value.map { "\(call) = \"\($0)\"" } ?? "not \(call) exists", event))
        }
    }
}
