// What the overview knows of all tensors, as it comes: statistics of original and patched, arranged by role and layer.
#pragma once

#include "core/analysis/diff.h"
#include "core/analysis/standouts.h"
#include "core/analysis/statistics.h"
#include "widgets/document.h"
#include "widgets/jobslot.h"

#include <QString>

#include <memory>
#include <optional>
#include <vector>

namespace wb {

// A batch of results of one pass.
struct OverviewPart {
    std::vector<std::pair<std::size_t, std::shared_ptr<const Statistics>>> statistics;
};

// Statistics of these tensors of a source, in this order; opaque ones are passed over. Relayed in batches.
[[nodiscard]] Result<int> computeOverview(const TensorSource& source, const std::vector<std::size_t>& tensors,
                                          StatisticsCache& cache, Progress& progress, const Relay<OverviewPart>& relay);

// One row of the layer × role map: the tensors of a role by layer. Experts share a cell.
struct OverviewRow {
    QString name;
    std::vector<std::vector<std::size_t>> tensors; // by layer
};

// Keeps the statistics on disk, in a job, without a word when they cannot be written: they are computed again next time.
void keepStatistics(JobSlot& slot, const QString& title, SourcePtr source, StatisticsStore::ByTensor known);

class OverviewData {
public:
    // Beside the names of statisticNames(): ‖patched − original‖ / ‖original‖ of each tensor.
    static constexpr const char* relativeChange = "relative_change";

    explicit OverviewData(std::shared_ptr<const Opened> content = nullptr);

    void add(const OverviewPart& part, bool patched);
    void forgetPatched();
    void setRelativeChanges(const DiffReport& report); // of original and patched; what it does not name is unchanged
    [[nodiscard]] std::vector<std::size_t> missing() const; // tensors that can be read and are not known, in natural order
    [[nodiscard]] const StatisticsStore::ByTensor& originals() const { return m_original; }
    // Tensors whose patched statistics are not wanted are those of the original.
    [[nodiscard]] const Statistics* original(std::size_t tensor) const { return m_original[tensor].get(); }
    [[nodiscard]] const Statistics* patched(std::size_t tensor) const { return m_patched[tensor].get(); }

    [[nodiscard]] const std::vector<OverviewRow>& rows() const { return m_rows; }
    [[nodiscard]] std::size_t layers() const { return m_layers; }
    // Of the experts of a cell, the one whose statistic is largest; nothing while none is known.
    struct Cell {
        std::size_t tensor = 0;
        double value = 0;
    };
    [[nodiscard]] std::optional<Cell> cell(std::size_t row, std::size_t layer, const std::string& statistic, bool patched) const;
    [[nodiscard]] std::vector<Standout> standouts(bool patched) const; // by std
    [[nodiscard]] std::vector<std::size_t> withNonFinite() const;     // of the original
    [[nodiscard]] bool anyPatched() const;

private:
    [[nodiscard]] double valueOf(std::size_t tensor, const std::string& statistic, bool patched) const;

    std::shared_ptr<const Opened> m_content;
    std::vector<double> m_relative; // by tensor
    std::vector<std::shared_ptr<const Statistics>> m_original, m_patched;
    std::vector<OverviewRow> m_rows;
    std::vector<TensorRole> m_rowRoles; // per tensor; a name that no table knows has its row's name as role
    std::size_t m_layers = 0;
};

} // namespace wb
