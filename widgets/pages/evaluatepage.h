// Scores of the original and the patched model on one task: the same items, paired. The original's score is kept, so that
// after an edit only the patched model is scored; on request a noise floor and a random edit of equal norm, and what was scored
// before with the edits it was made by.
#pragma once

#include "core/eval/evaluate.h"
#include "widgets/formstate.h"
#include "widgets/jobslot.h"
#include "widgets/models/historymodel.h"
#include "widgets/models/itemsmodel.h"
#include "widgets/pages/page.h"
#include "widgets/scoring.h"

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QSortFilterProxyModel;
class QSpinBox;
class QStackedWidget;
class QTabBar;
class QTableView;
class QToolButton;

namespace wb {

class Banner;
class ImportedView;
class IntervalChart;
class StateView;

class EvaluatePage : public Page, public KeepsState {
    Q_OBJECT
public:
    EvaluatePage(Document& document, Jobs& jobs, Selection& selection);
    [[nodiscard]] QString title() const override { return tr("Evaluate"); }
    void setTask(const QString& path);
    void start();
    void stop();
    // Table, page or JSON lines, by the ending.
    void exportTo(const QString& path);
    // Stages the edits that gave a kept result.
    void takeRecipe(int row);
    [[nodiscard]] QString verdict() const; // the sentence on top
    [[nodiscard]] QString caution() const; // what stands below it
    [[nodiscard]] const ItemsModel& items() const { return *m_items; }
    [[nodiscard]] const HistoryModel& history() const { return *m_history; }
    [[nodiscard]] ImportedView& imported() { return *m_imported; }
    [[nodiscard]] std::any kept() const override;
    void take(const std::any& state) override;

protected:
    void showEvent(QShowEvent* event) override;

private:
    // What a score depends on beside model and task.
    struct Settings {
        std::size_t limit = 0, samples = 1, shots = 0;
        std::uint64_t seed = 0;
        double temperature = 0;
        bool chat = false;
        bool early = false; // both sides together, until the answer is clear
        bool operator==(const Settings&) const = default;
    };

    struct Kept;
    void buildHead(class QBoxLayout& column);
    [[nodiscard]] class QLayout* buildTaskRow(QWidget* parent);
    [[nodiscard]] class QLayout* buildSettingsRow(QWidget* parent);
    void buildResults(class QBoxLayout& column);
    [[nodiscard]] QWidget* buildItems(QWidget* parent);
    [[nodiscard]] QWidget* buildHistory(QWidget* parent);
    void showOpened();
    void patchedChanged();
    void listTasks();
    void chooseTask(int index);
    void showChoice(const QString& path);
    void loadTask(const QString& fileOrName);
    void showTask(std::shared_ptr<const Task> task);
    [[nodiscard]] Settings settings() const;
    [[nodiscard]] Result<EvaluateOptions> options() const;
    [[nodiscard]] bool busy() const;
    void score(bool patched);
    void scoreBoth();
    void finished(bool patched, const Result<ScoredSide>& result);
    void scoreMore();
    void loadHistory();
    void showVerdict();
    void showCounts();
    void showItem();
    void showButtons();
    void showSettings();
    void applyFilter();
    void chooseExport();

    JobSlot m_taskJob, m_originalJob, m_patchedJob, m_floorJob, m_controlJob, m_historyJob, m_exportJob, m_bothJob;
    std::shared_ptr<const Task> m_task;
    ScorePtr m_original, m_patched;
    PairedComparison m_paired; // of the two
    std::optional<std::size_t> m_floor;
    std::optional<ScoredUntilClear> m_clear; // of an early stop
    std::shared_ptr<const ScoredControl> m_control;
    Settings m_settings;  // of m_original
    EvaluateOptions m_options;
    bool m_stale = true;  // the list of tasks

    QComboBox* m_tasks;
    QSpinBox* m_limitBox;
    QSpinBox* m_seedBox;
    QSpinBox* m_samplesBox;
    QDoubleSpinBox* m_temperatureBox;
    QSpinBox* m_shotsBox;
    QCheckBox* m_chatBox;
    QCheckBox* m_floorBox;
    QCheckBox* m_controlBox;
    QCheckBox* m_earlyBox;
    QPushButton* m_button;
    Banner* m_banner;
    QStackedWidget* m_stack;
    StateView* m_state;
    QLabel* m_verdict;
    QLabel* m_caution;
    IntervalChart* m_chart;
    QTabBar* m_views;
    QStackedWidget* m_results;
    QComboBox* m_filter;
    QToolButton* m_export;
    ItemsModel* m_items;
    QSortFilterProxyModel* m_shown;
    QTableView* m_table;
    QPlainTextEdit* m_prompt;
    std::array<QLabel*, 2> m_answerHeads{};
    std::array<QPlainTextEdit*, 2> m_answers{};
    HistoryModel* m_history;
    QTableView* m_historyTable;
    QLabel* m_historyNote;
    QPushButton* m_take;
    ImportedView* m_imported;
};

} // namespace wb
