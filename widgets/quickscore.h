// What the staged edits do to the loss of one text, measured anew after every change in the background: the next change
// cancels the measurement. Hidden states of the original are kept, so that a score costs the layers from the first edited one
// on. In stored precision. GUI thread only.
#pragma once

#include "core/eval/textcomparison.h"
#include "core/text/tokenizer.h"
#include "widgets/jobslot.h"
#include "widgets/textchooser.h"

#include <QTimer>

#include <memory>
#include <optional>

namespace wb {

class Document;

// A text as the model reads it; made in a job.
struct ScoredText {
    TextSource source;
    std::vector<TokenId> ids; // the first `limit` of them
    std::size_t all = 0;      // tokens of the whole text
    TokenizerPtr tokenizer;
};

class QuickScore : public QObject {
    Q_OBJECT
public:
    enum class State {
        Nothing, // no checkpoint, one that is being looked at, or none that runs: problem() says why
        Off,     // nothing is staged, or the model is large and not loaded unasked
        Computing,
        Ready,   // comparison() is that of the staged edits
        Failed,
    };
    // Loaded unasked up to this size.
    static constexpr std::uint64_t quietBytes = std::uint64_t{1} << 30;

    QuickScore(Document& document, Jobs& jobs, QObject* parent);

    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] const std::optional<Error>& problem() const { return m_problem; }
    [[nodiscard]] const std::shared_ptr<const ScoredText>& text() const { return m_text; } // null before the first score
    // The last that was measured: the edits' when Ready, that of edits before them while Computing; null before the first.
    [[nodiscard]] const std::shared_ptr<const TextComparison>& comparison() const { return m_comparison; }
    [[nodiscard]] bool hasEdits() const;
    // Original and patched as one line: "Δ loss +0.0123 ± 0.0020".
    [[nodiscard]] QString line() const;

    // A text of the user's. Without one it is the first text beside the checkpoint, as the sample has one, or the program's own.
    // Then, and by turnOn(), large models are scored too.
    void setText(TextSource text);
    [[nodiscard]] static PerplexityOptions options(const Tokenizer& tokenizer, const ModelConfig& config);
    void setLimit(std::size_t tokens);
    [[nodiscard]] std::size_t limit() const { return m_limit; }
    void turnOn();
    [[nodiscard]] bool isQuiet() const { return m_small; } // whether it measures unasked, once something is staged
    void stop();

signals:
    void changed();
    void ready(); // a checkpoint was opened whose model runs

private:
    struct Kept; // of one text: its tokens and the original's states
    struct Scored {
        std::shared_ptr<const ScoredText> text;
        std::shared_ptr<const TextComparison> comparison;
    };
    void showOpened();
    void adoptCheck(const Result<bool>& runs);
    void request();
    void run();
    void forget();
    void adopt(const Result<Scored>& result);
    static Result<Scored> measure(const std::shared_ptr<class RunningModels>& models, const SourcePtr& original, const SourcePtr& patched,
                                  const std::shared_ptr<Kept>& kept, Progress& progress);

    Document& m_document;
    Jobs& m_jobs;
    JobSlot m_checkJob, m_job;
    QTimer m_delay; // steps of a drag come faster than a score
    State m_state = State::Nothing;
    std::optional<Error> m_problem;
    std::shared_ptr<Kept> m_kept;
    std::shared_ptr<const ScoredText> m_text;
    std::shared_ptr<const TextComparison> m_comparison;
    std::optional<TextSource> m_source; // none was chosen: what lies beside the checkpoint, or the program's own
    std::size_t m_limit = 512;
    bool m_small = false;  // up to quietBytes
    bool m_wanted = false; // asked for, also without edits
};

} // namespace wb
