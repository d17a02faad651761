#include "store/schema.hpp"

#include <array>
#include <cstring>

namespace millwright::store {
namespace {

// Each entry brings the schema from its index to the next version.
constexpr std::array<const char*, kSchemaVersion> kMigrations = {R"sql(
-- One row: what the newest commit left behind.
CREATE TABLE head(
  id INTEGER PRIMARY KEY CHECK(id = 0),
  origin TEXT NOT NULL,
  size INTEGER NOT NULL,        -- audit records
  frontier BLOB NOT NULL,       -- right edge of their Merkle tree
  view INTEGER NOT NULL,        -- number of the lane view
  view_floor INTEGER NOT NULL,  -- oldest number that can still be rebuilt
  at INTEGER NOT NULL           -- plant time of the newest commit
) STRICT;

CREATE TABLE audit(
  seq INTEGER PRIMARY KEY,
  type TEXT NOT NULL,
  task TEXT,
  case_id TEXT,
  record TEXT NOT NULL,  -- canonical JSON
  leaf BLOB NOT NULL     -- SHA-256(0x00 || record)
) STRICT;
CREATE INDEX audit_type ON audit(type, seq);
CREATE INDEX audit_task ON audit(task, seq) WHERE task IS NOT NULL;
CREATE INDEX audit_case ON audit(case_id, seq) WHERE case_id IS NOT NULL;
CREATE TRIGGER audit_insert BEFORE INSERT ON audit
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), -1) + 1 FROM audit)
BEGIN SELECT RAISE(ABORT, 'the audit log only grows at its end'); END;
CREATE TRIGGER audit_update BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'audit records do not change'); END;
CREATE TRIGGER audit_delete BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'audit records do not go'); END;

