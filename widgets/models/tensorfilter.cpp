#include "widgets/models/tensorfilter.h"

#include "widgets/models/statisticsmodel.h"

namespace wb {

TensorFilter::TensorFilter(QObject* parent)
    : QSortFilterProxyModel(parent)
{
    setSortRole(StatisticsModel::sortRole);
}

void TensorFilter::showOnly(std::optional<std::vector<bool>> tensors)
{
    m_tensors = std::move(tensors);
    invalidateFilter();
}

bool TensorFilter::filterAcceptsRow(int row, const QModelIndex&) const
{
    return !m_tensors || (*m_tensors)[static_cast<const StatisticsModel*>(sourceModel())->tensorOf(row)];
}

bool TensorFilter::lessThan(const QModelIndex& left, const QModelIndex& right) const
{
    const bool hasLeft = left.data(sortRole()).isValid(), hasRight = right.data(sortRole()).isValid();
    if (hasLeft != hasRight) return hasLeft == (sortOrder() == Qt::AscendingOrder);
    return hasLeft && QSortFilterProxyModel::lessThan(left, right);
}

} // namespace wb

#include "moc_tensorfilter.cpp"
