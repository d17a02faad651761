#pragma once
// The tables of the ledger, how a file gets them, and what the writer's connection may not do with
// them. Called when a store opens, by its thread.

#include "store/db.hpp"

namespace millwright::store {

inline constexpr int kSchemaVersion = 2;
inline constexpr int kApplicationId = 0x4d57'4c31;  // "MWL1", in the file's header

// Journal, durability and safety of a connection. Throws SqlError.
void configure_writer(Db& db);
void configure_reader(Db& db);

// Brings the file to kSchemaVersion in one transaction: old or new, never between.
// kInvalid: the file is something else, or of a newer program.
[[nodiscard]] Result<void> migrate(Db& db, const std::string& origin);
// The same question without writing, for readers.
[[nodiscard]] Result<void> check_schema(Db& db);

// From here on the connection cannot change the schema, attach files, or touch written audit rows.
void lock_down(Db& db);
// From here on it can only read.
void lock_down_reader(Db& db);

}  // namespace millwright::store
