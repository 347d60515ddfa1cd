// What flows through the model on a text, by layer, original and compared: size and shape of the values at a site, channel by
// channel; activations that dwarf all others and the weights behind them; how experts are chosen.
#pragma once

#include "core/analysis/activations.h"
#include "widgets/pages/readingpage.h"

class QComboBox;
class QLabel;
class QTabWidget;
class QTableWidget;

namespace wb {

class LayerChart;
struct LayerChartData;
class TokenMap;

class ActivationsPage : public ReadingPage {
    Q_OBJECT
public:
    ActivationsPage(Document& document, Jobs& jobs, Selection& selection);
    [[nodiscard]] QString title() const override { return tr("Activations"); }
    void choose(int layer);
    [[nodiscard]] QString verdict() const;
    [[nodiscard]] const std::shared_ptr<const ActivationReport>& original() const { return m_result.a; }
    [[nodiscard]] const std::shared_ptr<const ActivationReport>& compared() const { return m_result.b; } // null when there is none

protected:
    void run(const ReadingRequest& request, JobSlot& job) override;
    void forget() override;
    [[nodiscard]] std::any keptResult() const override;
    void takeResult(const std::any& result) override;
    void showResult() override;
    [[nodiscard]] std::optional<double> secondsTaken() const override;

private:
    using Report = std::shared_ptr<const ActivationReport>;
    struct Measured {
        std::shared_ptr<const Reading> reading;
        Report a, b;
    };
    void buildBelow(class QBoxLayout& column);
    static Result<Measured> measure(const ReadingRequest& request, Progress& progress);
    void finished(const Result<Measured>& result);
    void showVerdict();
    void showProfile();
    void addChange(LayerChartData& chart) const;
    [[nodiscard]] QString changeWords() const;
    void showChannels();
    void showPeaks();
    void showMassive();
    void showRouting();
    void openPeak(int row);
    [[nodiscard]] Site site() const;

    Measured m_result;
    std::size_t m_layer = 0;

    QComboBox* m_site;
    QComboBox* m_figure;
    QLabel* m_verdict;
    QLabel* m_caption;
    LayerChart* m_chart;
    QTabWidget* m_below;
    LayerChart* m_channels;
    QTableWidget* m_peaks;
    QTableWidget* m_massive;
    TokenMap* m_routing;
};

} // namespace wb
