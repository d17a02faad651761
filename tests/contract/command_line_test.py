#!/usr/bin/env python3
"""The program's own words and exit codes, as a person at a terminal meets them.

Usage: command_line_test.py MILLWRIGHT CHECKOUT
"""
import json
import os
import pty
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import termios
import time
import unittest
from pathlib import Path

PROGRAM, CHECKOUT = sys.argv[1], Path(sys.argv[2])
USAGE, BAD_CONFIG, UNAVAILABLE, NOT_READABLE = 64, 78, 69, 4


def run(*arguments, stdin=""):
    return subprocess.run([PROGRAM, *arguments], input=stdin, capture_output=True, text=True,
                          timeout=60, check=False)


class CommandLine(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="millwright-cli."))
        self.addCleanup(shutil.rmtree, self.folder)
        shutil.copytree(CHECKOUT / "config", self.folder / "config")
        self.config = str(self.folder / "config/millwright.yaml")

    def test_an_unknown_command_is_named(self):
        ran = run("frob")
        self.assertEqual(ran.returncode, USAGE)
        self.assertIn("no command 'frob'", ran.stderr)

    def test_a_ledger_that_is_not_there(self):
        ran = run("audit", "verify", str(self.folder / "none.db"), "--json")
        self.assertEqual(ran.returncode, NOT_READABLE)
        self.assertIn("there is no ledger at", json.loads(ran.stdout)["error"])
        self.assertIn("there is no ledger at", ran.stderr)

    def test_two_keys_of_one_name(self):
        add = ("user", "add", "erp", "--api-key", "--role", "integration", "--config", self.config)
        first = run(*add)
        self.assertEqual(first.returncode, 0, first.stderr)
        self.assertTrue(first.stdout.startswith("mw_"))
        second = run(*add)
        self.assertEqual(second.returncode, BAD_CONFIG)
        self.assertEqual(second.stdout, "")
        self.assertIn("a key named 'erp' is in use already", second.stderr)

    def test_a_port_that_is_taken_is_told_before_anything_is_simulated(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = str(taken.getsockname()[1])
            ran = run("demo", "--no-browser", "--config", self.config, "--port", port)
        self.assertEqual(ran.returncode, UNAVAILABLE)
        self.assertIn("choose another http port", ran.stderr)
        self.assertNotIn("lives through", ran.stderr)

    def test_ctrl_c_at_the_password_leaves_the_terminal_as_it_was(self):
        child, terminal = pty.fork()
        if child == 0:
            os.execv(PROGRAM, [PROGRAM, "user", "add", "j.ortiz", "--role", "operator",
                               "--config", self.config])
        said = b""
        while b"Password" not in said:
            said += os.read(terminal, 1024)
        deadline = time.monotonic() + 10
        while termios.tcgetattr(terminal)[3] & termios.ECHO and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertFalse(termios.tcgetattr(terminal)[3] & termios.ECHO, "the password would show")
        os.write(terminal, b"\x03")
        _, status = os.waitpid(child, 0)
        self.assertEqual(os.WTERMSIG(status), signal.SIGINT)
        self.assertTrue(termios.tcgetattr(terminal)[3] & termios.ECHO, "echo is still off")
        os.close(terminal)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
