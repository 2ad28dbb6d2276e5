#!/usr/bin/env python3
"""Runs samples/kubernetes' DaemonSet on a real containerd as a kubelet would, and takes it down at its end.

  run_daemonset.py SOCKET OVERLAY IMAGE.tar        prints the container's output until standard input is closed

The container's settings (capabilities, mounts, namespaces, seccomp, read-only root) are the manifest's, by the CRI.
"""
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import uuid

import grpc
import grpc_tools.protoc

import kustomization

HERE = os.path.dirname(os.path.abspath(__file__))


def client(socket, scratch):
    """The CRI's messages and a client, generated from cri.proto."""
    made = grpc_tools.protoc.main(
        ["protoc", f"-I{HERE}", f"--python_out={scratch}", f"--grpc_python_out={scratch}", "cri.proto"])
    if made != 0:
        sys.exit("protoc failed")
    sys.path.insert(0, scratch)
    import cri_pb2
    import cri_pb2_grpc
    return cri_pb2, cri_pb2_grpc.RuntimeServiceStub(grpc.insecure_channel(f"unix://{socket}"))


def mebibytes(quantity):
    if not quantity.endswith("Mi"):
        raise ValueError(f"expected Mi: {quantity}")
    return int(quantity[:-2]) << 20


def mounts(pb, pod, container, objects, scratch):
    """The volumes as a kubelet lays them out."""
    volumes = {volume["name"]: volume for volume in pod["volumes"]}
    for mount in container["volumeMounts"]:
        volume = volumes[mount["name"]]
        if "hostPath" in volume:
            source = volume["hostPath"]["path"]
            if volume["hostPath"]["type"] == "DirectoryOrCreate":
                # What the node has under that name is not this test's.
                source = f"{scratch}/{mount['name']}"
                os.makedirs(source, mode=0o755)
        else:
            source = f"{scratch}/{mount['name']}"
            os.makedirs(source)
            data = next(o for o in objects if o["kind"] == "ConfigMap" and o["metadata"]["name"] == volume["configMap"]["name"])
            for name, text in data["data"].items():
                with open(f"{source}/{name}", "w") as file:
                    file.write(text)
        yield pb.Mount(
            container_path=mount["mountPath"], host_path=source, readonly=mount.get("readOnly", False),
            propagation={"HostToContainer": 1}.get(mount.get("mountPropagation"), 0))


def main():
    socket, overlay, archive = sys.argv[1:]
    objects = kustomization.build(overlay)
    daemonset = next(o for o in objects if o["kind"] == "DaemonSet")
    pod = daemonset["spec"]["template"]["spec"]
    container = pod["containers"][0]
    context = container["securityContext"]
    scratch = tempfile.mkdtemp(dir="/run")
    pb, cri = client(socket, scratch)
    subprocess.run(["ctr", "-a", socket, "-n", "k8s.io", "images", "import", archive], check=True, stdout=sys.stderr)

    host = pb.NamespaceOption(
        network=2 if pod.get("hostNetwork") else 0, pid=2 if pod.get("hostPID") else 1, ipc=2 if pod.get("hostIPC") else 0)
    profile = pb.SecurityProfile(
        profile_type={"RuntimeDefault": 0, "Unconfined": 1}[pod["securityContext"]["seccompProfile"]["type"]])
    uid = str(uuid.uuid4())
    labels = {"io.kubernetes.pod.name": "shrike-x", "io.kubernetes.pod.namespace": daemonset["metadata"]["namespace"],
              "io.kubernetes.pod.uid": uid}
    sandbox = pb.PodSandboxConfig(
        metadata=pb.Metadata(name="shrike-x", uid=uid, namespace=daemonset["metadata"]["namespace"]),
        log_directory=f"{scratch}/logs", labels=labels,
        linux=pb.LinuxSandbox(
            cgroup_parent=f"/kubepods/burstable/pod{uid}",
            security_context=pb.SandboxSecurity(namespace_options=host, seccomp=profile)))
    identity = cri.RunPodSandbox(pb.RunPodSandboxRequest(config=sandbox)).pod_sandbox_id
    try:
        started = cri.CreateContainer(pb.CreateContainerRequest(
            pod_sandbox_id=identity, sandbox_config=sandbox,
            config=pb.ContainerConfig(
                metadata=pb.ContainerMetadata(name="shrike"), image=pb.ImageSpec(image=container["image"]),
                args=container["args"], labels={**labels, "io.kubernetes.container.name": "shrike"}, log_path="shrike.log",
                mounts=list(mounts(pb, pod, container, objects, scratch)),
                linux=pb.LinuxContainer(
                    resources=pb.Resources(memory_limit_in_bytes=mebibytes(container["resources"]["limits"]["memory"])),
                    security_context=pb.ContainerSecurity(
                        capabilities=pb.Capability(
                            add_capabilities=context["capabilities"]["add"],
                            drop_capabilities=context["capabilities"]["drop"]),
                        privileged=context["privileged"], namespace_options=host,
                        run_as_user=pb.Int64Value(value=context["runAsUser"]),
                        run_as_group=pb.Int64Value(value=context["runAsGroup"]),
                        readonly_rootfs=context["readOnlyRootFilesystem"],
                        no_new_privs=not context["allowPrivilegeEscalation"], seccomp=profile,
                        # What a kubelet asks for where procMount is Default.
                        masked_paths=["/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list",
                                      "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/sys/firmware"],
                        readonly_paths=["/proc/asound", "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys",
                                        "/proc/sysrq-trigger"]))))).container_id
        cri.StartContainer(pb.StartContainerRequest(container_id=started))
        done = threading.Event()
        threading.Thread(target=lambda: (sys.stdin.read(), done.set()), daemon=True).start()
        show(f"{scratch}/logs/shrike.log", done)
        cri.StopContainer(pb.StopContainerRequest(container_id=started, timeout=15))
        print("stopped", json.dumps({"container": started}), file=sys.stderr)
    finally:
        cri.StopPodSandbox(pb.PodSandboxId(pod_sandbox_id=identity))
        cri.RemovePodSandbox(pb.PodSandboxId(pod_sandbox_id=identity))
        subprocess.run(["rm", "-rf", scratch], check=False)


def show(log, done):
    """Follows the CRI's log: TIME STREAM TAG TEXT."""
    with open(log) as file:
        while True:
            line = file.readline()
            if line:
                _, stream, tag, text = line.rstrip("\n").split(" ", 3)
                target = sys.stdout if stream == "stdout" else sys.stderr
                print(text, file=target, flush=True, end="" if tag == "P" else "\n")
            elif done.is_set():
                return
            else:
                time.sleep(0.02)


main()
