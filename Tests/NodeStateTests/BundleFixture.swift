/// Bundles and engine files as the engines write them, cut to what matters. The containerd ones are of containerd 1.6
/// on Debian 12; the ids are shortened to patterns.
enum BundleFixture {
    static let id = String(repeating: "5a", count: 32)
    static let sandbox = String(repeating: "9b", count: 32)

    static let containerd = """
        {"ociVersion":"1.1.0-rc.1","process":{"user":{"uid":1000,"gid":0,"additionalGids":[0]},"args":["/bin/sleep"],
        "capabilities":{"bounding":["CAP_CHOWN","CAP_DAC_OVERRIDE"]}},"root":{"path":"rootfs"},"mounts":[
        {"destination":"/proc","type":"proc","source":"proc","options":["nosuid"]},
        {"destination":"/host","type":"bind","source":"/tmp","options":["rbind","rprivate","ro"]}],
        "annotations":{"io.kubernetes.cri.container-name":"main","io.kubernetes.cri.container-type":"container",
        "io.kubernetes.cri.image-name":"registry.example:5000/team/busybox:1.35",
        "io.kubernetes.cri.sandbox-id":"\(sandbox)","io.kubernetes.cri.sandbox-name":"web",
        "io.kubernetes.cri.sandbox-namespace":"shop","io.kubernetes.cri.sandbox-uid":"ab044dcf-7587"},
        "linux":{"cgroupsPath":"/x","namespaces":[{"type":"pid"},{"type":"ipc","path":"/proc/1/ns/ipc"},{"type":"mount"},
        {"type":"network","path":"/proc/11597/ns/net"}]}}
        """

    static let containerdSandbox = """
        {"process":{"user":{"uid":0}},"root":{"path":"rootfs","readonly":true},"annotations":{
        "io.kubernetes.cri.container-type":"sandbox","io.kubernetes.cri.sandbox-id":"\(sandbox)",
        "io.kubernetes.cri.sandbox-name":"web","io.kubernetes.cri.sandbox-namespace":"shop",
        "io.kubernetes.cri.sandbox-uid":"ab044dcf-7587"},
        "linux":{"namespaces":[{"type":"pid"},{"type":"ipc"},{"type":"mount"}],"maskedPaths":["/proc/kcore"]}}
        """

    static let privileged = """
        {"process":{"user":{"uid":0},"capabilities":{"bounding":["CAP_SYS_ADMIN","CAP_SYS_MODULE","CAP_SYS_RAWIO",
        "CAP_MAC_ADMIN"]}},"root":{"path":"/run/k/rootfs"},"linux":{"namespaces":[{"type":"mount"}],
        "resources":{"devices":[{"allow":false,"access":"rwm"},{"allow":true,"access":"rwm"}]}}}
        """

    static let crio = """
        {"root":{"path":"/var/lib/containers/storage/overlay/abc/merged"},"annotations":{
        "io.kubernetes.cri-o.ContainerType":"container","io.kubernetes.cri-o.Metadata":"{\\"name\\":\\"app\\",\\"attempt\\":1}",
        "io.kubernetes.cri-o.ImageName":"quay.io/team/app:v2","io.kubernetes.cri-o.Image":"sha256:aaaa",
        "io.kubernetes.cri-o.ImageRef":"quay.io/team/app@sha256:cafe","io.kubernetes.cri-o.SandboxID":"\(sandbox)",
        "io.kubernetes.cri-o.PrivilegedRuntime":"true","io.kubernetes.cri-o.IP.0":"10.244.0.9",
        "io.kubernetes.cri-o.Labels":"{\\"app\\":\\"front\\",\\"io.kubernetes.pod.name\\":\\"front-1\\",\\"io.kubernetes.pod.namespace\\":\\"shop\\",\\"io.kubernetes.pod.uid\\":\\"u-1\\"}"},
        "linux":{"namespaces":[{"type":"pid"},{"type":"network"},{"type":"ipc"}],"maskedPaths":["/proc/kcore"]}}
        """

    static let podman = """
        {"process":{"user":{"uid":0}},"root":{"path":"/var/lib/containers/storage/overlay/x/merged"},
        "annotations":{"io.container.manager":"libpod","org.opencontainers.image.stopSignal":"15"},
        "linux":{"namespaces":[{"type":"pid"},{"type":"network"},{"type":"ipc"},{"type":"mount"}]}}
        """

    static let podmanStorage = """
        [{"id":"\(sandbox)","names":["other"]},{"id":"\(id)","names":["quirky_name"],"image":"1234abcd","layer":"l",
        "metadata":"{\\"image-name\\":\\"docker.io/library/alpine:3.19\\",\\"image-id\\":\\"1234abcd\\",\\"name\\":\\"quirky_name\\"}"}]
        """

    static let docker = """
        {"ID":"\(id)","Name":"/web-1","Image":"sha256:beef","Config":{"Image":"nginx:1.25","User":"www","Labels":
        {"com.docker.compose.service":"web"}},"MountPoints":{"/data":{"Source":"/srv/data","Destination":"/data",
        "RW":false,"Propagation":"rprivate","Mode":"ro"}},"NetworkSettings":{"Networks":{"bridge":{"IPAddress":"172.17.0.2"}}}}
        """

    static let dockerHost = """
        {"Privileged":true,"PidMode":"host","NetworkMode":"bridge","IpcMode":"private"}
        """
}
