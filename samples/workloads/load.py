"""The normal load of each workload: what its clients ask, with what is random from a seed."""
import glob, http.client, os, socket, string, time

import pods


def ask(port, method, path, data=None, headers=None, seconds=10):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        connection.request(method, path, body=data, headers=headers or {})
        answer = connection.getresponse()
        if answer.status >= 500:
            raise RuntimeError(f"{port}{path}: {answer.status}")
        return answer.status, answer.read(), answer.headers
    finally:
        connection.close()


def redis(*words):
    """A command of redis' protocol; what comes first of the answer."""
    text = f"*{len(words)}\r\n" + "".join(f"${len(str(word))}\r\n{word}\r\n" for word in words)
    with socket.create_connection(("127.0.0.1", 18379), 5) as connection:
        connection.sendall(text.encode())
        return connection.recv(4096).decode(errors="replace")


def word(chance, least=4, most=10):
    return "".join(chance.choice(string.ascii_lowercase) for _ in range(chance.randint(least, most)))


def form(chance, size):
    """A file as a browser sends it."""
    edge = word(chance, 20, 20)
    head = f'--{edge}\r\nContent-Disposition: form-data; name="picture"; filename="{word(chance)}.png"\r\nContent-Type: image/png\r\n\r\n'
    return head.encode() + os.urandom(size) + f"\r\n--{edge}--\r\n".encode(), {"Content-Type": f"multipart/form-data; boundary={edge}"}


