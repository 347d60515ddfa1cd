// Generated text, token by token: tinted by the probability the model gave each, the one under the cursor asked for its
// candidates, the first that differs from the other side underlined. Selecting and copying work as in any text.
#pragma once

#include "core/model/generate.h"

#include <QTextEdit>

#include <vector>

namespace wb {

class TokenView : public QTextEdit {
    Q_OBJECT
public:
    enum class Side { Original, Patched };

    explicit TokenView(Side side, QWidget* parent = nullptr);

    void clearTokens();
    void append(const GeneratedToken& token);
    void setTokens(const std::vector<GeneratedToken>& tokens);
    // Underlines this token; −1: none.
    void markDifference(int token);
    [[nodiscard]] int count() const { return static_cast<int>(m_tokens.size()); }
    [[nodiscard]] const GeneratedToken& token(int index) const { return m_tokens[static_cast<std::size_t>(index)]; }
    [[nodiscard]] static QColor tint(double probability);

signals:
    // −1: none is under the cursor. `at` in the view's viewport.
    void hovered(int token, const QRect& at);

protected:
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    [[nodiscard]] int tokenAt(const QPoint& place) const;
    void insert(const GeneratedToken& token);
    void repaintTokens();
    void format(int token);

    Side m_side;
    std::vector<GeneratedToken> m_tokens;
    std::vector<int> m_ends; // of each token in the document, in characters
    int m_difference = -1;
    int m_hovered = -1;
};

} // namespace wb
