#pragma once
// Serves the files of the web UI: the fitting encoding, 304 by content hash, index.html for the
// addresses that the UI itself routes. Called by handler threads; keeps nothing.

#include "http/message.hpp"
#include "millwright/http/ui_assets.hpp"

namespace millwright::http {

// For GET and HEAD of any path that is no route.
[[nodiscard]] Response serve_asset(const Request& request, const UiAssets& assets);

// Adds the ETag and turns the answer into 304 when the request has it already.
void revalidate(const Request& request, const std::string& etag, Response& response);

}  // namespace millwright::http
