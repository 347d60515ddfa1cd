#include "widgets/charts/intervalchart.h"

#include "widgets/charts/chartexport.h"
#include "widgets/numbertext.h"
#include "widgets/theme.h"

#include <QPainter>

namespace wb {
namespace {

constexpr int right = 32, rowHeight = 22, axisHeight = 22, gap = 8;

} // namespace

IntervalChart::IntervalChart(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Shares of right answers with 95 % intervals"));
    installChartMenu(*this, QStringLiteral("scores"), [this](QChar separator) {
        QString text = QStringLiteral("side%1share%1low%1high\n").arg(separator);
        const auto line = [&](const QString& side, const std::optional<Share>& share) {
            if (share) text += QStringList{side, exactText(share->value), exactText(share->ci95.low), exactText(share->ci95.high)}.join(separator) + QLatin1Char('\n');
        };
        line(QStringLiteral("original"), m_original);
        line(QStringLiteral("patched"), m_patched);
        return text;
    });
}

QSize IntervalChart::sizeHint() const { return {320, 2 * rowHeight + axisHeight + 4}; }

void IntervalChart::setShares(const std::optional<Share>& original, const std::optional<Share>& patched)
{
    m_original = original;
    m_patched = patched;
    const auto words = [](const Share& s) { return tr("%1, 95 % from %2 to %3").arg(percentText(s.value), percentText(s.ci95.low), percentText(s.ci95.high)); };
    QStringList lines;
    if (original) lines << tr("original: %1").arg(words(*original));
    if (patched) lines << tr("patched: %1").arg(words(*patched));
    setToolTip(lines.isEmpty() ? QString() : lines.join(QLatin1Char('\n')) + QLatin1Char('\n') + tr("Wilson's intervals"));
    update();
}

int IntervalChart::labelWidth() const
{
    return std::max(fontMetrics().horizontalAdvance(tr("original")), fontMetrics().horizontalAdvance(tr("patched"))) + gap;
}

double IntervalChart::place(double share) const { return labelWidth() + share * (width() - labelWidth() - right); }

void IntervalChart::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const double bottom = 2 * rowHeight + 2;
    for (int tick = 0; tick <= 4; ++tick) {
        const double x = place(tick / 4.0);
        painter.setPen(colors().line);
        painter.drawLine(QPointF(x, 0), QPointF(x, bottom));
        painter.setPen(colors().secondary);
        painter.drawText(QRectF(x - 30, bottom + 2, 60, axisHeight - 4), Qt::AlignCenter, QStringLiteral("%1 %").arg(25 * tick));
    }
    painter.setPen(colors().text);
    painter.drawText(QRectF(0, 0, labelWidth() - gap, rowHeight), Qt::AlignVCenter | Qt::AlignRight, tr("original"));
    painter.drawText(QRectF(0, rowHeight, labelWidth() - gap, rowHeight), Qt::AlignVCenter | Qt::AlignRight, tr("patched"));
    if (m_original) drawShare(painter, *m_original, rowHeight / 2.0, colors().original, true);
    if (m_patched) drawShare(painter, *m_patched, 1.5 * rowHeight, colors().patched, false);
}

void IntervalChart::drawShare(QPainter& painter, const Share& share, double y, const QColor& color, bool filled) const
{
    constexpr double cap = 5, dot = 4;
    painter.setPen(QPen(color, 2, filled ? Qt::SolidLine : Qt::DashLine));
    painter.drawLine(QPointF(place(share.ci95.low), y), QPointF(place(share.ci95.high), y));
    painter.setPen(QPen(color, 2));
    for (const double end : {share.ci95.low, share.ci95.high})
        painter.drawLine(QPointF(place(end), y - cap), QPointF(place(end), y + cap));
    painter.setBrush(filled ? color : colors().panel);
    painter.drawEllipse(QPointF(place(share.value), y), dot, dot);
}

} // namespace wb
