"""The part of kustomize that samples/kubernetes uses: resources, components, namespace, JSON patches. Anything else is an error."""
import copy
import pathlib

import yaml

HEADER = {"apiVersion", "kind"}
CLUSTER_SCOPED = {"Namespace"}


def build(directory):
    """The objects that `kubectl kustomize DIRECTORY` gives."""
    return accumulate(pathlib.Path(directory), [])


def accumulate(directory, objects):
    """What a kustomization makes of the objects before it: a component changes them, another only adds its own."""
    settings = yaml.safe_load((directory / "kustomization.yaml").read_text())
    unknown = set(settings) - HEADER - {"resources", "components", "namespace", "patches"}
    if unknown:
        raise ValueError(f"{directory}: this reader does not know {sorted(unknown)}")
    for name in settings.get("resources", []):
        path = directory / name
        objects = objects + (build(path) if path.is_dir() else [o for o in yaml.safe_load_all(path.read_text()) if o])
    for name in settings.get("components", []):
        objects = accumulate(directory / name, objects)
    for thing in objects:
        if "namespace" in settings and thing["kind"] not in CLUSTER_SCOPED:
            thing["metadata"]["namespace"] = settings["namespace"]
    for patch in settings.get("patches", []):
        target = patch["target"]
        matching = [o for o in objects if o["kind"] == target["kind"] and o["metadata"]["name"] == target["name"]]
        if not matching:
            raise ValueError(f"{directory}: the patch's target {target} is not there")
        for thing in matching:
            for operation in yaml.safe_load(patch["patch"]):
                apply(thing, operation)
    return objects


def apply(thing, operation):
    """One operation of RFC 6902: add or replace."""
    *way, last = operation["path"].strip("/").split("/")
    for step in way:
        thing = thing[int(step) if isinstance(thing, list) else step]
    value = copy.deepcopy(operation["value"])
    if operation["op"] == "add" and last == "-":
        thing.append(value)
    elif operation["op"] == "replace" and last in thing:
        thing[last] = value
    elif operation["op"] == "add" and isinstance(thing, dict):
        thing[last] = value
    else:
        raise ValueError(f"this reader can't do {operation}")
