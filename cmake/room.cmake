# A room is one static library: src/<name>/ holds bodies and private headers, and
# include/millwright/<name>/ what other rooms may include.
#
#   millwright_room(rules DEPS domain cel LIBS PkgConfig::RE2)
#
# DEPS are rooms this one may include; LIBS are third-party targets, private to it.
function(millwright_room name)
  cmake_parse_arguments(ROOM "" "" "DEPS;LIBS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${name}/*.cpp)
  list(TRANSFORM ROOM_DEPS PREPEND mw_)
  if(NOT sources)
    add_library(mw_${name} INTERFACE)
    target_include_directories(mw_${name} INTERFACE ${PROJECT_SOURCE_DIR}/include)
    target_link_libraries(mw_${name} INTERFACE ${ROOM_DEPS})
    return()
  endif()
  add_library(mw_${name} STATIC ${sources})
  target_include_directories(mw_${name} PUBLIC ${PROJECT_SOURCE_DIR}/include
                                        PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(mw_${name} PUBLIC ${ROOM_DEPS} PRIVATE millwright_flags ${ROOM_LIBS})
endfunction()

# One test program for each folder tests/<kind>/<room>: millwright_tests(unit cel quick DEPS cel)
# A test that reads files of the checkout names MILLWRIGHT_SOURCE_DIR in its own .cpp.
function(millwright_tests kind room label)
  cmake_parse_arguments(TEST "" "" "DEPS;LIBS" ${ARGN})
  set(folder ${PROJECT_SOURCE_DIR}/tests/${kind}/${room})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${folder}/*.cpp)
  if(NOT sources)
    return()
  endif()
  set(target ${kind}_${room})
  add_executable(${target} ${sources})
  list(TRANSFORM TEST_DEPS PREPEND mw_)
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/tests)
  # Only where it is used: a path of this checkout in the command keeps other checkouts from
  # finding the result in the compiler cache.
  foreach(source ${sources})
    file(STRINGS ${source} uses REGEX "MILLWRIGHT_SOURCE_DIR" LIMIT_COUNT 1)
    if(uses)
      set_property(SOURCE ${source} APPEND PROPERTY COMPILE_DEFINITIONS
                   MILLWRIGHT_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    endif()
  endforeach()
  target_link_libraries(${target} PRIVATE ${TEST_DEPS} millwright_flags GTest::gmock GTest::gtest_main
                                          ${TEST_LIBS})
  gtest_discover_tests(${target} PROPERTIES LABELS ${label} DISCOVERY_TIMEOUT 60)
endfunction()
