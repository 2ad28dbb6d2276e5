import Foundation
import Testing

/// What is told of calls that change attributes, lengths and modes, and of the processes that calls act upon.
@Suite(.serialized, .enabled(if: Command.isRoot, "needs root"))
struct EndToEndCallTests {
    private static let rules = [
        ("attribute", "evt.type = setxattr and fs.path.name endswith /calls-file", "%fs.path.name %evt.arg.xattr"),
        ("attribute of a descriptor", "evt.type = fsetxattr and fs.path.name endswith /calls-file", "%fs.path.name"),
        ("length", "evt.type = truncate and fs.path.name endswith /calls-file and evt.arg.length = 3", "%fs.path.name"),
        ("mode", "evt.type = fchmodat2 and fs.path.name endswith /calls-file and evt.arg.mode contains S_ISUID", "-"),
        ("created", "evt.type = openat and evt.is_open_create = true and fd.name endswith /calls-new", "%fd.name"),
        ("opened", "evt.type = openat and evt.is_open_create = true and fd.name endswith /calls-old", "%fd.name"),
        ("killed", "evt.type = kill and target.name = calls-victim", "%target.exepath"),
        ("setuid", "evt.type = execve and proc.name = calls-setuid and proc.is_exe_setuid = true", "%proc.exepath"),
        ("parent", "evt.type = execve and proc.name = calls-setuid and user.puid = 65534 and user.uid = 0", "-"),
    ]

    @Test(arguments: ["ebpf", "audit,connector,scan"])
    func `calls that change files and act upon processes tell what they change and whom they act upon`(
        _ source: String
    ) throws {
        try Command.withDirectory { directory in
            let text = Self.rules.map { name, condition, output in
                """
                - rule: Call \(name)
                  desc: A call of this test.
                  condition: \(condition)
                  output: "\(output)"
                  priority: NOTICE
                """
            }
            try text.joined(separator: "\n").write(
                toFile: "\(directory)/rules.yaml", atomically: true, encoding: .utf8)
            let shrike = try ShrikeProcess(
                [
                    "-r", "\(directory)/rules.yaml", "--source", source, "-o", "json_output=true", "-o",
                    "rule_matching=all",
                ])
            defer { shrike.stop() }
            let file = try #require(
                Bundle.module.url(forResource: "calls", withExtension: "py", subdirectory: "Attacks"))
            let result = try Command.run("/usr/bin/python3", [file.path, directory])
            try #require(result.status == 0, "\(result.output)")

            let alert = { (name: String) in shrike.alert("Call \(name)") { _ in true } }
            #expect(alert("attribute of a descriptor") != nil)
            let attribute = try #require(alert("attribute"))
            // Audit tells no text that a pointer leads to.
            #expect(attribute.output.contains("user.calls") == (source == "ebpf"))
            for name in ["length", "mode", "created", "parent"] { #expect(alert(name) != nil, "\(name)") }
            #expect(try #require(alert("killed")).output.contains("\(directory)/calls-victim"))
            #expect(try #require(alert("setuid")).output.contains("\(directory)/calls-setuid"))
            #expect(!shrike.alerts.contains { $0.rule == "Call opened" })
        }
    }
}
