// The logit lens as a table: what the head would say of the stream before each layer, at each token of a text, original and
// compared; a click lists the candidates of both. Beside them the mean log-probability of what follows, layer by layer.
#pragma once

#include "core/analysis/lens.h"
#include "widgets/pages/readingpage.h"

class QCheckBox;
class QComboBox;
class QLabel;

namespace wb {

class CandidatesTable;
class LayerChart;
class TokenMap;

class LensPage : public ReadingPage {
    Q_OBJECT
public:
    LensPage(Document& document, Jobs& jobs, Selection& selection);
    [[nodiscard]] QString title() const override { return tr("Lens"); }
    void choose(int row, int token);
    enum class Shown { Original, Compared, Change };
    void showSide(Shown what);
    [[nodiscard]] const std::shared_ptr<const LensReport>& original() const { return m_result.a; }
    [[nodiscard]] const std::shared_ptr<const LensReport>& compared() const { return m_result.b; } // null when there is none
    [[nodiscard]] QString facts() const;

protected:
    void run(const ReadingRequest& request, JobSlot& job) override;
    void forget() override;
    [[nodiscard]] std::any keptResult() const override;
    void takeResult(const std::any& result) override;
    void showResult() override;
    [[nodiscard]] std::optional<double> secondsTaken() const override;

private:
    using Report = std::shared_ptr<const LensReport>;
    struct Measured {
        std::shared_ptr<const Reading> reading;
        Report a, b;
    };
    struct Kept {
        Measured result;
        std::optional<std::pair<int, int>> cell;
        bool raw;
    };
    QWidget* buildLower(QWidget* parent);
    static Result<Measured> measure(const ReadingRequest& request, bool raw, Progress& progress);
    void adopt(Measured result);
    void finished(const Result<Measured>& result);
    void showMap();
    void showProfile();
    void showCell();
    [[nodiscard]] Shown shown() const;
    [[nodiscard]] QString tokenAt(std::uint32_t id) const;

    Measured m_result;
    std::optional<std::pair<int, int>> m_cell;

    QComboBox* m_what;
    QComboBox* m_color;
    QCheckBox* m_raw;
    QLabel* m_caption;
    TokenMap* m_map;
    QLabel* m_facts;
    CandidatesTable* m_table;
    LayerChart* m_profile;
    QLabel* m_profileCaption;
};

} // namespace wb
