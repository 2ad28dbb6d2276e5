import Testing

@testable import NodeState

@Suite struct RuntimeCommandTests {
    @Test(arguments: [
        (
            [
                "--root", "/run/runc", "--log-format", "json", "--systemd-cgroup", "create", "--bundle", "/b",
                "--pid-file", "/p", "abc",
            ],
            "/b", "abc", "", true
        ),
        (["run", "-b=/b", "abc"], "/b", "abc", "", true), (["--bundle=/x", "create", "id"], "/x", "id", "", true),
        (["create", "abc"], "", "abc", "", true), (["exec", "--tty", "abc", "create"], "", "abc", "", false),
        (["-namespace", "k8s.io", "-id", "abc", "-address", "/sock"], "", "abc", "k8s.io", false),
        (["-namespace", "moby", "-id", "abc", "-bundle", "/b/moby/abc", "start"], "/b/moby/abc", "abc", "moby", false),
        (["state", "abc"], "", "", "", false), (["create", "--bundle"], "", "", "", true), ([], "", "", "", false),
    ])
    func `what a runtime's command line tells`(
        _ words: [String], _ bundle: String, _ id: String, _ namespace: String, _ creates: Bool
    ) {
        let command = RuntimeCommand(words.flatMap { Array($0.utf8) + [0] })
        #expect(text(command.bundle) == bundle && text(command.id) == id && text(command.namespace) == namespace)
        #expect(command.createsContainer == creates)
    }

    @Test(arguments: [
        ("runc", true), ("runc:[2:INIT]", true), ("crun", true), ("youki", true), ("rununc", false), ("cat", false),
        ("", false),
    ])
    func `which commands are runtimes`(_ name: String, _ isRuntime: Bool) {
        #expect(RuntimeCommand.isRuntime(command: Array(name.utf8)) == isRuntime)
    }
}
