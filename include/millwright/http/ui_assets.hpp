#pragma once
// The files of the web UI: embedded at build time, or read from a folder during development.
// Immutable; any thread.

#include <span>
#include <string>
#include <string_view>

namespace millwright::http {

// One file. The views point into the binary or into whoever owns the table.
struct UiAsset {
  std::string_view path;  // "index.html", "assets/app-3f9a1c.js"
  std::string_view content_type;
  std::string_view etag;     // of the content, without quotes
  bool hashed_name = false;  // the name changes with the content: may be cached for ever
  std::string_view plain;
  std::string_view gzip;    // "" none
  std::string_view brotli;  // "" none
};

struct UiAssets {
  std::span<const UiAsset> files;  // by path, ascending
  std::string folder;              // when set, files are read from there instead, at each request
  std::string_view openapi;        // text of docs/openapi.yaml
};

// Made by cmake/embed.cmake from src/ui/dist and docs/openapi.yaml; link mw_ui_assets.
[[nodiscard]] std::span<const UiAsset> embedded_ui();
[[nodiscard]] std::string_view embedded_openapi();

}  // namespace millwright::http
