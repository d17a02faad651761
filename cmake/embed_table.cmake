# Writes OUT, a C++ source that holds every file below DIST and the file OPENAPI by .incbin. Run by
# embed.cmake at each build; leaves OUT alone when nothing has changed.
cmake_minimum_required(VERSION 3.25)

set(blobs "")
set(count 0)

# Adds one file to the object and puts the C++ expression of its bytes into `result`; "{}" where
# there is no such file.
macro(embed_blob file result)
  if(EXISTS "${file}")
    file(SHA256 "${file}" hash)
    # The hash makes this source differ, and so be compiled anew, when only the file has changed.
    string(APPEND blobs
      "asm(R\"(.pushsection .rodata\n.balign 16\n.global mw_blob_${count}\n.hidden mw_blob_${count}\n"
      "mw_blob_${count}: .incbin \"${file}\" # ${hash}\n"
      ".global mw_blob_${count}_end\n.hidden mw_blob_${count}_end\nmw_blob_${count}_end: .byte 0\n"
      ".popsection)\");\n"
      "extern const char mw_blob_${count}[] __asm__(\"mw_blob_${count}\");\n"
      "extern const char mw_blob_${count}_end[] __asm__(\"mw_blob_${count}_end\");\n")
    set(${result} "bytes(mw_blob_${count}, mw_blob_${count}_end)")
    math(EXPR count "${count} + 1")
  else()
    set(${result} "{}")
  endif()
endmacro()

set(type_html "text/html\\; charset=utf-8")
set(type_js "text/javascript\\; charset=utf-8")
set(type_css "text/css\\; charset=utf-8")
set(type_txt "text/plain\\; charset=utf-8")
set(type_svg "image/svg+xml")
set(type_png "image/png")
set(type_webp "image/webp")
set(type_ico "image/x-icon")
set(type_json "application/json")
set(type_map "application/json")
set(type_webmanifest "application/manifest+json")
set(type_woff2 "font/woff2")

file(GLOB_RECURSE files RELATIVE "${DIST}" "${DIST}/*")
list(FILTER files EXCLUDE REGEX "\\.(gz|br)$")
list(SORT files)

set(rows "")
set(rows_count 0)
foreach(path IN LISTS files)
  get_filename_component(ending "${path}" LAST_EXT)
  string(REPLACE "." "" ending "${ending}")
  set(type "application/octet-stream")
  if(DEFINED type_${ending})
    string(REPLACE "\\;" ";" type "${type_${ending}}")
  endif()
  # Vite puts what it names by content into assets/.
  set(hashed false)
  if(path MATCHES "^assets/.*-[A-Za-z0-9_-]+\\.")
    set(hashed true)
  endif()
  file(SHA256 "${DIST}/${path}" etag)
  string(SUBSTRING "${etag}" 0 32 etag)
  embed_blob("${DIST}/${path}" plain)
  embed_blob("${DIST}/${path}.gz" gzip)
  embed_blob("${DIST}/${path}.br" brotli)
  string(APPEND rows
    "      {\"${path}\", \"${type}\", \"${etag}\", ${hashed},\n"
    "       ${plain}, ${gzip}, ${brotli}},\n")
  math(EXPR rows_count "${rows_count} + 1")
endforeach()
embed_blob("${OPENAPI}" openapi)

set(text
"// Written by cmake/embed_table.cmake at each build.
#include <array>

#include \"millwright/http/ui_assets.hpp\"

${blobs}
namespace millwright::http {
namespace {

[[maybe_unused]] std::string_view bytes(const char* begin, const char* end) {
  return {begin, std::size_t(end - begin)};
}

}  // namespace

std::span<const UiAsset> embedded_ui() {
  static const std::array<UiAsset, ${rows_count}> table = {{
${rows}  }};
  return table;
}

std::string_view embedded_openapi() {
  return ${openapi};
}

}  // namespace millwright::http
")
set(before "")
if(EXISTS "${OUT}")
  file(READ "${OUT}" before)
endif()
if(NOT before STREQUAL text)
  file(WRITE "${OUT}" "${text}")
endif()
