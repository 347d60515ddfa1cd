#include "core/base/progress.h"

#include <utility>

namespace wb {
namespace {

thread_local const Progress* currentProgress = nullptr;

} // namespace

const char* unitName(ProgressUnit unit)
{
    switch (unit) {
    case ProgressUnit::Bytes: return "bytes";
    case ProgressUnit::Tensors: return "tensors";
    case ProgressUnit::Tokens: return "tokens";
    case ProgressUnit::Items: return "items";
    }
    return "";
}

const char* stageName(ProgressStage stage)
{
    switch (stage) {
    case ProgressStage::Opening: return "opening";
    case ProgressStage::Reading: return "reading";
    case ProgressStage::Comparing: return "comparing";
    case ProgressStage::Copying: return "copying";
    case ProgressStage::Writing: return "writing";
    case ProgressStage::Verifying: return "verifying";
    case ProgressStage::Computing: return "computing";
    }
    return "";
}

void Progress::begin(ProgressStage stage, ProgressUnit unit, std::uint64_t total)
{
    m_done = 0;
    m_stage = stage;
    m_unit = unit;
    m_total = total;
}

bool Progress::advance(std::uint64_t amount)
{
    m_done.fetch_add(amount, std::memory_order_relaxed);
    return !m_cancelled.load(std::memory_order_relaxed);
}

Progress::State Progress::state() const { return {m_done, m_total, m_unit, m_stage}; }

ProgressScope::ProgressScope(const Progress* progress) : m_outer(std::exchange(currentProgress, progress)) {}

ProgressScope::~ProgressScope() { currentProgress = m_outer; }

const Progress* ProgressScope::current() { return currentProgress; }

} // namespace wb
