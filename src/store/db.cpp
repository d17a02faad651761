#include "store/db.hpp"

#include "millwright/base/check.hpp"

namespace millwright::store {

Error to_error(const SqlError& error, std::string_view path) {
  const std::string what = std::string(path) + ": " + error.message;
  switch (error.primary()) {
    case SQLITE_FULL:
      return fail(Errc::kExhausted, what + "; free some space on its file system");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return fail(Errc::kUnavailable,
                  what + "; another program holds the ledger: close it (sqlite3, a backup tool)");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return fail(Errc::kUnavailable,
                  what +
                      "; the file is damaged: stop, keep a copy, restore a backup, then run "
                      "`millwright audit verify`");
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_CANTOPEN:
      return fail(Errc::kUnavailable,
                  what +
                      "; the file, its -wal and -shm and their folder must be writable by the "
                      "daemon's user");
    case SQLITE_INTERRUPT:
      return fail(Errc::kExhausted, what + "; the question took too long, ask for less");
    case SQLITE_CONSTRAINT:
      return fail(Errc::kInvalid, what);
    default:
      return fail(Errc::kUnavailable, what + "; check the disk, then start again");
  }
}

Db::Db(std::string path, int flags, const std::string& vfs) : path_(std::move(path)) {
  const int code = sqlite3_open_v2(path_.c_str(), &handle_, flags | SQLITE_OPEN_EXRESCODE,
                                   vfs.empty() ? nullptr : vfs.c_str());
  if (code == SQLITE_OK) return;
  SqlError error{code, handle_ != nullptr ? sqlite3_errmsg(handle_) : sqlite3_errstr(code)};
  sqlite3_close_v2(handle_);
  throw error;
}

Db::~Db() {
  sqlite3_close_v2(handle_);
}

void Db::check(int code) const {
  if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE) return;
  throw SqlError{code, sqlite3_errmsg(handle_)};
}

void Db::exec(const char* sql) {
  check(sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr));
}

std::int64_t Db::number(const char* sql) {
  Statement statement(*this, sql);
  Rows rows = statement.query();
  return rows.next() ? rows.number(0) : 0;
}

std::string Db::text(const char* sql) {
  Statement statement(*this, sql);
  Rows rows = statement.query();
  return rows.next() ? rows.text(0) : std::string();
}

bool Rows::next() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  throw SqlError{code, sqlite3_errmsg(sqlite3_db_handle(statement_))};
}

std::string_view Rows::bytes(int column) const {
  const void* data = sqlite3_column_blob(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  return {static_cast<const char*>(data), data == nullptr ? 0 : std::size_t(size)};
}

Statement::Statement(const Db& db, const char* sql) {
  sqlite3_stmt* raw = nullptr;
  const int code =
      sqlite3_prepare_v3(db.handle(), sql, -1, SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
  statement_.reset(raw);
  if (code != SQLITE_OK) {
    throw SqlError{code, std::string(sqlite3_errmsg(db.handle())) + " in: " + sql};
  }
}

void Statement::check(int code) const {
  if (code != SQLITE_OK) {
    throw SqlError{code, sqlite3_errmsg(sqlite3_db_handle(statement_.get()))};
  }
}

void Statement::bind(int index, std::int64_t value) {
  check(sqlite3_bind_int64(statement_.get(), index, value));
}

void Statement::bind(int index, std::string_view text) {
  // A null pointer would bind NULL; the empty text is a text.
  const char* data = text.data() == nullptr ? "" : text.data();
  check(
      sqlite3_bind_text64(statement_.get(), index, data, text.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void Statement::bind(int index, Blob blob) {
  const char* data = blob.bytes.data() == nullptr ? "" : blob.bytes.data();
  check(sqlite3_bind_blob64(statement_.get(), index, data, blob.bytes.size(), SQLITE_STATIC));
}

void Statement::bind_null(int index) {
  check(sqlite3_bind_null(statement_.get(), index));
}

Transaction::Transaction(Db& db, Kind kind) : db_(db) {
  db_.exec(kind == Kind::kWrite ? "BEGIN IMMEDIATE" : "BEGIN");
}

Transaction::~Transaction() {
  // Some errors roll back by themselves. A failing ROLLBACK leaves nothing more to try: the caller
  // already has an error, and reading goes on from what was committed.
  if (db_.in_transaction()) {
    sqlite3_exec(db_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

void Transaction::commit() {
  committing_ = true;
  db_.exec("COMMIT");
}

}  // namespace millwright::store
