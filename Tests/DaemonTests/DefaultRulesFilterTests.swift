import Configuration
import ConfiguredRules
import EventModel
import EventSources
import Glibc
import RuleEngine
import Testing

/// What the built-in rules make the eBPF source tell of a program that has just started, when nothing is known of it yet.
@Suite struct DefaultRulesFilterTests {
    static let filter: FilterProgram = {
        let rules = ConfiguredRules.load(Configuration())
        return RuleSet(rules.active, catalogue: rules.catalogue)
            .filter(limits: BPFSource.filterAbility.limits, noticing: BPFSource.filterAbility.noticed).program
    }()

    static func opened(_ path: String, flags: Int32 = O_RDONLY) throws -> FilterInput {
        var input = FilterInput(type: try #require(EventType(name: "openat")))
        (input.isFailed, input.accessMode, input.user, input.families) = (false, UInt8(flags & O_ACCMODE), 0, [0])
        input.command = Array("rm".utf8)
        (input.files, input.names) = ([Array(path.utf8)], [Array(path.utf8)])
        let passed: [String: UInt64] = ["flags": UInt64(flags), "mode": 0o644]
        input.arguments = input.type.arguments.map { passed[$0.name] }
        return input
    }

    @Test(
        arguments: [
            "/etc/ld.so.cache", "/etc/locale.alias", "/etc/nsswitch.conf", "/usr/lib/x86_64-linux-gnu/libc.so.6",
            "/usr/lib/locale/C.utf8/LC_CTYPE", "/usr/lib/locale/locale-archive", "/usr/share/zoneinfo/Europe/Berlin",
            "/usr/lib/x86_64-linux-gnu/gconv/gconv-modules.cache", "/var/lib/app/data/records.db",
            "/home/user/src/main.c", "/srv/www/index.html", "/etc/resolv.conf", "/etc/hosts", "/home/user/.bashrc",
            "/proc/meminfo", "/usr/lib/python3.11/os.py", "/var/log/syslog", "/proc/self/stat", "/dev/null",
        ])
    func `what any program opens is not told`(_ path: String) throws {
        #expect(!Self.filter.passes(try Self.opened(path)))
    }

    @Test(arguments: ["/var/lib/app/data/records.db", "/var/cache/app/index", "/dev/null"])
    func `what any program makes is not told`(_ path: String) throws {
        let flags: Int32 = O_WRONLY | O_CREAT | O_TRUNC
        #expect(!Self.filter.passes(try Self.opened(path, flags: flags)))
    }

    @Test func `what rules name is told`() throws {
        #expect(Self.filter.passes(try Self.opened("/etc/shadow")))
        #expect(Self.filter.passes(try Self.opened("/home/user/.ssh/id_ed25519")))
        #expect(Self.filter.passes(try Self.opened("/etc/cron.d/job", flags: O_WRONLY)))
    }

    @Test func `only starts have more ways to match than the kernel tells apart`() {
        #expect(Set(Self.filter.crowded.keys.map(\.name)).isSubset(of: ["execve", "execveat"]))
    }
}
