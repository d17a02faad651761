#!/usr/bin/env python3
"""The house rules that a compiler does not know: who may include whom, sizes, banned calls.

Usage: tidy.py [ROOT]    prints file:line: message for each breach; exit code 1 if there is one.
"""
import re
import subprocess
import sys
from pathlib import Path

# Left of an arrow sees everything right of it; rooms in one brace never see each other.
LAYERS = (
    "daemon -> {source store effect http simulator} -> engine -> {pipeline workflow planning}"
    " -> {codec model rules} -> domain -> cel -> base"
)
PURE_ROOMS = {"cel", "domain", "codec", "model", "rules", "workflow", "pipeline", "planning"}
HEAVY = re.compile(
    r"^(boost/|nlohmann/|simdjson|yaml-cpp/|spdlog/|SQLiteCpp/|sqlite3\.h|librdkafka/|rdkafka"
    r"|CLI/|date/|re2/|sodium|openssl/)"
)
LINES_MAX = {".cpp": 400, ".hpp": 200, ".ts": 400, ".tsx": 400}
FUNCTION_LINES_MAX = 70
COLUMNS_MAX = 100
IMPURE = re.compile(
    r"\b(system_clock|steady_clock|high_resolution_clock)::now\b|\bgettimeofday\b|\bclock_gettime\b"
    r"|\brandom_device\b|(?<![\w.:>])s?rand\s*\(|\bstd::s?rand\b|\bstd::time\s*\("
    r"|(?<![\w.:>])time\s*\(\s*(nullptr|NULL|0)\s*\)|\bgetenv\b"
)
# Spelt in two parts, so that this file does not break its own rules.
MARKER = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b")
REGISTRY = re.compile(
    r"npm" r"js\.|registry\." r"npm|maven\." r"(org|apache)|py" r"pi\.org|python" r"hosted"
    r"|deb" r"ian\.org|proxy\.go" r"lang|crates" r"\.io"
)
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.M)
TEXT = {".cpp", ".hpp", ".h", ".ts", ".tsx", ".mjs", ".css", ".html", ".py", ".sh", ".md", ".yaml",
        ".yml", ".json", ".cmake", ".txt", ".xml", ""}


def may_include(layers=LAYERS):
    """Room -> rooms it may include, from the one line above."""
    steps = [s.strip().strip("{}").split() for s in layers.split("->")]
    return {
        room: {room}.union(*steps[i + 1:]) for i, step in enumerate(steps) for room in step
    }


def blank(match):
    return re.sub(r"[^\n]", " ", match.group())


def code_only(text):
    """The text with comments and literals blanked out; every line keeps its number."""
    return re.sub(
        r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"'
        r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'",
        blank, text, flags=re.S)


def without_preprocessor(code):
    return re.sub(r"^[ \t]*#(?:\\\n|[^\n])*", blank, code, flags=re.M)


def is_function_head(head):
    if re.search(r"\b(namespace|class|struct|union|enum)\b[^()]*$", head) or ")" not in head:
        return False
    outside = re.sub(r"\([^()]*\)", "", re.sub(r"\([^()]*\)", "", head))
    return "=" not in outside.replace("operator==", "").replace("operator=", "")


def functions(text):
    """(first line, last line) of each function body that is not inside another one."""
    code = without_preprocessor(code_only(text))
    found, stack, head_start = [], [], 0
    for i, c in enumerate(code):
        if c == "{":
            head = code[head_start:i]
            inside = any(kind == "function" for kind, _ in stack)
            kind = "function" if not inside and is_function_head(head) else "other"
            start = head_start + len(head) - len(head.lstrip())
            stack.append((kind, start))
            head_start = i + 1
        elif c == "}" and stack:
            kind, start = stack.pop()
            # `: a_{x}, b_{y} {` is still the head of a constructor.
            more = kind == "function" and re.match(r"\s*[,{]", code[i + 1:i + 200])
            if kind == "function" and not more:
                found.append((code.count("\n", 0, start) + 1, code.count("\n", 0, i) + 1))
            head_start = start if more else i + 1
        elif c == ";" and not any(kind == "function" for kind, _ in stack):
            head_start = i + 1
    return found


