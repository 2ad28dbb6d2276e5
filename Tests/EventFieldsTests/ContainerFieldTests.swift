import EventModel
import NodeState
import TestNode
import Testing

@Suite struct ContainerFieldTests {
    static let id = "3f2a9c1d4e5b6a7f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f7"
    static let sandbox = "aaaa9c1d4e5b6a7f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f7"

    /// `nginx` (900) in a pod's container, by containerd.
    static func inPod(bundle: Bool = true) -> FieldScene {
        let scene = FieldScene()
        let root = "/run/containerd/io.containerd.runtime.v2.task/k8s.io"
        scene.files.addProcess(
            900, parent: 1, command: "nginx", ticks: 50_000,
            cgroup: "0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-\(id).scope\n", namespaceIDs: [900, 1]
        )
        guard bundle else { return scene }
        scene.files["\(root)/\(id)/config.json"] = """
            {"root":{"path":"rootfs"},"process":{"user":{"uid":101,"gid":101}},
             "mounts":[{"destination":"/proc","type":"proc","source":"proc","options":["nosuid"]},
                       {"destination":"/host/etc","type":"bind","source":"/etc/ssl","options":["rbind","ro"]}],
             "linux":{"namespaces":[{"type":"pid"},{"type":"ipc"},{"type":"mount"}]},
             "annotations":{"io.kubernetes.cri.container-type":"container","io.kubernetes.cri.container-name":"web",
              "io.kubernetes.cri.image-name":"registry.local:5000/shop/web:1.2","io.kubernetes.cri.sandbox-id":"\(sandbox)",
              "io.kubernetes.cri.sandbox-name":"web-0","io.kubernetes.cri.sandbox-namespace":"shop",
              "io.kubernetes.cri.sandbox-uid":"1234-5678"}}
            """
        return scene
    }

    @Test(
        arguments: [
            ("container.id", "3f2a9c1d4e5b"), ("container.full_id", ContainerFieldTests.id), ("container.name", "web"),
            ("container.type", "containerd"), ("container.image", "registry.local:5000/shop/web:1.2"),
            ("container.image.repository", "registry.local:5000/shop/web"), ("container.image.tag", "1.2"),
            ("container.privileged", "false"), ("container.host_network", "true"), ("container.host_pid", "false"),
            ("container.mount.dest[0]", "/proc"), ("container.mount.dest[/etc]", "/host/etc"),
            ("container.mount.dest[/]", "/host/etc"),
            ("container.mount.source[/host/.*]", "/etc/ssl"), ("container.mount.rdwr[1]", "false"),
            ("container.mount.dest[/var/run/docker.sock]", nil), ("container.mount.dest[7]", nil),
            ("container.mount.dest[(]", nil),
            ("k8s.pod.name", "web-0"), ("k8s.ns.name", "shop"), ("k8s.pod.uid", "1234-5678"),
            ("k8s.pod.id", "1234-5678"),
            ("k8s.pod.sandbox_id", "aaaa9c1d4e5b"), ("k8s.pod.full_sandbox_id", ContainerFieldTests.sandbox),
            ("container.label[none]", nil), ("k8s.rc.name", nil), ("container.start_ts", "500000000000"),
            ("container.duration", "500000000000"), ("container.healthcheck", nil), ("proc.vpid", "1"),
        ] as [(String, String?)])
    func `container of a pod`(field: String, expected: String?) {
        let scene = Self.inPod()
        scene.apply("unlink", pid: 900)
        #expect(scene[field] == expected)
    }

    @Test func `all mounts`() {
        let scene = Self.inPod()
        scene.apply("unlink", pid: 900)
        #expect(scene["container.mounts"]?.hasPrefix("proc:/proc:") == true)
        #expect(scene["container.mounts"]?.contains(",/etc/ssl:/host/etc:") == true)
        #expect(scene["container.mount[1]"]?.contains(":false:") == true)
    }

    @Test(
        arguments: [
            ("container.id", "host"), ("container.full_id", "host"), ("container.name", "host"),
            ("container.place", "host"),
            ("container.type", "host"),
            ("container.image", ""), ("container.image.repository", ""), ("container.image.tag", ""),
            ("container.image.id", ""),
            ("container.image.digest", ""), ("container.ip", ""), ("container.labels", ""), ("container.mounts", ""),
            ("container.privileged", "false"), ("container.host_pid", "false"), ("container.mount.dest[/etc]", nil),
            ("container.label[x]", nil), ("k8s.pod.name", nil), ("k8s.ns.name", nil), ("k8s.pod.labels", nil),
        ] as [(String, String?)])
    func `a process on the host`(field: String, expected: String?) {
        let scene = FieldScene()
        scene.apply("unlink")
        #expect(scene[field] == expected)
    }

    @Test(
        arguments: [
            ("container.id", "3f2a9c1d4e5b"), ("container.type", "containerd"), ("container.name", nil),
            ("container.image.repository", nil), ("container.privileged", nil), ("k8s.pod.name", nil),
            ("container.mounts", nil),
        ] as [(String, String?)])
    func `a container whose bundle can't be read`(field: String, expected: String?) {
        let scene = Self.inPod(bundle: false)
        scene.apply("unlink", pid: 900)
        #expect(scene[field] == expected)
    }
}
