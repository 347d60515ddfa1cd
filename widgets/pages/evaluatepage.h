// Scores of the original and the patched model on one task: the same items, paired. The original's score is kept, so that
// after an edit only the patched model is scored.
#pragma once

#include "core/eval/evaluate.h"
#include "widgets/jobslot.h"
#include "widgets/models/itemsmodel.h"
#include "widgets/pages/page.h"

class QComboBox;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QSortFilterProxyModel;
class QSpinBox;
class QStackedWidget;
class QTableView;

namespace wb {

class Banner;
class IntervalChart;
class StateView;

class EvaluatePage : public Page {
    Q_OBJECT
public:
    EvaluatePage(Document& document, Jobs& jobs, Selection& selection);
    [[nodiscard]] QString title() const override { return tr("Evaluate"); }
    void setTask(const QString& path);
    void start();
    void stop();
    [[nodiscard]] QString verdict() const; // the sentence on top
    [[nodiscard]] const ItemsModel& items() const { return *m_items; }

protected:
    void showEvent(QShowEvent* event) override;

private:
    using Report = std::shared_ptr<const EvaluationReport>;

    void buildHead(class QBoxLayout& column);
    void buildItems(class QBoxLayout& column);
    void showOpened();
    void listTasks();
    void chooseTask(int index);
    void loadTaskFile(const QString& path);
    void showTask(std::shared_ptr<const Task> task);
    void score(bool patched);
    void finished(bool patched, const Result<Report>& result);
    void showVerdict();
    void showItem();
    void showButtons();
    void applyFilter();

    JobSlot m_taskJob, m_originalJob, m_patchedJob;
    std::shared_ptr<const Task> m_task;
    Report m_original, m_patched;
    std::size_t m_limit = 0;   // of m_original
    std::uint64_t m_seed = 0;
    bool m_stale = true;       // the list of tasks

    QComboBox* m_tasks;
    QSpinBox* m_limitBox;
    QSpinBox* m_seedBox;
    QPushButton* m_button;
    Banner* m_banner;
    QStackedWidget* m_stack;
    StateView* m_state;
    QLabel* m_verdict;
    QLabel* m_caution;
    IntervalChart* m_chart;
    QComboBox* m_filter;
    ItemsModel* m_items;
    QSortFilterProxyModel* m_shown;
    QTableView* m_table;
    QPlainTextEdit* m_detail;
};

} // namespace wb
