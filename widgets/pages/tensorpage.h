// One tensor: histogram, facts and quantiles, and a map of its elements; original and patched together
// everywhere.
#pragma once

#include "widgets/jobslot.h"
#include "widgets/pages/page.h"
#include "widgets/pages/tensorreport.h"

#include <QTimer>

class QButtonGroup;
class QLabel;
class QStackedWidget;
class QTableView;
class QToolButton;

namespace wb {

class Banner;
class Card;
class ElementFeed;
class ElementMap;
class FactsModel;
class GroupProfile;
class HistogramChart;
class OutliersTable;
class PathLabel;
class StateView;
class ValueGrid;
struct Elements;

class TensorPage : public Page {
    Q_OBJECT
public:
    TensorPage(Document& document, Jobs& jobs, Selection& selection);
    [[nodiscard]] QString title() const override { return tr("Tensor"); }
    [[nodiscard]] bool showsOneTensor() const override { return true; }
    void setBlinking(bool blinking) override;
    enum class ElementView { Map, Values, Outliers, Profile };
    void showElements(ElementView view);

signals:
    void editRequested(const wb::Elements& elements); // of the tensor in view

protected:
    void changeEvent(QEvent* event) override;

private:
    QLayout* buildHead();
    Card* buildHistogramCard();
    Card* buildFactsCard();
    Card* buildElementsCard();
    void buildElementSwitch(Card& card);
    QWidget* buildContent();

    void showSelection();
    void showHead();
    bool showWithoutComputing(); // true: nothing needs to be computed for this tensor
    void say(const QString& title, const QString& explanation, const QString& button = {});
    void requestReport(bool quick);
    void showReport(const Result<TensorReport>& result, bool quick);
    void showWarnings();
    void showCaptions();
    void requestNeighbour(bool askedFor); // much to read is left out otherwise
    void showMap();
    void clearContent();

    std::optional<std::size_t> m_tensor;
    std::optional<TensorReport> m_report;
    std::optional<std::pair<double, double>> m_range; // of the histogram, when zoomed
    std::optional<std::size_t> m_neighbour;
    JobSlot m_reportJob, m_neighbourJob;
    QTimer m_rest; // an edit of a wide type has stopped moving: compute it exactly

    PathLabel* m_path;
    QLabel* m_facts;
    QToolButton* m_back;
    QToolButton* m_forward;
    Banner* m_banner;
    QStackedWidget* m_stack;
    StateView* m_state;
    QWidget* m_content;
    HistogramChart* m_chart;
    QToolButton* m_log;
    QToolButton* m_fit;
    QToolButton* m_compare;
    QLabel* m_bins;
    QLabel* m_originalKey;
    QLabel* m_patchedKey;
    QLabel* m_neighbourKey;
    FactsModel* m_factsModel;
    QTableView* m_factsView;
    QLabel* m_how;
    ElementMap* m_map;
    ElementFeed* m_feed;
    QToolButton* m_means;
    ValueGrid* m_grid;
    OutliersTable* m_outliers;
    GroupProfile* m_profile;
    QStackedWidget* m_elementViews;
    QButtonGroup* m_elementSwitch;
    QLabel* m_mapReading;
    QLabel* m_sampling;
};

} // namespace wb
