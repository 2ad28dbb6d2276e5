import EventModel
import Testing

@testable import EventSources

/// Where marks are to be, and what becomes of them. No kernel.
@Suite struct FanotifyPlanTests {
    private static let files = ScriptedFiles(
        directories: ["/usr/bin", "/c/usr/bin", "/c/etc"], files: ["/etc/shadow", "/c/etc/shadow"],
        links: ["/bin": "/usr/bin", "/c/bin": "/usr/bin", "/run/link": "/etc/shadow"])

    static func needs(exact: Set<String> = [], prefixes: Set<String> = [], suffixes: Set<String> = []) -> OpenNeeds {
        let need = EventNeed(paths: .oneOf(exact: exact, prefixes: prefixes, suffixes: suffixes))
        return OpenNeeds(LiveAudit.needs(["openat": [need]]))
    }

    private static func texts(_ plan: FanotifyPlan) -> [String] {
        plan.points.map { "\($0.kind.name) \($0.text)" }.sorted()
    }

    @Test(
        arguments: [
            (needs(exact: ["/etc/shadow"]), "", ["file /etc/shadow"], 0),
            (needs(exact: ["/etc/gshadow"]), "", ["children /etc"], 1),
            (needs(exact: ["/opt/a/b"]), "", [], 1),
            (needs(exact: ["/run/link"]), "", ["file /etc/shadow"], 0),
            (needs(prefixes: ["/bin/"]), "/c", ["tree /c/usr/bin"], 0),
            (needs(prefixes: ["/etc/sh", "/etc/shadow"]), "/c", ["tree(sh) /c/etc"], 0),
            (needs(suffixes: [".so"]), "/c", ["filesystem /c/"], 0), (needs(exact: ["/proc/1/mem"]), "", [], 1),
        ] as [(OpenNeeds, String, [String], Int)])
    func `marks are where the needs are`(_ needs: OpenNeeds, _ root: String, _ expected: [String], _ missing: Int) {
        let plan = FanotifyPlan(needs, root: root, files: Self.files)
        #expect(Self.texts(plan) == expected)
        #expect(plan.missing == missing)
    }

    @Test func `links give the rule's name for the kernel's, in containers too`() {
        let plan = FanotifyPlan(
            Self.needs(exact: ["/bin/su"], prefixes: ["/bin/"]), root: "/c",
            files: ScriptedFiles(files: ["/c/usr/bin/su"], links: ["/c/bin": "/usr/bin"]))
        let aliases = PathAliases(plan.aliases)
        func name(_ path: String) -> String? {
            aliases.firstName(of: Array(path.utf8)[...]) { _ in true }.map { String(decoding: $0, as: UTF8.self) }
        }
        #expect(name("/usr/bin/su") == "/bin/su")
        #expect(name("/usr/bin/ls") == "/bin/ls")
        #expect(name("/usr/binx") == nil)
        #expect(plan.awaited == ["/c/usr/bin": ["su"]])
    }
}

/// What is done when things change.
@Suite struct FanotifyMarkManagerTests {
    /// A kernel of variables: what is at which path, and what is marked.
    private final class Kernel {
        var manager = FanotifyMarkManager(directoryLimit: 100)
        var files = ScriptedFiles(
            directories: ["/etc/ssh", "/usr/bin", "/c/etc"], files: ["/etc/shadow", "/c/etc/shadow"])
        var needs = FanotifyPlanTests.needs(exact: ["/etc/shadow"], prefixes: ["/etc/ssh/"])
        var inodes: [String: UInt64] = [:]
        var silent: Set<String> = []
        var refused: Set<String> = []
        var unasked: Set<String> = []
        var marks: Set<String> = []
        /// Where only what tells of writers was kept.
        var narrowed: [String] = []
        var looks: [String] = []
        var findings: [FanotifyMarkManager.Finding] = []

        func take(_ change: FanotifyMarkManager.Change) {
            var queue = manager.take(change)
            while !queue.isEmpty {
                switch queue.removeFirst() {
                case .plan(let root):
                    let plan = silent.contains(root) ? nil : FanotifyPlan(needs, root: root, files: files)
                    queue += manager.take(.planned(root: root, plan))
                case .look(let point, let marked):
                    looks.append(point.text)
                    queue += manager.take(.looked(point, look(point, marked)))
                case .unmark(let point, _, let keepsWrites):
                    if keepsWrites { narrowed.append(point.text) } else { marks.remove(point.text) }
                case .tell(let finding): findings.append(finding)
                }
            }
        }

