// The singular values of one matrix, original and edited, with what they say; gains to drag, seen at once without decomposing again; what a
// singular vector listens to or writes, in tokens. The edit is one svf entry of the recipe.
#pragma once

#include "core/analysis/decomposition.h"
#include "core/analysis/fusedparts.h"
#include "core/analysis/spectrum.h"
#include "core/analysis/vocabularyreading.h"
#include "core/recipe/edit.h"
#include "core/text/tokenizer.h"
#include "widgets/jobslot.h"
#include "widgets/pages/page.h"

#include <QTimer>

class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;
class QSpinBox;
class QStackedWidget;
class QTableWidget;

namespace wb {

class Card;
class GainEditor;
class NumberRow;
class PatchedSource;
class SpectrumChart;
class StateView;

class SpectrumPage : public Page {
    Q_OBJECT
public:
    enum class Rule { Bars, Curve, Power, Energy, Rank };

    SpectrumPage(Document& document, Jobs& jobs, Selection& selection);
    [[nodiscard]] QString title() const override { return tr("One matrix"); }
    [[nodiscard]] bool showsOneTensor() const override { return true; }
    [[nodiscard]] bool isReady() const { return m_report != nullptr; }
    void chooseRule(Rule rule, std::optional<double> value);
    [[nodiscard]] GainEditor& editor() { return *m_editor; }
    [[nodiscard]] std::optional<Svf> proposal() const; // nothing while it would change nothing
    [[nodiscard]] std::vector<double> editedValues() const; // descending
    void chooseComponent(int component);
    // Of those that the tensor holds: of a stack by number, or by role; the whole when there is no such one.
    void chooseMatrix(std::uint64_t stacked, const QString& role);
    void stage();
    [[nodiscard]] QString effect() const;

protected:
    void showEvent(QShowEvent* event) override;

private:
    struct Report {
        std::size_t tensor = 0;
        MatrixPart part;
        Spectrum original;
        std::optional<Spectrum> staged;
        DecompositionPtr base; // as staged; null above the size that is decomposed
        std::optional<Spectrum> control;
    };
    struct Words {
        VocabularyReading reading;
        TokenizerPtr tokenizer;
    };

    QWidget* buildContent();
    void buildRules(class QBoxLayout& column);
    QWidget* buildFigures();
    QWidget* buildWords();
    void showOpened();
    void showSelection();
    void showAnother(); // matrix, after its choice
    [[nodiscard]] MatrixPart chosenPart() const;
    void request();
    static Result<std::shared_ptr<const Report>> measure(const SourcePtr& original, const SourcePtr& staged, std::size_t tensor, const MatrixPart& part, bool edited, bool control, Progress& progress);
    void adopt(const Result<std::shared_ptr<const Report>>& result);
    void followGains();
    void showChart();
    void showFigures();
    void preview(const Svf& svf);
    void endPreview();
    void requestEffect();
    void requestWords();
    void showWords(const Result<Words>& words);
    void resetGains();
    [[nodiscard]] Edit edit(const Svf& svf) const;
    [[nodiscard]] Rule rule() const;

    JobSlot m_job, m_effectJob, m_wordsJob;
    QTimer m_rest; // the exact effect and the words follow a pause of the mouse
    bool m_stale = true;
    std::shared_ptr<const FusedParts> m_fused; // of the checkpoint; null without one
    std::shared_ptr<const Report> m_report;
    std::shared_ptr<const PatchedSource> m_previewed; // set while the gains are previewed
    std::size_t m_component = 0;

    QStackedWidget* m_stack;
    StateView* m_state;
    Card* m_card = nullptr;
    SpectrumChart* m_chart = nullptr;
    GainEditor* m_editor = nullptr;
    QCheckBox* m_control = nullptr;
    QCheckBox* m_logPlaces = nullptr;
    QSpinBox* m_expert = nullptr;
    QComboBox* m_fusedPart = nullptr;
    QComboBox* m_rule = nullptr;
    NumberRow* m_value = nullptr;
    QCheckBox* m_keepNorm = nullptr;
    QComboBox* m_target = nullptr;
    QPushButton* m_stage = nullptr;
    QPushButton* m_reset = nullptr;
    QLabel* m_effect = nullptr;
    QLabel* m_caption = nullptr;
    QTableWidget* m_figures = nullptr;
    QTableWidget* m_words = nullptr;
    QLabel* m_wordsCaption = nullptr;
};

} // namespace wb
