"""auditd as Debian configures its writing, in a directory of its own, with rules of its own; what it changes of audit is put back."""
import re
import shutil
import subprocess
import time

CONFIGURATION = """local_events = yes
write_logs = yes
log_file = {0}/audit.log
log_format = {1}
flush = INCREMENTAL_ASYNC
freq = 50
max_log_file_action = IGNORE
space_left = 75
space_left_action = IGNORE
admin_space_left = 50
admin_space_left_action = IGNORE
disk_full_action = IGNORE
disk_error_action = IGNORE
plugin_dir = {0}/plugins.d
"""


def setting(name):
    """What `auditctl -s` says of a setting."""
    shown = subprocess.run(["/sbin/auditctl", "-s"], capture_output=True, text=True, check=True).stdout
    return int(re.search(rf"^{name} (\d+)", shown, re.M)[1])


class Auditd:
    """It runs from its making to `stop`. No other may run."""

    def __init__(self, place, log_format="RAW"):
        shutil.rmtree(place, ignore_errors=True)
        (place / "plugins.d").mkdir(parents=True, mode=0o750)
        configuration = place / "auditd.conf"
        configuration.write_text(CONFIGURATION.format(place, log_format))
        configuration.chmod(0o640)
        self.place, self.log, self.rules = place, place / "audit.log", []
        self.before = {name: setting(name) for name in ("enabled", "backlog_limit", "lost")}
        self.process = subprocess.Popen(
            ["/sbin/auditd", "-n", "-c", place], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        time.sleep(1)
        if self.process.poll() is not None:
            raise SystemExit(f"auditd does not run: {self.process.stderr.read()}")

    def add(self, *rule, is_needed=True):
        """Adds a rule; one that is not needed may name a call that this machine has not."""
        added = subprocess.run(["/sbin/auditctl", "-a", *rule], check=is_needed, capture_output=True)
        if added.returncode == 0:
            self.rules.append(rule)

    def stop(self):
        """Ends it and puts audit back; gives how many records the kernel has lost meanwhile."""
        for rule in reversed(self.rules):
            subprocess.run(["/sbin/auditctl", "-d", *rule], capture_output=True)
        lost = setting("lost") - self.before["lost"]
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait()
        subprocess.run(
            ["/sbin/auditctl", "-e", str(self.before["enabled"]), "-b", str(self.before["backlog_limit"])], capture_output=True)
        shutil.rmtree(self.place, ignore_errors=True)
        return lost
