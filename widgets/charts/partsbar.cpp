#include "widgets/charts/partsbar.h"

#include "widgets/charts/chartexport.h"
#include "widgets/numbertext.h"
#include "widgets/style.h"
#include "widgets/theme.h"

#include <QHelpEvent>
#include <QLabel>
#include <QPainter>
#include <QToolTip>
#include <QVBoxLayout>

namespace wb {
namespace {

constexpr int barHeight = 12;

} // namespace

PartsBar::PartsBar(QWidget* parent)
    : QWidget(parent)
    , m_words(captionLabel({}, this))
{
    m_words->setWordWrap(true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, barHeight + 8, 0, 0);
    column->addWidget(m_words);
    column->addStretch(1);
    installChartMenu(*this, QStringLiteral("parts"), [this](QChar separator) {
        QString text = QStringLiteral("part") + separator + QStringLiteral("share\n");
        for (const Part& part : m_parts)
            text += part.name + separator + exactText(part.share) + QLatin1Char('\n');
        return text;
    });
}

void PartsBar::setParts(std::vector<Part> parts, const QString& remark)
{
    m_parts = std::move(parts);
    QStringList words;
    for (const Part& part : m_parts)
        words << QStringLiteral("%1 %2").arg(part.name, percentText(part.share));
    if (!remark.isEmpty()) words << remark;
    m_words->setText(words.join(QStringLiteral("  ·  ")));
    update();
}

// One hue, lighter from part to part: the parts are of one kind, and blue and orange mean something else.
QColor PartsBar::colorOf(std::size_t part) const
{
    QColor color = colors().accent;
    color.setAlphaF(static_cast<float>(std::max(0.15, 1.0 - 0.27 * static_cast<double>(part))));
    return color;
}

void PartsBar::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setPen(Qt::NoPen);
    double x = 0;
    for (std::size_t i = 0; i < m_parts.size(); ++i) {
        const double w = m_parts[i].share * width();
        painter.setBrush(colorOf(i));
        painter.drawRect(QRectF(x, 0, std::max(w - 1, 1.0), barHeight));
        x += w;
    }
}

bool PartsBar::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    double x = 0;
    for (const Part& part : m_parts) {
        x += part.share * width();
        if (help->pos().x() > x || help->pos().y() > barHeight) continue;
        QToolTip::showText(help->globalPos(), QStringLiteral("%1: %2").arg(part.name, part.detail), this);
        return true;
    }
    QToolTip::hideText();
    return true;
}

} // namespace wb

#include "moc_partsbar.cpp"
