#!/usr/bin/env python3
"""Rules from a candidate to force: `millwright rules release`, two signatures over REST, and starts of
the daemon with rules that are released and with others. Usage: release_test.py BINARY"""
import http.client
import json
import shutil
import socket
import subprocess
import time

from kiln import ROOT, Kiln, main

CONFIG = """\
plant: assets
rules: rules
workflow: {root}/config/workflow
kafka: {{bootstrap: "127.0.0.1:1", topics: [iot.telemetry]}}
storage: {{path: ledger.db}}
http: {{port: {port}}}
"""
PASSWORD = "correct horse battery staple"
FILE = ("--mapping", "map.yaml", "--input", "kiln.csv")
RULES = "plant/rules"


class Release(Kiln):
    def setUp(self):
        super().setUp()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.config = self.write("plant/millwright.yaml", CONFIG.format(root=ROOT, port=self.port))
        shutil.copytree(ROOT / "config/rules", self.folder / RULES)
        shutil.copytree(self.folder / RULES, self.folder / "next")
        self.change("next", "anomalous_in_row >= 3.0", "anomalous_in_row >= 2.0", "id: anomaly-score")
        self.daemon = None
        for name, role in (("m.sup", "maintenance_supervisor"), ("p.man", "plant_manager")):
            subprocess.run([self.binary, "user", "add", name, "--config", self.config, "--role", role],
                           input=PASSWORD + "\n", text=True, check=True, capture_output=True)
        key = self.run_it("user", "add", "ci", "--config", self.config, "--api-key", "--role",
                          "integration")
        self.write("ci.key", key.stdout)

    def tearDown(self):
        self.stop()
        super().tearDown()

    def change(self, folder, old, new, rule):
        path = self.folder / folder / "predictive-maintenance.yaml"
        head, tail = path.read_text(encoding="utf-8").split(rule, 1)
        self.assertIn(old, tail)
        tail = tail.replace(old, new, 1).replace("version: 1", "version: 2", 1)
        # Its own tests would refuse the change.
        tail = tail.split("    tests:", 1)[0]
        path.write_text(head + rule + tail, encoding="utf-8")

    def start(self):
        log = open(self.folder / "serve.log", "a", encoding="utf-8")  # pylint: disable=R1732
        with log:
            self.daemon = subprocess.Popen([self.binary, "serve", "--config", self.config],
                                           stderr=log, stdout=log)
        for _ in range(300):
            if self.daemon.poll() is not None:
                return self.daemon.returncode
            try:
                if self.call("GET", "/health/live")[0] == 200:
                    return None
            except OSError:
                time.sleep(0.05)
        return self.fail("serve does not answer")

    def stop(self):
        if self.daemon is not None and self.daemon.poll() is None:
            self.daemon.terminate()
            self.assertEqual(self.daemon.wait(timeout=20), 0)

    def log(self):
        return (self.folder / "serve.log").read_text(encoding="utf-8")

    def call(self, method, path, body=None, headers=None):
        web = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        web.request(method, path, None if body is None else json.dumps(body),
                    {"Content-Type": "application/json", **(headers or {})})
        answer = web.getresponse()
        text = answer.read().decode()
        web.close()
        return answer.status, text, answer.headers

    def sign(self, user, task):
        status, _, headers = self.call("POST", "/api/v1/session", {"user": user, "password": PASSWORD})
        self.assertEqual(status, 201)
        cookie = {"Cookie": headers["Set-Cookie"].split(";")[0]}
        detail = json.loads(self.call("GET", f"/api/v1/tasks/{task}", None, cookie)[1])
        status, text, _ = self.call("POST", f"/api/v1/tasks/{task}/approve", {},
                                    {**cookie, "If-Match": f'"{detail["revision"]}"'})
        self.assertEqual(status, 200, text)
        return detail, json.loads(text)["state"]

    def release(self, *more, code=0):
        return self.run_it("rules", "release", "next", *FILE, "--key", "ci.key", "--reason",
                           "Seen a minute earlier", *more, code=code)

    def install(self, folder):
        shutil.rmtree(self.folder / RULES)
        shutil.copytree(self.folder / folder, self.folder / RULES)

    def test_from_candidate_to_force(self):
        self.kiln(2000, 2300)
        shutil.copytree(self.folder / RULES, self.folder / "old")
        self.assertIsNone(self.start())  # installs
        told = self.release()
        self.assertIn("Asked for: Release rule anomaly-score (version 1 to 2)", told.stdout)
        task = json.loads(self.release("--json", code=0).stdout)["id"]  # the same request: one task
        self.assertIn(f"Task {task} waits", told.stdout)

        # Before anybody has signed it does not start with them.
        self.stop()
        self.install("next")
        self.assertEqual(self.start(), 78)
        self.assertIn("not released: anomaly-score (version 1 to 2)", self.log())
        self.install("old")
        self.assertIsNone(self.start())

        detail, state = self.sign("p.man", task)
        self.assertEqual(state, "PROPOSED")
        self.assertEqual(detail["release"]["owners"], ["maintenance"])
        self.assertIn("anomalous_in_row >= 2.0", detail["release"]["changes"])
        self.assertIn("0 added, 0 removed, 1 changed", detail["release"]["report"])
        self.assertEqual(self.sign("m.sup", task)[1], "APPROVED")
        self.stop()
        self.install("next")
        self.assertIsNone(self.start())
        self.assertEqual(self.sign_off(task), "VERIFIED")
        self.stop()
        self.install("old")  # what was released once may come back
        self.assertIsNone(self.start())

    def sign_off(self, task):
        key = (self.folder / "ci.key").read_text(encoding="utf-8").strip()
        headers = {"Authorization": "Bearer " + key}
        return json.loads(self.call("GET", f"/api/v1/tasks/{task}", None, headers)[1])["state"]

    def test_what_cannot_be_asked_for(self):
        self.kiln(2000, 2300)
        away = self.release("--url", "http://127.0.0.1:1", code=69)
        self.assertIn("the daemon at 127.0.0.1:1 does not answer", away.stderr)
        self.write("ci.key", "")
        self.assertIn("no API key", self.release(code=78).stderr)
        self.write("ci.key", "mw_000000000000_" + "0" * 64)
        self.assertIsNone(self.start())
        self.assertIn("refused (401)", self.release(code=78).stderr)
        shutil.rmtree(self.folder / "next")
        shutil.copytree(self.folder / RULES, self.folder / "next")
        self.assertIn("nothing to release", self.release(code=78).stderr)


if __name__ == "__main__":
    main()
