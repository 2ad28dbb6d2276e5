"""Pods of the workloads on a containerd of their own, which SHRIKE_POD_TOOL brings up and down, and their image, made of Debian's packages."""
import contextlib, hashlib, importlib.util, io, json, os, random, shutil, signal, subprocess, sys, tarfile, time, uuid

HERE = os.path.dirname(os.path.abspath(__file__))
HOME = "/var/lib/shrike-workloads"
PROFILES = f"{HOME}/profiles"
IMAGE = "docker.io/library/shrike-workloads:1"
NAMESPACE = "shop"
PACKAGES = ("nginx-light,php-fpm,php-cli,redis-server,postgresql,postgresql-contrib,python3-flask,python3-psycopg2,gunicorn,nodejs,"
            "logrotate,curl,ca-certificates,netcat-openbsd,procps")
# What Kubernetes makes names of (apimachinery, util/rand).
LETTERS = "bcdfghjklmnpqrstvwxz2456789"
UNIT = "system.slice/shrike-workloads.service"


def command(*words, **more):
    return subprocess.run(words, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more).stdout


def make_root(path):
    """The root file system as a tar, made once."""
    if os.path.exists(path):
        return
    if not shutil.which("mmdebstrap"):
        command("apt-get", "-o", "DPkg::Lock::Timeout=600", "install", "-y", "-qq", "--no-install-recommends", "mmdebstrap",
                env=dict(os.environ, DEBIAN_FRONTEND="noninteractive"))
    os.makedirs(os.path.dirname(path), exist_ok=True)
    left_out = [f"--dpkgopt=path-exclude=/usr/share/{part}/*" for part in ("doc", "man", "locale")]
    try:
        command("nice", "mmdebstrap", "--format=tar", "--variant=minbase", '--aptopt=APT::Install-Recommends "false"', *left_out,
                f"--include={PACKAGES}", "bookworm", path + ".part", "http://deb.debian.org/debian")
        os.rename(path + ".part", path)
    finally:
        if os.path.exists(path + ".part"):
            os.unlink(path + ".part")


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while part := file.read(1 << 20):
            digest.update(part)
    return digest.hexdigest()


def write_image(root, path):
    """An OCI image of one layer, as a tar."""
    parts = {}

    def blob(data, media):
        digest = hashlib.sha256(data).hexdigest()
        parts[f"blobs/sha256/{digest}"] = data
        return {"mediaType": media, "digest": f"sha256:{digest}", "size": len(data)}

    layer = {"mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": "sha256:" + sha256(root), "size": os.path.getsize(root)}
    config = blob(json.dumps({
        "architecture": {"x86_64": "amd64", "aarch64": "arm64"}[os.uname().machine], "os": "linux",
        "config": {"Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"], "Cmd": ["/bin/sh"]},
        "rootfs": {"type": "layers", "diff_ids": [layer["digest"]]}}).encode(), "application/vnd.oci.image.config.v1+json")
    media = "application/vnd.oci.image.manifest.v1+json"
    manifest = blob(json.dumps({"schemaVersion": 2, "mediaType": media, "config": config, "layers": [layer]}).encode(), media)
    manifest["annotations"] = {"io.containerd.image.name": IMAGE}
    parts["index.json"] = json.dumps({"schemaVersion": 2, "manifests": [manifest]}).encode()
    parts["oci-layout"] = b'{"imageLayoutVersion":"1.0.0"}'
    with tarfile.open(path, "w") as archive:
        archive.add(root, "blobs/sha256/" + layer["digest"][7:])
        for name, data in parts.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))


class Runtime:
    """The containerd, and what runs in it."""

    def __init__(self):
        self.tool = os.environ.get("SHRIKE_POD_TOOL", "")
        if not os.path.exists(self.tool):
            sys.exit("workloads: SHRIKE_POD_TOOL must name the tool that runs pods")
        os.environ["POD_HOME"] = HOME
        self.stubs = self.cri = None
        self.hosts = {}

    def up(self, root):
        command(sys.executable, self.tool, "up")
        image = f"{HOME}/workloads.tar"
        write_image(root, image)
        command("ctr", "-a", f"{HOME}/containerd.sock", "-n", "k8s.io", "images", "import", image)
        os.unlink(image)
        self.connect()

    def connect(self):
        # The tool is a program: asked for its help, it defines all and ends.
        spec = importlib.util.spec_from_file_location("pod_tool", self.tool)
        module = importlib.util.module_from_spec(spec)
        words, sys.argv = sys.argv, [self.tool, "--help"]
        try:
            with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
                spec.loader.exec_module(module)
        finally:
            sys.argv = words
        self.stubs, self.cri = module.stubs()

    def start(self, name, random_source, mounts=(), stateful=False):
        """A pod as a deployment, or a stateful set, has them, with a container `main` that runs /workload/start.sh; gives it."""
        pb = self.stubs
        made_up = lambda count: "".join(random_source.choice(LETTERS) for _ in range(count))
        pod = f"{name}-0" if stateful else f"{name}-{(hash := made_up(10))}-{made_up(5)}"
        owner = {"statefulset.kubernetes.io/pod-name": pod} if stateful else {"pod-template-hash": hash}
        uid = str(uuid.UUID(int=random_source.getrandbits(128), version=4))
        labels = {"io.kubernetes.pod.name": pod, "io.kubernetes.pod.namespace": NAMESPACE, "io.kubernetes.pod.uid": uid, "app": name, **owner}
        network = pb.NamespaceOption(network=pb.NODE)
        sandbox = pb.PodSandboxConfig(
            metadata=pb.SandboxMetadata(name=pod, uid=uid, namespace=NAMESPACE), log_directory=f"{HOME}/logs/{pod}", labels=labels,
            linux=pb.LinuxSandbox(cgroup_parent=f"/kubepods/besteffort/pod{uid}", security_context=pb.SandboxSecurity(namespace_options=network)))
        os.makedirs(f"{HOME}/logs/{pod}", exist_ok=True)
        with open(f"{HOME}/pods", "a") as notes:
            notes.write(f"pod{uid}\n")
        all_mounts = [(f"{HERE}/pods/{name}", "/workload"), (f"{HOME}/token", "/var/run/secrets/kubernetes.io/serviceaccount"), *mounts]
        identity = self.cri.RunPodSandbox(pb.RunPodSandboxRequest(config=sandbox)).pod_sandbox_id
        container = self.cri.CreateContainer(pb.CreateContainerRequest(
            pod_sandbox_id=identity, sandbox_config=sandbox,
            config=pb.ContainerConfig(
                metadata=pb.ContainerMetadata(name="main"), image=pb.ImageSpec(image=IMAGE), command=["/bin/sh", "/workload/start.sh"],
                log_path="main.log", labels={**labels, "io.kubernetes.container.name": "main"},
                mounts=[pb.Mount(host_path=host, container_path=inside, readonly=inside == "/workload") for host, inside in all_mounts],
                linux=pb.LinuxContainer(security_context=pb.ContainerSecurity(namespace_options=network))))).container_id
        self.cri.StartContainer(pb.StartContainerRequest(container_id=container))
        return identity, container

    def execute(self, container, words, seconds=30):
        """Runs a command in a container: its status and what it said."""
        answer = self.cri.ExecSync(self.stubs.ExecSyncRequest(container_id=container, cmd=words, timeout=seconds), timeout=seconds + 10)
        return answer.exit_code, (answer.stdout + answer.stderr).decode(errors="replace")

    def remove(self, pod):
        self.cri.StopPodSandbox(self.stubs.PodSandboxId(pod_sandbox_id=pod))
        self.cri.RemovePodSandbox(self.stubs.PodSandboxId(pod_sandbox_id=pod))


