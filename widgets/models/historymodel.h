// Scores of one checkpoint that are kept, the latest first: which edits gave which score.
#pragma once

#include "core/eval/resultstore.h"

#include <QAbstractTableModel>

#include <optional>
#include <vector>

namespace wb {

class HistoryModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { When, TaskName, Setting, Score, Change, Edits, columns };
    using QAbstractTableModel::QAbstractTableModel;

    void setResults(std::vector<PastResult> results);
    [[nodiscard]] const PastResult& result(int row) const { return m_rows[static_cast<std::size_t>(row)].past; }
    // Null for the original; recipes that cannot be read any more are an error.
    [[nodiscard]] Result<RecipePtr> recipe(int row) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Difference {
        double points = 0, standardError = 0; // the latter as if of independent items
    };
    struct Row {
        PastResult past;
        std::optional<Difference> change; // of the score, against the original under the same settings
        QString edits;
    };
    std::vector<Row> m_rows;
};

} // namespace wb
