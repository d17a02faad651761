#pragma once
// AppBackend: answers what the web server asks, from the running app. Owned by the command; every
// method may be called by several handler threads.

#include "daemon/app.hpp"
#include "millwright/http/backend.hpp"

namespace millwright::daemon {

class AppBackend final : public http::Backend {
 public:
  // Both must outlive it.
  AppBackend(App& app, const Clock& wall) : app_(app), wall_(wall) {}

  [[nodiscard]] std::unique_ptr<StoreReader> make_reader() override;
  [[nodiscard]] PlantViewPtr view() override { return app_.board().plant(); }
  [[nodiscard]] const PlantModel& plant() const override {
    return *app_.options().configuration.plant;
  }
  [[nodiscard]] const workflow::Policy& policy() const override {
    return app_.options().configuration.policy;
  }
  [[nodiscard]] Result<Task> submit(Command command) override;
  void note(Notice notice) override;
  [[nodiscard]] http::Health health() override;
  [[nodiscard]] Instant now() override { return app_.options().clock->now(); }
  [[nodiscard]] double clock_speed() const override { return app_.options().clock_speed; }
  [[nodiscard]] const Clock& wall_clock() const override { return wall_; }
  [[nodiscard]] std::optional<Instant> last_event_at() override;
  [[nodiscard]] std::size_t rules_active() override { return app_.options().rules->rules().size(); }
  [[nodiscard]] std::string metrics_text() override;

 private:
  App& app_;
  const Clock& wall_;
};

}  // namespace millwright::daemon
