"""What came out, as Markdown."""
import collections

import attacks, workloads
from sensor import KINDS, SETTINGS


def cumulative(alerts, level):
    """Those that a setting has: its own and those of the settings before."""
    return [alert for alert in alerts if alert.setting in SETTINGS[:level + 1]]


def minutes(seconds):
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def settling(sensor, chosen, restarts):
    lines = ["## How long until settled", "",
             "Minutes from the sensor's start until a kind was settled for good, with how many behaviours are known; × how often it had begun to "
             "wait anew before; – not at the end.", "", "| workload | " + " | ".join(KINDS) + " |", "|---" * (len(KINDS) + 1) + "|"]
    for name in chosen:
        cells = []
        for kind in KINDS:
            times = sensor.settled.get((workloads.NAMES[name], kind))
            if times is None:
                cells.append("")
                continue
            known, left_out = sensor.known[workloads.NAMES[name], kind]
            again = f" ×{(len(times) - 1) // 2}" if len(times) > 2 else ""
            when = minutes(times[-1]) if len(times) % 2 else "–"
            cells.append(f"{when}{again} ({known}{f', {left_out} left out' if left_out else ''})")
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return lines + ["", "Runs began anew at " + ", ".join(f"{name} {minutes(when)}" for name, when in restarts) + "."]


class Causes:
    """Whose doing an alert of the normal time is: an act's that came then, or the load's."""

    def __init__(self, acts):
        self.acts = acts

    def of(self, alert):
        for name, act, begin, end in self.acts:
            after = 60 if act == "restart" else 8
            if alert.workload == workloads.NAMES[name] and begin - 1 <= alert.time <= end + after:
                return act
        return "load"


def distinct(alerts, causes):
    """What `repeat` leaves of them in an hour; a chain is told again and again."""
    return {(alert.rule, alert.news if alert.short != "chain" else "", causes.of(alert)) for alert in alerts}


def false_alarms(alerts, chosen, seconds, acts):
    causes = Causes(acts)
    lines = ["## False alarms under normal load", "",
             f"{seconds:.0f} s with another seed, a restart of each pod, and acts that were never seen before. Distinct alerts of the load and the "
             "restart (the same in an hour is one), by setting with those before it; in brackets the alerts of acts that came for the first time, "
             "which are not in the rates; then how often a chain was told.", "",
             "| workload | quiet | middle | eager | in an hour: quiet | middle | eager | chains told |", "|---|---|---|---|---|---|---|---|"]
    totals = collections.Counter()
    for name in chosen:
        own = [alert for alert in alerts if alert.workload == workloads.NAMES[name] and alert.setting]
        cells, rates = [], []
        for level in range(3):
            found = distinct(cumulative(own, level), causes)
            usual = sum(cause in ("load", "restart") for _, _, cause in found)
            cells.append(f"{usual} ({len(found) - usual})")
            rates.append(f"{usual * 3600 / seconds:.0f}")
            totals[level] += usual
            totals[level, "late"] += len(found) - usual
        chains = sum(alert.short == "chain" for alert in own)
        totals["chain"] += chains
        lines.append(f"| {name} | " + " | ".join(cells + rates) + f" | {chains} |")
    lines.append("| all | " + " | ".join(f"{totals[level]} ({totals[level, 'late']})" for level in range(3)) + " | "
                 + " | ".join(f"{totals[level] * 3600 / seconds:.0f}" for level in range(3)) + f" | {totals['chain']} |")
    return lines + details([alert for alert in alerts if alert.setting], chosen, causes) + others(alerts)


