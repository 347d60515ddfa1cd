#include "widgets/models/diffmodel.h"

#include "widgets/errortext.h"
#include "widgets/numbertext.h"
#include "widgets/tensortext.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace wb {
namespace {

double shareOf(const TensorDifference& difference)
{
    return difference.elements == 0 ? 0 : static_cast<double>(difference.elementsChanged) / static_cast<double>(difference.elements);
}

} // namespace

QString characterWords(const TensorDifference& difference)
{
    const std::string& word = difference.character;
    if (word == "scaled") return DiffModel::tr("scaled by %1").arg(shortText(difference.scale));
    if (word == "shifted") return DiffModel::tr("shifted by %1").arg(shortText(difference.shift));
    if (word == "rounding_only") return DiffModel::tr("rounding only");
    if (word == "surgical") return DiffModel::tr("a few elements");
    if (difference.lowRank) return DiffModel::tr("low rank: %1").arg(difference.lowRank->rank);
    if (word == "opaque") return DiffModel::tr("other bytes, not read as numbers");
    return DiffModel::tr("all over");
}

void DiffModel::setReport(std::shared_ptr<const DiffReport> report)
{
    beginResetModel();
    m_report = std::move(report);
    m_structural.clear();
    if (m_report) {
        const auto add = [this](const std::vector<std::string>& names, const QString& what) {
            for (const std::string& name : names)
                m_structural.push_back({name, what});
        };
        add(m_report->onlyA, tr("only on the left"));
        add(m_report->onlyB, tr("only on the right"));
        add(m_report->shapeDiffers, tr("another shape"));
        add(m_report->dtypeDiffers, tr("another type"));
    }
    endResetModel();
}

const TensorDifference* DiffModel::difference(int row) const
{
    const bool known = m_report && row >= 0 && row < static_cast<int>(m_report->changed.size());
    return known ? &m_report->changed[static_cast<std::size_t>(row)] : nullptr;
}

int DiffModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_report ? 0 : static_cast<int>(m_report->changed.size() + m_structural.size());
}

int DiffModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString DiffModel::textOf(const TensorDifference& difference, int column) const
{
    switch (column) {
    case Tensor: return shortName(difference.name);
    case Changed: return countText(difference.elementsChanged);
    case Share: return percentText(shareOf(difference));
    case Relative: return shortText(difference.relative);
    case Cosine: return shortText(difference.cosine);
    case MaxAbs: return shortText(difference.maxAbs);
    default: return characterWords(difference);
    }
}

QVariant DiffModel::rawOf(const TensorDifference& difference, int column) const
{
    switch (column) {
    case Changed: return static_cast<qulonglong>(difference.elementsChanged);
    case Share: return shareOf(difference);
    case Relative: return difference.relative;
    case Cosine: return difference.cosine;
    case MaxAbs: return difference.maxAbs;
    default: return textOf(difference, column);
    }
}

QVariant DiffModel::data(const QModelIndex& index, int role) const
{
    const bool number = index.column() != Tensor && index.column() != Character;
    if (role == Qt::TextAlignmentRole) return QVariant(Qt::AlignVCenter | (number ? Qt::AlignRight : Qt::AlignLeft));
    const TensorDifference* difference = this->difference(index.row());
    if (difference == nullptr) {
        const Structural& row = m_structural[static_cast<std::size_t>(index.row()) - m_report->changed.size()];
        if (role == nameRole || role == Qt::ToolTipRole) return fromUtf8(row.name);
        if (role != Qt::DisplayRole && role != sortRole) return {};
        return index.column() == Tensor ? shortName(row.name) : index.column() == Character ? row.what : QString();
    }
    switch (role) {
    case Qt::DisplayRole: return textOf(*difference, index.column());
    case Qt::ToolTipRole:
        return index.column() == Tensor ? fromUtf8(difference->name)
                                        : tr("exact, over all elements: %1").arg(rawOf(*difference, index.column()).toString());
    case sortRole: return rawOf(*difference, index.column());
    case fractionRole:
        if (index.column() == Share) return shareOf(*difference);
        if (index.column() == Relative) return std::isfinite(difference->relative) ? std::min(1.0, difference->relative) : 1.0;
        return {};
    case nameRole: return fromUtf8(difference->name);
    default: return {};
    }
}

QVariant DiffModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant(Qt::AlignVCenter | (section != Tensor && section != Character ? Qt::AlignRight : Qt::AlignLeft));
    const std::array<QString, ColumnCount> names = {tr("tensor"),  tr("changed"), tr("share"), tr("‖Δ‖ / ‖W‖"),
                                                    tr("cosine"),  tr("max |Δ|"),          tr("character")};
    const std::array<QString, ColumnCount> tips = {tr("Double click shows the tensor"),
                                                   tr("Elements whose stored bits differ"),
                                                   tr("… of all elements of the tensor"),
                                                   tr("Norm of the difference over the norm of the left side"),
                                                   tr("Cosine between the two sides"),
                                                   tr("Largest difference of one element"),
                                                   tr("What the difference looks like")};
    if (role == Qt::DisplayRole) return names[static_cast<std::size_t>(section)];
    if (role == Qt::ToolTipRole) return tips[static_cast<std::size_t>(section)];
    return {};
}

QString DiffModel::asTable(const std::vector<int>& rows) const
{
    QStringList lines = {QStringLiteral("tensor\telements_changed\telements\trelative\tcosine\tmax_abs\tcharacter")};
    for (const int row : rows) {
        if (const TensorDifference* d = difference(row))
            lines << QStringList{fromUtf8(d->name),        QString::number(d->elementsChanged), QString::number(d->elements),
                                 exactText(d->relative),   exactText(d->cosine),                exactText(d->maxAbs),
                                 characterWords(*d)}
                         .join(QLatin1Char('\t'));
        else
            lines << data(index(row, Tensor), nameRole).toString() + QStringLiteral("\t\t\t\t\t\t") +
                         data(index(row, Character), Qt::DisplayRole).toString();
    }
    return lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

} // namespace wb

#include "moc_diffmodel.cpp"
