#!/usr/bin/env python3
"""Runs clang-tidy over every source of src/, remembering what has passed.

Usage: clang_tidy.py BUILD    BUILD/compile_commands.json says how each source is compiled.

A source is checked again only when its preprocessed text, its flags, .clang-tidy or the tool
changed; the memory lies in ~/.cache/millwright/clang-tidy and is shared by all checkouts.
"""
import hashlib
import json
import os
import shlex
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOL, COMPILER, JOBS, SECONDS_MAX = "clang-tidy-14", "clang++-14", 2, 300
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "millwright/clang-tidy"


def flags_of(command):
    """The flags that decide the meaning: include folders, definitions, language."""
    words, kept = shlex.split(command), []
    for i, word in enumerate(words):
        if word.startswith(("-I", "-D", "-std=")):
            kept.append(word)
        elif word == "-isystem":
            kept += [word, words[i + 1]]
    return kept


def fingerprint(source, flags, settings):
    text = subprocess.run([COMPILER, "-E", "-P", *flags, str(source)], check=False,
                          capture_output=True, timeout=SECONDS_MAX).stdout
    here = str(ROOT).encode()  # another checkout of the same text is the same source
    parts = [settings, " ".join(flags).encode().replace(here, b""), text.replace(here, b"")]
    # Suppressions live in comments, which preprocessing drops.
    parts.append(source.read_bytes())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def check(source, flags, settings):
    passed = CACHE / fingerprint(source, flags, settings)
    if passed.exists():
        os.utime(passed)
        return source, True, ""
    run = subprocess.run([TOOL, "--quiet", str(source), "--", *flags], check=False,
                         capture_output=True, text=True, timeout=SECONDS_MAX)
    if run.returncode == 0:
        passed.touch()
    return source, False, run.stdout + run.stderr if run.returncode else ""


def main(build):
    CACHE.mkdir(parents=True, exist_ok=True)
    for old in CACHE.iterdir():
        if old.stat().st_mtime < time.time() - 30 * 86400:
            old.unlink()
    version = subprocess.run([TOOL, "--version"], check=True, capture_output=True).stdout
    settings = version + (ROOT / ".clang-tidy").read_bytes()
    commands = json.loads((build / "compile_commands.json").read_text())
    sources = [(Path(c["file"]), flags_of(c["command"]), settings) for c in commands
               if Path(c["file"]).is_relative_to(ROOT / "src")]
    known = failed = 0
    with ThreadPoolExecutor(JOBS) as pool:
        for source, remembered, complaint in pool.map(lambda s: check(*s), sources):
            known += remembered
            if complaint:
                failed += 1
                print(f"{source.relative_to(ROOT)}:\n{complaint}", flush=True)
    print(f"clang-tidy: {len(sources)} sources, {known} known good, {failed} with complaints")
    return 1 if failed or not sources else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build/dev").resolve()))
