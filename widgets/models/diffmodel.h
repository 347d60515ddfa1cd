// The rows of a comparison: one per tensor that differs, largest relative change first; then what only one side has.
// Computes nothing in data(); sorts by raw values.
#pragma once

#include "core/analysis/diff.h"

#include <QAbstractTableModel>

#include <memory>
#include <optional>

namespace wb {

class DiffModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Tensor, Changed, Share, Relative, Cosine, MaxAbs, Character, ColumnCount };
    static constexpr int sortRole = Qt::UserRole;     // raw value
    static constexpr int fractionRole = Qt::UserRole + 1; // of the bar in the cell, 0 … 1
    static constexpr int nameRole = Qt::UserRole + 2;

    using QAbstractTableModel::QAbstractTableModel;
    void setReport(std::shared_ptr<const DiffReport> report);
    [[nodiscard]] const TensorDifference* difference(int row) const; // null for structure rows
    // These rows with full precision, tab-separated, first line the names.
    [[nodiscard]] QString asTable(const std::vector<int>& rows) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Structural {
        std::string name;
        QString what;
    };
    [[nodiscard]] QString textOf(const TensorDifference& difference, int column) const;
    [[nodiscard]] QVariant rawOf(const TensorDifference& difference, int column) const;

    std::shared_ptr<const DiffReport> m_report;
    std::vector<Structural> m_structural;
};

// "scaled by 0.0625", "a few elements", …
[[nodiscard]] QString characterWords(const TensorDifference& difference);

} // namespace wb
