#include "support/fault_vfs.hpp"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <new>
#include <sstream>

namespace millwright::testing {
namespace {

constexpr std::size_t kSector = 512;

struct File {
  sqlite3_file base;
  FaultVfs* owner;
  std::string* path;  // null for files without a name
  bool tracked;       // database or write-ahead log
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

File* of(sqlite3_file* file) {
  return reinterpret_cast<File*>(file);
}
FaultVfs* of(sqlite3_vfs* vfs) {
  return static_cast<FaultVfs*>(vfs->pAppData);
}

int close_file(sqlite3_file* file) {
  File* f = of(file);
  const int code = f->real()->pMethods->xClose(f->real());
  delete f->path;
  f->path = nullptr;
  return code;
}
int read_file(sqlite3_file* file, void* to, int amount, sqlite3_int64 offset) {
  return of(file)->real()->pMethods->xRead(of(file)->real(), to, amount, offset);
}
int write_file(sqlite3_file* file, const void* from, int amount, sqlite3_int64 offset) {
  File* f = of(file);
  if (const int code = f->owner->before_call(true); code != SQLITE_OK) return code;
  const int code = f->real()->pMethods->xWrite(f->real(), from, amount, offset);
  if (code == SQLITE_OK && f->tracked) {
    f->owner->wrote(
        *f->path,
        {offset, std::string(static_cast<const char*>(from), std::size_t(amount)), false});
  }
  return code;
}
int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
  File* f = of(file);
  if (const int code = f->owner->before_call(false); code != SQLITE_OK) return code;
  const int code = f->real()->pMethods->xTruncate(f->real(), size);
  if (code == SQLITE_OK && f->tracked) f->owner->wrote(*f->path, {size, "", true});
  return code;
}
int sync_file(sqlite3_file* file, int flags) {
  File* f = of(file);
  if (const int code = f->owner->before_call(false); code != SQLITE_OK) {
    return code == SQLITE_IOERR ? SQLITE_IOERR_FSYNC : code;
  }
  const int code = f->real()->pMethods->xSync(f->real(), flags);
  if (code == SQLITE_OK && f->tracked) f->owner->synced(*f->path);
  return code;
}
int file_size(sqlite3_file* file, sqlite3_int64* size) {
  return of(file)->real()->pMethods->xFileSize(of(file)->real(), size);
}
int lock_file(sqlite3_file* file, int level) {
  return of(file)->real()->pMethods->xLock(of(file)->real(), level);
}
int unlock_file(sqlite3_file* file, int level) {
  return of(file)->real()->pMethods->xUnlock(of(file)->real(), level);
}
int check_lock(sqlite3_file* file, int* out) {
  return of(file)->real()->pMethods->xCheckReservedLock(of(file)->real(), out);
}
int control(sqlite3_file* file, int op, void* arg) {
  return of(file)->real()->pMethods->xFileControl(of(file)->real(), op, arg);
}
int sector_size(sqlite3_file* file) {
  return of(file)->real()->pMethods->xSectorSize(of(file)->real());
}
int characteristics(sqlite3_file* file) {
  return of(file)->real()->pMethods->xDeviceCharacteristics(of(file)->real());
}
int shm_map(sqlite3_file* file, int page, int size, int extend, void volatile** out) {
  return of(file)->real()->pMethods->xShmMap(of(file)->real(), page, size, extend, out);
}
int shm_lock(sqlite3_file* file, int offset, int n, int flags) {
  return of(file)->real()->pMethods->xShmLock(of(file)->real(), offset, n, flags);
}
void shm_barrier(sqlite3_file* file) {
  of(file)->real()->pMethods->xShmBarrier(of(file)->real());
}
int shm_unmap(sqlite3_file* file, int remove) {
  return of(file)->real()->pMethods->xShmUnmap(of(file)->real(), remove);
}

// Version 2: with shared memory, without memory-mapped reading.
const sqlite3_io_methods kMethods = {
    2,         close_file,  read_file,  write_file, truncate_file, sync_file,       file_size,
    lock_file, unlock_file, check_lock, control,    sector_size,   characteristics, shm_map,
    shm_lock,  shm_barrier, shm_unmap,  nullptr,    nullptr};

int open_file(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out) {
  File* f = of(file);
  f->base.pMethods = nullptr;
  f->owner = of(vfs);
  f->path = nullptr;
  f->tracked = name != nullptr && (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)) != 0;
  sqlite3_vfs* real = f->owner->real();
  const int code = real->xOpen(real, name, f->real(), flags, out);
  if (f->real()->pMethods != nullptr) f->base.pMethods = &kMethods;
  if (code == SQLITE_OK && f->tracked) {
    f->path = new std::string(name);
    f->owner->opened(*f->path);
  }
  return code;
}

int delete_file(sqlite3_vfs* vfs, const char* name, int sync) {
  FaultVfs* owner = of(vfs);
  if (const int code = owner->before_call(false); code != SQLITE_OK) return code;
  owner->deleted(name);
  return owner->real()->xDelete(owner->real(), name, sync);
}

}  // namespace

