import KernelInterface
import TestNode
import Testing

@testable import NodeState

@Suite struct NamedFilesTests {
    private let files = ScriptedFiles()

    private func put(_ path: String, _ inode: UInt64?) {
        files.statuses[path] = inode.map { inode in
            var status = FileStatus()
            (status.device, status.inode) = (8, inode)
            return status
        }
    }

    private func names(_ named: NamedFiles, _ inode: UInt64) -> [String] {
        var names: [String] = []
        named.forEachName(of: NamedFiles.Identity(device: 8, inode: inode)) {
            names.append(String(decoding: $0, as: UTF8.self))
        }
        return names.sorted()
    }

    private func named(_ names: [String], root: String = "") -> NamedFiles {
        var named = NamedFiles(root: Array(root.utf8))
        named.set(names.map { Array($0.utf8) })
        return named
    }

    @Test func `of two names of one file the one that stays is known when the other leads elsewhere`() {
        for moving in ["/a", "/b"] {
            put("/a", 5)
            put("/b", 5)
            var named = named(["/a", "/b"])
            named.look(files)
            #expect(names(named, 5) == ["/a", "/b"])
            put(moving, 6)
            named.look(files)
            #expect(names(named, 5) == [moving == "/a" ? "/b" : "/a"])
            #expect(names(named, 6) == [moving])
            put(moving, nil)
            named.look(files)
            #expect(names(named, 6) == [])
            put(moving, 5)
            named.look(files)
            #expect(names(named, 5) == ["/a", "/b"])
        }
    }

    @Test func `a root is put before each name, and a name with a zero byte names nothing`() {
        put("/host/etc/shadow", 7)
        put("/host/etc/x", 8)
        var named = named(["/etc/shadow", "/etc/x\0y"], root: "/host")
        named.look(files)
        #expect(names(named, 7) == ["/etc/shadow"])
        #expect(names(named, 8) == [])
    }

    @Test func `other names take the place of those before`() {
        put("/a", 5)
        put("/b", 6)
        var named = named(["/a"])
        named.look(files)
        named.set([Array("/b".utf8), Array("/b".utf8)])
        #expect(names(named, 5) == [])
        named.look(files)
        #expect(names(named, 6) == ["/b"])
        named.set([])
        #expect(named.isEmpty)
        named.look(files)
    }

    @Test func `of names that stay what was found stays, and only new ones are looked up`() {
        for (path, inode) in [("/a", 5), ("/b", 6), ("/c", 7)] as [(String, UInt64)] { put(path, inode) }
        var named = NamedFiles(root: [])
        named.change(to: ["/a", "/b", "/gone"].map { Array($0.utf8) }, files)
        #expect([5, 6].map { names(named, $0) } == [["/a"], ["/b"]])
        let asked = files.statusLooks
        named.change(to: ["/b", "/c", "/gone"].map { Array($0.utf8) }, files)
        #expect(files.statusLooks == asked + 2)
        #expect([5, 6, 7].map { names(named, $0) } == [[], ["/b"], ["/c"]])
        put("/b", 8)
        named.look(files)
        #expect([6, 8].map { names(named, $0) } == [[], ["/b"]])
    }

    @Test func `what a change could not be told of counts as not looked up`() {
        struct Refusal: Error {}
        put("/a", 5)
        var named = named(["/a"])
        #expect(throws: Refusal.self) {
            try named.look(files) { (_, _, _) throws(Refusal) in throw Refusal() }
        }
        #expect(names(named, 5) == [])
        var told: [String] = []
        named.look(files) { path, old, new in told.append("\(path.count) \(old == nil) \(new?.inode ?? 0)") }
        #expect(told == ["2 true 5"])
        #expect(names(named, 5) == ["/a"])
        named.look(files) { _, _, _ in Issue.record("nothing has changed") }
    }

    @Test func `the budget goes round, and what is beyond the limit is counted`() {
        let many = (0..<NamedFiles.limit + 3).map { "/\($0)" }
        var named = named(many)
        #expect(named.leftOut == 3)
        for (index, path) in many.enumerated() { put(path, UInt64(index + 1)) }
        var looked = 0
        for _ in 0..<NamedFiles.limit / 32 { named.look(budget: 32, files) { _, _, _ in looked += 1 } }
        #expect(looked == NamedFiles.limit)
        let scene = StateScene { $0.namedFiles = many }
        #expect(scene.state.counters.namedFilesLeftOut == 3)
        // The same rules once more.
        scene.state.want([], files: many)
        #expect(scene.state.counters.namedFilesLeftOut == 3)
    }
}
