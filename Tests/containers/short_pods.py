#!/usr/bin/env python3
"""Containers of pods that do their deed at once and end: short_pods.py POD_HOME COUNT [PARALLEL]

POD_HOME is where the `up` of SHRIKE_POD_TOOL has put its containerd and its client. Starts COUNT pods named short-N in the namespace shop, each with
one container that reads /etc/shadow, writes below /bin and ends, and removes them. Prints a line `POD CONTAINER` for each.
"""
import concurrent.futures
import sys
import time
import uuid

home, count = sys.argv[1], int(sys.argv[2])
parallel = int(sys.argv[3]) if len(sys.argv) > 3 else 1
sys.path.insert(0, f"{home}/py")
import cri_pb2 as pb
import cri_pb2_grpc
import grpc

cri = cri_pb2_grpc.RuntimeServiceStub(grpc.insecure_channel(f"unix://{home}/containerd.sock"))
COMMAND = ["/bin/sh", "-c", "cat /etc/shadow; echo x > /bin/y"]
IMAGE = "docker.io/library/busybox:1.35"


def one(number):
    name, uid = f"short-{number}", str(uuid.uuid4())
    labels = {"io.kubernetes.pod.name": name, "io.kubernetes.pod.namespace": "shop", "io.kubernetes.pod.uid": uid}
    security = pb.NamespaceOption(network=pb.NODE)
    sandbox = pb.PodSandboxConfig(
        metadata=pb.SandboxMetadata(name=name, uid=uid, namespace="shop"), log_directory=f"{home}/logs", labels=labels,
        linux=pb.LinuxSandbox(
            cgroup_parent=f"/kubepods/besteffort/pod{uid}", security_context=pb.SandboxSecurity(namespace_options=security)))
    pod = cri.RunPodSandbox(pb.RunPodSandboxRequest(config=sandbox)).pod_sandbox_id
    container = cri.CreateContainer(pb.CreateContainerRequest(
        pod_sandbox_id=pod, sandbox_config=sandbox,
        config=pb.ContainerConfig(
            metadata=pb.ContainerMetadata(name="main"), image=pb.ImageSpec(image=IMAGE), command=COMMAND, log_path="main.log",
            labels={**labels, "io.kubernetes.container.name": "main"},
            linux=pb.LinuxContainer(security_context=pb.ContainerSecurity(namespace_options=security))))).container_id
    cri.StartContainer(pb.StartContainerRequest(container_id=container))
    time.sleep(0.3)
    cri.StopPodSandbox(pb.PodSandboxId(pod_sandbox_id=pod))
    cri.RemovePodSandbox(pb.PodSandboxId(pod_sandbox_id=pod))
    return f"{name} {container}"


with concurrent.futures.ThreadPoolExecutor(parallel) as pool:
    for line in pool.map(one, range(count)):
        print(line, flush=True)
