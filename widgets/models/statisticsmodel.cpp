#include "widgets/models/statisticsmodel.h"

#include "widgets/errortext.h"
#include "widgets/numbertext.h"
#include "widgets/tensortext.h"
#include "widgets/theme.h"

#include <nlohmann/json.hpp>

#include <QRegularExpression>

#include <algorithm>
#include <array>
#include <cmath>

namespace wb {
namespace {

// The names of the first columns in exported tables: those of `wb stats`.
constexpr std::array<const char*, StatisticsModel::FirstStatistic> keys = {"name",  "layer", "role",
                                                                          "dtype", "shape", "elements"};

std::string keyOf(int column)
{
    if (column < StatisticsModel::FirstStatistic) return keys[static_cast<std::size_t>(column)];
    return statisticNames()[static_cast<std::size_t>(column - StatisticsModel::FirstStatistic)];
}

bool isNumber(int column)
{
    return column == StatisticsModel::Layer || column >= StatisticsModel::Elements;
}

// "128x384": for programs, without the words and spaces of the window.
QString plainShape(const Shape& shape)
{
    QStringList extents;
    for (const std::uint64_t extent : shape)
        extents << QString::number(extent);
    return extents.join(QLatin1Char('x'));
}

QString quoted(QString text, QChar separator)
{
    static const QRegularExpression special(QStringLiteral("[,\"\r\n]")); // a name may hold anything
    if (separator != QLatin1Char('\t') && text.contains(special))
        return QLatin1Char('"') + text.replace(QLatin1Char('"'), QLatin1String("\"\"")) + QLatin1Char('"');
    return text;
}

} // namespace

void StatisticsModel::setContent(std::shared_ptr<const Opened> content)
{
    beginResetModel();
    m_content = std::move(content);
    m_rows.assign(m_content ? m_content->order.size() : 0, {});
    m_rowOfTensor.assign(m_rows.size(), 0);
    for (std::size_t row = 0; row < m_rows.size(); ++row)
        m_rowOfTensor[m_content->order[row]] = row;
    for (std::size_t tensor = 0; m_content && tensor < m_content->remembered.size(); ++tensor)
        m_rows[tensor].original = m_content->remembered[tensor];
    endResetModel();
}

// Told once for all of them: a sorted view looks at its whole order each time.
void StatisticsModel::changed(const std::vector<std::size_t>& tensors)
{
    if (tensors.empty()) return;
    int first = rowCount(), last = 0;
    for (const std::size_t tensor : tensors) {
        first = std::min(first, rowOf(tensor));
        last = std::max(last, rowOf(tensor));
    }
    emit dataChanged(index(first, 0), index(last, columnCount() - 1));
}

void StatisticsModel::add(const OverviewPart& part)
{
    std::vector<std::size_t> tensors;
    for (const auto& [tensor, statistics] : part.statistics) {
        m_rows[tensor].original = statistics;
        tensors.push_back(tensor);
    }
    changed(tensors);
}

void StatisticsModel::addPatched(const OverviewPart& part, const PatchedSource& source)
{
    std::vector<std::size_t> tensors;
    for (const auto& [tensor, statistics] : part.statistics) {
        m_rows[tensor].patched = statistics;
        m_rows[tensor].fingerprint = source.fingerprint(tensor);
        tensors.push_back(tensor);
    }
    changed(tensors);
}

std::vector<std::size_t> StatisticsModel::followPatched(const PatchedSource& source)
{
    std::vector<std::size_t> wanted, others;
    for (const std::size_t tensor : m_content->order) {
        Row& row = m_rows[tensor];
        const bool edited = source.changes(tensor) && source.tensors()[tensor].dtype != DType::Opaque;
        if (edited && row.patched && row.fingerprint == source.fingerprint(tensor)) continue;
        if (edited) wanted.push_back(tensor);
        if (!row.patched) continue;
        row.patched = nullptr;
        others.push_back(tensor);
    }
    changed(others);
    return wanted;
}

StatisticsStore::ByTensor StatisticsModel::originals() const
{
    StatisticsStore::ByTensor list(m_rows.size());
    std::ranges::transform(m_rows, list.begin(), &Row::original);
    return list;
}

std::vector<std::size_t> StatisticsModel::missing() const
{
    std::vector<std::size_t> wanted;
    if (!m_content) return wanted;
    for (const std::size_t tensor : m_content->order)
        if (!m_rows[tensor].original && m_content->checkpoint->tensors()[tensor].dtype != DType::Opaque) wanted.push_back(tensor);
    return wanted;
}

const Statistics* StatisticsModel::shown(std::size_t tensor) const
{
    const Row& row = m_rows[tensor];
    return row.patched ? row.patched.get() : row.original.get();
}

QVariant StatisticsModel::rawOf(std::size_t tensor, int column) const
{
    const TensorInfo& info = m_content->checkpoint->tensors()[tensor];
    const TensorRole& role = m_content->roles[tensor];
    switch (column) {
    case Tensor: return static_cast<qulonglong>(m_rowOfTensor[tensor]); // natural order: layer 10 after layer 9
    case Layer: return role.layer ? QVariant(static_cast<double>(*role.layer)) : QVariant();
    case Role: return fromUtf8(role.role);
    case Type: return fromUtf8(info.storedType);
    case ShapeOf: return shapeWords(info.shape);
    case Elements: return static_cast<double>(info.elements);
    default: break;
    }
    const Statistics* statistics = shown(tensor);
    if (statistics == nullptr) return {};
    const double value = statisticByName(*statistics, keyOf(column)).value_or(std::nan(""));
    return std::isnan(value) ? QVariant() : QVariant(value);
}

QString StatisticsModel::textOf(std::size_t tensor, int column) const
{
    const TensorInfo& info = m_content->checkpoint->tensors()[tensor];
    if (column == Tensor) return shortName(info.name) + (m_rows[tensor].patched ? QStringLiteral(" ●") : QString());
    if (column == Elements) return countText(info.elements);
    const QVariant raw = rawOf(tensor, column);
    if (column == Layer) return raw.isValid() ? QString::number(raw.toUInt()) : QString();
    if (column < FirstStatistic) return raw.toString();
    if (raw.isValid()) return shortText(raw.toDouble());
    if (info.dtype == DType::Opaque) return QStringLiteral("–");
    return shown(tensor) != nullptr ? shortText(std::nan("")) : QStringLiteral("…");
}

QString StatisticsModel::tipOf(std::size_t tensor, int column) const
{
    const TensorInfo& info = m_content->checkpoint->tensors()[tensor];
    if (column < FirstStatistic) return column == Tensor ? fromUtf8(info.name) : QString();
    if (info.dtype == DType::Opaque) return tr("Stored as %1, which is not read as numbers").arg(fromUtf8(info.storedType));
    const Row& row = m_rows[tensor];
    const Statistics* statistics = shown(tensor);
    if (statistics == nullptr) return tr("Not computed yet");
    const auto text = [&](const Statistics& of) {
        return exactText(statisticByName(of, keyOf(column)).value_or(std::nan("")));
    };
    const QString how = statistics->exact ? tr("exact, over all %1 elements").arg(countText(info.elements))
                                          : tr("from the counts of the original, not exact");
    if (!row.patched) return text(*statistics) + QStringLiteral(" · ") + how;
    const QString before = row.original ? text(*row.original) : QStringLiteral("…");
    return tr("original %1, patched %2").arg(before, text(*row.patched)) + QStringLiteral(" · ") + how;
}

int StatisticsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int StatisticsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : FirstStatistic + static_cast<int>(statisticNames().size());
}

