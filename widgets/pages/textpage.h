// What the edits do to one text, token by token: each tinted by how much likelier or less likely it became, with what both
// models hold likeliest in its place. Follows every edit (QuickScore).
#pragma once

#include "core/model/sampling.h"
#include "widgets/jobslot.h"
#include "widgets/pages/page.h"

#include <optional>
#include <vector>

class QLabel;
class QPushButton;
class QSpinBox;
class QStackedWidget;

namespace wb {

class Banner;
class CandidatesTable;
class ChangeChart;
class QuickScore;
class StateView;
class TextChooser;
struct TextSource;
class TokenFlow;

class TextPage : public Page {
    Q_OBJECT
public:
    TextPage(Document& document, Jobs& jobs, Selection& selection, QuickScore& score);
    [[nodiscard]] QString title() const override { return tr("Text"); }
    void setText(TextSource text);
    void choose(int token);
    [[nodiscard]] QString verdict() const;
    [[nodiscard]] QString facts() const;   // of the chosen token
    [[nodiscard]] int candidates() const;  // rows of the table

protected:
    void showEvent(QShowEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    struct Likeliest {
        std::vector<Candidate> original, patched;
    };
    void buildHead(class QBoxLayout& column);
    void buildTokens(class QBoxLayout& column);
    void measureIfQuiet();
    void listTexts();
    void showScore();
    void showState();
    void showVerdict();
    void showTokens();
    void showToken();
    void requestCandidates();
    void showCandidates(const Result<Likeliest>& result);
    [[nodiscard]] std::optional<std::size_t> counted(int token) const; // its place in the comparison
    [[nodiscard]] QString hintOf(int token) const;

    QuickScore& m_score;
    JobSlot m_candidatesJob;
    std::vector<int> m_counted; // of each token of the text: its place in the comparison, −1: it has none
    std::optional<int> m_token;
    bool m_stale = true; // the list of texts

    Banner* m_banner;
    QStackedWidget* m_stack;
    StateView* m_state;
    TextChooser* m_texts;
    QSpinBox* m_limit;
    QPushButton* m_button;
    QLabel* m_verdict;
    QLabel* m_caution;
    ChangeChart* m_chart;
    TokenFlow* m_flow;
    QLabel* m_legend;
    QLabel* m_facts;
    CandidatesTable* m_table;
};

} // namespace wb