def start_unit(words, output):
    """Runs a program in the control group of a service."""
    groups = [f"{root}/{UNIT}" for root in ("/sys/fs/cgroup/systemd", "/sys/fs/cgroup/unified", "/sys/fs/cgroup")
              if os.path.exists(f"{root}/cgroup.procs")]
    for group in groups:
        os.makedirs(group, exist_ok=True)
    enter = "".join(f"echo $$ > {group}/cgroup.procs; " for group in groups)
    return subprocess.Popen(["/bin/sh", "-c", enter + 'exec "$@"', "sh", *words], stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                            start_new_session=True)


def members(path):
    try:
        return [int(word) for word in open(f"{path}/cgroup.procs").read().split()]
    except OSError:
        return []


def end(number, *words):
    """Sends a signal to each process that was started with one of the words; how many there are."""
    count = 0
    for entry in os.listdir("/proc"):
        if not entry.isdigit() or int(entry) == os.getpid():
            continue
        try:
            if {word.encode() for word in words} & set(open(f"/proc/{entry}/cmdline", "rb").read().split(b"\0")):
                os.kill(int(entry), number)
                count += 1
        except OSError:
            pass
    return count


def remove_left():
    """Removes what a run has made, this one or one that was killed: pods, containerd, mounts, control groups, files."""
    tool = os.environ.get("SHRIKE_POD_TOOL", "")
    # The sensor first, which puts back what it changed in the kernel.
    limit = time.monotonic() + 10
    while end(signal.SIGTERM if time.monotonic() < limit else signal.SIGKILL, f"shrike.learning.directory={PROFILES}"):
        time.sleep(0.5)
    if os.path.exists(f"{HOME}/containerd.pid"):
        try:
            subprocess.run([sys.executable, tool, "down"], env=dict(os.environ, POD_HOME=HOME), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL, timeout=120)
        except (OSError, subprocess.TimeoutExpired):
            pass
        time.sleep(0.5)
    # Shims of pods that could not be asked, and what is in them.
    end(signal.SIGKILL, f"{HOME}/containerd.sock", f"{HOME}/config.toml")
    for root in ("/sys/fs/cgroup/systemd", "/sys/fs/cgroup/unified", "/sys/fs/cgroup"):
        for member in members(f"{root}/{UNIT}"):
            with contextlib.suppress(OSError):
                os.kill(member, signal.SIGKILL)
    for pod in left_groups():
        for member in members(pod):
            with contextlib.suppress(OSError):
                os.kill(member, signal.SIGKILL)
    time.sleep(0.5)
    for line in reversed(open("/proc/mounts").read().split("\n")):
        if len(words := line.split(" ")) > 1 and words[1].startswith(HOME + "/"):
            subprocess.run(["umount", "-l", words[1]], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for path in left_groups() + [f"{root}/{UNIT}" for root in ("/sys/fs/cgroup/systemd", "/sys/fs/cgroup/unified", "/sys/fs/cgroup")]:
        with contextlib.suppress(OSError):
            os.rmdir(path)
    shutil.rmtree(HOME, ignore_errors=True)


def left_groups():
    """Control groups of the pods, the innermost first: they are noted in a file, since their names are made up."""
    try:
        pods = {line.strip() for line in open(f"{HOME}/pods")}
    except OSError:
        return []
    found = []
    for root, directories, _ in os.walk("/sys/fs/cgroup"):
        if any(part in pods for part in root.split("/")):
            found.append(root)
    return sorted(found, key=len, reverse=True)


def seeded(seed, name):
    return random.Random(f"{seed}/{name}")
