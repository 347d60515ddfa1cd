#include "core/analysis/statisticscache.h"

namespace wb {

StatisticsCache::Value StatisticsCache::touch(const std::string& key)
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_byKey.find(key);
    if (found == m_byKey.end())
        return {};
    m_entries.splice(m_entries.begin(), m_entries, found->second);
    return found->second->value;
}

void StatisticsCache::keep(const std::string& key, Value value, std::size_t bytes)
{
    const std::lock_guard lock(m_mutex);
    if (m_byKey.contains(key) || bytes > m_limit)
        return;
    m_entries.push_front({key, std::move(value), bytes});
    m_byKey[key] = m_entries.begin();
    m_bytes += bytes;
    while (m_bytes > m_limit) {
        m_bytes -= m_entries.back().bytes;
        m_byKey.erase(m_entries.back().key);
        m_entries.pop_back();
    }
}

Result<std::shared_ptr<const ValueTable>> valueTable(const TensorSource& source, std::size_t tensor,
                                                     StatisticsCache& cache, Progress& progress)
{
    const std::string fingerprint = source.fingerprint(tensor);
    if (auto kept = cache.find<ValueTable>(fingerprint))
        return kept;
    if (const auto derived = source.derived(tensor); derived && derived->codes) {
        auto base = valueTable(*derived->source, derived->tensor, cache, progress);
        if (!base)
            return base;
        return std::make_shared<const ValueTable>(mapped(**base, *derived->codes)); // quicker to make than to keep
    }
    auto counted = countValues(source, tensor, progress);
    if (!counted)
        return failure(counted);
    auto table = std::make_shared<const ValueTable>(std::move(*counted));
    cache.keep(fingerprint, table, table->counts.size() * sizeof(std::uint64_t));
    return table;
}

} // namespace wb