-- Roots of complete subtrees of 2^level records.
CREATE TABLE audit_node(
  level INTEGER NOT NULL,
  place INTEGER NOT NULL,
  hash BLOB NOT NULL,
  PRIMARY KEY(level, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE audit_checkpoint(
  size INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  note TEXT NOT NULL,
  kept INTEGER NOT NULL  -- 1: never thinned out
) STRICT;

CREATE TABLE part(
  id INTEGER PRIMARY KEY,
  topic TEXT NOT NULL,
  partition INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  next INTEGER,  -- the cursor; NULL: nothing decided yet
  counts TEXT NOT NULL,
  UNIQUE(topic, partition)
) STRICT;
CREATE TABLE batch(
  id INTEGER PRIMARY KEY,
  part INTEGER NOT NULL REFERENCES part(id),
  epoch INTEGER NOT NULL,
  first INTEGER NOT NULL,
  next INTEGER NOT NULL,
  view INTEGER NOT NULL,
  plant_now INTEGER,
  counts TEXT NOT NULL
) STRICT;
CREATE INDEX batch_next ON batch(part, next);
CREATE INDEX batch_view ON batch(view);
CREATE TABLE round(
  id INTEGER PRIMARY KEY,  -- rises over all partitions and restarts
  part INTEGER NOT NULL REFERENCES part(id),
  begun_at INTEGER NOT NULL,
  state BLOB NOT NULL,
  sum BLOB NOT NULL,
  complete INTEGER NOT NULL
) STRICT;
CREATE INDEX round_part ON round(part, id);
CREATE TABLE entity(
  part INTEGER NOT NULL REFERENCES part(id),
  entity TEXT NOT NULL,
  round INTEGER NOT NULL,
  at INTEGER NOT NULL,
  blob BLOB NOT NULL,  -- empty: dropped
  sum BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX entity_round ON entity(part, entity, round);
CREATE INDEX entity_by_round ON entity(part, round);
CREATE INDEX entity_dropped ON entity(part, round) WHERE length(blob) = 0;

CREATE TABLE decision(
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  part INTEGER,
  position INTEGER NOT NULL,
  json TEXT NOT NULL,
  series BLOB NOT NULL
) STRICT;
CREATE INDEX decision_position ON decision(part, position);

CREATE TABLE task(
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL,
  kind TEXT NOT NULL,
  priority INTEGER NOT NULL,
  asset TEXT NOT NULL,
  case_id TEXT NOT NULL,
  urgency TEXT NOT NULL,  -- sorts by urgency, unique
  change TEXT NOT NULL,   -- sorts the newest change first, unique
  final_at INTEGER,       -- plant time at which it became final
  words TEXT NOT NULL,    -- what text search looks at
  json TEXT NOT NULL
) STRICT;
CREATE INDEX task_urgency ON task(state, kind, urgency);
CREATE INDEX task_change ON task(state, kind, change, priority);
CREATE INDEX task_asset ON task(asset, urgency);
CREATE INDEX task_asset_change ON task(asset, change);
CREATE INDEX task_case ON task(case_id);
CREATE INDEX task_final ON task(final_at);
CREATE VIRTUAL TABLE task_words USING fts5(
  words, content = 'task', content_rowid = 'row', tokenize = 'unicode61 remove_diacritics 2',
  prefix = '2 3');

CREATE TABLE work_case(
  id TEXT PRIMARY KEY,
  closed INTEGER,  -- plant time at which it was closed
  json TEXT NOT NULL
) STRICT;
CREATE INDEX work_case_closed ON work_case(closed);
CREATE TABLE reservation(
  task TEXT NOT NULL,
  material TEXT NOT NULL,
  held INTEGER NOT NULL,
  json TEXT NOT NULL,
  PRIMARY KEY(task, material)
) STRICT;
CREATE INDEX reservation_held ON reservation(held);
CREATE TABLE stock(
  material TEXT PRIMARY KEY,
  json TEXT NOT NULL
) STRICT;
-- What lanes read of plant state, with the view number each value came with.
CREATE TABLE view_change(
  kind INTEGER NOT NULL,  -- 0 equipment, 1 service, 2 work, 3 supply, 4 supplier
  id TEXT NOT NULL,
  number INTEGER NOT NULL,
  json TEXT NOT NULL,
  PRIMARY KEY(kind, id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX view_number ON view_change(number);

CREATE TABLE effect(
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  kind INTEGER NOT NULL,
  lane BLOB NOT NULL,
  state TEXT NOT NULL,
  open INTEGER NOT NULL,  -- 1: not done
  audit INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  not_before INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  external TEXT NOT NULL,
  detail TEXT NOT NULL,
  json TEXT NOT NULL
) STRICT;
CREATE INDEX effect_open ON effect(kind, seq) WHERE open = 1;
CREATE INDEX effect_lane ON effect(kind, lane, seq) WHERE open = 1;
CREATE INDEX effect_done ON effect(changed) WHERE open = 0;
CREATE TABLE delivered(
  topic TEXT NOT NULL,
  partition INTEGER NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY(topic, partition)
) STRICT, WITHOUT ROWID;

-- Refused records of the running minute; closed minutes become audit records.
CREATE TABLE dead_letter(
  minute INTEGER NOT NULL,
  topic TEXT NOT NULL,
  partition INTEGER NOT NULL,
  reason TEXT NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY(minute, topic, partition, reason)
) STRICT, WITHOUT ROWID;
)sql",
                                                                 R"sql(
-- Rules that may be in force together.
CREATE TABLE rule_bundle(
  hash TEXT PRIMARY KEY,
  json TEXT NOT NULL
) STRICT;
-- Audit records that stood when the batch was settled; -1: of a batch from before this was kept.
ALTER TABLE batch ADD COLUMN audit INTEGER NOT NULL DEFAULT -1;
-- Batches of the partition up to this one are in the round's state, silent ones too; 0: not known.
ALTER TABLE round ADD COLUMN after INTEGER NOT NULL DEFAULT 0;
)sql"};

constexpr int kPageBytes = 4096;

void set_config(Db& db, int option, int value) {
  db.check(sqlite3_db_config(db.handle(), option, value, nullptr));
}

void configure_any(Db& db) {
  sqlite3_busy_timeout(db.handle(), 5'000);
  set_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1);
  set_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0);
  set_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0);
  set_config(db, SQLITE_DBCONFIG_DQS_DML, 0);
  set_config(db, SQLITE_DBCONFIG_DQS_DDL, 0);
  sqlite3_limit(db.handle(), SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_limit(db.handle(), SQLITE_LIMIT_LENGTH, 256 << 20);
  db.exec("PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0;");
}

// What stays allowed: the one pragma that full-text search asks for itself.
int authorize(void*, int action, const char* first, const char* second, const char*, const char*) {
  const auto is = [](const char* text, const char* expected) {
    return text != nullptr && std::strcmp(text, expected) == 0;
  };
  switch (action) {
    case SQLITE_PRAGMA:
      return is(first, "data_version") && second == nullptr ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_UPDATE:
      return is(first, "audit") || is(first, "audit_node") || is(first, "audit_checkpoint")
                 ? SQLITE_DENY
                 : SQLITE_OK;
    case SQLITE_DELETE:
      return is(first, "audit") || is(first, "audit_node") ? SQLITE_DENY : SQLITE_OK;
    case SQLITE_ALTER_TABLE:
    case SQLITE_ANALYZE:
    case SQLITE_ATTACH:
    case SQLITE_DETACH:
    case SQLITE_CREATE_INDEX:
    case SQLITE_CREATE_TABLE:
    case SQLITE_CREATE_TEMP_INDEX:
    case SQLITE_CREATE_TEMP_TABLE:
    case SQLITE_CREATE_TEMP_TRIGGER:
    case SQLITE_CREATE_TEMP_VIEW:
    case SQLITE_CREATE_TRIGGER:
    case SQLITE_CREATE_VIEW:
    case SQLITE_CREATE_VTABLE:
    case SQLITE_DROP_INDEX:
    case SQLITE_DROP_TABLE:
    case SQLITE_DROP_TEMP_INDEX:
    case SQLITE_DROP_TEMP_TABLE:
    case SQLITE_DROP_TEMP_TRIGGER:
    case SQLITE_DROP_TEMP_VIEW:
    case SQLITE_DROP_TRIGGER:
    case SQLITE_DROP_VIEW:
    case SQLITE_DROP_VTABLE:
    case SQLITE_REINDEX:
      return SQLITE_DENY;
    default:
      return SQLITE_OK;
  }
}

// Nothing but reading. Without this, `PRAGMA wal_checkpoint` would run even on a read-only
// connection, as far as the first write to the database.
int authorize_reading(void*, int action, const char* first, const char* second, const char*,
                      const char*) {
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_FUNCTION:
    case SQLITE_RECURSIVE:
    case SQLITE_TRANSACTION:
      return SQLITE_OK;
    case SQLITE_UPDATE:
      // Asked for while a full-text table declares its columns; nothing is written then.
      return std::strcmp(first, "sqlite_master") == 0 ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_PRAGMA:
      return std::strcmp(first, "data_version") == 0 && second == nullptr ? SQLITE_OK : SQLITE_DENY;
    default:
      return SQLITE_DENY;
  }
}

}  // namespace

