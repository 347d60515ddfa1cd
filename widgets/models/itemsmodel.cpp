#include "widgets/models/itemsmodel.h"

#include "widgets/numbertext.h"
#include "widgets/reasontext.h"
#include "widgets/theme.h"
#include "widgets/tokentext.h"

#include <QColor>

#include <algorithm>

namespace wb {
namespace {

QString oneLine(const std::string& text)
{
    constexpr int most = 200;
    return visibleText(QString::fromStdString(text).left(most));
}

QString answerText(const ItemResult& result)
{
    const QString output = oneLine(result.output);
    if (result.samples.empty()) return output;
    const Outcome outcome = result.outcome();
    return wb::ItemsModel::tr("%1 of %2: %3").arg(countText(outcome.passed), countText(outcome.answers), output);
}

} // namespace

void ItemsModel::setTask(std::shared_ptr<const Task> task)
{
    beginResetModel();
    m_task = std::move(task);
    m_rows.clear();
    m_rowOf.clear();
    m_answered = m_right = {};
    endResetModel();
}

void ItemsModel::clearSide(bool patched)
{
    beginResetModel();
    for (Row& row : m_rows)
        row.sides[patched ? 1 : 0] = nullptr;
    std::erase_if(m_rows, [](const Row& row) { return !row.sides[0] && !row.sides[1]; });
    m_rowOf.clear();
    for (std::size_t i = 0; i < m_rows.size(); ++i)
        m_rowOf.emplace(m_rows[i].item, static_cast<int>(i));
    m_answered[patched ? 1 : 0] = m_right[patched ? 1 : 0] = 0;
    endResetModel();
}

void ItemsModel::add(bool patched, const ItemResult& result)
{
    const auto known = m_rowOf.find(result.item);
    const int row = known != m_rowOf.end() ? known->second : rowCount();
    if (known == m_rowOf.end()) {
        beginInsertRows({}, row, row);
        m_rows.push_back({result.item, {}});
        m_rowOf.emplace(result.item, row);
    }
    ++m_answered[patched ? 1 : 0];
    m_right[patched ? 1 : 0] += result.correct ? 1 : 0;
    m_rows[static_cast<std::size_t>(row)].sides[patched ? 1 : 0] = std::make_shared<const ItemResult>(result);
    if (known == m_rowOf.end())
        endInsertRows();
    else
        emit dataChanged(index(row, 0), index(row, columns - 1));
}

const ItemResult* ItemsModel::result(int row, bool patched) const { return m_rows[static_cast<std::size_t>(row)].sides[patched ? 1 : 0].get(); }

ItemsModel::Kind ItemsModel::kind(int row) const
{
    const ItemResult* original = result(row, false);
    const ItemResult* patched = result(row, true);
    if (original == nullptr) return Kind::Waiting;
    if (patched == nullptr) return original->correct ? Kind::Right : Kind::Wrong;
    if (original->correct) return patched->correct ? Kind::Both : Kind::Broken;
    return patched->correct ? Kind::Fixed : Kind::Neither;
}

int ItemsModel::count(Kind wanted) const
{
    int count = 0;
    for (int row = 0; row < rowCount(); ++row)
        count += kind(row) == wanted ? 1 : 0;
    return count;
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

int ItemsModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_rows.size()); }
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
    case Prompt: return role == Qt::ToolTipRole ? QString::fromStdString(item(index.row()).prompt) : oneLine(item(index.row()).prompt);
    default:
        if (shown == nullptr) return {};
        return role == Qt::ToolTipRole ? reasonText(shown->reason) : answerText(*shown);
    }
}

QVariant ItemsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
    case Item: return tr("item");
    case Verdict: return tr("verdict");
    case Prompt: return tr("prompt");
    case Original: return tr("■ original");
    case Patched: return tr("□ patched");
    default: return {};
    }
}

} // namespace wb
