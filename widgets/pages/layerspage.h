// Which layers a model can do without, on a text of the user's: linearity and the loss without each, the loss as more and more
// go, and edits of the list of layers: leave out, replace by a linear map, repeat, take one from another checkpoint.
#pragma once

#include "core/analysis/linearity.h"
#include "core/analysis/linearmap.h"
#include "core/eval/layercost.h"
#include "widgets/pages/readingpage.h"

class QComboBox;
class QLabel;
class QPushButton;
class QSpinBox;
class QTableWidget;

namespace wb {

class LayerChart;

class LayersPage : public ReadingPage {
    Q_OBJECT
public:
    LayersPage(Document& document, Jobs& jobs, Selection& selection);
    [[nodiscard]] QString title() const override { return tr("Edit layers"); }
    void select(int first, int last);
    void leaveOut();
    void repeat();
    void replaceByMap(); // fitted in a job
    void drawCurve();    // all orders, in a job
    void takeFrom(const QString& checkpoint); // whose layers are then on offer; opened in a job
    void transplant(int layer); // of that one to the selected place; hashed in a job
    [[nodiscard]] QString verdict() const;
    [[nodiscard]] const std::vector<LayerCost>& costs() const { return m_costs; }

protected:
    void run(const ReadingRequest& request, JobSlot& job) override;
    void forget() override;
    [[nodiscard]] std::any keptResult() const override;
    void takeResult(const std::any& result) override;
    void showResult() override;
    [[nodiscard]] std::optional<double> secondsTaken() const override { return std::nullopt; } // of the original: edits change nothing

private:
    enum class Order { Linearity, Cost, Random };
    struct Curve {
        Order order;
        std::vector<LayerCost> points;
    };
    struct Part {
        std::shared_ptr<const Reading> reading;
        std::shared_ptr<const LinearityReport> linearity; // with the first part
        std::optional<LayerCost> cost;
    };
    struct Donor {
        QString checkpoint;
        std::uint32_t layers = 0;
    };
    struct Kept {
        std::shared_ptr<const Reading> reading;
        std::shared_ptr<const LinearityReport> linearity;
        std::vector<LayerCost> costs;
        std::vector<Curve> curves;
        std::optional<Donor> donor;
    };
    struct Point {
        Order order;
        LayerCost cost;
    };
    void buildTable(class QBoxLayout& column);
    void buildChart(class QBoxLayout& column);
    void buildDonor(class QBoxLayout& card);
    void adoptDonor(std::optional<Donor> donor);
    static Result<bool> measure(const ReadingRequest& request, Progress& progress, const Relay<Part>& relay);
    static Result<bool> curve(const ReadingRequest& request, const LinearityReport& linearity, const std::vector<LayerCost>& costs, Progress& progress, const Relay<Point>& relay);
    void adopt(Part part);
    void stage(const LayerEdit& operation, const QString& reason = {});
    void stageMap(const Result<LinearMap>& map, std::uint32_t first, std::uint32_t last);
    void showButtons();
    void showTable();
    void showChart();
    void showVerdict();
    [[nodiscard]] std::optional<std::pair<std::uint32_t, std::uint32_t>> stretch() const; // selected, without gaps

    JobSlot m_mapJob, m_curveJob, m_donorJob;
    std::shared_ptr<const Reading> m_reading;
    std::shared_ptr<const LinearityReport> m_linearity;
    std::vector<LayerCost> m_costs;
    std::vector<Curve> m_curves;
    std::optional<Donor> m_donor;

    QLabel* m_verdict;
    QLabel* m_caption;
    QTableWidget* m_table;
    LayerChart* m_chart;
    QComboBox* m_shown;
    QPushButton* m_leaveOut;
    QPushButton* m_map;
    QPushButton* m_repeat;
    QPushButton* m_curve;
    QPushButton* m_chooseDonor;
    QSpinBox* m_donorLayer;
    QPushButton* m_transplant;
};

} // namespace wb
