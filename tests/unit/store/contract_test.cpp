// The store on SQLite keeps the contract of every store.
#include "contract/store_contract.hpp"
#include "contract/store_contract_state.hpp"

namespace millwright::testing {
namespace {

class SqliteHarness final : public StoreHarness {
 public:
  SqliteHarness() { open(); }
  Store& store() override { return *store_; }
  StoreReader& reader() override { return *reader_; }
  void reopen() override {
    reader_.reset();
    store_.reset();
    open();
  }

 private:
  void open() {
    store_ = open_or_fail(options_in(dir_));
    reader_ = reader_or_fail(options_in(dir_));
  }

  TempDir dir_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<StoreReader> reader_;
};

INSTANTIATE_TEST_SUITE_P(Sqlite, StoreContract,
                         ::testing::Values([]() -> std::unique_ptr<StoreHarness> {
                           return std::make_unique<SqliteHarness>();
                         }));

}  // namespace
}  // namespace millwright::testing
