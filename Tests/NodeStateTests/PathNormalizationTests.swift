import Testing

@testable import NodeState

@Suite struct PathNormalizationTests {
    @Test(arguments: [
        ("/etc/passwd", "/x/", "/etc/passwd"), ("/etc//passwd", "/x", "/etc/passwd"), ("/etc/./a/../b", "/", "/etc/b"),
        ("/../../etc", "/", "/etc"), ("/", "/x", "/"), ("//", "", "/"), ("/a/", "", "/a"), ("a", "/x/", "/x/a"),
        ("a", "/x", "/x/a"), ("../a", "/x/y/", "/x/a"), ("../../../a", "/x", "/a"), (".", "/x/", "/x"),
        ("..", "/", "/"), ("", "/x/", "/x"), ("a", "<UNKNOWN>", "<UNKNOWN>/a"), ("../a", "<UNKNOWN>", "<UNKNOWN>/a"),
        ("a/../../b", "<UNKNOWN>", "<UNKNOWN>/b"), ("...", "/x", "/x/..."), ("a b", "/", "/a b"),
        ("/.a/..b", "", "/.a/..b"),
    ])
    func `a path and its base`(_ path: String, _ base: String, _ expected: String) {
        var result: [UInt8] = []
        PathNormalization.append(Array(path.utf8)[...], base: Array(base.utf8)[...], into: &result)
        #expect(text(result) == expected)
    }

    @Test func `what is too long says so`() {
        var result: [UInt8] = Array("x=".utf8)
        let long = Array(repeating: UInt8(ascii: "a"), count: 1025)
        PathNormalization.append(long[...], base: [], into: &result)
        #expect(text(result) == "x=/DIR_TOO_LONG/FILENAME_TOO_LONG")
    }
}