def room_of(path):
    """src/rules/x.cpp -> rules; include/millwright/rules/x.hpp -> rules; else None."""
    parts = path.split("/")
    if parts[0] == "src" and len(parts) > 2:
        return parts[1]
    if path.startswith("include/millwright/") and len(parts) > 3:
        return parts[2]
    return None


def check_includes(path, text):
    allowed = may_include()
    room = room_of(path)
    public = path.startswith("include/")
    for match in INCLUDE.finditer(text):
        line, target = text.count("\n", 0, match.start(1)) + 1, match.group(1)
        if public and HEAVY.match(target):
            yield line, f"heavy header <{target}> in include/; keep it in the room's own .cpp"
        parts = target.split("/")
        inward = parts[0] == "millwright" and len(parts) > 2
        other = parts[1] if inward else parts[0]
        if other not in allowed or room not in allowed or len(parts) < 2:
            continue
        if other not in allowed[room]:
            yield line, f"room {room} may not include room {other} ({LAYERS})"
        elif not inward and other != room:
            yield line, f"{target} is private to room {other}; include millwright/{other}/..."
        elif not inward and public:
            yield line, f"a public header includes the private header {target}"


def check_cpp(path, text):
    room = room_of(path)
    yield from check_includes(path, text)
    for first, last in functions(text):
        if last - first + 1 > FUNCTION_LINES_MAX:
            yield first, f"function of {last - first + 1} lines (at most {FUNCTION_LINES_MAX})"
    if room in PURE_ROOMS:
        for number, line in enumerate(code_only(text).split("\n"), 1):
            if match := IMPURE.search(line):
                yield number, f"'{match.group()}' in pure room {room}; take it as a parameter"


def check_file(path, text):
    suffix = Path(path).suffix
    lines = text.split("\n")
    limit = LINES_MAX.get(suffix)
    if limit and len(lines) - 1 > limit:
        yield limit + 1, f"file of {len(lines) - 1} lines (at most {limit} for {suffix})"
    for number, line in enumerate(lines, 1):
        if suffix in LINES_MAX and len(line) > COLUMNS_MAX:
            yield number, f"line of {len(line)} columns (at most {COLUMNS_MAX})"
        if match := MARKER.search(line):
            yield number, f"left-over marker {match.group()}; finish it or take it out"
        if match := REGISTRY.search(line):
            yield number, f"host name of a package registry: '{match.group()}'"
    if suffix in (".cpp", ".hpp"):
        yield from check_cpp(path, text)


def check_layer_line(text, layers=LAYERS):
    """docs/architecture.md must show the same line as this file enforces."""
    shown = re.findall(r"daemon -> \{[^`\n]*", text)
    return not shown or all(s.strip() == layers for s in shown)


def source_files(root):
    """What git tracks or would track; in an unpacked archive, all but what is built."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "-C", str(root), "ls-files", "-z", "--cached",
         "--others", "--exclude-standard"], check=False, capture_output=True, text=True)
    paths = listed.stdout.split("\0") if listed.returncode == 0 else [
        str(p.relative_to(root)) for p in root.rglob("*")
        if p.is_file() and not {"build", "node_modules", "dist"} & set(p.relative_to(root).parts)]
    return [p for p in paths if p and Path(p).suffix in TEXT]


def main(root):
    breaches, files = 0, source_files(root)
    for path in files:
        try:
            text = (root / path).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue
        for line, message in check_file(path, text):
            breaches += 1
            print(f"{path}:{line}: {message}")
        if path == "docs/architecture.md" and not check_layer_line(text):
            breaches += 1
            print(f"{path}:1: its layer line differs from LAYERS in tests/tidy/tidy.py")
    print(f"tidy: {len(files)} files, {breaches} breaches")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()))