void configure_writer(Db& db) {
  configure_any(db);
  db.exec(("PRAGMA page_size = " + std::to_string(kPageBytes)).c_str());
  db.exec(
      "PRAGMA journal_mode = WAL;"
      "PRAGMA synchronous = FULL;"
      "PRAGMA foreign_keys = ON;"
      "PRAGMA recursive_triggers = ON;"
      "PRAGMA secure_delete = ON;"
      "PRAGMA wal_autocheckpoint = 0;"
      "PRAGMA journal_size_limit = 67108864;"
      "PRAGMA cache_size = -16000;"
      "PRAGMA temp_store = MEMORY;");
}

void configure_reader(Db& db) {
  configure_any(db);
  set_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1);
  db.exec("PRAGMA wal_autocheckpoint = 0; PRAGMA query_only = 1; PRAGMA temp_store = MEMORY;");
}

Result<void> check_schema(Db& db) {
  const std::int64_t application = db.number("PRAGMA application_id");
  const std::int64_t version = db.number("PRAGMA user_version");
  if (application != kApplicationId || version < 1) {
    return fail(Errc::kInvalid, db.path() + " is not a Millwright ledger");
  }
  if (version > kSchemaVersion) {
    return fail(Errc::kInvalid, db.path() + " was written by a newer Millwright (schema " +
                                    std::to_string(version) + "); this one knows up to " +
                                    std::to_string(kSchemaVersion));
  }
  return {};
}

Result<void> migrate(Db& db, const std::string& origin) {
  Transaction transaction(db, Transaction::Kind::kWrite);
  const bool fresh = db.number("SELECT count(*) FROM sqlite_schema") == 0;
  if (!fresh) MW_TRY(check_schema(db));
  for (std::int64_t v = db.number("PRAGMA user_version"); v < kSchemaVersion; ++v) {
    db.exec(kMigrations[std::size_t(v)]);
  }
  if (fresh) {
    Statement(db, "INSERT INTO head VALUES(0, ?, 0, x'', 0, 0, 0)").run(origin);
    db.exec(("PRAGMA application_id = " + std::to_string(kApplicationId)).c_str());
  }
  db.exec(("PRAGMA user_version = " + std::to_string(kSchemaVersion)).c_str());
  const std::string stored = db.text("SELECT origin FROM head");
  if (stored != origin) {
    return fail(Errc::kInvalid, db.path() + " is the ledger of " + stored + ", not of " + origin +
                                    "; set the site's name back, or choose another path");
  }
  transaction.commit();
  return {};
}

void lock_down_reader(Db& db) {
  db.check(sqlite3_set_authorizer(db.handle(), authorize_reading, nullptr));
}

void lock_down(Db& db) {
  db.check(sqlite3_set_authorizer(db.handle(), authorize, nullptr));
}

}  // namespace millwright::store
