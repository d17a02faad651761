# Tests that are not C++ programs: the house rules, the front door, and the user interface's own
# suites.
find_package(Python3 COMPONENTS Interpreter)

if(Python3_FOUND)
  add_test(NAME tidy COMMAND Python3::Interpreter ${PROJECT_SOURCE_DIR}/tests/tidy/tidy.py
                             ${PROJECT_SOURCE_DIR})
  add_test(NAME tidy_self_test
           COMMAND Python3::Interpreter ${PROJECT_SOURCE_DIR}/tests/tidy/tidy_test.py)
  set_tests_properties(tidy tidy_self_test PROPERTIES LABELS quick)
  add_test(NAME config_schema
           COMMAND Python3::Interpreter ${PROJECT_SOURCE_DIR}/tests/contract/config_schema_test.py
                   ${PROJECT_SOURCE_DIR})
  set_tests_properties(config_schema PROPERTIES LABELS quick SKIP_RETURN_CODE 77)
endif()

# Recorded events through the real binary: made here, and the public ones where they are
# (MILLWRIGHT_DATA names their folder).
if(Python3_FOUND AND TARGET millwright)
  add_test(NAME command_line
           COMMAND Python3::Interpreter ${PROJECT_SOURCE_DIR}/tests/contract/command_line_test.py
                   $<TARGET_FILE:millwright> ${PROJECT_SOURCE_DIR})
  set_tests_properties(command_line PROPERTIES LABELS full TIMEOUT 120)
  add_test(NAME replay COMMAND Python3::Interpreter ${PROJECT_SOURCE_DIR}/tests/e2e/replay_test.py
                               $<TARGET_FILE:millwright>)
  set_tests_properties(replay PROPERTIES LABELS full TIMEOUT 300)
  add_test(NAME rules_commands
           COMMAND Python3::Interpreter ${PROJECT_SOURCE_DIR}/tests/e2e/rules_commands_test.py
                   $<TARGET_FILE:millwright>)
  set_tests_properties(rules_commands PROPERTIES LABELS full TIMEOUT 120)
  add_test(NAME rules_by_example
           COMMAND Python3::Interpreter ${PROJECT_SOURCE_DIR}/tests/e2e/rules_by_example_test.py
                   $<TARGET_FILE:millwright>)
  set_tests_properties(rules_by_example PROPERTIES LABELS full TIMEOUT 120)
  add_test(NAME whatif COMMAND Python3::Interpreter ${PROJECT_SOURCE_DIR}/tests/e2e/whatif_test.py
                               $<TARGET_FILE:millwright>)
  set_tests_properties(whatif PROPERTIES LABELS full TIMEOUT 300)
  add_test(NAME rule_release
           COMMAND Python3::Interpreter ${PROJECT_SOURCE_DIR}/tests/e2e/release_test.py
                   $<TARGET_FILE:millwright>)
  set_tests_properties(rule_release PROPERTIES LABELS full TIMEOUT 300)
  add_test(NAME recordings
           COMMAND Python3::Interpreter ${PROJECT_SOURCE_DIR}/tests/e2e/recordings.py
                   $<TARGET_FILE:millwright> --check)
  set_tests_properties(recordings PROPERTIES LABELS full TIMEOUT 600 SKIP_RETURN_CODE 77)
endif()

add_test(NAME setup_without_rights COMMAND ${PROJECT_SOURCE_DIR}/tests/frontdoor/setup_test.sh)
set_tests_properties(setup_without_rights PROPERTIES LABELS quick TIMEOUT 60)

# Only scripts/test --kafka selects this label.
add_test(NAME kafka_server COMMAND ${PROJECT_SOURCE_DIR}/tests/support/kafka/kafka_test.sh)
set_tests_properties(kafka_server PROPERTIES LABELS kafka TIMEOUT 180)

find_program(NPM npm)
if(NPM AND EXISTS ${PROJECT_SOURCE_DIR}/src/ui/package.json)
  add_test(NAME ui_unit COMMAND ${NPM} --prefix ${PROJECT_SOURCE_DIR}/src/ui test)
  set_tests_properties(ui_unit PROPERTIES LABELS "full;ui" TIMEOUT 180)
endif()

# tests/e2e/ui/run drives the demo in a real Chromium; it gets the binary under test as argument.
if(EXISTS ${PROJECT_SOURCE_DIR}/tests/e2e/ui/run AND TARGET millwright)
  add_test(NAME ui_end_to_end
           COMMAND ${PROJECT_SOURCE_DIR}/tests/e2e/ui/run $<TARGET_FILE:millwright>)
  set_tests_properties(ui_end_to_end PROPERTIES LABELS "full;ui" TIMEOUT 600 RUN_SERIAL ON)
endif()
