"""The chart in samples/helm as Helm sees it: linted, its values checked, rendered."""
import json
import pathlib
import re
import subprocess
import tempfile

import jsonschema
import yaml

CHART = pathlib.Path(__file__).resolve().parents[2] / "samples/helm/shrike"
BUILD = pathlib.Path(__file__).resolve().parents[2] / ".build"
# semver.org's own expression, shortened by build metadata.
VERSION = re.compile(r"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?$")


def lint(version):
    """What `helm lint` asks of a chart's files, and that its version is the program's; gives the problems."""
    problems = []
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    for key in ("apiVersion", "name", "version", "description", "type"):
        if key not in chart:
            problems.append(f"Chart.yaml: no {key}")
    if chart["apiVersion"] != "v2" or chart["name"] != CHART.name or not VERSION.match(chart["version"]):
        problems.append(f"Chart.yaml: {chart}")
    if str(chart["appVersion"]) != version:
        problems.append(f"Chart.yaml: appVersion {chart['appVersion']}, the program is {version}")
    schema = json.loads((CHART / "values.schema.json").read_text())
    jsonschema.Draft7Validator.check_schema(schema)
    values = yaml.safe_load((CHART / "values.yaml").read_text())
    if set(values) != set(schema["properties"]) - {"global"}:
        problems.append(f"values.yaml and its schema differ: {set(values) ^ set(schema['properties'])}")
    return problems + invalid({})


def invalid(values):
    """Why the schema refuses these values, laid over the chart's own."""
    merged = merge(yaml.safe_load((CHART / "values.yaml").read_text()), values)
    validator = jsonschema.Draft7Validator(json.loads((CHART / "values.schema.json").read_text()))
    return [f"values: {'.'.join(map(str, error.path))}: {error.message}" for error in validator.iter_errors(merged)]


def merge(under, over):
    for key, value in over.items():
        if isinstance(value, dict) and isinstance(under.get(key), dict):
            merge(under[key], value)
        else:
            under[key] = value
    return under


def render(values):
    """The objects that `helm template shrike CHART --namespace shrike -f VALUES` gives."""
    program = BUILD / "helm-template"
    source = pathlib.Path(__file__).resolve().parent / "helm-template/main.go"
    if not program.exists() or program.stat().st_mtime < source.stat().st_mtime:
        # Debian's Go libraries are in a GOPATH.
        environment = {"GOPATH": "/usr/share/gocode", "GO111MODULE": "off", "GOFLAGS": "", "PATH": "/usr/bin:/bin",
                       "HOME": str(BUILD), "GOCACHE": str(BUILD / "go-cache")}
        subprocess.run(["go", "build", "-o", program, source], check=True, env=environment)
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        yaml.safe_dump(values, file)
        file.flush()
        done = subprocess.run([program, CHART, "shrike", "shrike", file.name], capture_output=True, text=True)
    if done.returncode:
        raise ValueError(f"the chart does not render: {done.stderr}")
    return [thing for thing in yaml.safe_load_all(done.stdout) if thing]
