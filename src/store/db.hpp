#pragma once
// Db and Statement: SQLite with errors as one exception, SqlError, which never leaves this room.
// Each belongs to the thread of its store or reader.

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "millwright/base/result.hpp"

namespace millwright::store {

struct SqlError {
  int code = 0;  // extended result code
  std::string message;

  [[nodiscard]] int primary() const { return code & 0xff; }
};

// The Error a caller sees: what went wrong, in which file, what to do.
[[nodiscard]] Error to_error(const SqlError& error, std::string_view path);

class Db {
 public:
  // Throws SqlError. `vfs`: "" for the system's.
  Db(std::string path, int flags, const std::string& vfs);
  ~Db();
  Db(const Db&) = delete;
  Db& operator=(const Db&) = delete;

  void exec(const char* sql);
  [[nodiscard]] std::int64_t number(const char* sql);  // first column of the first row
  [[nodiscard]] std::string text(const char* sql);
  [[nodiscard]] sqlite3* handle() const { return handle_; }
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::int64_t changes() const { return sqlite3_changes64(handle_); }
  [[nodiscard]] bool in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }
  void check(int code) const;

 private:
  std::string path_;
  sqlite3* handle_ = nullptr;
};

// A blob parameter; plain text is passed as string or string_view.
struct Blob {
  std::string_view bytes;
};

// A row at a time of a running statement; resets it when it goes.
class Rows {
 public:
  explicit Rows(sqlite3_stmt* statement) : statement_(statement) {}
  ~Rows() {
    if (statement_ != nullptr) sqlite3_reset(statement_);
  }
  Rows(Rows&& other) noexcept : statement_(std::exchange(other.statement_, nullptr)) {}
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;
  Rows& operator=(Rows&&) = delete;

  bool next();
  [[nodiscard]] std::int64_t number(int column) const {
    return sqlite3_column_int64(statement_, column);
  }
  [[nodiscard]] bool null(int column) const {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
  }
  [[nodiscard]] std::optional<std::int64_t> maybe(int column) const {
    return null(column) ? std::nullopt : std::optional(number(column));
  }
  // Text or blob; borrowed until the next row.
  [[nodiscard]] std::string_view bytes(int column) const;
  [[nodiscard]] std::string text(int column) const { return std::string(bytes(column)); }

 private:
  sqlite3_stmt* statement_;
};

// Prepared once, kept for the life of its Db.
class Statement {
 public:
  Statement(const Db& db, const char* sql);

  // Parameters are borrowed until the rows have gone.
  template <class... Args>
  [[nodiscard]] Rows query(const Args&... args) {
    int index = 0;
    (bind(++index, args), ...);
    return Rows(statement_.get());
  }
  template <class... Args>
  void run(const Args&... args) {
    Rows rows = query(args...);
    while (rows.next()) {
    }
  }
  // Rows that the statement which ran last on its connection inserted, updated or deleted.
  [[nodiscard]] std::int64_t changes() const {
    return sqlite3_changes64(sqlite3_db_handle(statement_.get()));
  }

 private:
  void bind(int index, std::int64_t value);
  void bind(int index, int value) { bind(index, std::int64_t(value)); }
  void bind(int index, std::string_view text);
  void bind(int index, const std::string& text) { bind(index, std::string_view(text)); }
  void bind(int index, const char* text) { bind(index, std::string_view(text)); }
  void bind(int index, Blob blob);
  void bind_null(int index);
  template <class T>
  void bind(int index, const std::optional<T>& value) {
    if (value.has_value()) {
      bind(index, *value);
    } else {
      bind_null(index);
    }
  }
  void check(int code) const;

  struct Finalize {
    void operator()(sqlite3_stmt* s) const { sqlite3_finalize(s); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

// BEGIN IMMEDIATE for the writer, BEGIN for readers; rolled back unless committed.
class Transaction {
 public:
  enum class Kind { kWrite, kRead };
  Transaction(Db& db, Kind kind);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  void commit();
  // Whether COMMIT had begun: an error then leaves it open what is on disk.
  [[nodiscard]] bool committing() const { return committing_; }

 private:
  Db& db_;
  bool committing_ = false;
};

}  // namespace millwright::store
