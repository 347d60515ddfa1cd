// A score against one or two numbers of the staged recipe, the best with its held-out score beside it, and a click that takes a
// point's numbers into the recipe.
#pragma once

#include "core/eval/sweep.h"
#include "widgets/jobslot.h"
#include "widgets/pages/page.h"

#include <memory>
#include <optional>
#include <vector>

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

class SweepPage : public Page {
    Q_OBJECT
public:
    SweepPage(Document& document, Jobs& jobs, Selection& selection);
    [[nodiscard]] QString title() const override { return tr("Sweep"); }
    void setTask(const QString& path); // a task or, by its ending .txt, a text
    // The `which`-th knob: the number of an edit as "edits[0].factor"; empty: no second one.
    void setKnob(int which, const QString& name, double low, double high, int points);
    void start();
    void stop();
    void takePoint(int point);
    [[nodiscard]] QString verdict() const;
    [[nodiscard]] const std::vector<SweepPoint>& points() const { return m_points; }

protected:
    void showEvent(QShowEvent* event) override;

private:
    using Report = std::shared_ptr<const SweepReport>;
    struct KnobRow {
        QComboBox* what;
        NumberField* low;
        NumberField* high;
        QSpinBox* points;
    };
    struct Setup; // what a run needs; shared with its job
    void buildHead(class QBoxLayout& column);
    void buildResult(class QBoxLayout& column);
    KnobRow makeKnobRow(QWidget* parent, class QHBoxLayout& row);
    void showOpened();
    void showRecipe();
    void listTasks();
    void chooseTask(int index);
    void suggestRange(int which);
    [[nodiscard]] std::vector<Knob> knobs() const; // empty when a field is not filled
    static Result<Report> run(const Setup& setup, Progress& progress, const Relay<SweepPoint>& relay);
    void addPoint(SweepPoint point);
    void finished(const Result<Report>& result);
    void showResult();
    void showButtons();
    void choosePoint(int point);

    JobSlot m_job;
    std::shared_ptr<const Setup> m_setup; // of what is shown
    std::vector<SweepPoint> m_points;
    Report m_report;
    bool m_stale = true; // the list of tasks

    Banner* m_banner;
    QStackedWidget* m_stack;
    StateView* m_state;
    KnobRow m_knobs[2];
    QComboBox* m_tasks;
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
