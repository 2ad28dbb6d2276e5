import NodeState
import Testing

@testable import EventSources

@Suite struct OpenDescriptorSearchTests {
    @Test(
        arguments: [
            ("pos:\t0\nflags:\t0100000\nmnt_id:\t27\n", 0o100000), ("flags:\t02100002\n", 0o2100002), ("flags: 0\n", 0),
            ("flags:\t\n", nil), ("flags:\t09\n", nil), ("pos:\t0\n", nil), ("", nil),
            ("flags:\t777777777777777777\n", nil),
        ] as [(String, Int32?)])
    func `the flags are an octal number`(_ text: String, _ expected: Int32?) {
        #expect(OpenDescriptorSearch.flags(Array(text.utf8)) == expected)
    }

    @Test func `the highest descriptor on the file is found`() {
        let files = ScriptedProc()
        var wanted = FileStatus()
        wanted.inode = 7
        wanted.device = 3
        var other = wanted
        other.device = 4
        files.directories["/proc/50/fd"] = [0, 3, 4, 5]
        files.statuses = ["/proc/50/fd/3": wanted, "/proc/50/fd/4": wanted, "/proc/50/fd/5": other]
        files.contents["/proc/50/fdinfo/4"] = "flags:\t0100001\n"
        var search = OpenDescriptorSearch(files: files)
        let found = search.find(pid: 50, device: 3, inode: 7)
        #expect(found?.descriptor == 4)
        #expect(found?.flags == 0o100001)
        #expect(search.find(pid: 50, device: 3, inode: 8) == nil)
        #expect(search.find(pid: 51, device: 3, inode: 7) == nil)
    }
}
