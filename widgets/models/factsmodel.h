// Facts and quantiles of a tensor: name, original, patched and the ratio where they differ. Cells show four
// digits; copying takes all of them.
#pragma once

#include "core/analysis/statistics.h"

#include <QAbstractTableModel>

#include <optional>
#include <vector>

namespace wb {

class FactsModel : public QAbstractTableModel {
    Q_OBJECT
public:
    explicit FactsModel(QObject* parent = nullptr)
        : QAbstractTableModel(parent)
    {
    }

    void setFacts(const std::optional<Statistics>& original, const std::optional<Statistics>& patched);
    [[nodiscard]] QString asTable() const; // TSV with a head line, full precision

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Fact {
        QString name;
        QString explanation;
        double original = 0;
        double patched = 0;
        bool isCount = false;
    };
    [[nodiscard]] QString ratio(const Fact& fact) const;

    std::vector<Fact> m_facts;
    bool m_edited = false;
};

} // namespace wb
