#!/usr/bin/env python3
"""Our local runtime beside MLflow with its SQLite store, in one run on one machine: the same work, the same client.

    mvn -q -Pbench                       # builds, and writes the class path
    python3 infra/bench/peers.py         # installs MLflow into infra/bench/target/peers, measures, prints a table

Version creations by 16 writers on one model, batches of 1,000 points and reads of an alias, each by 16 connections that
are kept, in several rounds after a while of the same work. The client is this program: processes that write requests to
sockets.
"""
import argparse, atexit, json, multiprocessing, os, pathlib, shutil, socket, statistics, subprocess, sys, time

ROOT = pathlib.Path(__file__).resolve().parents[2]
WORK = ROOT / "infra/bench/target/peers"
CONNECTIONS = 16


class Connection:
    """HTTP as lean as it can be: one write for each request."""

    def __init__(self, port, headers):
        self.port, self.headers, self.socket = port, headers, None

    def send(self, method, path, body=None):
        data = b"" if body is None else json.dumps(body).encode()
        head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{self.headers}"
        if body is not None:
            head += f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n"
        request = head.encode() + b"\r\n" + data
        try:
            return self.exchange(request)
        except (ConnectionError, EOFError):  # an idle connection was closed
            self.socket = None
            return self.exchange(request)

    def exchange(self, request):
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port))
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(request)
        received = b""
        while b"\r\n\r\n" not in received:
            received += self.more()
        head, _, body = received.partition(b"\r\n\r\n")
        lines = head.decode().lower().split("\r\n")
        length = next(int(line.split(":")[1]) for line in lines if line.startswith("content-length:"))
        while len(body) < length:
            body += self.more()
        if "connection: close" in lines:
            self.socket.close()
            self.socket = None
        if not lines[0].split(" ")[1].startswith("2"):
            raise RuntimeError(f"{lines[0]} {body[:500]}")
        return json.loads(body) if body else None

    def more(self):
        data = self.socket.recv(65536)
        if not data:
            raise EOFError
        return data


class MLflow:
    name = "MLflow"

    def __init__(self, version):
        self.port, self.headers = 5199, ""
        venv = WORK / "venv"
        if not (venv / "bin/mlflow").exists():
            subprocess.run([sys.executable, "-m", "venv", venv], check=True)
            subprocess.run([venv / "bin/pip", "install", "-q", f"mlflow=={version}"], check=True)
        store = WORK / "mlflow"
        shutil.rmtree(store, ignore_errors=True)
        store.mkdir(parents=True)
        log = open(WORK / "mlflow.log", "w")
        self.process = subprocess.Popen(
            [venv / "bin/mlflow", "server", "--host", "127.0.0.1", "--port", str(self.port),
             "--backend-store-uri", f"sqlite:///{store}/mlflow.db", "--artifacts-destination", str(store / "files")],
            stdout=log, stderr=log, cwd=store, start_new_session=True)
        atexit.register(self.close)
        await_answer(self)
        api = Connection(self.port, "")
        api.send("POST", "/api/2.0/mlflow/registered-models/create", {"name": "bench"})
        self.create(api, 0)
        api.send("POST", "/api/2.0/mlflow/registered-models/alias", {"name": "bench", "alias": "champion", "version": "1"})
        experiment = api.send("POST", "/api/2.0/mlflow/experiments/create", {"name": "bench"})["experiment_id"]
        self.run = api.send("POST", "/api/2.0/mlflow/runs/create", {"experiment_id": experiment})["run"]["info"]["run_id"]

    def create(self, api, number):
        api.send("POST", "/api/2.0/mlflow/model-versions/create",
                 {"name": "bench", "source": f"s3://bench/{number}", "description": "Retrained on March data",
                  "tags": [{"key": "branch", "value": "main"}]})

    def batch(self, api, number):
        now = int(time.time() * 1000)
        api.send("POST", "/api/2.0/mlflow/runs/log-batch", {"run_id": self.run, "metrics": [
            {"key": f"latency_{series}", "value": (number * 31 + i * 13) % 1000 / 10, "timestamp": now - 100 * i, "step": number * 100 + i}
            for series in range(10) for i in range(100)]})

    def alias(self, api, number):
        api.send("GET", "/api/2.0/mlflow/registered-models/alias?name=bench&alias=champion")

    def close(self):
        end(self.process)