        private func look(_ point: WatchPoint, _ marked: WatchPoint.Identity?) -> FanotifyLook {
            if silent.contains(point.text) { return .silent }
            if unasked.contains(point.text) { return .unasked }
            guard files.exists(point.text) else { return .missing }
            let names = files.names(in: point.text, root: "", beginningWith: "")
            if inodes[point.text] == nil { inodes[point.text] = UInt64(inodes.count + 1) }
            let identity = WatchPoint.Identity(
                device: 1, inode: inodes[point.text] ?? 0, modified: names.count)
            guard identity != marked else { return .same }
            var found = FanotifyLook.Found(identity: identity)
            if refused.contains(point.text) {
                (found.failure, found.isRefused) = ("can't be marked: no room", true)
            } else {
                marks.insert(point.text)
            }
            if case .tree = point.kind {
                found.subdirectories = names.filter { files.directories.contains("\(point.text)/\($0)") }
                    .map { Array($0.utf8) }
            }
            return .found(found)
        }

        /// Seconds pass, ten ticks each.
        func pass(_ seconds: ClosedRange<UInt64>) {
            for second in seconds {
                for tick in 0..<10 as Range<UInt64> { take(.tick(second * 1_000_000_000 + tick * 100_000_000)) }
            }
        }
    }

    @Test func `what is needed is marked, and directories below when they are made`() {
        let kernel = Kernel()
        kernel.take(.started(root: ""))
        #expect(kernel.marks == ["/etc/shadow", "/etc/ssh"])
        kernel.files.directories.insert("/etc/ssh/new")
        kernel.pass(1...2)
        #expect(kernel.marks == ["/etc/shadow", "/etc/ssh", "/etc/ssh/new"])
        #expect(kernel.manager.coverage.directories == 2 && kernel.manager.coverage.files == 1)
        kernel.files.directories.remove("/etc/ssh/new")
        kernel.pass(3...4)
        #expect(kernel.manager.coverage.directories == 1)
    }

    @Test func `a directory that comes and goes costs no more with time`() {
        let kernel = Kernel()
        kernel.take(.started(root: ""))
        for second in UInt64(1)...200 {
            kernel.files.directories.formSymmetricDifference(["/etc/ssh/x"])
            // The parent's look finds it before the stale entry is met.
            kernel.take(.tick(second * 1_000_000_000))
        }
        kernel.looks = []
        kernel.pass(201...201)
        #expect(kernel.looks.count <= 12, "one a tick, and what was found")
    }

    @Test func `a file that is removed has its directory watched, and itself again when it is back`() {
        let kernel = Kernel()
        kernel.take(.started(root: ""))
        kernel.files.files.remove("/etc/shadow")
        kernel.pass(1...4)
        #expect(kernel.marks.contains("/etc"))
        #expect(kernel.manager.coverage.missing == 1)
        #expect(kernel.manager.awaited["/etc"]?.contains("shadow") == true)
        kernel.files.files.insert("/etc/shadow")
        kernel.marks.remove("/etc/shadow")
        kernel.take(.appeared(["/etc"]))
        kernel.pass(5...7)
        #expect(kernel.marks == ["/etc/shadow", "/etc/ssh"], "the directory's is taken back")
        #expect(kernel.manager.coverage.missing == 0)
    }

    @Test func `other needs leave what both name, and take the rest back`() {
        let kernel = Kernel()
        kernel.take(.started(root: ""))
        kernel.looks = []
        kernel.needs = FanotifyPlanTests.needs(exact: ["/etc/shadow"], prefixes: ["/usr/bin/"])
        kernel.take(.needs)
        #expect(kernel.marks == ["/etc/shadow", "/etc/ssh", "/usr/bin"], "new ones come first")
        kernel.pass(1...1)
        #expect(kernel.marks == ["/etc/shadow", "/usr/bin"])
    }

    @Test func `a wider tree keeps the marks of the narrower`() {
        let kernel = Kernel()
        kernel.take(.started(root: ""))
        kernel.needs = FanotifyPlanTests.needs(prefixes: ["/etc/"])
        kernel.take(.needs)
        kernel.pass(1...1)
        #expect(kernel.marks.isSuperset(of: ["/etc", "/etc/ssh"]))
        #expect(kernel.manager.coverage.directories == 2)
    }

    @Test func `a container's points go with it, when all who asked have`() {
        let kernel = Kernel()
        kernel.take(.started(root: ""))
        kernel.take(.started(root: "/c"))
        kernel.take(.started(root: "/c"))
        #expect(kernel.marks.contains("/c/etc/shadow"))
        kernel.take(.ended(root: "/c"))
        #expect(kernel.manager.coverage.files == 2)
        kernel.take(.ended(root: "/c"))
        kernel.take(.ended(root: "/c"))
        #expect(kernel.manager.coverage.files == 1)
        kernel.looks = []
        kernel.pass(1...3)
        #expect(!kernel.looks.contains { $0.hasPrefix("/c/") })
    }

