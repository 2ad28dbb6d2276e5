import Foundation
import Testing

/// `shrike record`: what is written down of this node, and what can be done with it afterwards.
@Suite(.serialized, .enabled(if: Command.isRoot, "needs root"))
struct EndToEndRecordingTests {
    private static func rules(_ directory: String) -> String {
        """
        - rule: Secret read
          desc: x
          condition: evt.type in (open, openat) and fd.name = \(directory)/secret and not proc.name = head
          output: >-
            %proc.cmdline by %proc.pname of %proc.aname[2] %proc.exe.origin cwd=%proc.cwd sid=%proc.sid user=%user.name
            stdout=%proc.stdout.name container=%container.id %fd.ino
          priority: WARNING
        """
    }

    /// Programs of which most are gone before they can be asked.
    private static func act(_ directory: String) throws {
        try Command.shell(
            """
            cd \(directory) && for i in 1 2 3 4 5; do cat secret > out; head -n 1 secret > out; cat secret | cat; done
            sh -c 'exec 3< secret; cat <&3'; ln -s secret link; cat link; sleep 0.5
            """)
    }

    @Test(.timeLimit(.minutes(2)), arguments: ["ebpf", "audit,connector,scan"])
    func `a recording raises the run's alerts again, and says why others were none`(sources: String) throws {
        try Command.withDirectory { directory in
            let (rules, file) = ("\(directory)/rules.yaml", "\(directory)/node.rec")
            try Self.rules(directory).write(toFile: rules, atomically: false, encoding: .utf8)
            try Command.shell("echo x > \(directory)/secret")
            let options = ["-r", rules, "-o", "json_output=true"]
            let run = try ShrikeProcess(["record"] + options + ["--source", sources, file])
            defer { run.stop() }
            try Self.act(directory)
            #expect(run.stop() == 0)
            let live = run.alerts.filter { !$0.rule.hasPrefix("Shrike internal") }.map(\.line)
            #expect(live.count >= 12, "\(live)")

            // Nothing of this machine is needed, nor any privilege.
            try Command.shell("chmod 755 \(directory) && chmod 644 \(file)")
            let replay = try Command.shell(
                "cd / && setpriv --reuid=65534 --regid=65534 --clear-groups "
                    + "\(ShrikeProcess.binary.path) replay \(options.joined(separator: " ")) \(file) 2>/dev/null")
            #expect(replay.status == 0)
            #expect(replay.output.split(separator: "\n").map(String.init) == live)

            let explained = try Command.shell(
                "\(ShrikeProcess.binary.path) rules explain 'Secret read' -r \(rules) --recording \(file)")
            #expect(explained.output.contains("the last event of the recording that the rule alerts on"))
            #expect(explained.output.contains("cat"), "\(explained.output)")

            // An exception for cat keeps quiet what cat did, and no more.
            let alerts = "\(directory)/alerts.json"
            try live.filter { $0.contains("cat") }.joined(separator: "\n").write(
                toFile: alerts, atomically: false, encoding: .utf8)
            let tuned = try Command.shell(
                "\(ShrikeProcess.binary.path) tune \(alerts) -r \(rules) --owner tests --fields proc.cmdline --falco "
                    + "--history \(file) 2>&1")
            #expect(tuned.output.contains("In \(file) it would have hidden"), "\(tuned.output)")
            #expect(!tuned.output.contains("hidden 0 of"), "\(tuned.output)")

            try """
            - rule: Secret read
              alerts:
                - {case: this node, log: node.rec}
            - rule: Nothing
              quiet:
                - {case: this node, log: node.rec}
            """.write(toFile: "\(directory)/rules_test.yaml", atomically: false, encoding: .utf8)
            try
                "\n- rule: Nothing\n  desc: x\n  condition: evt.type = openat and fd.name = /none\n  output: x\n  priority: INFO\n"
                .write(toFile: "\(directory)/more.yaml", atomically: false, encoding: .utf8)
            let tested = try Command.shell(
                "\(ShrikeProcess.binary.path) rules test -r \(rules) -r \(directory)/more.yaml \(directory)/rules_test.yaml 2>&1"
            )
            #expect(tested.status == 0, "\(tested.output)")
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a full disk ends the recording, which is told, and not the watching`() throws {
        try Command.withDirectory { directory in
            let rules = "\(directory)/rules.yaml"
            try Self.rules(directory).write(toFile: rules, atomically: false, encoding: .utf8)
            try Command.shell(
                "echo x > \(directory)/secret && mkdir \(directory)/small && mount -t tmpfs -o size=4k none \(directory)/small"
            )
            defer { _ = try? Command.shell("umount -l \(directory)/small") }
            let run = try ShrikeProcess([
                "record", "-r", rules, "-o", "json_output=true", "--source", "ebpf", "\(directory)/small/node.rec",
            ])
            defer { run.stop() }
            try Command.shell("cat \(directory)/secret")
            let told = try #require(run.alert("Shrike internal: recording ended", within: 15))
            #expect(told.output.contains("No space left on device"), "\(told.line)")
            try Command.shell("cp \(directory)/secret \(directory)/copy")
            #expect(run.alert("Secret read") { $0.output.contains("cp") } != nil)
        }
    }

    @Test func `a file that is there is refused, and one of another kind named`() throws {
        try Command.withDirectory { directory in
            try "mine".write(toFile: "\(directory)/x.rec", atomically: false, encoding: .utf8)
            let refused = try ShrikeProcess.run(["record", "--source", "ebpf", "\(directory)/x.rec"])
            #expect(refused.status == 1 && refused.errors.contains("\(directory)/x.rec"), "\(refused.errors)")
            #expect(refused.errors.contains("name another"), "\(refused.errors)")
            #expect(try String(contentsOfFile: "\(directory)/x.rec", encoding: .utf8) == "mine")
            let rules = "\(directory)/rules.yaml"
            try Self.rules(directory).write(toFile: rules, atomically: false, encoding: .utf8)
            // Beside something else it would be left out.
            try Command.shell("printf 'shrike recording 1\\n' | gzip > \(directory)/a.rec")
            for command in ["replay -r \(rules)", "rules cost -r \(rules)"] {
                let two = try Command.shell(
                    "\(ShrikeProcess.binary.path) \(command) \(directory)/x.rec \(directory)/a.rec 2>&1")
                #expect(two.status == 1 && two.output.contains("expected one file, found 2"), "\(two.output)")
            }
            let none = try Command.shell(
                "\(ShrikeProcess.binary.path) rules explain 'Secret read' -r \(rules) --recording \(directory)/x.rec 2>&1"
            )
            #expect(none.status == 1 && none.output.contains("x.rec"), "\(none.output)")
        }
    }
}
