// The model answers a prompt: original beside patched, with the same seed. The original's answer is kept, so that after an
// edit only the patched model runs; it follows the edits while the page is in front.
#pragma once

#include "core/model/generate.h"
#include "core/model/generationconfig.h"
#include "widgets/formstate.h"
#include "widgets/jobslot.h"
#include "widgets/models/runsmodel.h"
#include "widgets/pages/page.h"
#include "widgets/tokenview.h"

#include <mutex>

class QCheckBox;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QStackedWidget;
class QTableView;

namespace wb {

class Banner;
class CandidatesCard;
class RunningModels;
class SamplingForm;
class StateView;
class TemperatureStrip;

class GeneratePage : public Page, public KeepsState {
    Q_OBJECT
public:
    GeneratePage(Document& document, Jobs& jobs, Selection& selection);
    [[nodiscard]] QString title() const override { return tr("Generate"); }
    void generate(const QString& prompt); // with the settings as they stand
    void stop();
    [[nodiscard]] std::any kept() const override { return m_runs->runs(); }
    void take(const std::any& state) override;
    [[nodiscard]] const TokenView& view(TokenView::Side side) const;
    [[nodiscard]] QString note(TokenView::Side side) const; // below the text

protected:
    void showEvent(QShowEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    // One of the two columns.
    struct Half {
        TokenView* view = nullptr;
        TemperatureStrip* strip = nullptr;
        QLabel* prompt = nullptr; // of what is shown
        QLabel* note = nullptr;
        std::shared_ptr<const GenerateReport> report; // of the newest run; null while it runs
        bool fresh = true;                            // the next token begins a new text
    };
    // A generator that jobs take turns with: a cancelled one ends within a token.
    struct Runner {
        std::mutex mutex;
        std::unique_ptr<Generator> generator;
    };
    struct Ready {
        TokenizerPtr tokenizer;
        GenerationConfig config;
        Result<ChatTemplatePtr> chat;

        [[nodiscard]] Result<Encoding> encode(const QString& prompt, const PromptForm& form) const;
    };

    void buildHalves(class QBoxLayout& column);
    void buildPrompt(class QBoxLayout& column);
    void buildRuns(class QBoxLayout& column);
    void showOpened();
    void prepare();
    void prepared(const Result<std::shared_ptr<const Ready>>& result);
    void patchedChanged();
    void begin();
    void runOriginal();
    void runPatched();
    void run(TokenView::Side side, const SourcePtr& source, JobSlot& slot);
    void receive(TokenView::Side side, GeneratedToken token);
    void finished(TokenView::Side side, const Result<std::shared_ptr<const GenerateReport>>& result);
    void showRun(int row);
    void showNotes();
    void compareHalves();
    void showButtons();
    void hoverToken(TokenView::Side side, int token, const QRect& at);
    [[nodiscard]] QString recipeWords() const;
    void showTokens(TokenView::Side side);
    Half& half(TokenView::Side side) { return m_halves[side == TokenView::Side::Original ? 0 : 1]; }

    JobSlot m_prepareJob, m_originalJob, m_patchedJob;
    std::shared_ptr<const Ready> m_ready;
    std::shared_ptr<Runner> m_originalRunner, m_patchedRunner;
    Half m_halves[2];
    QString m_prompt;          // of the newest run
    PromptForm m_promptForm;   // of the newest run
    GenerateOptions m_options; // of the newest run
    bool m_ran = false, m_stale = true, m_patchedStale = false;

    QStackedWidget* m_stack;
    StateView* m_state;
    Banner* m_banner;
    QWidget* m_content;
    QPlainTextEdit* m_promptEdit;
    SamplingForm* m_form;
    ChatForm* m_chat;
    QPushButton* m_button;
    QCheckBox* m_follow;
    RunsModel* m_runs;
    QTableView* m_runsTable;
    CandidatesCard* m_candidates;
};

} // namespace wb
