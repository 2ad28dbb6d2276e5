import AuditRecords
import EventModel
import Testing

/// What a path is to its call, also where the kernel does not say.
@Suite struct PathRoleTests {
    private func roles(_ call: Int, _ names: [String], key: String? = nil) throws -> [PathFact.Role] {
        let records = names.enumerated().map { index, name in
            "type=PATH msg=audit(1.1:1): item=\(index) name=\"\(name)\" inode=\(index + 5) dev=fd:00 mode=0100644 ouid=0"
                + (key.map { " \($0)" } ?? "")
        }
        let text = """
            type=SYSCALL msg=audit(1.1:1): arch=c000003e syscall=\(call) success=yes exit=0 a0=1 a1=241 a2=1b6 a3=0 \
            items=\(names.count) ppid=10 pid=11 uid=0
            \(records.joined(separator: "\n"))
            type=EOE msg=audit(1.1:1):
            """
        return try #require(decode(text).events.first).paths.map(\.role)
    }

    @Test(arguments: ["nametype", "objtype"]) func `by either key`(_ key: String) throws {
        for (name, role) in [
            ("NORMAL", .normal), ("PARENT", .parent), ("CREATE", .create), ("DELETE", .delete), ("UNKNOWN", .unknown),
        ] as [(String, PathFact.Role)] { #expect(try roles(2, ["/x"], key: "\(key)=\(name)") == [role]) }
    }

    @Test(
        arguments: [
            (2, ["/etc/", "/etc/x"], [.parent, .create]), (2, ["/etc/x"], [.unknown]),
            (87, ["/etc/", "/etc/x"], [.parent, .delete]), (83, ["/d/", "/d/x"], [.parent, .create]),
            (82, ["/a/", "/b/", "/a/x", "/b/y"], [.parent, .parent, .delete, .create]),
            (82, ["/a/", "/b/", "/a/x", "/b/y", "/b/y"], [.parent, .parent, .delete, .delete, .create]),
            (86, ["/a/x", "/b/", "/b/y"], [.normal, .parent, .create]),
            (59, ["/bin/sh", "/lib/ld.so"], [.unknown, .unknown]),
        ] as [(Int, [String], [PathFact.Role])])
    func `without a key, by the call`(_ call: Int, _ names: [String], _ wanted: [PathFact.Role]) throws {
        #expect(try roles(call, names) == wanted)
    }
}
