#include "widgets/charts/chartview.h"

#include "widgets/charts/chartexport.h"
#include "widgets/theme.h"

#include <QCategoryAxis>
#include <QContextMenuEvent>
#include <QLabel>
#include <QMenu>
#include <QWheelEvent>

#include <cmath>

namespace wb {
namespace {

constexpr double zoomStep = 1.25;
constexpr int axisPixels = 11;

} // namespace

ChartView::ChartView(QWidget* parent)
    : QChartView(parent)
    , m_reading(new QLabel(viewport()))
{
    setRenderHint(QPainter::Antialiasing);
    setFrameShape(QFrame::NoFrame);
    setMouseTracking(true);
    viewport()->setMouseTracking(true);
    setBackgroundBrush(Qt::NoBrush);
    viewport()->setAutoFillBackground(false);
    chart()->legend()->hide();
    chart()->setBackgroundVisible(false);
    chart()->setMargins(QMargins(0, 4, 16, 0));
    chart()->layout()->setContentsMargins(0, 0, 0, 0);
    m_reading->setAttribute(Qt::WA_TransparentForMouseEvents);
    m_reading->setProperty("reading", true);
    m_reading->hide();
}

void ChartView::restyle()
{
    chart()->setTitleBrush(colors().text);
    viewport()->update();
}

void ChartView::styleAxis(QCategoryAxis& axis) const
{
    QFont font = this->font();
    font.setPixelSize(axisPixels);
    axis.setLabelsFont(font);
    axis.setTitleFont(font);
    axis.setLabelsColor(colors().secondary);
    axis.setTitleBrush(colors().secondary);
    axis.setLinePen(QPen(colors().line, 1));
    axis.setGridLinePen(QPen(colors().line, 1));
}

void ChartView::changeEvent(QEvent* event)
{
    QChartView::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) restyle();
}

std::optional<double> ChartView::valueAt(const QPointF& position) const
{
    const QPointF inChart = chart()->mapFromScene(mapToScene(position.toPoint()));
    if (!horizontalRange() || !chart()->plotArea().adjusted(-1, -1, 1, 1).contains(inChart))
        return std::nullopt;
    return chart()->mapToValue(inChart).x();
}

void ChartView::showReading(const QPointF& position)
{
    const auto value = valueAt(position);
    const QString text = value ? readingAt(*value) : QString();
    if (text.isEmpty()) return hideReading();
    m_hair = mapToScene(position.toPoint()).x();
    m_reading->setText(text);
    m_reading->adjustSize();
    const QRectF plot = chart()->plotArea();
    const bool right = position.x() < plot.center().x(); // beside the pointer, never under it
    const double x = right ? position.x() + 16 : position.x() - 16 - m_reading->width();
    m_reading->move(static_cast<int>(x), static_cast<int>(plot.top()) + 4);
    m_reading->show();
    viewport()->update();
}

void ChartView::setPlaceholder(const QString& text)
{
    m_placeholder = text;
    viewport()->update();
}

void ChartView::hideReading()
{
    m_reading->hide();
    m_hair.reset();
    viewport()->update();
}

void ChartView::drawForeground(QPainter* painter, const QRectF& rect)
{
    QChartView::drawForeground(painter, rect);
    if (!horizontalRange()) {
        painter->setPen(colors().secondary);
        painter->drawText(sceneRect(), Qt::AlignCenter, m_placeholder);
    }
    if (!m_hair) return;
    const QRectF plot = chart()->plotArea();
    painter->setPen(QPen(colors().secondary, 0, Qt::DotLine));
    painter->drawLine(QPointF(*m_hair, plot.top()), QPointF(*m_hair, plot.bottom()));
}

void ChartView::wheelEvent(QWheelEvent* event)
{
    const auto at = valueAt(event->position());
    if (!at || event->angleDelta().y() == 0) {
        event->ignore();
        return;
    }
    const auto [low, high] = *horizontalRange();
    const double factor = std::pow(zoomStep, -event->angleDelta().y() / 120.0);
    emit rangeRequested(*at - (*at - low) * factor, *at + (high - *at) * factor);
    event->accept();
}

void ChartView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton) m_dragged = valueAt(event->position());
    event->accept();
}

void ChartView::mouseMoveEvent(QMouseEvent* event)
{
    showReading(event->position());
    const auto at = valueAt(event->position());
    if (!m_dragged || !at || *at == *m_dragged) return;
    const auto [low, high] = *horizontalRange();
    const double shift = *m_dragged - *at;
    setCursor(Qt::ClosedHandCursor);
    emit rangeRequested(low + shift, high + shift);
}

void ChartView::mouseReleaseEvent(QMouseEvent*)
{
    m_dragged.reset();
    unsetCursor();
}

void ChartView::mouseDoubleClickEvent(QMouseEvent*)
{
    emit fitRequested();
}

void ChartView::leaveEvent(QEvent* event)
{
    hideReading();
    QChartView::leaveEvent(event);
}

void ChartView::contextMenuEvent(QContextMenuEvent* event)
{
    hideReading();
    QMenu menu(this);
    addChartActions(menu, *this, exported());
    menu.addSeparator();
    menu.addAction(tr("Fit"), this, &ChartView::fitRequested);
    menu.exec(event->globalPos());
}

ChartExport ChartView::exported()
{
    return {m_exportTitle,
            [this](QPainter& painter) {
                chart()->setTitle(m_exportTitle);
                render(&painter, QRectF(QPointF(), size()));
                chart()->setTitle({});
            },
            [this](QChar separator) { return numbers(separator); }};
}

bool ChartView::savePicture(const QString& path)
{
    return saveChartPicture(*this, exported(), path);
}

} // namespace wb

#include "moc_chartview.cpp"
