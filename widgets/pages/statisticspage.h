// The statistics of all tensors as a table: filled in the background, sorted by any column, narrowed by a part of the
// name or a selection, copied and exported. Computes while it is in front.
#pragma once

#include "widgets/jobslot.h"
#include "widgets/models/overviewdata.h"
#include "widgets/pages/page.h"

class QLabel;
class QLineEdit;
class QStackedWidget;
class QTableView;

namespace wb {

class Banner;
class StateView;
class StatisticsModel;
class TensorFilter;

class StatisticsPage : public Page {
    Q_OBJECT
public:
    StatisticsPage(Document& document, Jobs& jobs, Selection& selection);
    [[nodiscard]] QString title() const override { return tr("Statistics"); }
    void setFilter(const QString& text);
    [[nodiscard]] QString summary() const; // beside the filter
    // The rows in front, in the order shown; JSON when the name ends so, else CSV. Full precision.
    [[nodiscard]] Result<void> exportTo(const QString& path) const;
    void copy(); // the selected rows, or all that are shown

protected:
    void showEvent(QShowEvent* event) override;

private:
    void buildHead(class QBoxLayout& row);
    void buildTable();
    void showOpened();
    void refresh();
    void requestOriginal();
    void requestPatched();
    void finished(const Result<int>& result);
    void applyFilter();
    void showMatches(const Result<std::vector<std::size_t>>& matches);
    void showSummary();
    void askForExport();
    void openRow(const QModelIndex& index);
    void followSelection();
    void holdOrder();  // rows stay where they are while their numbers come: to sort again for each of 10⁵ takes minutes
    void settleOrder(); // once nothing more comes
    [[nodiscard]] std::vector<int> shownRows() const; // of the model

    JobSlot m_originalJob, m_patchedJob, m_filterJob, m_keepJob;
    bool m_stale = true;
    QString m_filterProblem;

    QLineEdit* m_filter;
    QLabel* m_summary;
    Banner* m_banner;
    QStackedWidget* m_stack;
    StateView* m_state;
    StatisticsModel* m_model;
    TensorFilter* m_shown;
    QTableView* m_table;
};

} // namespace wb
