# mw_ui_assets: the built web UI (src/ui/dist, where it has been built) and docs/openapi.yaml inside
# the binary; see include/millwright/http/ui_assets.hpp. What goes in is looked up at each build,
# since the UI is built by a tool of its own.
set(embed_table ${PROJECT_BINARY_DIR}/embed/ui_assets.cpp)
add_custom_target(mw_ui_table
  COMMAND ${CMAKE_COMMAND} -DDIST=${PROJECT_SOURCE_DIR}/src/ui/dist
          -DOPENAPI=${PROJECT_SOURCE_DIR}/docs/openapi.yaml -DOUT=${embed_table}
          -P ${CMAKE_CURRENT_LIST_DIR}/embed_table.cmake
  BYPRODUCTS ${embed_table}
  COMMENT "Looking for changes of the web UI"
  VERBATIM)

add_library(mw_ui_assets STATIC ${embed_table})
add_dependencies(mw_ui_assets mw_ui_table)
target_include_directories(mw_ui_assets PUBLIC ${PROJECT_SOURCE_DIR}/include)
target_link_libraries(mw_ui_assets PRIVATE millwright_flags)