    @Test func `what does not answer is told once and not asked again before it does`() {
        let kernel = Kernel()
        kernel.silent = ["/etc/ssh", "/hung"]
        kernel.take(.started(root: ""))
        kernel.take(.started(root: "/hung"))
        #expect(kernel.findings == [.unreachable(root: "/hung")])
        #expect(kernel.manager.troubles == [.silent("/etc/ssh"), .unreachable(root: "/hung")])
        kernel.looks = []
        kernel.pass(1...3)
        #expect(!kernel.looks.contains("/etc/ssh") && kernel.findings.count == 1)
        kernel.silent = []
        let point = WatchPoint(root: "", path: Array("/etc/ssh".utf8), kind: .tree(beginning: []))
        kernel.take(.answering([point]))
        #expect(kernel.manager.troubles == [.unreachable(root: "/hung")])
        kernel.pass(4...5)
        #expect(kernel.marks.contains("/etc/ssh"))
        kernel.take(.ended(root: "/hung"))
        #expect(kernel.manager.troubles.isEmpty)
    }

    @Test func `what was not asked stays as it was, and is asked again`() {
        let kernel = Kernel()
        kernel.take(.started(root: ""))
        kernel.unasked = ["/etc/ssh", "/etc/shadow"]
        kernel.looks = []
        kernel.pass(1...2)
        #expect(kernel.looks.contains("/etc/ssh"))
        #expect(kernel.marks == ["/etc/shadow", "/etc/ssh"] && kernel.manager.troubles.isEmpty)
        #expect(kernel.manager.coverage.files == 1 && kernel.manager.coverage.directories == 1)
    }

    @Test func `places that can't be looked at in time stay marked`() {
        let kernel = Kernel()
        kernel.take(.started(root: "/c"))
        kernel.silent = ["/c"]
        kernel.take(.needs)
        kernel.pass(1...2)
        #expect(kernel.marks == ["/c/etc/shadow"] && kernel.manager.coverage.files == 1)
        #expect(kernel.manager.troubles == [.unreachable(root: "/c")])
        kernel.silent = []
        kernel.take(.needs)
        #expect(kernel.manager.troubles.isEmpty)
    }

    @Test func `a file system that only writers matter on any more tells of no readers any more`() {
        let kernel = Kernel()
        kernel.files.directories.insert("/")
        func needs(_ access: AccessNeed) -> OpenNeeds {
            OpenNeeds(
                LiveAudit.needs([
                    "openat": [EventNeed(paths: .oneOf(exact: [], prefixes: [], suffixes: [".so"]), access: access)]
                ]))
        }
        kernel.needs = needs(.any)
        kernel.take(.started(root: ""))
        #expect(kernel.marks == ["/"])
        kernel.needs = needs(.write)
        kernel.take(.needs)
        kernel.pass(1...1)
        #expect(kernel.narrowed == ["/"] && kernel.marks == ["/"])
        kernel.needs = needs(.any)
        kernel.take(.needs)
        kernel.pass(2...2)
        #expect(kernel.narrowed.count == 1 && kernel.marks == ["/"], "what is wider leaves nothing over")
    }

    @Test func `a mark that the kernel refuses is told`() {
        let kernel = Kernel()
        kernel.refused = ["/etc/shadow"]
        kernel.take(.started(root: ""))
        kernel.pass(1...2)
        #expect(kernel.manager.troubles == [.refused("/etc/shadow", "can't be marked: no room")])
        kernel.files.files.remove("/etc/shadow")
        kernel.pass(3...4)
        #expect(kernel.manager.troubles.isEmpty)
    }

    @Test func `too many directories fall back to the file system, once`() {
        let kernel = Kernel()
        for index in 0..<200 { kernel.files.directories.insert("/etc/ssh/\(index)") }
        kernel.take(.started(root: ""))
        kernel.pass(1...2)
        #expect(kernel.manager.coverage.filesystems == ["/etc/ssh"])
        #expect(kernel.findings == [.tooMany(below: "/etc/ssh")])
    }
}

extension WatchPoint.Kind {
    fileprivate var name: String {
        switch self {
        case .file: "file"
        case .children: "children"
        case .tree(let beginning):
            beginning.isEmpty ? "tree" : "tree(\(String(decoding: beginning, as: UTF8.self)))"
        case .filesystem: "filesystem"
        }
    }
}
