import EventModel
import Testing

@testable import EventSources

/// What is planned for which needs: as few rules as the kernel allows, and none that everybody can set off.
@Suite struct AuditRulePlannerTests {
    private static func plan(
        _ alternatives: [String: [EventNeed]], files: ScriptedFiles = ScriptedFiles()
    ) -> AuditRulePlan {
        var request = AuditPlanRequest()
        request.needs = LiveAudit.needs(alternatives)
        return AuditRulePlanner(files: files).plan(request)
    }

    private static func opens(
        exact: Set<String> = [], prefixes: Set<String> = [], _ access: AccessNeed, scope: ScopeNeed = .host
    ) -> [String: [EventNeed]] {
        let need = EventNeed(
            paths: .oneOf(exact: exact, prefixes: prefixes, suffixes: []), access: access, outcome: .success,
            scope: scope)
        return Dictionary(uniqueKeysWithValues: ["open", "openat", "openat2"].map { ($0, [need]) })
    }

    /// The rules about files, as text without numbers of calls.
    private static func places(_ plan: AuditRulePlan) -> [String] {
        plan.rules.compactMap { rule in
            rule.watchedPath.map { place in
                let permission =
                    rule.fields.first { $0.kind == .permission }?.description.split(separator: "=").last ?? "-"
                return "\(place.kind.name) \(String(decoding: place.text, as: UTF8.self)) \(permission)"
            }
        }.sorted()
    }

    @Test func `all opens of a file are one rule, whatever the call and the ABI`() {
        let files = ScriptedFiles(files: ["/etc/shadow"])
        let plan = Self.plan(Self.opens(exact: ["/etc/shadow"], .read), files: files)
        #expect(Self.places(plan) == ["path /etc/shadow r"])
        let rule = plan.rules.first { $0.watchedPath != nil }
        #expect(rule?.architecture == nil)
        for number in [2, 257, 437, 5, 295] as [Int32] where RawEvent.Architecture.host.contains(.x86_64) {
            #expect(rule?.syscalls.contains(number) == true)
        }
        #expect(plan.rules.count { $0.list == .ioUring } <= 1)
    }

    @Test func `what shells redirect output to is told where rules read it`() {
        func redirections(_ fields: Set<String>, _ alternatives: [String: [EventNeed]] = [:]) -> [String] {
            var request = AuditPlanRequest()
            request.needs = LiveAudit.needs(alternatives)
            request.fieldNames = fields
            return AuditRulePlanner(files: ScriptedFiles()).plan(request).rules.filter {
                $0.architecture == RawEvent.Architecture.x86_64.rawValue && $0.syscalls.contains(257)
            }.map { $0.fields.dropFirst().map(\.description).joined(separator: " ") }
        }
        guard RawEvent.Architecture.host.contains(.x86_64) else { return }
        #expect(
            redirections(["proc.stdout.name"]).sorted()
                == ["0x241", "0x341", "0x441", "0x541"].map { "-F a2=\($0) -F success=1" })
        #expect(redirections(["proc.stdin.type", "proc.name"]).isEmpty)
        // Those that are told anyway.
        #expect(redirections(["proc.stderr.type"], ["openat": [EventNeed()]]) == [""])
    }

    @Test func `reads and writes of one file are one rule, and creat does not open it up`() {
        let files = ScriptedFiles(files: ["/etc/a"])
        var needs = Self.opens(exact: ["/etc/a"], .read)
        for (name, need) in Self.opens(exact: ["/etc/a"], .write) { needs[name, default: []] += need }
        #expect(Self.places(Self.plan(needs, files: files)) == ["path /etc/a rw"])
        var writes = Self.opens(exact: ["/etc/a"], .write)
        writes["creat"] = writes["open"]
        #expect(Self.places(Self.plan(writes, files: files)) == ["path /etc/a w"])
    }

    @Test func `all changes below a directory are one rule beside that for its opens`() {
        let files = ScriptedFiles(directories: ["/usr/bin"])
        var needs = Self.opens(prefixes: ["/usr/bin/"], .write)
        let change = EventNeed(
            paths: .oneOf(exact: [], prefixes: ["/usr/bin/"], suffixes: []), outcome: .success, scope: .host)
        for name in ["rename", "renameat", "renameat2", "link", "linkat", "unlinkat"] { needs[name] = [change] }
        #expect(Self.places(Self.plan(needs, files: files)) == ["dir /usr/bin -", "dir /usr/bin w"])
    }

    @Test func `files that are missing are watched by name, and never by their directory's reads`() {
        let files = ScriptedFiles(directories: ["/etc", "/var/lib", "/tmp"], files: ["/etc/shadow"])
        let missing: Set<String> = [
            "/etc/gshadow", "/etc/kubernetes/admin.conf", "/var/lib/kubelet/pki/key", "/opt/a/b", "/tmp/x/y",
        ]
        let reads = Self.plan(Self.opens(exact: missing, .read), files: files)
        #expect(Self.places(reads) == ["path /etc/gshadow r"])
        #expect(
            reads.awaited == ["/etc": ["kubernetes"], "/var/lib": ["kubelet"], "/": ["opt"], "/tmp": ["x"]])
        #expect(reads.isProvisional)
        // Changes are seen below the nearest directory, but for those that everybody may write to.
        let writes = Self.plan(Self.opens(exact: missing, .write), files: files)
        #expect(
            Self.places(writes) == ["dir /etc w", "dir /var/lib w", "path /tmp/x w"])
    }

    @Test func `needs of containers are a rule for all of them, and marks for each`() {
        let files = ScriptedFiles(
            directories: ["/c/etc/sudoers.d", "/c/usr/bin"], files: ["/c/etc/shadow"], links: ["/c/bin": "/usr/bin"])
        var needs = Self.opens(
            exact: ["/etc/shadow", "/etc/gshadow"], prefixes: ["/etc/sudoers.d/"], .read, scope: .container)
        for (name, need) in Self.opens(prefixes: ["/bin/", "/usr/bin/"], .write, scope: .container) {
            needs[name, default: []] += need
        }
        let planner = AuditRulePlanner(files: files)
        var request = AuditPlanRequest()
        request.needs = LiveAudit.needs(needs)
        let plan = planner.plan(request)
        #expect(Self.places(plan) == ["dir /run/shrike/audit/0 r", "dir /run/shrike/audit/1 w"])
        let container = ContainerPlan(root: "/c", plan.templates, files: files, hostRoot: "", isQuick: true)
        #expect(
            Set(container.marks) == [
                .init(directory: "/run/shrike/audit/0", place: "/c/etc/shadow"),
                .init(directory: "/run/shrike/audit/0", place: "/c/etc/sudoers.d"),
                .init(directory: "/run/shrike/audit/1", place: "/c/usr/bin"),
            ])
        // A file that is replaced, or made later, is marked when its name appears.
        #expect(container.awaited == ["/c/etc": ["shadow", "gshadow"]])
    }

    @Test func `what is asked for everywhere needs no marks`() {
        let need = EventNeed(paths: .any, access: .write, outcome: .success, scope: .any)
        let plan = Self.plan(["openat": [need]])
        #expect(plan.templates.isEmpty && Self.places(plan).isEmpty)
        #expect(plan.rules.contains { $0.syscalls.contains(257) || $0.syscalls.contains(56) })
    }
}
