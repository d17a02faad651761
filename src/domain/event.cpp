#include "millwright/domain/event.hpp"

namespace millwright {

const FieldValue& Event::at(std::string_view name) const {
  static const FieldValue kAbsent;
  if (type == nullptr) return kAbsent;
  const auto index = type->index_of(name);
  return index && *index < fields.size() ? fields[*index] : kAbsent;
}

std::string_view Event::text(std::string_view name, std::string_view fallback) const {
  const auto* found = std::get_if<std::string>(&at(name).value);
  return found != nullptr ? std::string_view(*found) : fallback;
}

double Event::number(std::string_view name, double fallback) const {
  const FieldValue& field = at(name);
  if (const auto* plain = std::get_if<double>(&field.value)) return *plain;
  if (const auto* quantity = std::get_if<Quantity>(&field.value)) return quantity->value;
  return fallback;
}

bool Event::flag(std::string_view name, bool fallback) const {
  const auto* found = std::get_if<bool>(&at(name).value);
  return found != nullptr ? *found : fallback;
}

Instant Event::instant(std::string_view name) const {
  const auto* found = std::get_if<Instant>(&at(name).value);
  return found != nullptr ? *found : Instant();
}

}  // namespace millwright