class Ours:
    name = "ModelOps"

    def __init__(self, _version):
        self.port = 8199
        data = WORK / "modelops"
        shutil.rmtree(data, ignore_errors=True)
        java = os.environ.get("JAVA", next(iter(sorted(pathlib.Path("/usr/lib/jvm").glob("*25*/bin/java"))), "java"))
        log = open(WORK / "modelops.log", "w")
        self.process = subprocess.Popen(
            [java, "-XX:+UseSerialGC", "-Xshare:auto", "-Xmx768m",
             "--enable-native-access=ALL-UNNAMED", f"-Dmodelops.root={ROOT}", f"-Dmodelops.data={data}",
             f"-Dmodelops.port={self.port}", "-Dmodelops.parameters=ThrottleRate=1000000;ThrottleBurst=1000000",
             "-classpath", (ROOT / "infra/bench/target/bench.classpath").read_text().strip(), "dev.modelops.local.Main"],
            stdout=log, stderr=log, cwd=ROOT, start_new_session=True)
        atexit.register(self.close)
        self.headers = ""
        await_answer(self)
        while not (data / "tokens/ml-engineer").exists():
            time.sleep(0.1)
        time.sleep(1)
        token = lambda role: f"Authorization: Bearer {(data / 'tokens' / role).read_text().strip()}\r\n"
        self.headers, self.operator = token("ml-engineer"), token("operator")
        api = Connection(self.port, self.headers)
        api.send("PUT", "/v1/models/bench", {"kind": "ml", "department": "demo", "title": "Bench", "purpose": "Measures how fast things are"})
        api.send("POST", "/v1/models/bench/versions", {"trainingMetrics": {"auc": 0.94}})
        api.headers += "If-None-Match: *\r\n"
        api.send("PUT", "/v1/models/bench/aliases/champion", {"version": 1})

    def create(self, api, number):
        api.send("POST", "/v1/models/bench/versions", {
            "description": "Retrained on March data", "tags": {"branch": "main"}, "artifacts": [
                {"path": "model.onnx", "size": 1048576, "mediaType": "application/octet-stream", "format": "onnx",
                 "sha256": "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"}]})

    def batch(self, api, number):
        api.headers = self.operator
        now = time.time()
        at = [time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now - i / 10)) + f".{int((now - i / 10) % 1 * 1000):03d}Z" for i in range(100)]
        api.send("POST", "/v1/metrics", {"model": "bench", "environment": "dev", "series": [
            {"metric": f"latency_{series}", "version": 1, "points": [
                {"time": at[i], "value": (number * 31 + i * 13) % 1000 / 10} for i in range(100)]}
            for series in range(10)]})

    def alias(self, api, number):
        api.send("GET", "/v1/models/bench/aliases/champion")

    def close(self):
        end(self.process)


def end(process):
    if process.poll() is None:
        os.killpg(process.pid, 15)
        process.wait()


def await_answer(peer):
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", peer.port), 1).close()
            time.sleep(2)
            return
        except OSError:
            if peer.process.poll() is not None:
                break
            time.sleep(0.2)
    raise SystemExit(f"{peer.name} does not start: see {WORK}")


def worker(peer, work, index, seconds, done):
    api, number = Connection(peer.port, peer.headers), 0
    start = time.time_ns() // 1_000_000 % 1_000_000_000
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        getattr(peer, work)(api, start + number * CONNECTIONS + index)
        number += 1
    done.put(number)


def rate(peer, work, seconds):
    done = multiprocessing.Queue()
    begin = time.monotonic()
    workers = [multiprocessing.Process(target=worker, args=(peer, work, index, seconds, done)) for index in range(CONNECTIONS)]
    for each in workers:
        each.start()
    total = sum(done.get() for _ in workers)
    for each in workers:
        each.join()
    return total / (time.monotonic() - begin)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--mlflow", default="3.17.2", help="its version on PyPI")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--seconds", type=float, default=8)
    options.add_argument("--warm", type=float, default=60, help="seconds of each work before it is measured: DynamoDB Local is compiled while it works")
    args = options.parse_args()
    multiprocessing.set_start_method("fork")
    WORK.mkdir(parents=True, exist_ok=True)
    rates = {}
    for kind in (MLflow, Ours):
        peer = kind(args.mlflow)
        try:
            for work in ("create", "batch", "alias"):
                rate(peer, work, args.warm)
                rates[peer.name, work] = [rate(peer, work, args.seconds) for _ in range(args.rounds)]
        finally:
            peer.close()
    show = lambda found: f"{statistics.median(found):.0f} ({min(found):.0f}-{max(found):.0f})"
    print(f"| | MLflow {args.mlflow}, SQLite, /s | ours, /s | ratio |\n|---|---|---|---|")
    for work, words in (("create", "version creations, 16 writers"), ("batch", "batches of 1,000 points"), ("alias", "alias reads")):
        theirs, ours = rates["MLflow", work], rates["ModelOps", work]
        print(f"| {words} | {show(theirs)} | {show(ours)} | {statistics.median(ours) / statistics.median(theirs):.1f} |")


if __name__ == "__main__":
    main()
