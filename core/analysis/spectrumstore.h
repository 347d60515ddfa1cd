// Figures of spectra that were computed before, on disk, as StatisticsStore keeps statistics: one JSON file per checkpoint, every entry under
// the tensor's fingerprint, staged edits included. The singular values themselves are not kept. Safe from any thread.
#pragma once

#include "core/analysis/spectrum.h"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace wb {

class SpectrumStore {
public:
    using ByFingerprint = std::map<std::string, std::vector<Spectrum>>; // of a stack, one for each part

    explicit SpectrumStore(std::filesystem::path folder = defaultFolder()) : m_folder(std::move(folder)) {}
    // $XDG_CACHE_HOME/weightbench/spectra, or below ~/.cache.
    [[nodiscard]] static std::filesystem::path defaultFolder();

    // A file that is missing, damaged or of another version is as if it were not there.
    [[nodiscard]] ByFingerprint load(const TensorSource& source) const;
    // Replaces what is kept for this checkpoint.
    [[nodiscard]] Result<void> save(const TensorSource& source, const ByFingerprint& spectra) const;

private:
    [[nodiscard]] std::filesystem::path fileOf(const TensorSource& source) const;
    std::filesystem::path m_folder;
};

} // namespace wb
