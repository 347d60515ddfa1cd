// The statistics of all tensors, one row each: name, place and type at once, numbers as they come. A tensor with staged
// edits shows the patched numbers, the original ones in its tool tip. Computes nothing in data(); sorts by raw values.
#pragma once

#include "widgets/models/overviewdata.h"

#include <QAbstractTableModel>

namespace wb {

class StatisticsModel : public QAbstractTableModel {
    Q_OBJECT
public:
    // After these, one column per name in statisticNames().
    enum Column { Tensor, Layer, Role, Type, ShapeOf, Elements, FirstStatistic };
    static constexpr int sortRole = Qt::UserRole; // raw value; text ahead of missing numbers never mixes with them

    using QAbstractTableModel::QAbstractTableModel;
    void setContent(std::shared_ptr<const Opened> content); // null: no rows; forgets all numbers
    void add(const OverviewPart& part);                     // of the original
    void addPatched(const OverviewPart& part, const PatchedSource& source); // of this source
    // Forgets patched numbers that do not belong to the source as it is now; returns the tensors whose numbers are missing.
    [[nodiscard]] std::vector<std::size_t> followPatched(const PatchedSource& source);
    [[nodiscard]] StatisticsStore::ByTensor originals() const;
    [[nodiscard]] std::vector<std::size_t> missing() const; // tensors whose original numbers are not known yet
    [[nodiscard]] int rowOf(std::size_t tensor) const { return static_cast<int>(m_rowOfTensor[tensor]); }
    [[nodiscard]] std::size_t tensorOf(int row) const { return m_content->order[static_cast<std::size_t>(row)]; }

    // These rows with full precision and a first line of names: tab-separated, or CSV (RFC 4180).
    [[nodiscard]] QString asText(const std::vector<int>& rows, QChar separator) const;
    // An array of one object per row, with the keys of the columns.
    [[nodiscard]] Json asJson(const std::vector<int>& rows) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Row {
        std::shared_ptr<const Statistics> original, patched;
        std::string fingerprint; // of `patched`
    };
    [[nodiscard]] const Statistics* shown(std::size_t tensor) const;
    [[nodiscard]] QString textOf(std::size_t tensor, int column) const;
    [[nodiscard]] QVariant rawOf(std::size_t tensor, int column) const;
    [[nodiscard]] QString tipOf(std::size_t tensor, int column) const;
    void changed(const std::vector<std::size_t>& tensors);

    std::shared_ptr<const Opened> m_content;
    std::vector<Row> m_rows;               // by tensor
    std::vector<std::size_t> m_rowOfTensor; // place in content->order
};

} // namespace wb
