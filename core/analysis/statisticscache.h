// Counts and statistics by fingerprint, so that the same bytes are never counted twice. Thread-safe; what was used
// longest ago leaves first when the byte limit is reached.
#pragma once

#include "core/analysis/valuetable.h"

#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <variant>

namespace wb {

struct Statistics;

// Counts of the finite values of a type without a value table, by the upper 16 bits of the order-preserving code (sign
// and magnitude flipped so that codes ascend with values).
struct BucketTable {
    std::vector<double> values;        // one per bucket that is not empty, ascending: the middle of the bucket
    std::vector<std::uint64_t> counts; // as many
    std::uint64_t nan = 0, inf = 0;
};

class StatisticsCache {
public:
    using Value = std::variant<std::shared_ptr<const ValueTable>, std::shared_ptr<const BucketTable>,
                               std::shared_ptr<const Statistics>>;

    explicit StatisticsCache(std::size_t byteLimit = std::size_t{192} << 20) : m_limit(byteLimit) {}

    // The value kept under `key`, or null.
    template <typename T>
    [[nodiscard]] std::shared_ptr<const T> find(const std::string& key)
    {
        const Value value = touch(key);
        const auto* found = std::get_if<std::shared_ptr<const T>>(&value);
        return found != nullptr ? *found : nullptr;
    }
    void keep(const std::string& key, Value value, std::size_t bytes);

private:
    struct Entry {
        std::string key;
        Value value;
        std::size_t bytes = 0;
    };
    Value touch(const std::string& key); // null when it is not there

    std::mutex m_mutex;
    std::list<Entry> m_entries; // most recently used first
    std::unordered_map<std::string, std::list<Entry>::iterator> m_byKey;
    std::size_t m_limit;
    std::size_t m_bytes = 0;
};

// The table of any tensor whose type has one: cached, mapped from the base's when the tensor is derived, else counted.
[[nodiscard]] Result<std::shared_ptr<const ValueTable>> valueTable(const TensorSource& source, std::size_t tensor,
                                                                   StatisticsCache& cache, Progress& progress);

} // namespace wb
