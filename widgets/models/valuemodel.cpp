#include "widgets/models/valuemodel.h"

#include "widgets/numbertext.h"
#include "widgets/theme.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace wb {

void ValueModel::setMatrix(const Matrix& matrix)
{
    beginResetModel();
    m_matrix = matrix;
    m_original = {};
    m_patched.reset();
    endResetModel();
}

void ValueModel::setBlocks(ElementBlock original, std::optional<ElementBlock> patched)
{
    m_original = std::move(original);
    m_patched = std::move(patched);
    const auto equal = [](double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b); };
    std::size_t same = 0;
    for (std::size_t i = 0; m_patched && i < std::min(m_original.values.size(), m_patched->values.size()); ++i)
        same += equal(m_original.values[i], m_patched->values[i]) ? 1 : 0;
    m_mixed = same > 0;
    if (rowCount() > 0 && columnCount() > 0) emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

void ValueModel::setBlinking(bool blinking)
{
    m_blinking = blinking;
    if (rowCount() > 0 && columnCount() > 0) emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

std::optional<double> ValueModel::valueAt(int row, int col, bool patched) const
{
    const ElementBlock& block = patched && m_patched ? *m_patched : m_original;
    const auto r = static_cast<std::uint64_t>(row), c = static_cast<std::uint64_t>(col);
    const MatrixWindow& window = block.window;
    if (r < window.firstRow || c < window.firstCol) return std::nullopt;
    const std::size_t inRow = r - window.firstRow, inCol = c - window.firstCol;
    if (inRow >= block.rows || inCol >= block.cols) return std::nullopt;
    return block.values[inRow * block.cols + inCol];
}

int ValueModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(std::min(m_matrix.rows, mostSections));
}

int ValueModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(std::min(m_matrix.cols, mostSections));
}

QVariant ValueModel::data(const QModelIndex& index, int role) const
{
    if (role == Qt::TextAlignmentRole) return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    const auto original = valueAt(index.row(), index.column(), false);
    const auto shown = m_blinking ? original : valueAt(index.row(), index.column(), true);
    if (!original || !shown) return role == Qt::DisplayRole ? QVariant(QStringLiteral("…")) : QVariant();
    const auto patched = valueAt(index.row(), index.column(), true);
    const bool differs = std::bit_cast<std::uint64_t>(*original) != std::bit_cast<std::uint64_t>(*patched);
    switch (role) {
    case Qt::DisplayRole: return shortText(*shown);
    case Qt::EditRole: return exactText(*shown);
    case Qt::ForegroundRole:
        if (!differs) return {};
        return m_blinking ? colors().original : colors().patched;
    case Qt::FontRole: { // a second cue that is not colour, where there is something to tell apart
        if (!differs || m_blinking || !m_mixed) return {};
        QFont font;
        font.setUnderline(true);
        return font;
    }
    case Qt::ToolTipRole: {
        const QString place = tr("row %1, column %2").arg(index.row()).arg(index.column()) + QStringLiteral(" · ");
        return differs ? place + tr("original %1, patched %2").arg(exactText(*original), exactText(*patched))
                       : place + exactText(*original);
    }
    default: return {};
    }
}

QVariant ValueModel::headerData(int section, Qt::Orientation, int role) const
{
    if (role == Qt::DisplayRole) return section; // counted from 0, as everywhere
    if (role == Qt::TextAlignmentRole) return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    return {};
}

Qt::ItemFlags ValueModel::flags(const QModelIndex& index) const
{
    const Qt::ItemFlags common = QAbstractTableModel::flags(index);
    return index.isValid() ? common | Qt::ItemIsEditable : common;
}

bool ValueModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (role != Qt::EditRole) return false;
    bool isNumber = false;
    QString text = value.toString().trimmed();
    text.replace(QChar(0x2212), QLatin1Char('-'));
    const double number = text.toDouble(&isNumber);
    if (!isNumber) {
        emit refused(text);
        return false;
    }
    const auto now = valueAt(index.row(), index.column(), true);
    if (now && exactText(*now) == exactText(number)) return false; // left as it was: no edit
    if (std::isfinite(number))
        emit edited(index.row(), index.column(), number);
    else
        emit refused(text); // a recipe holds finite numbers alone
    return false; // the value arrives with the patched tensor
}

QString ValueModel::asText(int firstRow, int lastRow, int firstCol, int lastCol) const
{
    QString text;
    for (int col = firstCol; col <= lastCol; ++col)
        text += QLatin1Char('\t') + QString::number(col);
    text += QLatin1Char('\n');
    for (int row = firstRow; row <= lastRow; ++row) {
        text += QString::number(row);
        for (int col = firstCol; col <= lastCol; ++col) {
            const auto value = valueAt(row, col, !m_blinking);
            text += QLatin1Char('\t') + (value ? exactText(*value) : QString());
        }
        text += QLatin1Char('\n');
    }
    return text;
}

QString ValueModel::asText(const ElementBlock& block)
{
    QString text;
    for (std::size_t col = 0; col < block.cols; ++col)
        text += QLatin1Char('\t') + QString::number(block.window.firstCol + col);
    text += QLatin1Char('\n');
    for (std::size_t row = 0; row < block.rows; ++row) {
        text += QString::number(block.window.firstRow + row);
        for (std::size_t col = 0; col < block.cols; ++col)
            text += QLatin1Char('\t') + exactText(block.values[row * block.cols + col]);
        text += QLatin1Char('\n');
    }
    return text;
}

bool ValueModel::holds(int firstRow, int lastRow, int firstCol, int lastCol) const
{
    return valueAt(firstRow, firstCol, !m_blinking) && valueAt(lastRow, lastCol, !m_blinking); // what is read is one window
}

} // namespace wb

#include "moc_valuemodel.cpp"
