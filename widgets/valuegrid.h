// The values of one tensor as a grid: reads what is in sight in a job, goes to a row and column, copies, and stages a
// Set edit of one element where a cell is changed (F2). Original and patched share the grid; what differs is marked.
#pragma once

#include "widgets/jobslot.h"
#include "widgets/models/valuemodel.h"

#include <QTimer>
#include <QWidget>

class QLabel;
class QLineEdit;
class QTableView;

namespace wb {

class Document;

class ValueGrid : public QWidget {
    Q_OBJECT
public:
    ValueGrid(Document& document, Jobs& jobs, QWidget* parent = nullptr);
    void setTensor(std::optional<std::size_t> tensor); // of the document's original; nothing empties the grid
    void reload();                                     // the patched side changed
    void goTo(std::uint64_t row, std::uint64_t col);
    void setBlinking(bool blinking);
    void copy(); // the selected cells; those that are not in sight are read first, in a job

signals:
    void chosen(std::uint64_t row, std::uint64_t col);

protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void buildHead(class QBoxLayout& row);
    void readPlace();
    void requestSight();
    void stage(int row, int col, double value);
    void say(const QString& text); // beside the place; empty shows what the grid is
    [[nodiscard]] QString limitText() const; // of a matrix that a table cannot hold; otherwise empty
    [[nodiscard]] MatrixWindow sight() const;

    Document& m_document;
    std::optional<std::size_t> m_tensor;
    JobSlot m_job, m_copyJob;
    QTimer m_settle; // scrolling has paused: one read instead of many
    ValueModel* m_model;
    QTableView* m_view;
    QLineEdit* m_place;
    QLabel* m_message;
};

} // namespace wb
