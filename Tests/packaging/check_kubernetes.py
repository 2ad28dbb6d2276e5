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
    writable = [m["mountPath"] for m in pod["containers"][0]["volumeMounts"] if not m.get("readOnly")]
    expect(writable == ["/var/lib/shrike"], f"{name}: writable mounts {writable}")
    expect({o["kind"] for o in objects} == {"Namespace", "ServiceAccount", "ConfigMap", "DaemonSet"}, f"{name}: other kinds")


def check_components(objects):
    """An overlay with both components: what they add fits together."""
    daemonset = next(o for o in objects if o["kind"] == "DaemonSet")
    pod = daemonset["spec"]["template"]
    container = pod["spec"]["containers"][0]
    service = next(o for o in objects if o["kind"] == "Service")
    monitor = next(o for o in objects if o["kind"] == "ServiceMonitor")
    added = {"SETUID", "SETGID", "SETPCAP", "KILL"}
    expect(added <= set(container["securityContext"]["capabilities"]["add"]), "network-outputs: capabilities are missing")
    expect("webserver.prometheus_metrics_enabled=true" in container["args"], "prometheus: metrics are not on")
    port = container["ports"][0]
    expect(service["spec"]["ports"][0]["targetPort"] == port["name"], "the Service's target is no port of the container")
    expect(container["livenessProbe"]["httpGet"]["port"] == port["name"], "the probe's port is none of the container")
    expect(service["spec"]["selector"].items() <= pod["metadata"]["labels"].items(), "the Service selects no pod")
    expect(monitor["spec"]["selector"]["matchLabels"].items() <= service["metadata"]["labels"].items(),
           "the ServiceMonitor selects no Service")
    expect(monitor["spec"]["endpoints"][0]["port"] == service["spec"]["ports"][0]["name"],
           "the ServiceMonitor's port is none of the Service")
    expect({o["metadata"]["namespace"] for o in (service, monitor)} == {"shrike"}, "components: another namespace")


def validate(name, objects):
    for thing in objects:
        # A kind of Prometheus' operator, whose schema is not among Kubernetes' own.
        if thing["kind"] == "ServiceMonitor":
            continue
        for version in VERSIONS:
            try:
                kubernetes_validate.validate(thing, version, strict=True)
            except (kubernetes_validate.ValidationError, kubernetes_validate.SchemaNotFoundError) as error:
                problems.append(f"{name}: {thing['kind']}: Kubernetes {version}: {getattr(error, 'message', error)}")
    print(f"{name}: {len(objects)} objects")


for overlay in sorted(CAPABILITIES):
    built = kustomization.build(SAMPLES / "overlays" / overlay)
    validate(overlay, built)
    check_daemonset(overlay, built)
    check_configuration(sys.argv[1], next(o for o in built if o["kind"] == "ConfigMap")["data"])
with tempfile.TemporaryDirectory() as directory:
    pathlib.Path(directory, "kustomization.yaml").write_text(f"""
namespace: shrike
resources: [{SAMPLES}/overlays/audit]
components: [{SAMPLES}/components/network-outputs, {SAMPLES}/components/prometheus]
""")
    built = kustomization.build(directory)
    validate("with components", built)
    check_components(built)
for problem in problems:
    print(problem, file=sys.stderr)
sys.exit(1 if problems else 0)
