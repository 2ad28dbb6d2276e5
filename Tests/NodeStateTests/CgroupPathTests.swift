import Testing

@testable import NodeState

@Suite struct CgroupPathTests {
    static let id = String(repeating: "0123456789abcdef", count: 4)
    static let other = String(repeating: "f", count: 64)

    @Test(arguments: [
        ("0::/system.slice/docker-\(id).scope", ContainerRecord.Engine.docker),
        ("12:pids:/docker/\(id)", .docker),
        ("12:pids:/docker/\(id)/init.scope", .docker),
        ("0::/docker/\(other)/docker/\(id)", .docker),
        (
            "0::/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-podaa_bb.slice/cri-containerd-\(id).scope",
            .containerd
        ),
        ("5:cpu:/kubepods/besteffort/podab044dcf-7587-4c3e-878d-08a92b1176e1/\(id)", .containerd),
        ("0::/kubepods-besteffort-pod1.slice:cri-containerd:\(id)", .containerd),
        ("3:cpu:/system.slice/containerd.service/kubepods-pod1.slice:cri-containerd:\(id)", .containerd),
        ("0::/k8s.io/\(id)", .containerd),
        ("0::/kubepods.slice/kubepods-pod1.slice/crio-\(id).scope", .crio),
        ("0::/kubepods.slice/kubepods-pod1.slice/crio-\(id).scope/container", .crio),
        ("0::/machine.slice/libpod-\(id).scope", .podman),
        ("0::/machine.slice/libpod-\(id).scope/container", .podman),
        ("0::/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-\(id).scope", .podman),
        ("8:memory:/libpod_parent/libpod-\(id)", .podman),
        ("0::/system.slice/nerdctl-\(id).scope", .containerd),
        ("0::/default/\(id)", .unknown),
        ("12:a:/\n11:b:/\n1:name=systemd:/docker/\(id)\n0::/", .docker),
        ("4:memory:/odd:path/docker/\(id)", .docker),
        ("0::/../../docker/\(id)", .docker),
    ])
    func `a container's path`(_ cgroup: String, _ engine: ContainerRecord.Engine) throws {
        let bytes = Array("\(cgroup)\n".utf8)
        let match = try #require(CgroupPath.container(in: bytes))
        #expect(text(bytes[match.id]) == Self.id)
        #expect(match.engine == engine)
    }

    @Test(arguments: [
        "0::/", "0::/user.slice/user-0.slice/session-1.scope", "0::/system.slice/docker.service", "", "garbage", "::::",
        "4:memory:/process_api/827ebadf10912329ce94e0d2ea45eff6",
        "0::/machine.slice/libpod-conmon-\(id).scope", "0::/system.slice/crio-conmon-\(id).scope",
        "0::/docker/\(id.uppercased())", "0::/docker/\(id.dropLast())", "0::/docker/x\(id)", "0::/docker/\(id)0",
    ])
    func `a host's path`(_ cgroup: String) {
        #expect(CgroupPath.container(in: Array(cgroup.utf8)) == nil)
    }
}
