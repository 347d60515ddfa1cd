// The elements of one tensor's 2-D view as a grid of values, original or patched. It holds the part that was read last
// (ValueGrid asks for what is in sight); any other cell says "…" until it is read. Setting a cell changes
// nothing here: it asks for an edit (edited).
#pragma once

#include "core/analysis/elements.h"
#include "core/tensor/tensor.h"

#include <QAbstractTableModel>

#include <optional>

namespace wb {

class ValueModel : public QAbstractTableModel {
    Q_OBJECT
public:
    // Qt counts pixels of a table in an int; what lies beyond this many rows or columns cannot be scrolled to.
    static constexpr std::uint64_t mostSections = 20'000'000;

    using QAbstractTableModel::QAbstractTableModel;
    void setMatrix(const Matrix& matrix); // (rows, cols) of another tensor; forgets all values
    // Both over the same window, every element of it. No patched block: nothing is edited.
    void setBlocks(ElementBlock original, std::optional<ElementBlock> patched);
    void setBlinking(bool blinking); // the original is shown while this is so
    [[nodiscard]] std::optional<double> valueAt(int row, int col, bool patched) const; // nothing: not read
    // Tab-separated with full precision, a first line of column numbers and a first column of row numbers. Cells that are
    // not read are empty.
    [[nodiscard]] QString asText(int firstRow, int lastRow, int firstCol, int lastCol) const;
    [[nodiscard]] static QString asText(const ElementBlock& block); // likewise, of every element of a window
    [[nodiscard]] bool holds(int firstRow, int lastRow, int firstCol, int lastCol) const; // all of them are read
    [[nodiscard]] bool isBlinking() const { return m_blinking; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;

signals:
    void edited(int row, int col, double value);
    void refused(const QString& text); // what was typed is no number

private:
    Matrix m_matrix{0, 0};
    ElementBlock m_original;
    std::optional<ElementBlock> m_patched;
    bool m_blinking = false;
    bool m_mixed = false; // some of what was read differs and some does not
};

} // namespace wb
