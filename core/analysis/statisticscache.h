// Value counts by fingerprint, so that the same bytes are never counted twice. Thread-safe; least recently used counts
// leave first when the byte limit is reached.
#pragma once

#include "core/analysis/valuetable.h"

#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace wb {

// Counts of a tensor whose type has no value table: by the upper 16 bits of the order-preserving code (sign and
// magnitude flipped so that codes ascend with values), with the sum of the values of each bucket's elements.
struct BucketTable {
    DType dtype = DType::F32;
    std::vector<std::uint64_t> counts; // 65,536
};

class StatisticsCache {
public:
    explicit StatisticsCache(std::size_t byteLimit = std::size_t{192} << 20) : m_limit(byteLimit) {}

    [[nodiscard]] std::shared_ptr<const ValueTable> table(const std::string& fingerprint);
    void keep(const std::string& fingerprint, std::shared_ptr<const ValueTable> table);
    [[nodiscard]] std::shared_ptr<const BucketTable> buckets(const std::string& fingerprint);
    void keep(const std::string& fingerprint, std::shared_ptr<const BucketTable> table);

private:
    struct Entry {
        std::string fingerprint;
        std::shared_ptr<const ValueTable> values;
        std::shared_ptr<const BucketTable> buckets;
        std::size_t bytes = 0;
    };
    Entry* touch(const std::string& fingerprint);
    void insert(Entry entry);

    std::mutex m_mutex;
    std::list<Entry> m_entries; // most recently used first
    std::unordered_map<std::string, std::list<Entry>::iterator> m_byFingerprint;
    std::size_t m_limit;
    std::size_t m_bytes = 0;
};

// The table of any tensor whose type has one: cached, mapped from the base's when the tensor is derived, else counted.
[[nodiscard]] Result<std::shared_ptr<const ValueTable>> valueTable(const TensorSource& source, std::size_t tensor,
                                                                   StatisticsCache& cache, Progress& progress);

} // namespace wb
