// A score against one or two numbers of the staged recipe, or a search over up to four; the best with its held-out score beside it,
// and a click that takes a point's numbers into the recipe.
#pragma once

#include "widgets/formstate.h"
#include "widgets/jobslot.h"
#include "widgets/pages/page.h"
#include "widgets/sweepjob.h"

#include <optional>

class QComboBox;
class QLabel;
class QPushButton;
class QSpinBox;
class QStackedWidget;
class QTableWidget;

namespace wb {

class Banner;
class NumberField;
class StateView;
class SweepChart;

class SweepPage : public Page, public KeepsState {
    Q_OBJECT
public:
    SweepPage(Document& document, Jobs& jobs, Selection& selection);
    [[nodiscard]] QString title() const override { return tr("Sweep"); }
    void setTask(const QString& path); // a task or, by its ending .txt, a text
    void setHeldOut(const QString& path); // likewise; empty: the choice is cross-validated
    void setSearch(int points);           // so many, chosen by a seeded search; 0: the grid
    // The `which`-th knob: the number of an edit as "edits[0].factor"; empty: none. The third and fourth go with a search.
    void setKnob(int which, const QString& name, double low, double high, int points);
    void start();
    void stop();
    void takePoint(int point);
    [[nodiscard]] QString verdict() const;
    [[nodiscard]] const std::vector<SweepPoint>& points() const { return m_points; }
    [[nodiscard]] std::any kept() const override;
    void take(const std::any& state) override;

protected:
    void showEvent(QShowEvent* event) override;

private:
    static constexpr int knobRows = 4, gridKnobs = 2;
    struct KnobRow {
        QWidget* row;
        QComboBox* what;
        NumberField* low;
        NumberField* high;
        QSpinBox* points;
    };
    struct Kept;
    void buildHead(class QBoxLayout& column);
    void buildScoreRow(class Card* card);
    void buildResult(class QBoxLayout& column);
    KnobRow makeKnobRow(QWidget* parent, class QBoxLayout& column);
    void showOpened();
    void showRecipe();
    void listTasks();
    void chooseFile(QComboBox& box, int index);
    static void addFile(QComboBox& box, const QString& path);
    void showMethod();
    [[nodiscard]] bool searches() const;
    void suggestRange(int which);
    [[nodiscard]] std::vector<Knob> knobs() const; // empty when a field is not filled
    void addPoint(SweepPoint point);
    void finished(const Result<SweepReportPtr>& result);
    void showResult();
    void showTable();
    void showButtons();
    void choosePoint(int point);

    JobSlot m_job;
    std::shared_ptr<const SweepSetup> m_setup; // of what is shown
    std::vector<SweepPoint> m_points;
    SweepReportPtr m_report;
    bool m_stale = true; // the list of tasks

    Banner* m_banner;
    QStackedWidget* m_stack;
    StateView* m_state;
    KnobRow m_knobs[knobRows];
    QComboBox* m_tasks;
    QComboBox* m_heldOut;
    QComboBox* m_method;
    QSpinBox* m_evaluations;
    QSpinBox* m_limit;
    QSpinBox* m_seed;
    QPushButton* m_button;
    QLabel* m_verdict;
    QLabel* m_caution;
    SweepChart* m_chart;
    QTableWidget* m_table;
    QPushButton* m_take;
};

} // namespace wb
