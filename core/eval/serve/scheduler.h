// Answers requests together: a worker carries up to `running` sequences at once, one token of each at a step, between which new ones
// join (their prompts read in steps, one after the other) and finished ones leave. What a prompt shares with an earlier one is not
// read again, nor scored again.
#pragma once

#include "core/eval/serve/completionrequest.h"
#include "core/eval/serve/promptscores.h"
#include "core/model/generate.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

namespace wb {

// What became known of one sequence of a request.
struct AnswerPart {
    std::size_t sequence = 0;
    bool promptRead = false;
    std::vector<ScoredToken> prompt;     // with promptRead, of echo with logprobs: one for each token, the first says nothing
    std::optional<GeneratedToken> token;
    std::optional<StoppedBy> ended;      // the last part of a sequence; then
    std::size_t textBytes = 0;           // … so long is its text, cut before a stop string
    std::optional<Error> error;          // instead of the end: what happened to it
};

// What a request gets, piece by piece. Every function is safe from any thread.
class Answer {
public:
    // The next part, in the order of each sequence; nothing when none came within `wait`. After the last part of the last sequence
    // nothing comes any more.
    [[nodiscard]] std::optional<AnswerPart> next(std::chrono::milliseconds wait);
    void cancel() { m_cancelled.store(true); } // its sequences end within a step, those that wait without a part more
    [[nodiscard]] bool cancelled() const { return m_cancelled.load(); }

    void push(AnswerPart part); // by who answers

private:
    std::mutex m_mutex;
    std::condition_variable m_came;
    std::deque<AnswerPart> m_parts;
    std::atomic<bool> m_cancelled{false};
};
using AnswerPtr = std::shared_ptr<Answer>;

struct SchedulerLimits {
    std::size_t running = 8;   // sequences at once
    std::size_t waiting = 256; // sequences that may wait for their turn
};

class Scheduler {
public:
    Scheduler(ModelPtr model, TokenizerPtr tokenizer, Precision precision, SchedulerLimits limits);
    ~Scheduler(); // stops
    Scheduler(const Scheduler&) = delete;
    Scheduler& operator=(const Scheduler&) = delete;

    // Null when too many wait already, or when it has stopped. Safe from any thread.
    [[nodiscard]] AnswerPtr submit(const std::shared_ptr<const CompletionRequest>& request);
    // Ends every sequence as cancelled, within the time of a layer.
    void stop();

    // What running takes beside the weights.
    [[nodiscard]] static std::uint64_t bytesFor(const ModelConfig& config, std::size_t running, std::uint64_t context);

private:
    // A cache, and what is known of how likely its first tokens were, with so many candidates each.
    struct Slot {
        KvCache cache;
        std::vector<ScoredToken> known;
        std::size_t candidates = 0;
        bool used = false;
        std::uint64_t lastUse = 0;
    };
    struct Member;

    void work();
    void step();
    void takeSlot(Member& one);
    void readSome(Member& one);
    void finishPrompt(Member& one);
    [[nodiscard]] Result<void> scoreSome(Member& one, std::span<float> hidden, std::size_t count);
    void decode();
    static void tellToken(Member& one);
    static void tellEnd(Member& one);
    void endAll(const Error& error);

    ModelPtr m_model;
    TokenizerPtr m_tokenizer;
    Precision m_precision;
    SchedulerLimits m_limits;
    Progress m_progress; // cancelled by stop()

    std::mutex m_mutex; // of what follows
    std::condition_variable m_wake;
    std::deque<std::unique_ptr<Member>> m_waiting;
    bool m_stopped = false;

    // of the worker alone
    std::vector<std::unique_ptr<Member>> m_running;
    std::vector<Slot> m_slots;
    DecodingSpace m_space;
    std::uint64_t m_uses = 0;

    std::thread m_thread; // last: it uses all of the above
};

} // namespace wb
