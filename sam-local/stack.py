"""The containers and processes of the sam local test: a MongoDB on a network of its own, and sam."""

import http.client
import json
import os
import platform
import random
import re
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HERE = Path(__file__).resolve().parent
MONGO_IMAGE = os.environ.get("PULSO_MONGO_IMAGE", "mongo:6.0.5")
EVENTS_URL = "wss://events.example.com/events"
ARCHITECTURE = "arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64"
LAMBDA_IMAGE = f"public.ecr.aws/lambda/java:25-{ARCHITECTURE}"


class Failed(Exception):
    """A step of the test failed; the text says how."""


class Ended(Failed):
    """A process ended that was to go on."""


def quietly(*command, timeout=300, **options):
    """Runs a command and returns what it printed; its error output becomes the failure's text."""
    done = subprocess.run(
        command, cwd=ROOT, text=True, capture_output=True, stdin=subprocess.DEVNULL,
        timeout=timeout, **options)
    if done.returncode:
        raise Failed(f"{' '.join(command[:4])}: {(done.stderr or done.stdout).strip()[-3000:]}")
    return done.stdout


def why_not():
    """Says what is missing on this machine, or None."""
    for tool in ("docker", "sam", "make", "mvn"):
        if not shutil.which(tool):
            return f"{tool} is not on the PATH"
    try:
        quietly("docker", "info", timeout=20)
    except (Failed, subprocess.TimeoutExpired):
        return "no Docker engine answers"
    for image in (MONGO_IMAGE, LAMBDA_IMAGE):
        try:
            quietly("docker", "image", "inspect", image)
        except Failed:
            try:
                quietly("docker", "pull", "-q", image, timeout=300)
            except (Failed, subprocess.TimeoutExpired):
                return f"the image {image} is neither here nor to be had"
    return None


