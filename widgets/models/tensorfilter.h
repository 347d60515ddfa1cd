// The rows of a StatisticsModel that a filter leaves, sorted by raw values; what has no number comes last in either order.
#pragma once

#include <QSortFilterProxyModel>

#include <cstddef>
#include <optional>
#include <vector>

namespace wb {

class TensorFilter : public QSortFilterProxyModel {
    Q_OBJECT
public:
    explicit TensorFilter(QObject* parent = nullptr);
    void showOnly(std::optional<std::vector<bool>> tensors); // by tensor; nothing shows all

protected:
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex& parent) const override;
    [[nodiscard]] bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

private:
    std::optional<std::vector<bool>> m_tensors;
};

} // namespace wb
