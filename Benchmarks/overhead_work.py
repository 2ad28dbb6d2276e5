"""The work whose cost Benchmarks/overhead measures. `run` gives the processor time of one operation in seconds, and how many there were."""
import os
import pathlib
import re
import resource
import shutil
import subprocess
import time

from overhead_sensors import cpu_seconds, free_port


class Loop:
    """One system call, or a few, again and again (overhead.c)."""

    def __init__(self, program, name, count, meaning, named):
        self.program, self.name, self.count, self.meaning, self.named = program, name, count, meaning, named

    def run(self):
        words = [self.program, self.name, str(self.count), self.named]
        nanoseconds = subprocess.run(words, check=True, capture_output=True).stdout
        return float(nanoseconds) / 1e9, self.count


class Build:
    """Lua compiled and linked, each file by a compiler of its own."""

    name, meaning = "build", "a build of Lua 5.4 (cc -O1, a process a file)"

    def __init__(self, source, directory):
        self.files = [path for path in sorted(source.glob("*.c")) if path.name != "luac.c"]
        self.objects = directory / "objects"
        self.objects.mkdir()
        # Debian's rules make it.
        (source / "lua5.4-deb-multiarch.h").write_text('#define DEB_HOST_MULTIARCH "here"\n')

    @classmethod
    def here(cls, directory):
        """The source comes from Debian by apt-get, with lists of its own; nil where that can't be had."""
        place = directory / "source"
        (place / "lists/partial").mkdir(parents=True)
        (place / "sources.list").write_text(
            "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian bookworm main\n")
        apt = ["apt-get", "-qq", "-o", f"Dir::Etc::SourceList={place}/sources.list", "-o", "Dir::Etc::SourceParts=/dev/null",
               "-o", f"Dir::State::Lists={place}/lists", "-o", "APT::Sandbox::User=root"]
        for words in (["update"], ["source", "lua5.4"]):
            if subprocess.run(apt + words, cwd=place, capture_output=True).returncode != 0:
                print("# no source of Lua: a build is not measured")
                return None
        return cls(next(place.glob("lua5.4-*/src")), directory)

    def run(self):
        before = self.used()
        objects = []
        for path in self.files:
            objects.append(self.objects / f"{path.stem}.o")
            subprocess.run(["cc", "-O1", "-DLUA_USE_POSIX", "-c", "-o", objects[-1], path], check=True)
        subprocess.run(["cc", "-o", self.objects / "lua", *objects, "-lm"], check=True)
        return self.used() - before, 1

    @staticmethod
    def used():
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        return children.ru_utime + children.ru_stime


class WebServer:
    """nginx with one worker that answers wrk on loopback with a small file, and writes its log."""

    name, meaning = "nginx", "a request to nginx (a file of 1 KiB, 16 connections)"
    SECONDS = 4
    CONFIGURATION = """daemon off;
master_process on;
worker_processes 1;
pid {0}/nginx.pid;
error_log {0}/error.log;
events {{ worker_connections 256; }}
http {{
    access_log {0}/access.log;
    client_body_temp_path {0}/body;
    proxy_temp_path {0}/proxy;
    fastcgi_temp_path {0}/fastcgi;
    uwsgi_temp_path {0}/uwsgi;
    scgi_temp_path {0}/scgi;
    server {{ listen 127.0.0.1:{1}; root {0}/www; }}
}}
"""

    def __init__(self, directory):
        self.place = directory / "nginx"
        (self.place / "www").mkdir(parents=True)
        # The worker is another user.
        for path in (directory, self.place, self.place / "www"):
            path.chmod(0o755)
        (self.place / "www/page.txt").write_bytes(os.urandom(512).hex().encode())

    @classmethod
    def here(cls, directory):
        if not all(map(shutil.which, ("nginx", "wrk"))):
            print("# no nginx or no wrk: a web server is not measured")
            return None
        return cls(directory)

    def run(self):
        port = free_port()
        configuration = self.place / "nginx.conf"
        configuration.write_text(self.CONFIGURATION.format(self.place, port))
        server = subprocess.Popen(["nginx", "-c", configuration], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            time.sleep(0.5)
            children = pathlib.Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
            before = cpu_seconds(children[0])
            answer = subprocess.run(
                ["wrk", "-t", "1", "-c", "16", "-d", f"{self.SECONDS}s", f"http://127.0.0.1:{port}/page.txt"],
                check=True, capture_output=True, text=True).stdout
            used = cpu_seconds(children[0]) - before
        finally:
            server.terminate()
            server.wait()
        (self.place / "access.log").unlink(missing_ok=True)
        requests = int(re.search(r"(\d+) requests in", answer)[1])
        return used / requests, requests