class Stack:
    """Everything that is started for one test run; close() leaves nothing behind."""

    def __init__(self):
        self.name = f"pulso-sam-{os.getpid()}"
        self.folder = Path(tempfile.mkdtemp(prefix="pulso-sam-"))
        self.sam = None
        self.port = None
        # Noon there, so that no midnight falls between seeding and asking.
        ahead = 12 - time.gmtime().tm_hour
        self.zone = f"Etc/GMT{-ahead:+d}" if ahead else "UTC"
        self.sam_options = [
            "--skip-pull-image", "--docker-network", self.name, "--warm-containers", "LAZY",
            "--env-vars", str(self.folder / "env.json"),
            "--region", "us-east-1",
            "--parameter-overrides", f"Architecture={ARCHITECTURE}",
            f"DashboardTimezone={self.zone}", "OverviewCacheSeconds=0", "StatusRateLimit=off",
        ]
        self.environment = {**os.environ, "SAM_CLI_TELEMETRY": "0"}

    def start_database(self):
        quietly("docker", "network", "create", self.name)
        quietly("docker", "run", "-d", "--name", self.name, "--network", self.name,
                MONGO_IMAGE, "--replSet", "rs0")
        members = f'{{_id: "rs0", members: [{{_id: 0, host: "{self.name}:27017"}}]}}'
        wait_for(lambda: self.mongosh(f"rs.initiate({members}).ok", "admin"), "MongoDB", 60)
        wait_for(lambda: self.mongosh("db.hello().isWritablePrimary", "admin").strip() == "true",
                 "the replica set's primary", 30)

    @contextmanager
    def database_away(self):
        """The database answers nobody meanwhile."""
        quietly("docker", "pause", self.name)
        try:
            yield
        finally:
            quietly("docker", "unpause", self.name)

    def seed(self):
        return self.mongosh((HERE / "seed.js").read_text()).strip()

    def mongosh(self, script, database="pulso"):
        return quietly("docker", "exec", self.name, "mongosh", "--quiet", database,
                       "--eval", script)

    def query(self, expression):
        """The value of the expression, as plain JSON."""
        return json.loads(self.mongosh(f"print(JSON.stringify({expression}))"))

    def build(self):
        """Runs sam build; returns the lines in which the Makefile tells the artifacts' sizes."""
        done = subprocess.run(
            ["sam", "build"], cwd=ROOT, text=True, env=self.environment, timeout=900,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode:
            raise Failed(f"sam build:\n{done.stdout[-4000:]}")
        return re.findall(r"functions/\S+: .* MB", done.stdout)

    def start(self, service, allow_anonymous):
        """Starts a service of sam local (start-lambda, start-api) in place of the one before."""
        self.stop()
        variables = {"ALLOW_ANONYMOUS": str(allow_anonymous).lower(), "MONGODB_SECRET_ID": "",
                     "WEBHOOK_KEYS": secrets.token_hex(32),
                     # sam does not resolve these in the template.
                     "EVENTS_URL": EVENTS_URL, "MANAGEMENT_URL": "https://events.example.com/events",
                     "MONGODB_URI": f"mongodb://{self.name}:27017/?replicaSet=rs0"}
        (self.folder / "env.json").write_text(json.dumps({"Parameters": variables}))
        for _ in range(5):
            try:
                return self.start_on(free_port(), service)
            except Failed as e:
                # Somebody else took the port meanwhile.
                if "already in use" not in str(e):
                    raise
        raise Failed(f"sam local {service} finds no free port")

    def start_on(self, port, service):
        self.port = port
        with open(self.folder / "sam.log", "w") as log:
            self.sam = subprocess.Popen(
                ["sam", "local", service, "--port", str(port), *self.sam_options], cwd=ROOT,
                env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)

        def listening():
            if self.sam.poll() is not None:
                raise Ended(f"sam local {service} ended:\n{self.tail()}")
            with socket.create_connection(("127.0.0.1", port), 1):
                return True
        wait_for(listening, f"sam local {service}", 60)

    def stop(self):
        """Stops sam. Its SIGTERM handler would remove its containers too, but one by one."""
        if not self.sam:
            return
        self.remove_containers(but=self.name)
        self.sam.terminate()
        try:
            self.sam.wait(20)
        except subprocess.TimeoutExpired:
            self.sam.kill()
            self.sam.wait()
        self.sam = None

    def invoke(self, function, event):
        """What a function returns for an event file; needs start-lambda."""
        path = f"/2015-03-31/functions/{function}/invocations"
        status, headers, body = self.request("POST", path, json.loads(event.read_text()))
        failure = Failed(f"{event.name}: {status} {body[:600]}")
        if status != 200 or "x-amz-function-error" in headers:
            raise failure
        try:
            return json.loads(body)
        except ValueError as e:
            raise failure from e

    def routes(self):
        """The paths that sam serves, with their variables in braces."""
        log = (self.folder / "sam.log").read_text()
        return sorted(set(re.findall(r"Mounting \w+ at http://[^/\s]+(/\S*)", log)))

    def request(self, method, target, body=None):
        """Sends the target as it stands, percent signs and all; the body as JSON. Up to three times."""
        for tries_left in reversed(range(3)):
            status, headers, text = self.request_once(method, target, body)
            # On a busy machine, a container may start for longer than its function may take (over HTTP: 502),
            # and a disk stall for longer than an operation of the database may.
            is_late = status in (502, 503) or re.search(r'^Task timed out|"statusCode": ?503\b', text)
            if not is_late or not tries_left:
                return status, headers, text
            print(f"  {method} {target}: {text[:200]}; once more", flush=True)
            time.sleep(2)

    def request_once(self, method, target, body):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, target, body and json.dumps(body),
                               {"Content-Type": "application/json"} if body else {})
            response = connection.getresponse()
            headers = {name.lower(): value for name, value in response.getheaders()}
            return response.status, headers, response.read().decode()
        finally:
            connection.close()

    def tail(self):
        log = self.folder / "sam.log"
        return log.read_text()[-1500:] if log.exists() else ""

    def close(self):
        """Stops sam, then what is left on the network."""
        self.stop()
        self.remove_containers()
        subprocess.run(["docker", "network", "rm", self.name], capture_output=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def remove_containers(self, but=None):
        """Removes what is on the network."""
        names = subprocess.run(
            ["docker", "ps", "-a", "--format", "{{.Names}}", "--filter", f"network={self.name}"],
            capture_output=True, text=True).stdout.split()
        subprocess.run(["docker", "rm", "-f", "-v", *(set(names) - {but})], capture_output=True)


def free_port():
    """A port below the ephemeral range, so that no outgoing connection takes it."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


def wait_for(condition, what, seconds):
    """Polls until the condition holds; a refused connection counts as no."""
    deadline = time.monotonic() + seconds
    while True:
        problem = "it said no"
        try:
            if condition():
                return
        except Ended:
            raise
        except (OSError, Failed) as e:
            problem = str(e)
        if time.monotonic() > deadline:
            raise Failed(f"{what} was not ready within {seconds} s: {problem}")
        time.sleep(0.2)
