// Health, metrics and the description of this interface: for machines, without log-in.
#include "http/assets.hpp"
#include "http/parameters.hpp"
#include "http/scene.hpp"
#include "http/secrets.hpp"

namespace millwright::http {
namespace {

Response health_response(const Health& health) {
  JsonWriter json;
  json.begin_object();
  json.field("status", health.causes.empty() ? "ok" : "unavailable");
  json.key("causes");
  json.begin_array();
  for (const HealthCause& cause : health.causes) {
    json.begin_object();
    json.field("part", cause.part);
    json.field("detail", cause.detail);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  Response out = json_response(std::move(json).text());
  out.status = health.causes.empty() ? 200 : 503;
  return out;
}

}  // namespace

Response get_openapi(const Request& request, Context& context) {
  if (auto refused = unknown_parameter(request, {})) return std::move(*refused);
  Response out;
  out.content_type = "application/yaml";
  out.fixed = context.assets.openapi;
  out.headers.push_back({"Cache-Control", "no-cache"});
  revalidate(request, sha256_hex(context.assets.openapi).substr(0, 32), out);
  return out;
}

Response get_live(const Request& /*request*/, Context& /*context*/) {
  return health_response({});
}

Response get_ready(const Request& /*request*/, Context& context) {
  return health_response(context.backend.health());
}

Response get_metrics(const Request& /*request*/, Context& context) {
  Response out;
  out.content_type = "text/plain; version=0.0.4; charset=utf-8";
  std::string& text = out.body;
  text =
      "# HELP millwright_build_info Which build runs.\n# TYPE millwright_build_info gauge\n"
      "millwright_build_info{version=\"" +
      context.config.version + "\"} 1\n";
  write_metric(text, "millwright_ready", "gauge", "1 when work flows.",
               context.backend.health().causes.empty() ? 1.0 : 0.0);
  context.metrics.write(text);
  // An unreadable ledger must not take the other metrics with it.
  if (const auto counts = context.reader.counts()) write_counts(*counts, text);
  text += context.backend.metrics_text();
  return out;
}

}  // namespace millwright::http
