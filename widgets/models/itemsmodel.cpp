#include "widgets/models/itemsmodel.h"

#include "widgets/theme.h"
#include "widgets/tokentext.h"

#include <QColor>

namespace wb {
namespace {

QString oneLine(const std::string& text)
{
    constexpr int most = 200;
    return visibleText(QString::fromStdString(text).left(most));
}

} // namespace

void ItemsModel::setTask(std::shared_ptr<const Task> task)
{
    beginResetModel();
    m_task = std::move(task);
    m_original.clear();
    m_patched.clear();
    endResetModel();
}

void ItemsModel::clearSide(bool patched)
{
    beginResetModel();
    (patched ? m_patched : m_original).clear();
    endResetModel();
}

void ItemsModel::add(bool patched, const ItemResult& result)
{
    std::vector<ItemResult>& mine = patched ? m_patched : m_original;
    const int row = static_cast<int>(mine.size());
    if (row < rowCount()) {
        mine.push_back(result);
        emit dataChanged(index(row, 0), index(row, columns - 1));
        return;
    }
    beginInsertRows({}, row, row);
    mine.push_back(result);
    endInsertRows();
}

const ItemResult* ItemsModel::result(int row, bool patched) const
{
    const auto at = static_cast<std::size_t>(row);
    return at < side(patched).size() ? &side(patched)[at] : nullptr;
}

const TaskItem& ItemsModel::item(int row) const
{
    const ItemResult* known = result(row, false);
    return m_task->items[(known != nullptr ? known : result(row, true))->item];
}

ItemsModel::Kind ItemsModel::kind(int row) const
{
    const ItemResult* original = result(row, false);
    const ItemResult* patched = result(row, true);
    if (original == nullptr) return Kind::Waiting;
    if (patched == nullptr) return original->correct ? Kind::Right : Kind::Wrong;
    if (original->correct) return patched->correct ? Kind::Both : Kind::Broken;
    return patched->correct ? Kind::Fixed : Kind::Neither;
}

QString ItemsModel::kindText(Kind kind)
{
    switch (kind) {
    case Kind::Waiting: return {};
    case Kind::Right: return tr("right");
    case Kind::Wrong: return tr("wrong");
    case Kind::Both: return tr("both right");
    case Kind::Neither: return tr("neither");
    case Kind::Fixed: return tr("▲ fixed");
    case Kind::Broken: return tr("▼ broken");
    }
    return {};
}

int ItemsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(std::max(m_original.size(), m_patched.size()));
}
int ItemsModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : columns; }

QVariant ItemsModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid()) return {};
    if (role == Qt::ForegroundRole && index.column() == Verdict) {
        const Kind mine = kind(index.row());
        if (mine == Kind::Fixed) return colors().positive;
        if (mine == Kind::Broken) return colors().negative;
    }
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
    const ItemResult* shown = result(index.row(), index.column() == Patched);
    switch (index.column()) {
    case Item: return QString::fromStdString(item(index.row()).id);
    case Verdict: return kindText(kind(index.row()));
    default:
        if (shown == nullptr) return {};
        return role == Qt::ToolTipRole ? QString::fromStdString(shown->reason) : oneLine(shown->output);
    }
}

QVariant ItemsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
    case Item: return tr("item");
    case Verdict: return tr("verdict");
    case Original: return tr("■ original");
    case Patched: return tr("□ patched");
    default: return {};
    }
}

} // namespace wb
