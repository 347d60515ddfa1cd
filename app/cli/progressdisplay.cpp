// Progress on stderr: a bar with rate and time left on a terminal, or one JSON object a line.
#include "app/cli/cli.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <thread>

#include <unistd.h>

namespace wb::cli {
namespace {

using Clock = std::chrono::steady_clock;

std::atomic<Progress*> interrupted{nullptr}; // what Ctrl-C cancels

extern "C" void cancelOnSignal(int)
{
    if (Progress* progress = interrupted.load())
        progress->cancel();
    else
        ::_exit(130);
}

std::string amountText(const Progress::State& state, double amount)
{
    if (state.unit == ProgressUnit::Bytes)
        return bytesText(static_cast<std::uint64_t>(amount));
    return fmt::format("{:.0f} {}", amount, unitName(state.unit));
}

std::string barText(const Progress::State& state, double seconds)
{
    const double share = static_cast<double>(state.done) / static_cast<double>(state.total);
    const auto filled = static_cast<std::size_t>(share * 24);
    const double rate = seconds > 0 ? static_cast<double>(state.done) / seconds : 0;
    std::string line = fmt::format("\r{:<10} [{:<24}] {:3.0f} %", stageName(state.stage), std::string(filled, '#'),
                                   share * 100);
    if (rate > 0) {
        const double left = static_cast<double>(state.total - state.done) / rate;
        line += fmt::format("  {}/s  {}:{:02} left", amountText(state, rate), static_cast<int>(left) / 60,
                            static_cast<int>(left) % 60);
    }
    return line + "\033[K";
}

} // namespace

struct ShownProgress::Display {
    Display(std::shared_ptr<Progress> progress, bool json)
        : m_progress(std::move(progress)), m_json(json), m_thread([this] { loop(); })
    {
    }

    ~Display()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_stop = true;
        }
        m_wake.notify_all();
        m_thread.join();
        if (m_json)
            show();
        else if (m_shown)
            fmt::print(stderr, "\r\033[K");
    }

private:
    void loop()
    {
        std::unique_lock lock(m_mutex);
        // Work that is over within the first interval shows nothing on a terminal.
        while (!m_wake.wait_for(lock, std::chrono::milliseconds(200), [this] { return m_stop; }))
            show();
    }

    void show()
    {
        const Progress::State state = m_progress->state();
        if (state.total == 0)
            return;
        if (state.stage != m_stage) {
            m_stage = state.stage;
            m_begun = Clock::now();
        }
        if (m_json) {
            fmt::print(stderr, "{}\n", dumpJson({{"done", state.done}, {"total", state.total},
                                                 {"unit", unitName(state.unit)}, {"stage", stageName(state.stage)}}));
            return;
        }
        m_shown = true;
        fmt::print(stderr, "{}", barText(state, std::chrono::duration<double>(Clock::now() - m_begun).count()));
    }

    std::shared_ptr<Progress> m_progress;
    bool m_json;
    bool m_shown = false;
    ProgressStage m_stage = ProgressStage::Opening;
    Clock::time_point m_begun = Clock::now();
    std::mutex m_mutex;
    std::condition_variable m_wake;
    bool m_stop = false;
    std::thread m_thread; // last: it uses all of the above
};

ShownProgress::ShownProgress(const Globals& globals) : m_progress(std::make_shared<Progress>()), m_scope(*m_progress)
{
    interrupted = m_progress.get();
    std::signal(SIGINT, cancelOnSignal);
    std::signal(SIGTERM, cancelOnSignal);
    const bool terminal = ::isatty(STDERR_FILENO) == 1;
    const bool json = globals.progress == ProgressMode::Json;
    if (!globals.quiet && globals.progress != ProgressMode::Never && (json || terminal))
        m_display = std::make_unique<Display>(m_progress, json);
}

ShownProgress::~ShownProgress() { interrupted = nullptr; }

} // namespace wb::cli
