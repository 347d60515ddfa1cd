#include "widgets/tokenview.h"

#include "widgets/theme.h"

#include <QMouseEvent>
#include <QScrollBar>
#include <QTextBlock>

#include <algorithm>
#include <cmath>

namespace wb {

TokenView::TokenView(Side side, QWidget* parent)
    : QTextEdit(parent)
    , m_side(side)
{
    setReadOnly(true);
    setAcceptRichText(false);
    setFrameShape(QFrame::NoFrame);
    setUndoRedoEnabled(false);
    viewport()->setMouseTracking(true);
    QFont font(QStringLiteral("monospace"));
    font.setStyleHint(QFont::Monospace);
    if (this->font().pointSizeF() > 0) // else the style gives its size in pixels
        font.setPointSizeF(this->font().pointSizeF() + 1);
    else
        font.setPixelSize(this->font().pixelSize() + 1);
    setFont(font);
    setAccessibleName(side == Side::Original ? tr("Text of the original") : tr("Text of the patched model"));
}

// Likely ones calm, unlikely ones warm; strong enough to see and weak enough to read on, on both themes.
QColor TokenView::tint(double probability)
{
    const double p = std::clamp(probability, 0.0, 1.0);
    const QColor likely = colors().positive, unlikely = colors().negative;
    QColor out = p >= 0.5 ? likely : unlikely;
    const double strength = p >= 0.5 ? (p - 0.5) * 0.36 : 0.10 + (0.5 - p) * 0.60;
    out.setAlphaF(static_cast<float>(strength));
    return out;
}

void TokenView::clearTokens()
{
    clear();
    m_tokens.clear();
    m_ends.clear();
    m_difference = m_hovered = -1;
}

void TokenView::setTokens(const std::vector<GeneratedToken>& tokens)
{
    clearTokens();
    for (const GeneratedToken& token : tokens)
        append(token);
}

void TokenView::append(const GeneratedToken& token)
{
    const bool atEnd = verticalScrollBar()->value() == verticalScrollBar()->maximum();
    m_tokens.push_back(token);
    insert(token);
    if (atEnd) verticalScrollBar()->setValue(verticalScrollBar()->maximum());
}

void TokenView::insert(const GeneratedToken& token)
{
    QTextCursor cursor(document());
    cursor.movePosition(QTextCursor::End);
    const int begin = cursor.position();
    cursor.insertText(QString::fromStdString(token.text), QTextCharFormat());
    m_ends.push_back(std::max(begin, cursor.position()));
    format(count() - 1);
}

void TokenView::format(int index)
{
    const int begin = index == 0 ? 0 : m_ends[static_cast<std::size_t>(index) - 1], end = m_ends[static_cast<std::size_t>(index)];
    QTextCursor cursor(document());
    cursor.setPosition(begin);
    cursor.setPosition(end, QTextCursor::KeepAnchor);
    QTextCharFormat format;
    format.setForeground(colors().text);
    format.setBackground(tint(std::exp(token(index).sampled.chosen.logprob)));
    if (index == m_difference) {
        format.setUnderlineStyle(m_side == Side::Patched ? QTextCharFormat::DashUnderline : QTextCharFormat::SingleUnderline);
        format.setUnderlineColor(m_side == Side::Patched ? colors().patched : colors().original);
        format.setFontWeight(QFont::Bold);
    }
    cursor.setCharFormat(format);
}

void TokenView::markDifference(int token)
{
    const int before = std::exchange(m_difference, token);
    for (const int index : {before, token})
        if (index >= 0 && index < count()) format(index);
}

int TokenView::tokenAt(const QPoint& place) const
{
    const int position = cursorForPosition(place).position();
    const QRect caret = cursorRect(cursorForPosition(place));
    if (std::abs(place.y() - caret.center().y()) > caret.height()) return -1;
    // A cursor stands between characters: the one on whose left half the mouse is comes after it.
    const int character = place.x() < caret.left() ? position - 1 : position;
    const auto found = std::ranges::upper_bound(m_ends, character);
    return found == m_ends.end() ? -1 : static_cast<int>(found - m_ends.begin());
}

void TokenView::mouseMoveEvent(QMouseEvent* event)
{
    QTextEdit::mouseMoveEvent(event);
    const int index = tokenAt(event->position().toPoint());
    if (index == m_hovered) return;
    m_hovered = index;
    QTextCursor cursor(document());
    cursor.setPosition(index <= 0 ? 0 : m_ends[static_cast<std::size_t>(index) - 1]);
    emit hovered(index, cursorRect(cursor));
}

void TokenView::leaveEvent(QEvent* event)
{
    QTextEdit::leaveEvent(event);
    m_hovered = -1;
    emit hovered(-1, {});
}

void TokenView::changeEvent(QEvent* event)
{
    QTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) repaintTokens();
}

void TokenView::repaintTokens()
{
    for (int i = 0; i < count(); ++i)
        format(i);
}

} // namespace wb
