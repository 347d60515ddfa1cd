// Singular-value experts: a list of files, each with a weight, mixed into one svf entry of the recipe. Files of the reference (.pt) come in
// after their mapping was seen and confirmed.
#pragma once

#include "core/recipe/expert.h"
#include "widgets/jobslot.h"
#include "widgets/pages/page.h"

class QCheckBox;
class QLabel;
class QPushButton;
class QSpinBox;
class QStackedWidget;
class QVBoxLayout;

namespace wb {

class LayerChart;
class NumberRow;
class StateView;

class ExpertsPage : public Page {
    Q_OBJECT
public:
    ExpertsPage(Document& document, Jobs& jobs, Selection& selection);
    [[nodiscard]] QString title() const override { return tr("Experts"); }
    void add(const QString& path); // in a job; a .pt asks before it is taken
    void setWeight(std::size_t expert, double weight);
    void stage();
    [[nodiscard]] std::size_t count() const { return m_entries.size(); }
    [[nodiscard]] QString said() const;
    // How a question of yes or no is asked; tests answer it.
    using Ask = std::function<bool(const ExpertMapping&)>;
    void setAsk(Ask ask) { m_ask = std::move(ask); }

private:
    struct Entry {
        Expert expert;
        QString problem; // why it does not fit this model; empty when it does
        NumberRow* weight = nullptr;
        QWidget* row = nullptr;
    };
    void build();
    void showOpened();
    void take(Expert expert);
    void takeTorch(const QString& path);
    void addRow(Entry& entry);
    void remove(const QWidget* row);
    void refresh();
    void showChart();
    [[nodiscard]] Result<Edit> mix() const;
    void askForFile();
    void saveMix();

    JobSlot m_job;
    std::vector<Entry> m_entries;
    Ask m_ask;
    QStackedWidget* m_stack;
    StateView* m_state;
    QVBoxLayout* m_list = nullptr;
    QCheckBox* m_transfer = nullptr;
    QCheckBox* m_shuffle = nullptr;
    QSpinBox* m_seed = nullptr;
    LayerChart* m_chart = nullptr;
    QLabel* m_said = nullptr;
    QPushButton* m_stage = nullptr;
    QPushButton* m_save = nullptr;
};

} // namespace wb
