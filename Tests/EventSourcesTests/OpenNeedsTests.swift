import EventModel
import Testing

@testable import EventSources

@Suite struct OpenNeedsTests {
    static func needs(_ alternatives: [String: [EventNeed]]) throws -> EventNeeds {
        var result = EventNeeds()
        for (name, needs) in alternatives { result.alternatives[try #require(EventType(name: name))] = needs }
        return result
    }

    private static func paths(
        _ exact: Set<String> = [], prefixes: Set<String> = [], suffixes: Set<String> = []
    ) -> PathNeed { .oneOf(exact: exact, prefixes: prefixes, suffixes: suffixes) }

    private func access(_ needs: OpenNeeds, _ path: String) -> AccessNeed { needs.access(to: Array(path.utf8)[...]) }

    @Test func `the open family is joined and other types do not matter`() throws {
        let needs = OpenNeeds(
            try Self.needs([
                "open": [EventNeed(paths: Self.paths(["/etc/shadow"]), access: .read)],
                "openat": [EventNeed(paths: Self.paths(["/etc/shadow"]), access: .write)],
                "creat": [EventNeed(paths: Self.paths(["/etc/passwd"]))],
                "unlinkat": [EventNeed()],
            ])
        )
        #expect(access(needs, "/etc/shadow") == .any)
        #expect(access(needs, "/etc/passwd") == .write)
        #expect(access(needs, "/etc/shadow-").isEmpty)
        #expect(needs.anywhere.isEmpty)
    }

    @Test func `prefixes and suffixes are bytes, not components`() throws {
        let needs = OpenNeeds(
            try Self.needs([
                "openat": [
                    EventNeed(paths: Self.paths(prefixes: ["/etc/ld.so"]), access: .write),
                    EventNeed(paths: Self.paths(suffixes: ["_keys"]), access: .read),
                ]
            ])
        )
        #expect(access(needs, "/etc/ld.so.conf.d/x") == .write)
        #expect(access(needs, "/etc/ld.s").isEmpty)
        #expect(access(needs, "/root/.ssh/authorized_keys") == .read)
        #expect(access(needs, "keys").isEmpty)
        #expect(needs.anywhere == .read)
    }

    @Test func `failed opens can't be seen and are no need`() throws {
        let needs = OpenNeeds(try Self.needs(["openat": [EventNeed(outcome: .failure)]]))
        #expect(needs.isEmpty)
    }

    @Test func `any path is any path`() throws {
        let needs = OpenNeeds(try Self.needs(["openat": [EventNeed(access: .write)]]))
        #expect(access(needs, "/x") == .write)
        #expect(needs.anywhere == .write)
    }

    @Test func `a prefix below another one is covered by it`() throws {
        let needs = OpenNeeds(
            try Self.needs(["openat": [EventNeed(paths: Self.paths(prefixes: ["/etc/", "/etc/ld", "/bin/", "/etc"]))]])
        )
        #expect(needs.outermostPrefixes.map { String(decoding: $0, as: UTF8.self) } == ["/bin/", "/etc"])
    }

    @Test func `a need of containers alone is none of the host`() throws {
        let all = try Self.needs([
            "openat": [
                EventNeed(paths: Self.paths(["/a"]), scope: .container),
                EventNeed(paths: Self.paths(["/b"]), scope: .host),
                EventNeed(paths: Self.paths(["/c"])),
            ]
        ])
        func names(_ scope: ScopeNeed) -> [String] { OpenNeeds(all, scope: scope).exact.map(\.text) }
        #expect(names(.any) == ["/a", "/b", "/c"])
        #expect(names(.host) == ["/b", "/c"])
        #expect(names(.container) == ["/a", "/c"])
    }
}
