// The elements of largest magnitude of one tensor with their places: of the patched side, beside what the original has
// there. A click tells the place, so that map and grid can go to it. Computes while it is in front.
#pragma once

#include "widgets/jobslot.h"

#include <QWidget>

#include <optional>
#include <vector>

class QLabel;
class QTableWidget;

namespace wb {

class Document;

// One row of the table; made in a job.
struct OutlierRow {
    std::vector<std::uint64_t> place; // one coordinate per dimension
    std::uint64_t row = 0, col = 0;   // in the 2-D view
    double original = 0, patched = 0;
    double deviations = 0; // |patched − mean| / std of the patched side; NaN when all values are equal
};

class OutliersTable : public QWidget {
    Q_OBJECT
public:
    static constexpr std::size_t wanted = 50;

    OutliersTable(Document& document, Jobs& jobs, QWidget* parent = nullptr);
    void setTensor(std::optional<std::size_t> tensor);
    void reload(); // the patched side changed
    void copy();   // all rows, tab-separated, full precision
    [[nodiscard]] const std::vector<OutlierRow>& rows() const { return m_rows; }

signals:
    void chosen(std::uint64_t row, std::uint64_t col);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void request();
    void fill();

    Document& m_document;
    std::optional<std::size_t> m_tensor;
    JobSlot m_job;
    bool m_stale = true;
    std::vector<OutlierRow> m_rows;
    QLabel* m_message;
    QTableWidget* m_table;
};

} // namespace wb
