import EventModel
import Testing

@testable import EventSources

/// From the texts of rules to places, on the host and in containers.
@Suite struct PathPlacesTests {
    private static let files = ScriptedFiles(
        directories: ["/usr/bin", "/c/usr/bin", "/etc/ssh", "/tmp"], files: ["/etc/shadow", "/c/etc/shadow"],
        links: ["/bin": "/usr/bin", "/c/bin": "/usr/bin", "/etc/alias": "/etc/shadow"])

    @Test(
        arguments: [
            ("/etc/shadow", "", [.name("shadow", in: "/etc"), .file("/etc/shadow")]),
            ("/etc/shadow", "/c", [.name("shadow", in: "/c/etc"), .file("/c/etc/shadow")]),
            ("/etc/alias", "", [.name("alias", in: "/etc"), .file("/etc/shadow")]),
            ("/etc/gshadow", "", [.name("gshadow", in: "/etc")]),
            ("/etc/ssh", "", [.name("ssh", in: "/etc"), .directory("/etc/ssh")]),
            ("/etc/kubernetes/admin.conf", "", [.missing("kubernetes", in: "/etc")]),
            ("/bin/su", "/c", [.name("su", in: "/c/usr/bin")]),
            ("/proc/1/environ", "", [.processes]), ("/", "", []),
        ] as [(String, String, [PathPlaces.Place])])
    func `a named path is its name and where it leads`(_ text: String, _ root: String, _ expected: [PathPlaces.Place]) {
        var places = PathPlaces(files: Self.files)
        #expect(places.named(text, root: root) == expected)
    }

    @Test(
        arguments: [
            ("/usr/bin/", "", [.tree("/usr/bin", beginning: "", named: "/usr/bin")]),
            ("/bin/", "/c", [.tree("/c/usr/bin", beginning: "", named: "/bin")]),
            ("/etc/ssh", "", [.tree("/etc", beginning: "ssh", named: "/etc")]),
            ("/opt/x/", "", [.missing("opt", in: "/")]),
            ("/us", "", [.tree("/usr", beginning: "", named: "/usr")]),
            ("/proc/", "", [.processes]),
        ] as [(String, String, [PathPlaces.Place])])
    func `a beginning is what is below a directory`(_ text: String, _ root: String, _ expected: [PathPlaces.Place]) {
        var places = PathPlaces(files: Self.files)
        #expect(places.beginning(text, root: root) == expected)
    }

    @Test func `what is missing is waited for`() {
        var places = PathPlaces(files: Self.files)
        _ = places.named("/etc/shadow", root: "")
        #expect(!places.isProvisional && places.awaited.isEmpty)
        _ = places.named("/opt/a", root: "/c")
        #expect(places.isProvisional && places.awaited == ["/c": ["opt"]])
    }
}