class Load:
    """Each method is called again and again; `run` says in which run, since some acts come once in many times."""

    def __init__(self, seed, runtime, containers):
        self.seed, self.runtime, self.containers = seed, runtime, containers
        self.chance = {name: pods.seeded(seed, name) for name in ("web", "app", "node", "db", "cache", "job", "unit")}
        self.cookies = {}

    def web(self, run):
        chance = self.chance["web"]
        for _ in range(6):
            what = chance.random()
            if what < 0.4:
                user = chance.randrange(50)
                headers = {"Cookie": self.cookies[user]} if user in self.cookies else {}
                headers["User-Agent"] = "Mozilla/" + word(chance)
                _, _, answered = ask(18080, "GET", f"/index.php?id={chance.randrange(1000)}&{word(chance)}={word(chance)}", headers=headers)
                if answered.get("Set-Cookie"):
                    self.cookies[user] = answered["Set-Cookie"].split(";")[0]
            elif what < 0.65:
                number = chance.randrange(60)
                ask(18080, "GET", chance.choice(["/static/page-%d.css", "/static/picture-%d.svg", "/static/data-%d.json"]) % number)
            elif what < 0.75:
                ask(18080, "GET", f"/search.php?q={word(chance, 3, 3)}")
            elif what < 0.85:
                ask(18080, "GET", f"/api/items/{chance.randrange(1, 300)}")
            elif what < 0.93:
                data, headers = form(chance, chance.choice([500, 5_000, 60_000, 300_000]))
                ask(18080, "POST", "/upload.php", data, headers)
            else:
                ask(18080, "GET", f"/{word(chance)}/{word(chance)}.html")

    def app(self, run):
        chance = self.chance["app"]
        for _ in range(4):
            what = chance.random()
            if what < 0.4:
                ask(18081, "GET", f"/items/{chance.randrange(1, 2000)}")
            elif what < 0.7:
                ask(18081, chance.choice(["GET", "POST"]), f"/cart/{word(chance)}")
            elif what < 0.8:
                ask(18081, "GET", f"/report/{chance.randrange(10, 2000)}")
            elif what < 0.95:
                ask(18081, "PUT", "/upload", ('{"%s": 1}' % word(chance)).encode() + b" " * chance.randrange(2000))
            else:
                ask(18081, "GET", f"/{word(chance)}")

    def node(self, run):
        chance = self.chance["node"]
        for _ in range(4):
            what = chance.random()
            if what < 0.4:
                ask(18082, "GET", f"/page/{word(chance)}")
            elif what < 0.6:
                ask(18082, "GET", f"/item/{chance.randrange(1, 2000)}")
            elif what < 0.85:
                ask(18082, "PUT", "/store", b'"' + word(chance).encode() * chance.randrange(1, 2000) + b'"')
            else:
                ask(18082, "GET", "/pack")

    def db(self, run):
        chance = self.chance["db"]
        table = word(chance, 6, 6)
        text = ["SELECT count(*) FROM items i JOIN items j USING (price)", f"SELECT * FROM items WHERE name LIKE '%{chance.randrange(99)}%'",
                f"UPDATE items SET price = price + 1 WHERE id % {chance.randrange(3, 50)} = 0", "SELECT name, md5(name) FROM items ORDER BY 2",
                f"CREATE TEMP TABLE {table} AS SELECT generate_series(1, {chance.randrange(100, 60_000)}) n; SELECT * FROM {table} ORDER BY n DESC OFFSET 50"]
        words = ["psql", "-qAt", "-h", "127.0.0.1", "-p", "18432", "-U", "postgres"]
        if run % 4 == 0:
            self.runtime.execute(self.containers["db"], [*words, "-o", "/dev/null", "-c", chance.choice(text), "shop"])
        if run % 16 == 2:
            self.runtime.execute(self.containers["db"], [*words, "-c", chance.choice(["VACUUM items", "VACUUM ANALYZE views", "CHECKPOINT"]), "shop"])
        if run % 24 == 5:
            # A table of the week's, made and dropped again.
            self.runtime.execute(self.containers["db"], [*words, "-c", f"CREATE TABLE week_{table} AS SELECT * FROM views; DROP TABLE week_{table}", "shop"])

    def cache(self, run):
        chance = self.chance["cache"]
        for _ in range(10):
            key = f"{word(chance, 3, 3)}:{chance.randrange(100)}"
            redis(*chance.choice([("SET", key, word(chance, 1, 200)), ("GET", key), ("INCR", f"n:{key}"), ("EXPIRE", key, "20"), ("DEL", key),
                                  ("HSET", f"h:{key}", word(chance), word(chance)), ("ZADD", f"z:{key}", "1", word(chance)), ("SCAN", "0")]))
        if run % 10 == 3:
            redis("BGSAVE")
        if run % 25 == 7:
            redis("BGREWRITEAOF")

    def job(self, run):
        chance = self.chance["job"]
        inbox = f"{pods.HOME}/inbox"
        for old in glob.glob(f"{inbox}/*.txt"):
            os.unlink(old)
        for _ in range(chance.randrange(1, 6)):
            with open(f"{inbox}/{word(chance)}-{chance.randrange(10_000)}.txt", "w") as file:
                file.write("\n".join(word(chance, 1, 3) for _ in range(chance.randrange(3000))))

    def unit(self, run):
        chance = self.chance["unit"]
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            for _ in range(5):
                sender.sendto(f"host{chance.randrange(40)} {word(chance)} {word(chance)}".encode(), ("127.0.0.1", 18514))


# Seconds between two calls.
PAUSES = {"web": 0.7, "app": 0.7, "node": 0.7, "db": 1, "cache": 1, "job": 2, "unit": 0.5}


def is_up(name):
    """Whether a workload answers."""
    try:
        if name == "web":
            return ask(18080, "GET", "/index.php?id=1", seconds=2)[0] == 200
        if name in ("app", "node"):
            return ask({"app": 18081, "node": 18082}[name], "GET", "/", seconds=2)[0] in (200, 404)
        if name == "cache":
            return redis("PING").startswith("+PONG")
        if name == "db":
            # The start of a connection without a password (PostgreSQL's protocol 3): R means that it is let in.
            body = b"\0\3\0\0user\0shop\0database\0shop\0\0"
            with socket.create_connection(("127.0.0.1", 18432), 2) as connection:
                connection.sendall((len(body) + 4).to_bytes(4, "big") + body)
                return connection.recv(1) == b"R"
        return True
    except (OSError, RuntimeError, http.client.HTTPException):
        return False


def wait_up(name, seconds=60):
    end = time.monotonic() + seconds
    while not is_up(name):
        if time.monotonic() > end:
            raise RuntimeError(f"{name} does not answer")
        time.sleep(0.5)
