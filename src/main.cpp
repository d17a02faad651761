// Flags -> command -> exit code.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "millwright/daemon/commands.hpp"

namespace {

namespace daemon_room = millwright::daemon;

// Examples first, as people look for those.
std::string examples(const std::string& lines) {
  return "\nExamples:\n" + lines;
}

void add_serve(CLI::App& app, daemon_room::ServeOptions& o) {
  CLI::App* c = app.add_subcommand("serve", "Run the daemon for a plant");
  c->add_option("--config", o.config, "millwright.yaml")->capture_default_str();
  c->add_option("--ui-dir", o.ui_dir, "Serve the user interface from a folder (development)");
  c->footer(examples("  millwright serve --config /etc/millwright/millwright.yaml\n"));
}

void add_demo(CLI::App& app, daemon_room::DemoOptions& o) {
  CLI::App* c = app.add_subcommand("demo", "Show the main job on a simulated plant, on loopback");
  c->add_option("--config", o.config, "millwright.yaml whose plant is simulated");
  c->add_option("--port", o.port, "Port of the web UI; 0 for any")->capture_default_str();
  c->add_option("--seed", o.seed, "Seed of the simulated plant")->capture_default_str();
  c->add_option("--speed", o.speed, "Plant minutes that pass in a minute")
      ->capture_default_str()
      ->check(CLI::Range(1.0, 600.0));
  c->add_option("--history", o.history_hours, "Hours simulated before it goes live")
      ->capture_default_str()
      ->check(CLI::Range(24, 168));
  c->add_option("--keep", o.keep, "Keep the ledger in this folder");
  c->add_flag("!--no-browser", o.browser, "Do not open a browser");
  c->add_flag("--ready-json", o.ready_json, "Print one line 'READY {...}' for programs");
  c->add_option("--ui-dir", o.ui_dir, "Serve the user interface from a folder (development)");
  c->footer(examples("  millwright demo\n  millwright demo --speed 60 --seed 3 --port 9000\n"));
}

void add_check(CLI::App& app, daemon_room::CheckOptions& o) {
  CLI::App* c = app.add_subcommand("check", "Check a configuration as a whole");
  c->add_option("config", o.config, "millwright.yaml")->capture_default_str();
  c->add_flag("--json", o.json, "Print the problems as JSON");
  c->footer(examples("  millwright check config/millwright.yaml\n") +
            "\nPrints file:line:column: message for each problem; exit code 78 if there is one.\n");
}

void add_replay(CLI::App& app, daemon_room::ReplayOptions& o) {
  CLI::App* c = app.add_subcommand("replay", "Run recorded events through the same pipeline");
  c->add_option("input", o.input, "Events, one JSON a line; or a CSV file")->required();
  c->add_option("--config", o.config,
                "millwright.yaml of the plant (default: the mapping's, else "
                "config/millwright.yaml)");
  c->add_option("--mapping", o.mapping, "What the columns of the CSV file mean (YAML)");
  c->add_option("--ledger", o.ledger, "Keep the ledger in this file");
  c->add_flag("--json", o.json, "Print the cases as JSON, one a line");
  c->footer(examples("  millwright replay recorded.jsonl\n"
                     "  millwright replay pump.csv --mapping config/replay/pump-rig.yaml\n") +
            "\nPlays by the recording's own clock; nobody decides, so proposals expire as the "
            "policy says,\n"
            "and nothing is sent. docs/replay.md explains mappings and what comes out.\n");
}

void add_user(CLI::App& app, daemon_room::UserAddOptions& o) {
  CLI::App* user = app.add_subcommand("user", "People and programs that may log in");
  user->require_subcommand(1);
  CLI::App* c = user->add_subcommand("add", "Add a person (asks for the password) or an API key");
  c->add_option("id", o.id, "Log-in name, such as j.ortiz")->required();
  c->add_option("--name", o.name, "Printed name, as it stands under a signature");
  c->add_option("--role", o.roles, "Role; may be given several times")
      ->required()
      ->allow_extra_args(false);
  c->add_flag("--api-key", o.api_key, "A program: prints its key once, asks for no password");
  c->add_option("--config", o.config, "millwright.yaml")->capture_default_str();
  c->footer(
      examples("  millwright user add j.ortiz --name 'Jo Ortiz' --role "
               "maintenance_supervisor\n"
               "  millwright user add erp --api-key --role integration\n"));
}

void add_audit(CLI::App& app, daemon_room::AuditVerifyOptions& o) {
  CLI::App* audit = app.add_subcommand("audit", "The tamper-evident log");
  audit->require_subcommand(1);
  CLI::App* c = audit->add_subcommand("verify", "Prove that no record was altered or removed");
  c->add_option("ledger", o.ledger, "The ledger's file")->required();
  c->add_option("--anchors", o.anchors,
                "File of signed checkpoints (default millwright.anchor beside the ledger)");
  c->add_option("--public-key", o.public_key, "Verifier key (default LEDGER.key.pub)");
  c->add_flag("--json", o.json, "Print the result as JSON");
  c->footer(examples("  millwright audit verify /var/lib/millwright/millwright.db\n") +
            "\nExit codes: 0 whole, 1 altered, 2 cut or rolled back, 3 unknown key, 4 not "
            "readable.\n");
}

constexpr const char* kRules = "config/millwright.yaml";

CLI::App* add_rules_command(CLI::App* rules, const char* name, const char* what,
                            daemon_room::RulesOptions& o) {
  CLI::App* c = rules->add_subcommand(name, what);
  c->add_flag("--json", o.json, "Print the result as JSON");
  return c;
}

// What is asked of the rules themselves, without a plant.
void add_rules(CLI::App* rules, daemon_room::RulesOptions& o) {
  o.path = kRules;
  CLI::App* check = add_rules_command(rules, "check", "Check rules and try their tests", o);
  CLI::App* test = add_rules_command(rules, "test", "Try the tests in the rules' files", o);
  for (CLI::App* c : {check, test}) {
    c->add_option("rules", o.path, "Folder of rules, or millwright.yaml")->capture_default_str();
  }
  check->footer(examples("  millwright rules check config/rules\n"));
  test->footer(examples("  millwright rules test config/rules\n") +
               "\nExit codes: 0 all passed, 1 a test failed, 78 the rules are not right.\n");
  CLI::App* eval = add_rules_command(rules, "eval", "What a rule says of given inputs", o);
  CLI::App* explain = add_rules_command(rules, "explain", "A rule in words", o);
  for (CLI::App* c : {eval, explain}) {
    c->add_option("rule", o.rule, "Its id")->required();
    c->add_option("--rules", o.path, "Folder of rules, or millwright.yaml")->capture_default_str();
    c->add_option("--given", o.given, "An input, name=value; may be given several times")
        ->allow_extra_args(false);
  }
  eval->footer(examples("  millwright rules eval sensor-stuck --given signal.stuck=true\n") +
               "\nInputs that are not given are absent. Exit codes: 0 asked, 1 the rule failed.\n");
  explain->footer(examples("  millwright rules explain bearing-vibration\n"));
  CLI::App* diff = add_rules_command(rules, "diff", "Two bundles of rules, rule by rule", o);
  diff->add_option("old", o.path, "Folder of rules, or millwright.yaml")->required();
  diff->add_option("new", o.other, "The same, of the rules to compare with")->required();
  diff->footer(examples("  millwright rules diff config/rules rules-next\n"));
}

void add_history(CLI::App* c, daemon_room::HistoryOptions& o) {
  c->add_option("--config", o.config,
                "millwright.yaml of the plant (default: the mapping's, else "
                "config/millwright.yaml)");
  c->add_option("--input", o.input, "A recording (default: what Kafka still holds)");
  c->add_option("--mapping", o.mapping, "What the columns of a CSV recording mean (YAML)");
  c->add_option("--from", o.from, "Count cases that open from then on (2026-03-02T06:00:00Z)");
  c->add_option("--to", o.to, "... and before this");
  c->add_option("--warm-up", o.warm_up_hours, "Hours played before --from")
      ->capture_default_str()
      ->check(CLI::Range(0, 24 * 366));
  c->add_option("--known", o.known, "CSV of known failures: asset,from,to or asset,from,to,mode");
  c->add_option("--ledger", o.ledger, "Ledger whose closed tasks say what was real");
  c->add_flag("--json", o.json, "Print the result as JSON");
}

CLI::App* add_candidate(CLI::App* rules, const char* name, const char* what,
                        daemon_room::WhatIfOptions& o) {
  CLI::App* c = rules->add_subcommand(name, what);
  c->add_option("candidate", o.candidate, "Folder of the rules to try")
      ->required()
      ->check(CLI::ExistingDirectory);
  add_history(c, o);
  return c;
}

struct HistoryCommands {
  daemon_room::WhatIfOptions whatif;
  daemon_room::ReleaseOptions release;
  daemon_room::NuisanceOptions nuisance;
};

void add_history_commands(CLI::App* rules, HistoryCommands& commands) {
  auto& [w, r, n] = commands;
  CLI::App* c = add_candidate(rules, "whatif", "Recorded history under a candidate's rules", w);
  c->footer(examples("  millwright rules whatif rules-next --from 2026-03-01T00:00:00Z\n"
                     "  millwright rules whatif rules-next --input recorded.jsonl\n") +
            "\nNothing is sent, and nothing of the running plant is touched.\n");
  c = add_candidate(rules, "release", "Try rules on history, and ask for their release", r);
  c->add_option("--reason", r.reason, "Why they are wanted; whoever approves reads it")->required();
  c->add_option("--key", r.key, "File with an API key of the daemon")
      ->required()
      ->check(CLI::ExistingFile);
  c->add_option("--url", r.url, "The daemon (default: where the configuration says it listens)");
  c->footer(examples("  millwright rules release rules-next --key release.key \\\n"
                     "      --reason 'Six readings avoid half of the false alarms'\n") +
            "\nThe owners of the rules that change approve it in the inbox, two people at least. "
            "Then put\n"
            "the folder in place of the one in force and start the daemon again.\n");
  c = rules->add_subcommand("nuisance", "What each rule's tasks turned out to be worth");
  c->add_option("--days", n.days, "Of the ledger, back from its newest task")
      ->capture_default_str()
      ->check(CLI::Range(1, 3'660));
  c->add_flag("--propose", n.propose,
              "Try stricter numbers for the worst rules on recorded history");
  add_history(c, n);
  c->footer(
      examples("  millwright rules nuisance --config /etc/millwright/millwright.yaml\n"
               "  millwright rules nuisance --propose --from 2026-03-01T00:00:00Z\n"));
}

int run_rules(const CLI::App& rules, const daemon_room::RulesOptions& o,
              const HistoryCommands& history) {
  if (rules.got_subcommand("check")) return daemon_room::rules_check(o);
  if (rules.got_subcommand("test")) return daemon_room::rules_test(o);
  if (rules.got_subcommand("eval")) return daemon_room::rules_eval(o);
  if (rules.got_subcommand("explain")) return daemon_room::rules_explain(o);
  if (rules.got_subcommand("diff")) return daemon_room::rules_diff(o);
  if (rules.got_subcommand("nuisance")) return daemon_room::rules_nuisance(history.nuisance);
  if (rules.got_subcommand("release")) return daemon_room::rules_release(history.release);
  return daemon_room::rules_whatif(history.whatif);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Millwright turns what a plant's systems say into work that a person can approve."};
  app.name("millwright");
  app.require_subcommand(1);
  app.footer(examples("  millwright demo                       a simulated plant, on loopback\n"
                      "  millwright check millwright.yaml      is this configuration right?\n"
                      "  millwright serve --config FILE        the daemon\n") +
             "\n'millwright COMMAND --help' tells more.\n");
  daemon_room::ServeOptions serve;
  daemon_room::DemoOptions demo;
  daemon_room::CheckOptions check;
  daemon_room::ReplayOptions replay;
  daemon_room::UserAddOptions user;
  daemon_room::AuditVerifyOptions verify;
  add_serve(app, serve);
  add_demo(app, demo);
  add_check(app, check);
  add_replay(app, replay);
  add_user(app, user);
  add_audit(app, verify);
  CLI::App* rules = app.add_subcommand("rules", "Work on rules, and try them before their release");
  rules->require_subcommand(1);
  daemon_room::RulesOptions rule_options;
  add_rules(rules, rule_options);
  HistoryCommands history;
  add_history_commands(rules, history);
  app.add_subcommand("version", "Print the version");
  const std::string_view first = argc > 1 ? argv[1] : "-";
  const auto commands =
      app.get_subcommands([&](const CLI::App* c) { return c->get_name() == first; });
  if (!first.starts_with('-') && commands.empty()) {
    std::fprintf(stderr, "error: millwright has no command '%s'; 'millwright --help' lists them\n",
                 argv[1]);
    return daemon_room::kUsage;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? daemon_room::kOk : daemon_room::kUsage;
  }
  if (app.got_subcommand("serve")) return daemon_room::serve(serve);
  if (app.got_subcommand("demo")) return daemon_room::demo(demo);
  if (app.got_subcommand("check")) return daemon_room::check(check);
  if (app.got_subcommand("replay")) return daemon_room::replay(replay);
  if (app.got_subcommand("user")) return daemon_room::user_add(user);
  if (app.got_subcommand("rules")) return run_rules(*rules, rule_options, history);
  if (app.got_subcommand("audit")) return daemon_room::audit_verify(verify);
  return daemon_room::version();
}
