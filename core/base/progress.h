// How far, and may I go on? One object per long call: the worker advances it, anyone may poll or cancel it.
// This is the only cancellation in core. Every function is safe from any thread.
#pragma once

#include "core/base/result.h"

#include <atomic>
#include <cstdint>

namespace wb {

enum class ProgressUnit : std::uint8_t { Bytes, Tensors, Tokens, Items };
enum class ProgressStage : std::uint8_t { Opening, Reading, Comparing, Copying, Writing, Verifying, Computing };

[[nodiscard]] const char* unitName(ProgressUnit unit);
[[nodiscard]] const char* stageName(ProgressStage stage);

class Progress {
public:
    struct State {
        std::uint64_t done = 0;
        std::uint64_t total = 0; // 0 = not known
        ProgressUnit unit = ProgressUnit::Bytes;
        ProgressStage stage = ProgressStage::Opening;
    };

    // Starts a stage; done becomes 0.
    void begin(ProgressStage stage, ProgressUnit unit, std::uint64_t total);
    // Adds to done; false = stop, return Cancelled.
    bool advance(std::uint64_t amount);
    void cancel() { m_cancelled.store(true); }
    [[nodiscard]] bool cancelled() const { return m_cancelled.load(); }
    [[nodiscard]] State state() const;

private:
    std::atomic<std::uint64_t> m_done{0};
    std::atomic<std::uint64_t> m_total{0};
    std::atomic<ProgressUnit> m_unit{ProgressUnit::Bytes};
    std::atomic<ProgressStage> m_stage{ProgressStage::Opening};
    std::atomic<bool> m_cancelled{false};
};

// The Progress of the call that a thread works for, for what lies too deep to be handed it: the decomposition of a matrix within a read.
// It holds for the life of the scope in the thread that opens it and in what parallelFor runs for it; the innermost one counts.
class ProgressScope {
public:
    explicit ProgressScope(const Progress& progress) : ProgressScope(&progress) {}
    explicit ProgressScope(const Progress* progress);
    ~ProgressScope();
    ProgressScope(const ProgressScope&) = delete;
    ProgressScope& operator=(const ProgressScope&) = delete;

    [[nodiscard]] static const Progress* current();
    [[nodiscard]] static bool cancelled() { return current() != nullptr && current()->cancelled(); }

private:
    const Progress* m_outer;
};

[[nodiscard]] inline tl::unexpected<Error> cancelledError() { return fail(ErrorCode::Cancelled, ""); }

} // namespace wb
