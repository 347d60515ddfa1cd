// Text, pieces and ids of the checkpoint's own tokenizer beside each other, and what the embedding matrix holds for a
// token: its norm among all, its nearest tokens, the way to its row. Works while it is in front.
#pragma once

#include "core/analysis/embedding.h"
#include "core/text/tokenizer.h"
#include "widgets/jobslot.h"
#include "widgets/pages/page.h"

class QCheckBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QStackedWidget;
class QTableWidget;
class QToolButton;

namespace wb {

class Banner;
class StateView;
class TokenFlow;

class TokensPage : public Page {
    Q_OBJECT
public:
    TokensPage(Document& document, Jobs& jobs, Selection& selection);
    [[nodiscard]] QString title() const override { return tr("Tokens"); }
    void setText(const QString& text);
    void setIds(const QString& ids); // "1, 15, 7": shown as they are, with the text they stand for
    void showToken(TokenId id);      // in the card at the right
    [[nodiscard]] TokenFlow* flow() const { return m_flow; }

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* buildContent();
    QWidget* buildTextCard();
    QWidget* buildPiecesCard();
    QWidget* buildTokenCard();
    void buildNearest();

    void showOpened();
    void load();
    void adopt(const Result<TokenizerPtr>& result);
    void encode();
    void showTokens(Encoding encoding);
    void readIds();
    void chooseToken(int position);
    void showFacts();
    void followEmbedding(); // the patched matrix may be another one
    void requestNorms();
    void requestNearest();
    void showNearest(const Result<std::vector<Neighbour>>& result);
    void sayNearest(const QString& text);
    void openRow();
    [[nodiscard]] bool hasRow(TokenId id) const;

    TokenizerPtr m_tokenizer;
    Encoding m_shown;                      // what the flow shows; no ranges when ids were given
    std::optional<TokenId> m_token;        // in the card at the right
    std::optional<std::size_t> m_embedding;
    std::string m_embeddingKey;            // of the norms
    std::vector<double> m_norms, m_sorted; // by row; finite ones in order
    std::vector<Neighbour> m_neighbours;
    bool m_stale = true;
    JobSlot m_loadJob, m_encodeJob, m_normsJob, m_nearestJob;

    Banner* m_banner;
    QStackedWidget* m_stack;
    StateView* m_state;
    QPlainTextEdit* m_text;
    QCheckBox* m_special;
    QLabel* m_kind;
    QLabel* m_counts;
    TokenFlow* m_flow;
    QLineEdit* m_ids;
    QLabel* m_idsProblem;
    QLabel* m_name;
    QLabel* m_facts;
    QLabel* m_norm;
    QLabel* m_nearestState;
    QTableWidget* m_nearest;
    QToolButton* m_openRow;
};

} // namespace wb
