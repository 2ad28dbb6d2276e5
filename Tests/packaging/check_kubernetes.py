#!/usr/bin/env python3
"""Checks samples/kubernetes and the Helm chart: every object against Kubernetes' own schema, strictly, and what Shrike promises.

  check_kubernetes.py SHRIKE        SHRIKE is the program, which checks the configuration in the ConfigMap
"""
import pathlib
import subprocess
import sys
import tempfile

import kubernetes_validate
import yaml

import helm_chart
import kustomization

SAMPLES = pathlib.Path(__file__).resolve().parents[2] / "samples/kubernetes"
VERSIONS = ["1.28", "1.31"]
CAPABILITIES = {
    "proc": {"DAC_READ_SEARCH", "NET_ADMIN", "SYS_ADMIN", "SYS_PTRACE"},
    "audit": {"DAC_READ_SEARCH", "NET_ADMIN", "SYS_ADMIN", "SYS_PTRACE", "AUDIT_CONTROL", "AUDIT_READ"},
    "ebpf": {"DAC_READ_SEARCH", "SYS_PTRACE", "BPF", "PERFMON"},
}
problems = []


def expect(condition, text):
    if not condition:
        problems.append(text)


def check_configuration(shrike, data):
    """The configuration and the rules must load without a remark."""
    with tempfile.TemporaryDirectory() as directory:
        rules = [pathlib.Path(SAMPLES).parents[1] / "rules"]
        for name, text in data.items():
            pathlib.Path(directory, name).write_text(text)
            if name != "shrike.yaml":
                rules.append(pathlib.Path(directory, name))
        done = subprocess.run(
            [shrike, "-L", "-c", f"{directory}/shrike.yaml"] + [word for path in rules for word in ("-r", path)],
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
    expect(writable == ["/var/lib/shrike", "/run/shrike"], f"{name}: writable mounts {writable}")
    update = daemonset["spec"]["updateStrategy"]["rollingUpdate"]
    expect(update == {"maxSurge": 1, "maxUnavailable": 0}, f"{name}: the old pod ends before the new one waits: {update}")
    expect({o["kind"] for o in objects} == {"Namespace", "ServiceAccount", "ConfigMap", "DaemonSet"}, f"{name}: other kinds")


def check_components(objects, args=True):
    """An overlay with both components: what they add fits together."""
    daemonset = next(o for o in objects if o["kind"] == "DaemonSet")
    pod = daemonset["spec"]["template"]
    container = pod["spec"]["containers"][0]
    service = next(o for o in objects if o["kind"] == "Service")
    monitor = next(o for o in objects if o["kind"] == "ServiceMonitor")
    added = {"SETUID", "SETGID", "SETPCAP", "KILL"}
    expect(added <= set(container["securityContext"]["capabilities"]["add"]), "network-outputs: capabilities are missing")
    if args:
        expect("webserver.prometheus_metrics_enabled=true" in container["args"], "prometheus: metrics are not on")
        expect("webserver.listen_address=::" in container["args"], "prometheus: not for both families of addresses")
    expect(pod["spec"]["nodeSelector"] == {"kubernetes.io/os": "linux"}, "pods for nodes that have no Linux")
    port = service["spec"]["ports"][0]["targetPort"]
    expect(isinstance(port, int) and container["livenessProbe"]["httpGet"]["port"] == port, "probe and Service differ in the port")
    expect("ports" not in container, "a declared port keeps the pod of an update from the node's network")
    expect(service["spec"]["selector"].items() <= pod["metadata"]["labels"].items(), "the Service selects no pod")
    expect(monitor["spec"]["selector"]["matchLabels"].items() <= service["metadata"]["labels"].items(),
           "the ServiceMonitor selects no Service")
    expect(monitor["spec"]["endpoints"][0]["port"] == service["spec"]["ports"][0]["name"],
           "the ServiceMonitor's port is none of the Service")
    expect({o["metadata"]["namespace"] for o in (service, monitor)} == {"shrike"}, "components: another namespace")


def check_chart(shrike):
    """The chart gives what the kustomize samples give, and what its values add fits together."""
    version = subprocess.run([shrike, "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
    problems.extend(helm_chart.lint(version))
    for overlay, values in [("proc", {}), ("audit", {"sources": "audit"}), ("ebpf", {"sources": "ebpf"})]:
        rendered = helm_chart.render(values)
        validate(f"chart, {overlay}", rendered)
        check_configuration(shrike, next(o for o in rendered if o["kind"] == "ConfigMap")["data"])
        pods = []
        for objects in (rendered, kustomization.build(SAMPLES / "overlays" / overlay)):
            pod = next(o for o in objects if o["kind"] == "DaemonSet")["spec"]["template"]["spec"]
            # The chart has the sources in the configuration, and rules of any number.
            pod["containers"][0].pop("args")
            pod["volumes"] = [volume for volume in pod["volumes"] if volume["name"] != "config"]
            pods.append(pod)
        expect(pods[0] == pods[1], f"the chart's pod is not that of the overlay {overlay}: {pods}")
    rendered = helm_chart.render({"sources": "auto"})
    validate("chart, auto", rendered)
    container = next(o for o in rendered if o["kind"] == "DaemonSet")["spec"]["template"]["spec"]["containers"][0]
    added = container["securityContext"]["capabilities"]["add"]
    expect(set(added) == set().union(*CAPABILITIES.values()), f"chart, auto: {added} can't have every source")
    rendered = helm_chart.render(CHART_VALUES)
    validate("chart, with everything", rendered)
    check_components(rendered, args=False)
    data = next(o for o in rendered if o["kind"] == "ConfigMap")["data"]
    check_configuration(shrike, data)
    configuration = yaml.safe_load(data["shrike.yaml"])
    expect(configuration["shrike"]["outputs"] == CHART_VALUES["outputs"], "the chart's outputs are not in the configuration")
    expect(configuration["shrike"]["host_root"] == "/host", "values of the user replace what the chart needs")
    expect(configuration["priority"] == "notice" and configuration["webserver"]["listen_port"] == 9000, f"{configuration}")
    expect(configuration["webserver"]["listen_address"] == "::", "the chart's metrics are not for both families of addresses")
    pod = next(o for o in rendered if o["kind"] == "DaemonSet")["spec"]["template"]["spec"]
    expect(pod["tolerations"] == CHART_VALUES["tolerations"] and pod["priorityClassName"] == "high", f"{pod}")
    items = pod["volumes"][0]["projected"]["sources"]
    expect({"key": "mine.yaml", "path": "rules.d/mine.yaml"} in items[0]["configMap"]["items"], f"{items}")
    expect(items[1] == {"secret": {"name": "receivers"}}, f"{items}")
    for values in ({"sources": "kprobes"}, {"metrics": {"port": 0}}, {"misspelt": 1}, {"rules": {"files": {"a/b.yaml": ""}}}):
        expect(helm_chart.invalid(values), f"the chart's schema accepts {values}")


CHART_VALUES = {
    "sources": "audit", "priorityClassName": "high", "tolerations": [{"key": "dedicated", "operator": "Exists"}],
    "rules": {"files": {"mine.yaml": "- macro: mine\n  condition: proc.name = x\n"}},
    "outputs": [{"name": "siem", "url": "https://siem.example/", "batch_size": 10}], "outputsSecret": "receivers",
    "config": {"priority": "notice", "shrike": {"host_root": "/elsewhere"}},
    "metrics": {"enabled": True, "port": 9000, "serviceMonitor": {"enabled": True, "labels": {"release": "prometheus"}}},
}


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
check_chart(sys.argv[1])
for problem in problems:
    print(problem, file=sys.stderr)
sys.exit(1 if problems else 0)
