#include "http/assets.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <optional>

#include "http/problem.hpp"
#include "http/secrets.hpp"

namespace millwright::http {
namespace {

constexpr std::size_t kDiskFileMost = 32U << 20U;
constexpr std::string_view kNotBuilt =
    "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Millwright</title>"
    "<h1>Millwright runs, but its web UI was not built</h1>"
    "<p>Build it with <code>scripts/ui</code> and then the program again, or start with "
    "<code>scripts/run</code>, which does both. REST answers under <code>/api/v1</code>; "
    "its description is at <a href=\"/api/v1/openapi.yaml\">/api/v1/openapi.yaml</a>.</p></html>\n";

struct Kind {
  std::string_view ending;
  std::string_view type;
};
constexpr std::array<Kind, 12> kKinds = {{{".html", "text/html; charset=utf-8"},
                                          {".js", "text/javascript; charset=utf-8"},
                                          {".css", "text/css; charset=utf-8"},
                                          {".svg", "image/svg+xml"},
                                          {".png", "image/png"},
                                          {".ico", "image/x-icon"},
                                          {".json", "application/json"},
                                          {".map", "application/json"},
                                          {".woff2", "font/woff2"},
                                          {".txt", "text/plain; charset=utf-8"},
                                          {".webmanifest", "application/manifest+json"},
                                          {".webp", "image/webp"}}};

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

std::string_view type_of(std::string_view path) {
  for (const Kind& kind : kKinds) {
    if (ends_with(path, kind.ending)) return kind.type;
  }
  return "application/octet-stream";
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// Whether Accept-Encoding names the coding with a weight above 0.
bool accepts(std::string_view header, std::string_view coding) {
  while (!header.empty()) {
    const std::size_t end = std::min(header.find(','), header.size());
    const std::string_view item = trim(header.substr(0, end));
    header.remove_prefix(std::min(end + 1, header.size()));
    const std::size_t semicolon = std::min(item.find(';'), item.size());
    if (trim(item.substr(0, semicolon)) != coding) continue;
    const std::string_view weight = trim(item.substr(std::min(semicolon + 1, item.size())));
    return weight.find_first_of("123456789") != std::string_view::npos || weight.empty();
  }
  return false;
}

// A path without a dot in its last part is one that the UI routes itself: /tasks/task-1.
bool is_client_route(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  const std::string_view last = slash == std::string_view::npos ? path : path.substr(slash + 1);
  return last.find('.') == std::string_view::npos;
}

const UiAsset* find(const UiAssets& assets, std::string_view path) {
  const auto found = std::find_if(assets.files.begin(), assets.files.end(),
                                  [&](const UiAsset& asset) { return asset.path == path; });
  return found == assets.files.end() ? nullptr : &*found;
}

Response from_table(const Request& request, const UiAsset& asset) {
  Response out;
  out.content_type = asset.content_type;
  out.fixed = asset.plain;
  std::string etag(asset.etag);
  const std::string_view accepted = request.header("accept-encoding");
  if (!asset.brotli.empty() && accepts(accepted, "br")) {
    out.fixed = asset.brotli;
    out.headers.push_back({"Content-Encoding", "br"});
    etag += "-br";
  } else if (!asset.gzip.empty() && accepts(accepted, "gzip")) {
    out.fixed = asset.gzip;
    out.headers.push_back({"Content-Encoding", "gzip"});
    etag += "-gz";
  }
  out.headers.push_back({"Vary", "Accept-Encoding"});
  out.headers.push_back(
      {"Cache-Control", asset.hashed_name ? "public, max-age=31536000, immutable" : "no-cache"});
  revalidate(request, etag, out);
  return out;
}

// Only names that the build of the UI can make; so nothing climbs out of the folder.
bool plain_path(std::string_view path) {
  const auto ok = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("._-/").find(c) != std::string_view::npos;
  };
  return !path.empty() && path.front() != '/' && path.find("..") == std::string_view::npos &&
         std::all_of(path.begin(), path.end(), ok);
}

std::optional<Response> from_folder(const Request& request, const std::string& folder,
                                    std::string_view path) {
  if (!plain_path(path)) return std::nullopt;
  std::ifstream file(folder + "/" + std::string(path), std::ios::binary);
  if (!file) return std::nullopt;
  Response out;
  std::array<char, 16 << 10> part{};
  while (file.read(part.data(), part.size()) || file.gcount() > 0) {
    out.body.append(part.data(), std::size_t(file.gcount()));
    if (out.body.size() > kDiskFileMost) return std::nullopt;
  }
  if (out.body.empty() && !ends_with(path, ".css")) return std::nullopt;  // also a folder
  out.content_type = type_of(path);
  out.headers.push_back({"Cache-Control", "no-cache"});
  revalidate(request, sha256_hex(out.body).substr(0, 32), out);
  return out;
}

}  // namespace

void revalidate(const Request& request, const std::string& etag, Response& response) {
  const std::string quoted = "\"" + etag + "\"";
  response.headers.push_back({"ETag", quoted});
  std::string_view known = request.header("if-none-match");
  while (!known.empty()) {
    const std::size_t end = std::min(known.find(','), known.size());
    std::string_view one = trim(known.substr(0, end));
    known.remove_prefix(std::min(end + 1, known.size()));
    if (one.substr(0, 2) == "W/") one.remove_prefix(2);
    if (one != quoted && one != "*") continue;
    response.status = 304;
    response.body.clear();
    response.fixed = {};
    return;
  }
}

Response serve_asset(const Request& request, const UiAssets& assets) {
  const auto decoded = percent_decode(request.path, false);
  if (!decoded) return problem(request, Code::kInvalid, "The address is not valid.");
  std::string path = decoded->substr(1);
  if (path.empty()) path = "index.html";
  if (path.rfind("api/", 0) == 0) {
    return problem(request, Code::kNotFound, "There is nothing at this address.");
  }
  for (const std::string& name : {path, std::string("index.html")}) {
    if (name != path && !is_client_route(path)) break;
    if (!assets.folder.empty()) {
      if (auto out = from_folder(request, assets.folder, name)) return std::move(*out);
    } else if (const UiAsset* asset = find(assets, name)) {
      return from_table(request, *asset);
    }
  }
  const bool wants_page = path == "index.html" || is_client_route(path);
  if (!wants_page || !assets.files.empty()) {
    return problem(request, Code::kNotFound, "There is nothing at this address.");
  }
  Response out;
  out.content_type = "text/html; charset=utf-8";
  out.headers.push_back({"Cache-Control", "no-store"});
  out.fixed = kNotBuilt;
  return out;
}

}  // namespace millwright::http
