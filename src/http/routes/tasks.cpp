// /api/v1/tasks: list, one, and the signal behind one.
#include <algorithm>
#include <array>

#include "http/parameters.hpp"
#include "http/scene.hpp"

namespace millwright::http {
namespace {

constexpr std::array kStates = {
    TaskState::kProposed,   TaskState::kApproved,   TaskState::kRejected,     TaskState::kExpired,
    TaskState::kWithdrawn,  TaskState::kDispatched, TaskState::kAcknowledged, TaskState::kFailed,
    TaskState::kInProgress, TaskState::kClosed,     TaskState::kVerified};
constexpr std::array kKinds = {TaskKind::kWorkOrder,  TaskKind::kPartReservation,
                               TaskKind::kInspection, TaskKind::kSensorCheck,
                               TaskKind::kMasterData, TaskKind::kRuleRelease};
// Store pages looked through for one page of ours, where a filter is left to us.
constexpr std::size_t kLooksMost = 40;

template <class T, std::size_t N>
Result<T> one_of(std::string_view name, std::string_view text, const std::array<T, N>& all) {
  std::string known;
  for (const T value : all) {
    if (to_text(value) == text) return value;
    known += (known.empty() ? "" : ", ") + std::string(to_text(value));
  }
  return fail(Errc::kInvalid, std::string(name) + " must be one of " + known + ".");
}

Result<std::vector<TaskState>> read_states(std::string_view text) {
  std::vector<TaskState> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    const auto state = one_of("state", text.substr(0, end), kStates);
    if (!state) return state.error();
    out.push_back(*state);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

struct Wanted {
  TaskQuery query;
  std::string view;
  bool nothing = false;  // view and state exclude each other
};

Result<void> apply_view(Wanted& wanted) {
  if (wanted.view.empty()) return {};
  const std::array<std::string_view, 4> views = {"open", "mine", "expiring", "decided"};
  if (std::find(views.begin(), views.end(), wanted.view) == views.end()) {
    return fail(Errc::kInvalid, "view must be one of open, mine, expiring, decided.");
  }
  const bool decided = wanted.view == "decided";
  std::vector<TaskState> both;
  for (const TaskState state : kStates) {
    const auto& asked = wanted.query.states;
    const bool in_state =
        asked.empty() || std::find(asked.begin(), asked.end(), state) != asked.end();
    if (in_state && (state != TaskState::kProposed) == decided) both.push_back(state);
  }
  wanted.nothing = both.empty();
  wanted.query.states = std::move(both);
  return {};
}

Result<Wanted> read_query(const Request& request) {
  Wanted out;
  TaskQuery& query = out.query;
  const auto limit = read_limit(request);
  if (!limit) return limit.error();
  query.limit = *limit;
  for (const auto& [name, target, most] : {std::tuple{"cursor", &query.cursor, 512},
                                           {"q", &query.text, 800},
                                           {"view", &out.view, 16}}) {
    auto text = read_text(request, name, std::size_t(most));
    if (!text) return text.error();
    *target = std::move(*text);
  }
  if (const std::string* text = request.parameter("asset")) query.asset = AssetId(*text);
  if (const std::string* text = request.parameter("kind")) {
    const auto kind = one_of("kind", *text, kKinds);
    if (!kind) return kind.error();
    query.kind = *kind;
  }
  if (const std::string* text = request.parameter("priority")) {
    if (text->size() != 1 || *text < "1" || *text > "4") {
      return fail(Errc::kInvalid, "priority must be 1, 2, 3 or 4.");
    }
    query.priority = Priority((*text)[0] - '0');
  }
  if (const std::string* text = request.parameter("state")) {
    auto states = read_states(*text);
    if (!states) return states.error();
    query.states = std::move(*states);
  }
  MW_TRY(apply_view(out));
  query.by_change = !query.states.empty() && std::find(query.states.begin(), query.states.end(),
                                                       TaskState::kProposed) == query.states.end();
  return out;
}

bool passes(const Task& task, const Wanted& wanted, const Caller& caller, const Scene& scene) {
  if (wanted.view == "expiring") return is_expiring(task, scene.now);
  if (wanted.view != "mine") return true;
  const workflow::Permission may = scene.permission(task, caller);
  return may.approve || may.reject;
}

// One page of those that pass. Each look asks for no more than is still missing, so the store's
// cursor after it is the cursor of our next page.
Result<Page<Task>> find_page(Wanted wanted, const Caller& caller, const Scene& scene) {
  Page<Task> out;
  if (wanted.nothing) return out;
  const std::size_t limit = wanted.query.limit;
  for (std::size_t look = 0; look < kLooksMost; ++look) {
    wanted.query.limit = limit - out.items.size();
    auto page = scene.context.reader.tasks(wanted.query);
    if (!page) return page.error();
    for (Task& task : page->items) {
      if (passes(task, wanted, caller, scene)) out.items.push_back(std::move(task));
    }
    out.next = page->next;
    if (page->next.empty() || out.items.size() >= limit) break;
    wanted.query.cursor = page->next;
  }
  return out;
}

}  // namespace

Response list_tasks(const Request& request, Context& context) {
  if (auto refused = unknown_parameter(
          request, {"view", "state", "kind", "priority", "asset", "q", "cursor", "limit"})) {
    return std::move(*refused);
  }
  auto wanted = read_query(request);
  if (!wanted) return problem(request, wanted.error());
  const Scene scene(context);
  const auto page = find_page(std::move(*wanted), *request.caller, scene);
  if (!page) return problem(request, page.error());
  JsonWriter json;
  json.begin_object();
  json.key("items");
  json.begin_array();
  for (const Task& task : page->items) {
    json.begin_object();
    write_summary(json, task, scene);
    json.end_object();
  }
  json.end_array();
  write_text(json, "next", page->next);
  json.end_object();
  return json_response(std::move(json).text());
}

Response get_task(const Request& request, Context& context) {
  if (auto refused = unknown_parameter(request, {})) return std::move(*refused);
  const Scene scene(context);
  const auto task = scene.task(TaskId(request.params[0]));
  if (!task) return problem(request, task.error());
  if (!*task)
    return problem(request, Code::kNotFound, "There is no task " + request.params[0] + ".");
  return task_answer(request, context, **task);
}

Response get_task_signal(const Request& request, Context& context) {
  if (auto refused = unknown_parameter(request, {})) return std::move(*refused);
  const Scene scene(context);
  const auto task = scene.task(TaskId(request.params[0]));
  if (!task) return problem(request, task.error());
  if (!*task)
    return problem(request, Code::kNotFound, "There is no task " + request.params[0] + ".");
  const auto decisions = context.reader.decisions_of((*task)->id, 1);
  if (!decisions) return problem(request, decisions.error());
  if (decisions->empty() || decisions->front().signal.empty() ||
      decisions->front().series.empty()) {
    return problem(request, Code::kNoSignal, "This task stands on no signal.");
  }
  return json_response(series_json(decisions->front(), context.backend.plant()));
}

}  // namespace millwright::http