def details(alerts, chosen, causes):
    names = {workloads.NAMES[name]: name for name in chosen}
    rules, late = collections.defaultdict(collections.Counter), collections.defaultdict(collections.Counter)
    for alert in alerts:
        if alert.workload not in names:
            continue
        name, cause = names[alert.workload], causes.of(alert)
        if cause in ("load", "restart"):
            rules[name, cause, alert.news if alert.short != "chain" else "(chain)"][alert.short] += 1
        else:
            late[name, cause][alert.short] += 1
    lines = ["", "Of the load and the restart:", "", "| workload | by | rules | what |", "|---|---|---|---|"]
    for (name, cause, news), shorts in sorted(rules.items()):
        lines.append(f"| {name} | {cause} | {', '.join(f'{short} ×{count}' for short, count in sorted(shorts.items()))} | `{news[:200]}` |")
    lines += ["", "Of what came for the first time:", "", "| workload | act | alerts |", "|---|---|---|"]
    for (name, cause), shorts in sorted(late.items()):
        lines.append(f"| {name} | {cause} | {', '.join(f'{short} ×{count}' for short, count in sorted(shorts.items()))} |")
    return lines


def others(alerts):
    found = collections.Counter((alert.workload, alert.rule) for alert in alerts
                                if not alert.setting and alert.workload in workloads.NAMES.values())
    if not found:
        return []
    return ["", "Other rules than those of learning: " + "; ".join(f"{rule} ({workload}) {count}" for (workload, rule), count in sorted(found.items())) + "."]


def early(alerts, chosen):
    """What was told while it was learned: of kinds that had settled by then."""
    lines = ["## Told while learning", "", "| workload | rules | what, the first ten |", "|---|---|---|"]
    for name in chosen:
        own = [alert for alert in alerts if alert.workload == workloads.NAMES[name] and alert.setting]
        shorts = collections.Counter(alert.short for alert in own)
        news = list(dict.fromkeys(alert.news for alert in own if alert.short != "chain"))
        if own:
            lines.append(f"| {name} | {', '.join(f'{short} ×{count}' for short, count in sorted(shorts.items()))} | "
                         + "; ".join(f"`{text[:120]}`" for text in news[:10]) + " |")
    return lines + others(alerts)


def attack_table(alerts, done, seconds):
    lines = ["## Attacks", "",
             "Which rules of each setting told it (a setting has those before it, too), and how many rules that don't learn. How: inside of the service, by a "
             "shell through its hole, by exec into the pod, beside the service in its control group. What was told before the attacks is left out.", "",
             "| workload | attack | how | quiet | middle | eager | other rules |", "|---|---|---|---|---|---|---|"]
    told = collections.Counter()
    done = [act for act in done if act[2] != "failed"]
    for name, act, how, begin in done:
        own = [alert for alert in alerts if alert.workload == workloads.NAMES[name] and begin - 0.3 <= alert.time <= begin + seconds - 0.5]
        cells = []
        for level, setting in enumerate(SETTINGS):
            shorts = sorted({alert.short for alert in own if alert.setting == setting})
            cells.append(", ".join(shorts) or "–")
            # A chain is the sum of attacks before it, here where one follows the other.
            if any(alert.short != "chain" for alert in cumulative(own, level)):
                told[act, setting] += 1
                told[setting] += 1
        usual = {alert.rule for alert in own if not alert.setting}
        told[act, "other"] += bool(usual)
        told["other"] += bool(usual)
        told[act] += 1
        lines.append(f"| {name} | {act} | {how} | " + " | ".join(cells) + f" | {len(usual) or '–'} |")
    columns = (*SETTINGS, "other")
    lines += ["", "Told, of so many (not counted what a chain alone told, since here one attack follows the other):", "",
              "| attack | of | quiet | middle | eager | other rules |", "|---|---|---|---|---|---|"]
    for act in attacks.ORDER:
        if told[act]:
            lines.append(f"| {act} | {told[act]} | " + " | ".join(str(told[act, column]) for column in columns) + " |")
    return lines + [f"| all | {len(done)} | " + " | ".join(str(told[column]) for column in columns) + " |"]


def memory(sensor):
    lines = ["## The sensor", "", "| at the end of | minutes | RSS, MiB | peak, MiB | processor time, s |", "|---|---|---|---|---|"]
    last = {}
    for phase, when, resident, peak, used in sensor.memory:
        last[phase] = f"| {phase} | {minutes(when)} | {resident:.0f} | {peak:.0f} | {used:.0f} |"
    return lines + list(last.values())
