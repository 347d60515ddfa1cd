// How well each layer is a linear map of what it is given, on a text: the profile over depth with its intervals and the floor of
// unrelated states, original and compared; anisotropy, dimension and length on the same layers; token by token; as numbers.
#pragma once

#include "core/analysis/linearity.h"
#include "widgets/pages/readingpage.h"

class QCheckBox;
class QLabel;
class QTableWidget;

namespace wb {

class LayerChart;
class TokenMap;

class LinearityPage : public ReadingPage {
    Q_OBJECT
public:
    LinearityPage(Document& document, Jobs& jobs, Selection& selection);
    [[nodiscard]] QString title() const override { return tr("Linearity"); }
    void choose(int step);
    [[nodiscard]] QString verdict() const;
    [[nodiscard]] bool isReady() const { return m_result.complete; }
    [[nodiscard]] const std::shared_ptr<const LinearityReport>& original() const { return m_result.a; }
    [[nodiscard]] const std::shared_ptr<const LinearityReport>& compared() const { return m_result.b; } // null when there is none

protected:
    void run(const ReadingRequest& request, JobSlot& job) override;
    void forget() override;
    [[nodiscard]] std::any keptResult() const override;
    void takeResult(const std::any& result) override;
    void showResult() override;
    [[nodiscard]] std::optional<double> secondsTaken() const override;

private:
    using Report = std::shared_ptr<const LinearityReport>;
    struct Measured {
        std::shared_ptr<const Reading> reading;
        Report a, b;
        bool complete = false;
    };
    void buildProfile(class QBoxLayout& column);
    void buildBelow(class QBoxLayout& column);
    static Result<Measured> measure(const ReadingRequest& request, const LinearityOptions& options, Measured before, Progress& progress, const Relay<Measured>& relay);
    void adopt(Measured result);
    void finished(const Result<Measured>& result);
    void showVerdict();
    void showProfile();
    void showSmall(LayerChart& chart, double LayerLinearity::*figure);
    void showMap();
    void showTable();

    Measured m_result;
    std::vector<std::size_t> m_layerTensors; // the first tensor of each layer

    QCheckBox* m_residual;
    QCheckBox* m_without;
    QCheckBox* m_adjusted;
    QCheckBox* m_zoom;
    QCheckBox* m_excludeFirst;
    QLabel* m_verdict;
    QLabel* m_caption;
    LayerChart* m_chart;
    LayerChart* m_anisotropy;
    LayerChart* m_dimension;
    LayerChart* m_normRatio;
    TokenMap* m_map;
    QTableWidget* m_table;
};

} // namespace wb
