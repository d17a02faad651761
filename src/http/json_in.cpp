#include "http/json_in.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "millwright/base/json.hpp"

namespace millwright::http {
namespace {

using Json = nlohmann::json;

std::size_t code_points(const std::string& text) {
  return std::size_t(std::count_if(text.begin(), text.end(),
                                   [](char c) { return (std::uint8_t(c) & 0xC0U) != 0x80U; }));
}

bool has_control(const std::string& text, bool multiline) {
  return std::any_of(text.begin(), text.end(), [&](char c) {
    if (multiline && (c == '\n' || c == '\r' || c == '\t')) return false;
    return std::uint8_t(c) < 0x20U || c == 0x7F;
  });
}

// Takes a flat object of strings and nothing else, so depth and number range never matter.
class FlatReader final : public nlohmann::json_sax<Json> {
 public:
  explicit FlatReader(const std::vector<FieldRule>& rules) : rules_(rules), values_(rules.size()) {}

  bool null() override { return refuse_value(); }
  bool boolean(bool /*v*/) override { return refuse_value(); }
  bool number_integer(number_integer_t /*v*/) override { return refuse_value(); }
  bool number_unsigned(number_unsigned_t /*v*/) override { return refuse_value(); }
  bool number_float(number_float_t /*v*/, const string_t& /*s*/) override { return refuse_value(); }
  bool binary(binary_t& /*v*/) override { return refuse_value(); }
  bool start_array(std::size_t /*n*/) override { return refuse_value(); }
  bool end_array() override { return true; }
  bool end_object() override { return true; }
  bool start_object(std::size_t /*n*/) override {
    if (inside_) return refuse_value();
    inside_ = true;
    return true;
  }
  bool key(string_t& name) override {
    const auto rule = std::find_if(rules_.begin(), rules_.end(),
                                   [&](const FieldRule& r) { return r.name == name; });
    if (rule == rules_.end()) return refuse("has a member that is not known here");
    at_ = std::size_t(rule - rules_.begin());
    if (values_[at_]) return refuse(std::string(rule->name) + " is there twice");
    return true;
  }
  bool string(string_t& text) override {
    if (!inside_) return refuse_value();
    const FieldRule& rule = rules_[at_];
    const std::size_t length = code_points(text);
    if (length > rule.most || length < rule.least) {
      return refuse(std::string(rule.name) + " has " + std::to_string(length) + " characters; " +
                    std::to_string(rule.least) + " to " + std::to_string(rule.most) +
                    " are allowed");
    }
    if (has_control(text, rule.multiline)) {
      return refuse(std::string(rule.name) + " holds a control character");
    }
    values_[at_] = text;
    return true;
  }
  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*e*/) override {
    if (why_.empty()) why_ = "is not JSON (at byte " + std::to_string(position) + ")";
    return false;
  }

  [[nodiscard]] const std::string& why() const { return why_; }
  [[nodiscard]] std::vector<std::optional<std::string>> take() { return std::move(values_); }

 private:
  bool refuse(std::string why) {
    why_ = std::move(why);
    return false;
  }
  bool refuse_value() {
    return refuse(inside_ ? std::string(rules_[at_].name) + " must be text"
                          : std::string("must be a JSON object"));
  }

