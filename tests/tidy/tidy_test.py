#!/usr/bin/env python3
"""Each check of tidy.py can fail, and does not fail on what is allowed."""
import unittest

import tidy


def messages(path, text):
    return [m for _, m in tidy.check_file(path, text)]


class Layers(unittest.TestCase):
    def test_a_room_sees_itself_and_what_lies_to_its_right(self):
        allowed = tidy.may_include()
        self.assertEqual(allowed["base"], {"base"})
        self.assertEqual(allowed["domain"], {"domain", "cel", "base"})
        self.assertIn("simulator", allowed["daemon"])
        self.assertNotIn("store", allowed["http"])

    def test_upward_and_sideways_includes_fail(self):
        for path, line in [
            ("src/base/a.cpp", '#include "millwright/domain/event.hpp"\n'),
            ("src/http/a.cpp", '#include "millwright/store/ledger.hpp"\n'),
            ("include/millwright/codec/a.hpp", "#include <millwright/rules/rule_set.hpp>\n"),
        ]:
            with self.subTest(path):
                self.assertIn("may not include", messages(path, line)[0])

    def test_downward_includes_pass(self):
        text = '#include "millwright/base/result.hpp"\n#include "rules/table.hpp"\n#include <vector>\n'
        self.assertEqual(messages("src/rules/a.cpp", text), [])

    def test_private_headers_stay_in_their_room(self):
        self.assertIn("private", messages("src/rules/a.cpp", '#include "cel/parser.hpp"\n')[0])
        self.assertIn("private", messages(
            "include/millwright/cel/a.hpp", '#include "cel/parser.hpp"\n')[0])

    def test_tests_may_include_everything(self):
        self.assertEqual(messages("tests/unit/cel/a_test.cpp", '#include "cel/parser.hpp"\n'), [])

    def test_heavy_headers_fail_in_include_only(self):
        for heavy in ("boost/asio.hpp", "nlohmann/json.hpp", "sqlite3.h", "spdlog/spdlog.h"):
            line = f"#include <{heavy}>\n"
            self.assertIn("heavy", messages("include/millwright/http/a.hpp", line)[0])
            self.assertEqual(messages("src/http/a.cpp", line), [])

    def test_the_document_must_show_the_same_line(self):
        self.assertTrue(tidy.check_layer_line(f"text\n`{tidy.LAYERS}`\n"))
        self.assertFalse(tidy.check_layer_line("`daemon -> {source store} -> base`\n"))


class Sizes(unittest.TestCase):
    def test_long_files_fail(self):
        for name, limit in (("a.cpp", 400), ("a.hpp", 200), ("a.ts", 400), ("a.tsx", 400)):
            self.assertEqual(messages("src/ui/" + name, "\n" * limit), [])
            self.assertIn("file of", messages("src/ui/" + name, "\n" * (limit + 1))[0])

    def test_long_lines_fail(self):
        self.assertEqual(messages("src/base/a.cpp", "// " + "x" * 97 + "\n"), [])
        self.assertIn("columns", messages("src/base/a.cpp", "// " + "x" * 98 + "\n")[0])

    def function(self, head, lines):
        return "namespace a {\n" + head + " {\n" + "  call();\n" * (lines - 2) + "}\n}\n"

    def test_long_functions_fail(self):
        heads = ["int f(int x)", "A::A(int x) : a_{x}, b_(x)", "TEST(Suite, name)",
                 "auto f() -> B", "bool operator==(const A& a, const A& b)"]
        for head in heads:
            with self.subTest(head):
                self.assertEqual(messages("tests/a.cpp", self.function(head, 70)), [])
                self.assertEqual(messages("tests/a.cpp", self.function(head, 71)),
                                 ["function of 71 lines (at most 70)"])

    def test_member_functions_count_and_classes_do_not(self):
        member = "struct S {\n  int f() {\n" + "    g();\n" * 69 + "  }\n};\n"
        self.assertEqual(messages("tests/a.cpp", member), ["function of 71 lines (at most 70)"])
        fields = "struct S {\n" + "  int a{0};\n  int f() { return 1; }\n" * 60 + "};\n"
        self.assertEqual(messages("tests/a.cpp", fields), [])

    def test_tables_are_not_functions(self):
        rows = "constexpr Row kRows[] = {\n" + '    {f(1), "}"},\n' * 90 + "};\n"
        self.assertEqual(messages("tests/a.cpp", rows), [])

    def test_braces_in_literals_and_comments_do_not_count(self):
        text = self.function("int f()", 71).replace("call();", "g('{', \"{\"); // {", 1)
        self.assertEqual(messages("tests/a.cpp", text), ["function of 71 lines (at most 70)"])


class Purity(unittest.TestCase):
    def test_clocks_and_random_fail_in_pure_rooms_only(self):
        for call in ("std::chrono::system_clock::now()", "std::random_device d;", "std::rand()",
                     "time(nullptr)", "std::time(nullptr)", "getenv(\"X\")"):
            with self.subTest(call):
                self.assertIn("pure room", messages("src/cel/a.cpp", call + "\n")[0])
                self.assertEqual(messages("src/daemon/a.cpp", call + "\n"), [])

    def test_comments_and_own_names_pass(self):
        text = "// system_clock::now() is not read here\nevent.time(x);\nrunning_time(0);\n"
        self.assertEqual(messages("src/cel/a.cpp", text), [])


class Words(unittest.TestCase):
    def test_markers_fail(self):
        self.assertIn("marker", messages("docs/a.md", "TO" "DO: later\n")[0])
        self.assertEqual(messages("docs/a.md", "TODOS is one word\n"), [])

    def test_registry_hosts_fail(self):
        for host in ("https://npm" "js.org/x", "repo1.maven" ".org", "deb.deb" "ian.org"):
            self.assertIn("registry", messages("scripts/setup", host + "\n")[0])


if __name__ == "__main__":
    unittest.main()
