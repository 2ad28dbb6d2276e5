import Testing

@testable import EventSources

@Suite struct FanotifyMarksTests {
    @Test(
        arguments: [
            ("/etc/", "/etc"), ("/etc/ld.so", "/etc"), ("/", "/"), ("/a", "/"), ("relative", nil), ("", nil),
        ] as [(String, String?)])
    func `the directory of a prefix holds every path with it`(_ prefix: String, _ expected: String?) {
        let directory = FanotifyMarks.directory(of: Array(prefix.utf8)).map { String(decoding: $0, as: UTF8.self) }
        #expect(directory == expected)
    }

    @Test func `an alias gives the rule's name for the kernel's`() {
        var aliases = PathAliases()
        aliases.add(real: Array("/usr/bin/".utf8), named: Array("/bin/".utf8), isPrefix: true)
        aliases.add(real: Array("/run/x".utf8), named: Array("/etc/x".utf8), isPrefix: false)
        func name(_ path: String) -> String? {
            aliases.firstName(of: Array(path.utf8)[...]) { _ in true }.map { String(decoding: $0, as: UTF8.self) }
        }
        #expect(name("/usr/bin/ls") == "/bin/ls")
        #expect(name("/run/x") == "/etc/x")
        #expect(name("/run/xy") == nil)
    }
}
