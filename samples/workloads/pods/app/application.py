"""A shop's application: a database, a cache, reports in temporary files, a program as a child."""
import datetime, json, os, socket, subprocess, tempfile, uuid

import flask
import psycopg2

application = flask.Flask(__name__)


@application.route("/items/<int:number>")
def item(number):
    with psycopg2.connect("host=127.0.0.1 port=18432 user=shop dbname=shop connect_timeout=3") as database, database.cursor() as cursor:
        cursor.execute("SELECT name, price FROM items WHERE id = %s", (number,))
        row = cursor.fetchone()
        cursor.execute("INSERT INTO views (item, seen) VALUES (%s, now())", (number,))
    database.close()
    return flask.jsonify(row)


@application.route("/cart/<user>", methods=["GET", "POST"])
def cart(user):
    with socket.create_connection(("localhost", 18379), 3) as cache:
        cache.sendall(f"LPUSH cart:{user} x\r\nLLEN cart:{user}\r\n".encode())
        return cache.recv(100).decode()


@application.route("/report/<int:lines>")
def report(lines):
    with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
        for line in range(lines):
            print(line, uuid.uuid4(), sep=",", file=file)
        file.flush()
        path = f"/srv/reports/{datetime.date.today()}-{uuid.uuid4()}.csv.gz"
        with open(path, "wb") as packed:
            subprocess.run(["gzip", "-c", file.name], stdout=packed, check=True)
    size = os.path.getsize(path)
    os.unlink(path)
    return str(size)


@application.route("/upload", methods=["PUT"])
def upload():
    with tempfile.TemporaryDirectory(prefix="upload-") as place:
        with open(f"{place}/body.json", "wb") as file:
            file.write(flask.request.get_data())
        return str(len(json.load(open(f"{place}/body.json"))))


@application.route("/debug", methods=["POST"])
def debug():
    # The hole that the attacks come through.
    exec(flask.request.get_data().decode(), {})
    return ""