FaultVfs::FaultVfs(std::string name) : name_(std::move(name)), real_(sqlite3_vfs_find(nullptr)) {
  vfs_ = *real_;
  vfs_.szOsFile = int(sizeof(File)) + real_->szOsFile;
  vfs_.pNext = nullptr;
  vfs_.zName = name_.c_str();
  vfs_.pAppData = this;
  vfs_.xOpen = open_file;
  vfs_.xDelete = delete_file;
  // The other methods of the real file system take their own table, not ours.
  vfs_.xAccess = [](sqlite3_vfs* v, const char* n, int flags, int* out) {
    return of(v)->real()->xAccess(of(v)->real(), n, flags, out);
  };
  vfs_.xFullPathname = [](sqlite3_vfs* v, const char* n, int size, char* out) {
    return of(v)->real()->xFullPathname(of(v)->real(), n, size, out);
  };
  sqlite3_vfs_register(&vfs_, 0);
}

FaultVfs::~FaultVfs() {
  sqlite3_vfs_unregister(&vfs_);
}

void FaultVfs::arm(std::int64_t nth, Fault fault) {
  calls_ = 0;
  fail_at_ = nth;
  fault_ = fault;
  fired_ = false;
}

void FaultVfs::disarm() {
  calls_ = 0;
  fail_at_ = 0;
  fired_ = false;
}

int FaultVfs::before_call(bool is_write) {
  if (dead_) return SQLITE_IOERR;
  ++calls_;
  if (fail_at_ == 0 || calls_ < fail_at_) return SQLITE_OK;
  const bool full = fault_ == Fault::kFull || fault_ == Fault::kFullForGood;
  if (full && !is_write) {
    // A full disk refuses writes only: the fault waits for the next one.
    if (fault_ == Fault::kFull && calls_ == fail_at_) ++fail_at_;
    return SQLITE_OK;
  }
  const bool once = fault_ == Fault::kIo || fault_ == Fault::kFull;
  if (once && fired_) return SQLITE_OK;
  fired_ = true;
  return full ? SQLITE_FULL : SQLITE_IOERR;
}

void FaultVfs::opened(const std::string& path) {
  if (images_.contains(path)) return;
  std::ifstream in(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  images_[path].durable = bytes.str();
}

void FaultVfs::deleted(const std::string& path) {
  images_.erase(path);
}

void FaultVfs::wrote(const std::string& path, Write write) {
  images_[path].pending.push_back(std::move(write));
}

void FaultVfs::synced(const std::string& path) {
  Image& image = images_[path];
  for (const Write& write : image.pending) apply(image.durable, write);
  image.pending.clear();
}

void FaultVfs::apply(std::string& image, const Write& write) {
  const auto offset = std::size_t(write.offset);
  if (write.truncate) {
    image.resize(offset);
    return;
  }
  if (image.size() < offset + write.bytes.size()) image.resize(offset + write.bytes.size());
  std::copy(write.bytes.begin(), write.bytes.end(), image.begin() + std::ptrdiff_t(offset));
}

void FaultVfs::settle(Rng& rng) {
  for (auto& [path, image] : images_) {
    for (const Write& write : image.pending) {
      if (write.truncate) {
        if (rng.chance(0.5)) apply(image.durable, write);
        continue;
      }
      for (std::size_t at = 0; at < write.bytes.size();) {
        const std::size_t place = std::size_t(write.offset) + at;
        const std::size_t n = std::min(kSector - place % kSector, write.bytes.size() - at);
        if (rng.chance(0.5)) {
          apply(image.durable, {std::int64_t(place), write.bytes.substr(at, n), false});
        }
        at += n;
      }
    }
    std::ofstream(path, std::ios::binary | std::ios::trunc) << image.durable;
    std::error_code ignored;
    std::filesystem::remove(path + "-shm", ignored);
  }
  images_.clear();
  dead_ = false;
}

}  // namespace millwright::testing
