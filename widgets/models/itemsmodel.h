// Items of a task as both sides answered them: which an edit fixed, which it broke.
#pragma once

#include "core/eval/evaluate.h"

#include <QAbstractTableModel>

#include <array>
#include <memory>
#include <unordered_map>
#include <vector>

namespace wb {

class ItemsModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Item, Verdict, Prompt, Original, Patched, columns };
    enum class Kind { Waiting, Right, Wrong, Both, Neither, Fixed, Broken }; // Right and Wrong: only the original is known
    using QAbstractTableModel::QAbstractTableModel;

    void setTask(std::shared_ptr<const Task> task);
    void add(bool patched, const ItemResult& result); // in any order; a row for each item that a side has
    void clearSide(bool patched);
    [[nodiscard]] Kind kind(int row) const;
    [[nodiscard]] int count(Kind kind) const;
    [[nodiscard]] quint64 answered(bool patched) const { return m_answered[patched ? 1 : 0]; }
    [[nodiscard]] quint64 right(bool patched) const { return m_right[patched ? 1 : 0]; }
    [[nodiscard]] const ItemResult* result(int row, bool patched) const; // null: not known
    [[nodiscard]] const TaskItem& item(int row) const { return m_task->items[m_rows[static_cast<std::size_t>(row)].item]; }
    [[nodiscard]] static QString kindText(Kind kind);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Row {
        std::size_t item = 0;
        std::array<std::shared_ptr<const ItemResult>, 2> sides; // original, patched
    };
    std::shared_ptr<const Task> m_task;
    std::vector<Row> m_rows;
    std::unordered_map<std::size_t, int> m_rowOf;
    std::array<quint64, 2> m_answered{}, m_right{};
};

} // namespace wb
