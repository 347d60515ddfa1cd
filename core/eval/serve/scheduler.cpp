#include "core/eval/serve/scheduler.h"

#include <algorithm>

namespace wb {

std::optional<AnswerPart> Answer::next(std::chrono::milliseconds wait)
{
    std::unique_lock lock(m_mutex);
    if (!m_came.wait_for(lock, wait, [this] { return !m_parts.empty(); }))
        return std::nullopt;
    AnswerPart part = std::move(m_parts.front());
    m_parts.pop_front();
    return part;
}

void Answer::push(AnswerPart part)
{
    {
        const std::lock_guard lock(m_mutex);
        m_parts.push_back(std::move(part));
    }
    m_came.notify_all();
}

// One sequence of a request.
struct Scheduler::Member {
    AnswerPtr answer;
    std::shared_ptr<const CompletionRequest> request;
    std::size_t sequence = 0;
    DecodingSequence decoding;
    std::size_t promptTokens = 0;
    Slot* slot = nullptr; // once its prompt is being read
    bool promptRead = false, told = false; // told: its end

    [[nodiscard]] bool scored() const { return request->echo && request->logprobs; }
    void fail(const Error& error)
    {
        decoding.error = error;
        decoding.done = true;
    }
};

Scheduler::Scheduler(ModelPtr model, TokenizerPtr tokenizer, Precision precision, SchedulerLimits limits)
    : m_model(std::move(model)), m_tokenizer(std::move(tokenizer)), m_precision(precision), m_limits(limits)
{
    m_slots.reserve(m_limits.running);
    for (std::size_t i = 0; i < m_limits.running; ++i)
        m_slots.push_back({KvCache(m_model->config()), {}, 0, false, 0});
    m_thread = std::thread([this] { work(); });
}

Scheduler::~Scheduler()
{
    stop();
    m_thread.join();
}

std::uint64_t Scheduler::bytesFor(const ModelConfig& config, std::size_t running, std::uint64_t context)
{
    return Generator::bytesFor(config, running, context) + std::uint64_t{scoredRows} * config.vocabulary * sizeof(float);
}

AnswerPtr Scheduler::submit(const std::shared_ptr<const CompletionRequest>& request)
{
    auto answer = std::make_shared<Answer>();
    const std::lock_guard lock(m_mutex);
    if (m_stopped || m_waiting.size() + request->sequences() > m_limits.waiting)
        return nullptr;
    for (std::size_t i = 0; i < request->sequences(); ++i) {
        auto member = std::make_unique<Member>();
        member->answer = answer;
        member->request = request;
        member->sequence = i;
        member->promptTokens = request->promptOf(i).ids.size();
        member->decoding.stream = i;
        member->decoding.options = &request->options;
        member->decoding.all = request->promptOf(i).ids;
        member->decoding.beginText(m_tokenizer);
        m_waiting.push_back(std::move(member));
    }
    m_wake.notify_all();
    return answer;
}

void Scheduler::stop()
{
    m_progress.cancel();
    const std::lock_guard lock(m_mutex);
    m_stopped = true;
    m_wake.notify_all();
}

void Scheduler::work()
{
    while (true) {
        {
            std::unique_lock lock(m_mutex);
            m_wake.wait(lock, [this] { return m_stopped || !m_waiting.empty() || !m_running.empty(); });
            std::erase_if(m_waiting, [](const auto& one) { return one->answer->cancelled(); }); // nobody listens to these
            while (!m_waiting.empty() && (m_stopped || m_running.size() < m_limits.running)) {
                m_running.push_back(std::move(m_waiting.front()));
                m_waiting.pop_front();
            }
            if (m_stopped)
                break;
        }
        try {
            step();
        } catch (const std::bad_alloc&) {
            endAll({ErrorCode::OutOfMemory, "", {}});
            for (Slot& slot : m_slots) // what was appended last may be half there
                slot = {KvCache(m_model->config()), {}, 0, false, 0};
        }
    }
    endAll({ErrorCode::Cancelled, "", {}});
}

void Scheduler::endAll(const Error& error)
{
    for (const auto& one : m_running) {
        one->fail(error);
        tellEnd(*one);
    }
    m_running.clear();
}

void Scheduler::step()
{
    for (const auto& one : m_running)
        if (one->answer->cancelled() && !one->decoding.done)
            one->fail({ErrorCode::Cancelled, "", {}});
    const auto unread = std::ranges::find_if(m_running, [](const auto& one) { return !one->promptRead && !one->decoding.done; });
    if (unread != m_running.end())
        readSome(**unread);
    decode();
    for (const auto& one : m_running)
        if (one->decoding.done)
            tellEnd(*one);
    std::erase_if(m_running, [](const auto& one) { return one->decoding.done; });
}

// The cache that holds most of the prompt already; a copy of a used one where that holds more.
void Scheduler::takeSlot(Member& one)
{
    const std::span<const TokenId> prompt = one.decoding.all;
    const auto shared = [&](const Slot& slot) {
        const auto held = slot.cache.tokens();
        return static_cast<std::size_t>(std::ranges::mismatch(held, prompt).in1 - held.begin());
    };
    constexpr std::size_t worth = 8; // tokens that make a copy worth its time
    Slot *best = nullptr, *other = nullptr;
    for (Slot& slot : m_slots) {
        Slot*& kept = slot.used ? other : best;
        const bool better = kept == nullptr || shared(slot) > shared(*kept) || (shared(slot) == shared(*kept) && slot.lastUse < kept->lastUse);
        if (better)
            kept = &slot;
    }
    if (other != nullptr && shared(*other) >= shared(*best) + worth) {
        best->cache = other->cache;
        best->known = other->known;
        best->candidates = other->candidates;
    }
    best->used = true;
    best->lastUse = ++m_uses;
    one.slot = best;
    one.decoding.cache = &best->cache;
    one.decoding.logits.resize(m_model->config().vocabulary);

    // The last token is read in any case, for its logits; so is the last of those whose score is known, for the score of the next.
    std::size_t keep = prompt.size() - 1;
    if (one.scored()) {
        const bool enough = best->candidates >= one.request->options.candidates;
        const std::size_t known = enough ? std::min(best->known.size(), shared(*best)) : 0;
        keep = std::min(keep, known == 0 ? 0 : known - 1);
        best->candidates = enough ? best->candidates : one.request->options.candidates;
    }
    const std::size_t kept = best->cache.keepPrefix(prompt.first(keep), prompt.size());
    if (one.scored())
        best->known.resize(kept + 1); // of a first token nothing is known
    else
        best->known.resize(std::min(best->known.size(), kept));
}

// One step of the prompt, so that those who decode go on between the steps of a long one.
void Scheduler::readSome(Member& one)
{
    if (one.slot == nullptr)
        takeSlot(one);
    const std::size_t read = one.slot->cache.length();
    const std::size_t count = std::min(stepTokens, one.promptTokens - read);
    Sequence next{&one.slot->cache, std::span(one.decoding.all).subspan(read, count)};
    next.finalLength = one.promptTokens;
    const auto hidden = forward(*m_model, {&next, 1}, {m_precision, {}}, m_space.space, &m_progress);
    if (!hidden)
        return one.fail(hidden.error());
    if (one.scored())
        if (auto done = scoreSome(one, *hidden, count); !done)
            return one.fail(done.error());
    if (read + count == one.promptTokens) {
        computeLogits(*m_model, hidden->last(m_model->config().width), m_precision, Product::RowByRow, one.decoding.logits);
        finishPrompt(one);
    }
}

Result<void> Scheduler::scoreSome(Member& one, std::span<float> hidden, std::size_t count)
{
    Slot& slot = *one.slot;
    const std::size_t first = slot.cache.length() - count; // whose row tells of the token after it
    const std::size_t rows = std::min(count, one.promptTokens - 1 - first);
    auto scores = scoreNext(*m_model, hidden.first(rows * m_model->config().width), std::span(one.decoding.all).subspan(first + 1, rows), m_precision,
                            slot.candidates, first + 1, m_space.logits);
    if (!scores)
        return failure(scores);
    slot.known.insert(slot.known.end(), std::make_move_iterator(scores->begin()), std::make_move_iterator(scores->end()));
    return {};
}

void Scheduler::finishPrompt(Member& one)
{
    one.promptRead = true;
    AnswerPart part{one.sequence, true, {}, {}, {}, 0, {}};
    if (one.scored()) {
        part.prompt = one.slot->known;
        for (ScoredToken& token : part.prompt) // more may be known than was asked for
            token.candidates.resize(std::min(token.candidates.size(), one.request->options.candidates));
    }
    one.answer->push(std::move(part));
    if (one.request->options.maxTokens == 0)
        one.decoding.stop(StoppedBy::MaxTokens);
}

void Scheduler::decode()
{
    std::vector<DecodingSequence*> going;
    for (const auto& one : m_running)
        if (one->promptRead && !one->decoding.done)
            going.push_back(&one->decoding);
    if (going.empty())
        return;
    drawTokens(going, m_space);
    for (const auto& one : m_running)
        if (one->promptRead && !one->decoding.error && one->decoding.all.size() > one->promptTokens)
            tellToken(*one);
    std::erase_if(going, [](const DecodingSequence* one) { return one->done; });
    if (const auto done = readDrawn(*m_model, going, m_precision, m_space, &m_progress); !done)
        for (DecodingSequence* one : going) {
            one->error = done.error();
            one->done = true;
        }
}

// With the end, where it is the last: a text must not be told beyond the stop string that its last token completes.
void Scheduler::tellToken(Member& one)
{
    AnswerPart part;
    part.sequence = one.sequence;
    part.token = one.decoding.completion.tokens.back();
    one.told = one.decoding.done;
    if (one.told) {
        part.ended = one.decoding.completion.stoppedBy;
        part.textBytes = one.decoding.completion.text.size();
    }
    one.answer->push(std::move(part));
}

void Scheduler::tellEnd(Member& one)
{
    if (one.slot != nullptr)
        one.slot->used = false;
    if (one.told)
        return;
    AnswerPart part;
    part.sequence = one.sequence;
    part.textBytes = one.decoding.completion.text.size();
    part.error = one.decoding.error;
    if (!part.error)
        part.ended = one.decoding.completion.stoppedBy;
    one.answer->push(std::move(part));
}

} // namespace wb
