import Foundation
import Testing

/// The container image under a real containerd, with the settings of samples/kubernetes' DaemonSet.
@Suite(.serialized, .enabled(if: Command.isRoot && Pods.tool != nil, "needs root and SHRIKE_POD_TOOL"))
struct EndToEndContainerTests {
    @Test(.timeLimit(.minutes(5)), arguments: ["audit", "ebpf", "proc"])
    func `from its container it sees an attack in a neighbouring pod, by the pod's name`(overlay: String) throws {
        try Command.withDirectory { directory in
            let packaging = EndToEndServiceTests.repository.appendingPathComponent("Tests/packaging").path
            let built = try Command.shell(
                "\(packaging)/../../scripts/build-image \(directory)",
                environment: ["BINARY": ShrikeProcess.binary.path])
            try #require(built.status == 0, "\(built.output)")
            let archive = built.output.split(separator: "\n").last.map(String.init) ?? ""

            // Systemd makes a node's mounts shared; the mount propagation that the DaemonSet asks for takes that.
            let socket = try Pods.up(launcher: ["unshare", "--mount", "--propagation", "shared"])
            defer { try? Pods.down() }
            let early = try Pods.run("early", "--namespace", "shop")
            let overlayPath = "\(packaging)/../../samples/kubernetes/overlays/\(overlay)"
            let daemonset = try ShrikeProcess(
                command: [
                    "\(packaging)/python", "\(packaging)/run_daemonset.py", socket, overlayPath, archive,
                ], seconds: 60, holdsInput: true)
            defer { daemonset.endInput() }
            let late = try Pods.run("late", "--namespace", "shop")
            for pod in [early, late] {
                try Pods.exec(pod, "/bin/sh", "-c", "sleep 0.5; exec 3< /etc/shadow; sleep 0.5")
                let alert = daemonset.alert("Sensitive file read by an untrusted program", within: 10) {
                    $0.text("k8s.pod.name") == pod.name && $0.text("k8s.ns.name") == "shop"
                }
                #expect(
                    alert?.text("fd.name") == "/etc/shadow", "\(daemonset.standardError)\n\(daemonset.standardOutput)")
            }
            try Command.shell("sleep 0.2; exec 3< /etc/shadow; sleep 0.5")
            let onHost = daemonset.alert("Sensitive file read by an untrusted program", within: 10) {
                $0.text("container.id") == "host" && $0.text("fd.name") == "/etc/shadow"
            }
            #expect(onHost != nil, "\(daemonset.standardError)\n\(daemonset.standardOutput)")
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `from its container it sends alerts to a webhook, as a user without capabilities`() throws {
        try Command.withDirectory { directory in
            let repository = EndToEndServiceTests.repository.path
            let packaging = "\(repository)/Tests/packaging"
            let receiver = try Receiver(directory)
            let built = try Command.shell(
                "\(repository)/scripts/build-image \(directory)", environment: ["BINARY": ShrikeProcess.binary.path])
            try #require(built.status == 0, "\(built.output)")
            let archive = built.output.split(separator: "\n").last.map(String.init) ?? ""
            try """
            resources: [\(repository)/samples/kubernetes/overlays/audit]
            components: [\(repository)/samples/kubernetes/components/network-outputs]
            patches:
              - target: {kind: DaemonSet, name: shrike}
                patch: |-
                  - {op: add, path: /spec/template/spec/containers/0/args/-, value: "-o"}
                  - {op: add, path: /spec/template/spec/containers/0/args/-, value: http_output.enabled=true}
                  - {op: add, path: /spec/template/spec/containers/0/args/-, value: "-o"}
                  - op: add
                    path: /spec/template/spec/containers/0/args/-
                    value: http_output.url=http://127.0.0.1:\(receiver.port)/
            """.write(toFile: "\(directory)/kustomization.yaml", atomically: true, encoding: .utf8)
            let socket = try Pods.up(launcher: ["unshare", "--mount", "--propagation", "shared"])
            defer { try? Pods.down() }
            let daemonset = try ShrikeProcess(
                command: ["\(packaging)/python", "\(packaging)/run_daemonset.py", socket, directory, archive],
                seconds: 60, holdsInput: true)
            defer { daemonset.endInput() }
            try Command.shell("sleep 0.2; exec 3< /etc/shadow; sleep 0.5")
            let isReceived = daemonset.waits(seconds: 15) {
                receiver.requests.contains { request in
                    request.alerts.contains { $0.text("fd.name") == "/etc/shadow" }
                }
            }
            #expect(isReceived, "\(daemonset.standardError)\n\(daemonset.standardOutput)")
            // 65532: the image's own user.
            let sender = try Command.shell(
                "pgrep -u 65532 -f '^shrike-forward' | head -1 | xargs -I{} cat /proc/{}/status")
            #expect(sender.output.contains("CapPrm:\t0000000000000000"), "\(sender.output)")
        }
    }
}
