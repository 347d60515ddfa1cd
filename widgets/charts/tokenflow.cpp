#include "widgets/charts/tokenflow.h"

#include "widgets/theme.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>

namespace wb {
namespace {

constexpr int margin = 8, padding = 3, gapBetween = 2, leading = 5;

// Two calm tints that stay apart in both themes; the text keeps its colour on them.
QColor tint(int index)
{
    QColor color = index % 2 == 0 ? colors().original : colors().positive;
    color.setAlphaF(colors().dark ? 0.30F : 0.20F);
    return color;
}

} // namespace

TokenFlow::TokenFlow(QWidget* parent)
    : QAbstractScrollArea(parent)
{
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("The text as tokens"));
    viewport()->setCursor(Qt::PointingHandCursor);
}

void TokenFlow::setTokens(std::vector<FlowToken> tokens)
{
    m_tokens = std::move(tokens);
    m_current.reset();
    place();
}

void TokenFlow::setCurrent(std::optional<int> token)
{
    m_current = token && *token < count() ? token : std::nullopt;
    if (m_current) {
        const QRect box = m_boxes[static_cast<std::size_t>(*m_current)];
        QScrollBar* bar = verticalScrollBar();
        if (box.top() < bar->value()) bar->setValue(box.top() - leading);
        if (box.bottom() > bar->value() + viewport()->height()) bar->setValue(box.bottom() + leading - viewport()->height());
    }
    viewport()->update();
}

void TokenFlow::place()
{
    const QFontMetrics metrics(font());
    m_lineHeight = metrics.height() + 2 * padding + leading;
    const int right = std::max(viewport()->width() - margin, 2 * margin);
    int x = margin, y = leading;
    m_boxes.clear();
    m_boxes.reserve(m_tokens.size());
    for (const FlowToken& token : m_tokens) {
        const int width = std::min(metrics.horizontalAdvance(token.text), right - margin) + 2 * padding;
        if (x > margin && x + width > right) {
            x = margin;
            y += m_lineHeight;
        }
        m_boxes.emplace_back(x, y, width, m_lineHeight - leading);
        x += width + gapBetween;
        if (token.endsLine) {
            x = margin;
            y += m_lineHeight;
        }
    }
    const int height = m_boxes.empty() ? 0 : m_boxes.back().bottom() + leading;
    verticalScrollBar()->setRange(0, std::max(0, height - viewport()->height()));
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setSingleStep(m_lineHeight);
    viewport()->update();
}

void TokenFlow::paintEvent(QPaintEvent*)
{
    QPainter painter(viewport());
    painter.setRenderHint(QPainter::Antialiasing);
    const int top = verticalScrollBar()->value(), bottom = top + viewport()->height();
    const auto first = std::ranges::lower_bound(m_boxes, top, {}, [](const QRect& box) { return box.bottom(); });
    for (auto it = first; it != m_boxes.end() && it->top() <= bottom; ++it) {
        const auto index = static_cast<int>(it - m_boxes.begin());
        const FlowToken& token = m_tokens[static_cast<std::size_t>(index)];
        const QRectF box = QRectF(it->translated(0, -top)).adjusted(0.5, 0.5, -0.5, -0.5);
        const bool current = m_current == index;
        painter.setPen(current ? QPen(colors().accent, 2) : token.special ? QPen(colors().secondary, 1, Qt::DashLine) : QPen(Qt::NoPen));
        painter.setBrush(token.special ? QBrush(Qt::NoBrush) : QBrush(token.tint.value_or(tint(index))));
        painter.drawRoundedRect(box, 3, 3);
        painter.setPen(token.special ? colors().secondary : colors().text);
        painter.drawText(box, Qt::AlignCenter, painter.fontMetrics().elidedText(token.text, Qt::ElideRight, it->width()));
    }
}

std::optional<int> TokenFlow::tokenAt(const QPoint& position) const
{
    const QPoint place(position.x(), position.y() + verticalScrollBar()->value());
    auto it = std::ranges::lower_bound(m_boxes, place.y(), {}, [](const QRect& box) { return box.bottom(); });
    for (; it != m_boxes.end() && it->top() <= place.y(); ++it)
        if (it->contains(place)) return static_cast<int>(it - m_boxes.begin());
    return std::nullopt;
}

void TokenFlow::choose(int token)
{
    if (m_tokens.empty()) return;
    setCurrent(std::clamp(token, 0, count() - 1));
    emit chosen(*m_current);
}

void TokenFlow::mousePressEvent(QMouseEvent* event)
{
    if (const auto token = tokenAt(event->pos())) choose(*token);
}

void TokenFlow::keyPressEvent(QKeyEvent* event)
{
    const int now = m_current.value_or(-1);
    switch (event->key()) {
    case Qt::Key_Left: return choose(now - 1);
    case Qt::Key_Right: return choose(now + 1);
    case Qt::Key_Home: return choose(0);
    case Qt::Key_End: return choose(count() - 1);
    default: QAbstractScrollArea::keyPressEvent(event);
    }
}

bool TokenFlow::viewportEvent(QEvent* event)
{
    if (event->type() != QEvent::ToolTip) return QAbstractScrollArea::viewportEvent(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const auto token = tokenAt(help->pos());
    QToolTip::showText(help->globalPos(), token ? m_tokens[static_cast<std::size_t>(*token)].hint : QString(), viewport());
    return true;
}

void TokenFlow::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    place();
}

void TokenFlow::changeEvent(QEvent* event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) place();
    if (event->type() == QEvent::PaletteChange) viewport()->update();
}

} // namespace wb

#include "moc_tokenflow.cpp"