  const std::vector<FieldRule>& rules_;
  std::vector<std::optional<std::string>> values_;
  bool inside_ = false;
  std::size_t at_ = 0;
  std::string why_;
};

Error wrong(const std::string& where, const std::string& what) {
  return fail(Errc::kInvalid, "users file: " + where + ": " + what);
}

Result<std::vector<Role>> parse_roles(const Json& item, const std::string& where) {
  std::vector<Role> out;
  const auto found = item.find("roles");
  if (found == item.end() || !found->is_array() || found->empty()) {
    return wrong(where, "roles must be a list of at least one role");
  }
  for (const Json& entry : *found) {
    if (!entry.is_string()) return wrong(where, "roles must be text");
    auto role = role_from_text(entry.get<std::string>());
    if (!role) return wrong(where, role.error().message);
    out.push_back(*role);
  }
  return out;
}

std::string text_of(const Json& item, const char* name) {
  const auto found = item.find(name);
  return found != item.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string number_of(const Json& item, const char* name) {
  const auto found = item.find(name);
  return found != item.end() && found->is_number() ? shortest(found->get<double>()) : "";
}

bool flag_of(const Json& item, const char* name, bool fallback) {
  const auto found = item.find(name);
  return found != item.end() && found->is_boolean() ? found->get<bool>() : fallback;
}

Result<User> parse_user(const Json& item, const std::string& where) {
  if (!item.is_object()) return wrong(where, "must be an object");
  User user;
  user.id = UserId(text_of(item, "id"));
  user.name = text_of(item, "name");
  user.password_hash = text_of(item, "password");
  user.disabled = flag_of(item, "disabled", false);
  if (user.id.empty() || user.password_hash.empty()) return wrong(where, "needs id and password");
  if (user.name.empty()) user.name = user.id.str();
  auto roles = parse_roles(item, where);
  if (!roles) return roles.error();
  user.roles = std::move(*roles);
  return user;
}

Result<ApiKey> parse_key(const Json& item, const std::string& where) {
  if (!item.is_object()) return wrong(where, "must be an object");
  ApiKey key;
  key.id = text_of(item, "id");
  key.name = text_of(item, "name");
  key.secret_hash = text_of(item, "sha256");
  key.service_account = flag_of(item, "service_account", true);
  key.disabled = flag_of(item, "disabled", false);
  if (key.id.empty() || key.secret_hash.size() != 64) return wrong(where, "needs id and sha256");
  if (const std::string until = text_of(item, "expires"); !until.empty()) {
    auto at = parse_rfc3339(until);
    if (!at) return wrong(where, at.error().message);
    key.expires = *at;
  }
  auto roles = parse_roles(item, where);
  if (!roles) return roles.error();
  key.roles = std::move(*roles);
  return key;
}

template <class T, class Parse>
Result<void> parse_list(const Json& document, const char* name, std::vector<T>& out, Parse parse) {
  const auto found = document.find(name);
  if (found == document.end()) return {};
  if (!found->is_array()) return wrong(name, "must be a list");
  for (const Json& item : *found) {
    auto one = parse(item, std::string(name) + "[" + std::to_string(out.size()) + "]");
    if (!one) return one.error();
    const auto same = [&](const T& other) { return other.id == one->id; };
    if (std::any_of(out.begin(), out.end(), same)) return wrong(name, "an id is there twice");
    out.push_back(std::move(*one));
  }
  return {};
}

}  // namespace

Result<std::vector<std::optional<std::string>>> parse_fields(std::string_view body,
                                                             const std::vector<FieldRule>& rules) {
  FlatReader reader(rules);
  if (!Json::sax_parse(body, &reader))
    return fail(Errc::kInvalid, "The body " + reader.why() + ".");
  auto values = reader.take();
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (rules[i].required && !values[i]) {
      return fail(Errc::kInvalid, "The body has no " + std::string(rules[i].name) + ".");
    }
  }
  return values;
}

Result<UserDirectory> parse_users(std::string_view text) {
  const Json document = Json::parse(text, nullptr, false);
  if (document.is_discarded() || !document.is_object()) {
    return fail(Errc::kInvalid, "users file: not a JSON object");
  }
  UserDirectory out;
  MW_TRY(parse_list(document, "users", out.users, parse_user));
  MW_TRY(parse_list(document, "keys", out.keys, parse_key));
  return out;
}

AuditBody parse_audit_body(std::string_view record) {
  AuditBody out;
  Json document = Json::parse(record, nullptr, false);
  if (document.is_discarded() || !document.is_object()) return out;
  // The record carries its body as a member of its own.
  if (const auto body = document.find("body"); body != document.end() && body->is_object()) {
    document = Json(*body);
  }
  if (const auto r = document.find("revision"); r != document.end() && r->is_number_integer()) {
    out.revision = r->get<int>();
  }
  out.detail = text_of(document, "detail");
  out.cause = text_of(document, "cause");
  out.priority = number_of(document, "priority");
  out.due = text_of(document, "due");
  out.cost = number_of(document, "cost");
  const auto parts = document.find("parts");
  if (parts == document.end() || !parts->is_array()) return out;
  for (const Json& part : *parts) {
    if (!part.is_object()) continue;
    out.parts += (out.parts.empty() ? "" : ", ") + text_of(part, "material") + " x " +
                 number_of(part, "quantity");
  }
  return out;
}

}  // namespace millwright::http
