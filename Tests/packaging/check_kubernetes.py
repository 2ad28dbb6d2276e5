#!/usr/bin/env python3
"""Checks samples/kubernetes: every object against Kubernetes' own schema, strictly, and what Shrike promises of them.

  check_kubernetes.py SHRIKE        SHRIKE is the program, which checks the configuration in the ConfigMap
"""
import pathlib
import subprocess
import sys
import tempfile

import kubernetes_validate

import kustomization

SAMPLES = pathlib.Path(__file__).resolve().parents[2] / "samples/kubernetes"
VERSIONS = ["1.28", "1.31"]
CAPABILITIES = {
    "proc": {"DAC_READ_SEARCH", "NET_ADMIN", "SYS_ADMIN", "SYS_PTRACE"},
    "audit": {"DAC_READ_SEARCH", "NET_ADMIN", "SYS_ADMIN", "SYS_PTRACE", "AUDIT_CONTROL", "AUDIT_READ"},
}
problems = []


def expect(condition, text):
    if not condition:
        problems.append(text)


def check_configuration(shrike, data):
    """The configuration and the rules must load without a remark."""
    with tempfile.TemporaryDirectory() as directory:
        for name, text in data.items():
            pathlib.Path(directory, name).write_text(text)
        rules = pathlib.Path(SAMPLES).parents[1] / "rules/shrike_rules.yaml"
        done = subprocess.run(
            [shrike, "-L", "-c", f"{directory}/shrike.yaml", "-r", rules, "-r", f"{directory}/local_rules.yaml"],
            capture_output=True, text=True, timeout=60)
        expect(done.returncode == 0 and not done.stderr, f"the ConfigMap's files: {done.stderr}")


def check_daemonset(name, objects):
    daemonset = next(o for o in objects if o["kind"] == "DaemonSet")
    pod = daemonset["spec"]["template"]["spec"]
    context = pod["containers"][0]["securityContext"]
    expect(set(context["capabilities"]["add"]) == CAPABILITIES[name], f"{name}: {context['capabilities']['add']}")
    expect(context["capabilities"]["drop"] == ["ALL"], f"{name}: not all capabilities are dropped")
    expect(context["readOnlyRootFilesystem"] and not context["privileged"], f"{name}: writable root or privileged")
    expect(not context["allowPrivilegeEscalation"], f"{name}: allows privilege escalation")
    expect(pod["automountServiceAccountToken"] is False, f"{name}: mounts a token")
    expect(pod["hostPID"] and pod["hostNetwork"], f"{name}: not in the node's namespaces")
    expect(all(m["readOnly"] for m in pod["containers"][0]["volumeMounts"]), f"{name}: a writable mount")
    expect({o["kind"] for o in objects} == {"Namespace", "ServiceAccount", "ConfigMap", "DaemonSet"}, f"{name}: other kinds")


for overlay in sorted(CAPABILITIES):
    built = kustomization.build(SAMPLES / "overlays" / overlay)
    for thing in built:
        for version in VERSIONS:
            try:
                kubernetes_validate.validate(thing, version, strict=True)
            except (kubernetes_validate.ValidationError, kubernetes_validate.SchemaNotFoundError) as error:
                problems.append(f"{overlay}: {thing['kind']}: Kubernetes {version}: {getattr(error, 'message', error)}")
    check_daemonset(overlay, built)
    check_configuration(sys.argv[1], next(o for o in built if o["kind"] == "ConfigMap")["data"])
    print(f"{overlay}: {len(built)} objects")
for problem in problems:
    print(problem, file=sys.stderr)
sys.exit(1 if problems else 0)
