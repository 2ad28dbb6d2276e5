import Foundation
import Testing

/// The upstream Falco rules, unmodified, on real attacks: each must raise its alert with the attack's values.
@Suite(.serialized, .enabled(if: Command.isRoot, "needs root"))
struct EndToEndUpstreamRulesTests {
    static let rules: String? = ProcessInfo.processInfo.environment["SHRIKE_FALCO_RULES"]

    /// With what the attacks are to be seen: what a node has most often, and eBPF alone.
    static let sources = ["audit,connector,scan"] + (ShrikeProcess.canUseBPF ? ["ebpf"] : [])

    static func arguments(_ directory: String, source: String) -> [String] {
        ["falco_rules.yaml", "falco-incubating_rules.yaml", "falco-sandbox_rules.yaml"].flatMap {
            ["-r", "\(directory)/\($0)"]
        } + ["-o", "json_output=true", "-o", "rule_matching=all", "--source", source]
    }

    @Test(.enabled(if: rules != nil, "SHRIKE_FALCO_RULES is not set"), .timeLimit(.minutes(10)), arguments: sources)
    func `every attack on the host raises the alert of its upstream rule`(_ source: String) throws {
        let directory = try #require(Self.rules)
        let shrike = try ShrikeProcess(Self.arguments(directory, source: source))
        defer { shrike.stop() }
        let program = try Command.attacks.get()
        for attack in UpstreamAttack.onHost {
            try Command.withDirectory { scratch in
                let network = "\(scratch)/network"
                try Self.networkWrapper.write(toFile: network, atomically: true, encoding: .utf8)
                chmod(network, 0o755)
                let before = shrike.alerts.count
                let alert = try shrike.alert(attack.rule) {
                    try Command.shell(attack.script, environment: ["A": program, "D": scratch, "N": network])
                } where: {
                    $0.output.contains(attack.output)
                }
                if alert == nil {
                    let seen = shrike.alerts.dropFirst(before).map { "\($0.rule): \($0.output)" }
                    Issue.record("no alert of '\(attack.rule)' with '\(attack.output)'; seen: \(seen)")
                }
            }
        }
    }

    @Test(
        .enabled(if: rules != nil && Pods.tool != nil, "SHRIKE_FALCO_RULES or SHRIKE_POD_TOOL is not set"),
        .timeLimit(.minutes(10)), arguments: sources
    )
    func `every attack in a pod raises the alert of its upstream rule, with the pod's name`(_ source: String) throws {
        let directory = try #require(Self.rules)
        let program = try Command.attacks.get()
        try Pods.up()
        defer { try? Pods.down() }
        let shrike = try ShrikeProcess(
            Self.arguments(directory, source: source) + [
                "-o", "append_output[]={extra_output: \"pod=%k8s.pod.name ns=%k8s.ns.name\"}",
            ]
        )
        defer { shrike.stop() }
        for (privileged, attacks) in [
            (false, UpstreamAttack.inContainer), (true, UpstreamAttack.inPrivilegedContainer),
        ] {
            let name = privileged ? "privileged" : "plain"
            let mount = URL(fileURLWithPath: program).deletingLastPathComponent().path
            let pod =
                privileged
                ? try Pods.run(name, "--namespace", "shop", "--mount", "\(mount):/attack", "--privileged")
                : try Pods.run(name, "--namespace", "shop", "--mount", "\(mount):/attack")
            for attack in attacks {
                let before = shrike.alerts.count
                let alert = try shrike.alert(attack.rule) {
                    try Pods.exec(pod, "/bin/sh", "-c", "A=/attack/attacks; \(attack.script)")
                } where: {
                    $0.output.contains(attack.output) && $0.output.contains("pod=\(name) ns=shop")
                }
                if alert == nil {
                    let seen = shrike.alerts.dropFirst(before).map { "\($0.rule): \($0.output)" }
                    Issue.record("no alert of '\(attack.rule)' with '\(attack.output)'; seen: \(seen)")
                }
            }
            try Pods.remove(pod)
        }
    }

    /// Runs a command in a network namespace of its own; nothing leaves it.
    static let networkWrapper = """
        #!/bin/sh
        exec unshare -n sh -c 'ip link set lo up && ip addr add 198.51.100.7/32 dev lo && \
        ip addr add 169.254.169.254/32 dev lo && exec "$@"' sh "$@"
        """
}
