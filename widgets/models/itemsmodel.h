// Items of a task as both sides answered them: which an edit fixed, which it broke.
#pragma once

#include "core/eval/evaluate.h"

#include <QAbstractTableModel>

#include <memory>
#include <optional>
#include <vector>

namespace wb {

class ItemsModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Item, Verdict, Original, Patched, columns };
    enum class Kind { Waiting, Right, Wrong, Both, Neither, Fixed, Broken }; // Right and Wrong: only the original is known
    using QAbstractTableModel::QAbstractTableModel;

    void setTask(std::shared_ptr<const Task> task);
    void add(bool patched, const ItemResult& result); // in the order of the task
    void clearSide(bool patched);
    [[nodiscard]] Kind kind(int row) const;
    [[nodiscard]] const ItemResult* result(int row, bool patched) const; // null: not known
    [[nodiscard]] const TaskItem& item(int row) const;
    [[nodiscard]] static QString kindText(Kind kind);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] const std::vector<ItemResult>& side(bool patched) const { return patched ? m_patched : m_original; }

    std::shared_ptr<const Task> m_task;
    std::vector<ItemResult> m_original, m_patched;
};

} // namespace wb
