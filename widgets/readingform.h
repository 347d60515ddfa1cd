// What pages that look inside a running model ask first: which text, how many of its tokens, compared with what. The reading
// itself is done in jobs by prepareReading().
#pragma once

#include "core/model/model.h"
#include "core/text/tokenizer.h"
#include "widgets/textchooser.h"

#include <QWidget>

#include <memory>
#include <vector>

class QComboBox;
class QHBoxLayout;
class QPushButton;
class QSpinBox;

namespace wb {

class Document;
class RunningModels;

// Plain data for a job.
struct ReadingRequest {
    std::shared_ptr<RunningModels> models;
    SourcePtr original, patched;    // patched: null without edits, or when another checkpoint stands in its place
    std::filesystem::path other;    // a second checkpoint; empty: none
    TextSource text;
    std::size_t tokens = 0;         // at most
};

struct Reading {
    ModelPtr a, b; // b: null when there is nothing to compare with
    TokenizerPtr tokenizer;
    std::vector<TokenId> ids;
    std::size_t all = 0; // tokens of the whole text
    QString text, nameA, nameB;
    bool builtInText = false, againstOther = false; // the text is the program's own; b is another checkpoint
};
[[nodiscard]] Result<std::shared_ptr<const Reading>> prepareReading(const ReadingRequest& request, Progress& progress);

// The same in the language of now.
[[nodiscard]] std::shared_ptr<const Reading> renamed(const Reading& reading);

class ReadingForm : public QWidget, public KeepsState {
    Q_OBJECT
public:
    ReadingForm(Document& document, int tokens, int mostTokens, QWidget* parent);
    [[nodiscard]] QHBoxLayout* row() const { return m_row; } // more widgets before the button
    [[nodiscard]] ReadingRequest request() const;
    void setBusy(bool busy); // the button says Stop
    void setText(TextSource text);
    void setTokens(int tokens);
    void leaveOutComparison(); // for pages that look at the original alone
    [[nodiscard]] std::any kept() const override;
    void take(const std::any& state) override;

signals:
    void startRequested();
    void stopRequested();

protected:
    void showEvent(QShowEvent* event) override;

private:
    void listTexts();
    void chooseOther(int index);
    void compareWith(const QString& checkpoint);

    Document& m_document;
    bool m_stale = true, m_busy = false;
    QHBoxLayout* m_row;
    TextChooser* m_text;
    QSpinBox* m_tokens;
    QComboBox* m_against;
    QPushButton* m_button;
};

} // namespace wb
