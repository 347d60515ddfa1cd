// A text as its tokens, each in a box of its own, tinted alternately, wrapped like a paragraph. Blanks, tabs and line ends
// are visible. A click, the arrows, Home and End choose a token. Draws what is in sight, so a long text costs no more.
#pragma once

#include <QAbstractScrollArea>
#include <QColor>

#include <optional>
#include <vector>

namespace wb {

struct FlowToken {
    QString text;         // as shown
    QString hint;         // the whole story, on hover
    bool special = false; // outlined instead of tinted
    bool endsLine = false;
    std::optional<QColor> tint = {}; // none: two calm ones in turn
};

class TokenFlow : public QAbstractScrollArea {
    Q_OBJECT
public:
    explicit TokenFlow(QWidget* parent = nullptr);
    void setTokens(std::vector<FlowToken> tokens);
    [[nodiscard]] int count() const { return static_cast<int>(m_tokens.size()); }
    [[nodiscard]] std::optional<int> current() const { return m_current; }
    void setCurrent(std::optional<int> token); // scrolls to it
    [[nodiscard]] QSize sizeHint() const override { return {600, 200}; }

signals:
    void chosen(int token); // by the user

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool viewportEvent(QEvent* event) override;

private:
    void place();
    [[nodiscard]] std::optional<int> tokenAt(const QPoint& position) const;
    void choose(int token);

    std::vector<FlowToken> m_tokens;
    std::vector<QRect> m_boxes; // from the top of the whole text; sorted by line
    std::optional<int> m_current;
    int m_lineHeight = 0;
};

} // namespace wb
