#include "http/worker.hpp"

#include <exception>

#include "http/no_reader.hpp"
#include "http/problem.hpp"
#include "millwright/base/log.hpp"

namespace millwright::http {
namespace {

Response run_job(const Job& job, Context& context) {
  try {
    return job.handler(*job.request, context);
  } catch (const std::exception& e) {
    log::error("a handler failed",
               {{"request", job.request->id}, {"path", job.request->path}, {"why", e.what()}});
    return problem(*job.request, Problem{Code::kUnavailable, "Something went wrong here.", 500});
  }
}

}  // namespace

Worker::Worker(const Workplace& place, std::size_t threads, std::size_t queue)
    : place_(place), queue_(queue) {
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back(&Worker::run, this);
}

void Worker::stop() {
  closed_.store(true);
  queue_.close();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void Worker::run() {
  NoReader none;
  std::unique_ptr<StoreReader> reader;
  Calibration calibration;
  for (;;) {
    auto jobs = queue_.pop_some(1, seconds(3600));
    if (jobs.empty() && closed_.load()) return;  // drained
    if (reader == nullptr) reader = place_.backend.make_reader();
    StoreReader& source = reader != nullptr ? *reader : none;
    Context context{place_.backend, source,         place_.users, place_.assets,
                    place_.config,  place_.metrics, calibration};
    for (Job& job : jobs) job.done(run_job(job, context));
  }
}

}  // namespace millwright::http