QVariant StatisticsModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || !m_content) return {};
    const std::size_t tensor = tensorOf(index.row());
    switch (role) {
    case Qt::DisplayRole: return textOf(tensor, index.column());
    case Qt::ToolTipRole: return tipOf(tensor, index.column());
    case Qt::TextAlignmentRole:
        return QVariant(Qt::AlignVCenter | (isNumber(index.column()) ? Qt::AlignRight : Qt::AlignLeft));
    case Qt::ForegroundRole: // as everywhere; the mark in the first column is the cue without colour
        if (m_rows[tensor].patched && (index.column() == Tensor || index.column() >= FirstStatistic)) return colors().patched;
        return {};
    case sortRole: return rawOf(tensor, index.column());
    default: return {};
    }
}

QVariant StatisticsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole) return QVariant(Qt::AlignVCenter | (isNumber(section) ? Qt::AlignRight : Qt::AlignLeft));
    if (role != Qt::DisplayRole) return {};
    if (section >= FirstStatistic) return fromUtf8(keyOf(section)); // the word that selections and wb use
    const std::array<QString, FirstStatistic> names = {tr("tensor"), tr("layer"), tr("role"),
                                                       tr("type"),   tr("shape"), tr("elements")};
    return names[static_cast<std::size_t>(section)];
}

QString StatisticsModel::asText(const std::vector<int>& rows, QChar separator) const
{
    QStringList head;
    for (int column = 0; column < columnCount(); ++column)
        head << fromUtf8(keyOf(column));
    head << QStringLiteral("edited");
    QString text = head.join(separator) + QLatin1Char('\n');
    for (const int row : rows) {
        const std::size_t tensor = tensorOf(row);
        QStringList cells = {quoted(fromUtf8(m_content->checkpoint->tensors()[tensor].name), separator)};
        for (int column = Layer; column < columnCount(); ++column) {
            const QVariant raw = rawOf(tensor, column);
            const bool unknown = column >= FirstStatistic && !raw.isValid() && shown(tensor) != nullptr;
            cells << (column == ShapeOf   ? plainShape(m_content->checkpoint->tensors()[tensor].shape)
                      : unknown           ? QStringLiteral("NaN")
                      : !raw.isValid()    ? QString()
                      : isNumber(column)  ? exactText(raw.toDouble())
                                          : quoted(raw.toString(), separator));
        }
        cells << (m_rows[tensor].patched ? QStringLiteral("1") : QStringLiteral("0"));
        text += cells.join(separator) + QLatin1Char('\n');
    }
    return text;
}

Json StatisticsModel::asJson(const std::vector<int>& rows) const
{
    Json list = Json::array();
    for (const int row : rows) {
        const std::size_t tensor = tensorOf(row);
        const TensorInfo& info = m_content->checkpoint->tensors()[tensor];
        const TensorRole& role = m_content->roles[tensor];
        Json entry = {{"name", info.name}};
        entry["layer"] = role.layer ? Json(*role.layer) : Json();
        entry["role"] = role.role;
        entry["dtype"] = info.storedType;
        entry["shape"] = info.shape;
        entry["elements"] = info.elements;
        entry["edited"] = m_rows[tensor].patched != nullptr;
        if (const Statistics* statistics = shown(tensor)) {
            entry["exact"] = statistics->exact;
            for (const std::string& name : statisticNames())
                entry[name] = jsonNumber(statisticByName(*statistics, name).value_or(std::nan("")));
        }
        list.push_back(std::move(entry));
    }
    return list;
}

} // namespace wb

#include "moc_statisticsmodel.cpp"
