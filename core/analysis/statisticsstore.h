// Statistics of checkpoints that were opened before, on disk, so that their tables are there at once. One JSON file per
// checkpoint, every entry under the tensor's fingerprint: a file that changed since has other fingerprints and nothing of
// it is found. Only figures are kept: no quantiles, histogram or outliers. Safe from any thread.
#pragma once

#include "core/analysis/statistics.h"

#include <filesystem>
#include <memory>
#include <vector>

namespace wb {

class StatisticsStore {
public:
    static constexpr std::uint64_t maxFileBytes = std::uint64_t{64} << 20; // 150,000 tensors: models of many experts have 90,000
    static constexpr std::uint64_t maxFolderBytes = std::uint64_t{128} << 20; // the oldest files leave first

    explicit StatisticsStore(std::filesystem::path folder = defaultFolder(), std::uint64_t limit = maxFolderBytes)
        : m_folder(std::move(folder))
        , m_limit(limit)
    {
    }
    // $XDG_CACHE_HOME/weightbench/statistics, or below ~/.cache.
    [[nodiscard]] static std::filesystem::path defaultFolder();

    // By tensor; null where nothing is known. A file that is missing, damaged or of another version is as if it were not
    // there: what it held is computed again.
    using ByTensor = std::vector<std::shared_ptr<const Statistics>>;
    [[nodiscard]] ByTensor load(const TensorSource& source) const;
    // Replaces what is kept for this checkpoint. Only exact figures are written.
    [[nodiscard]] Result<void> save(const TensorSource& source, const ByTensor& statistics) const;

    [[nodiscard]] std::filesystem::path fileOf(const TensorSource& source) const;

private:
    std::filesystem::path m_folder;
    std::uint64_t m_limit;
};

} // namespace wb
