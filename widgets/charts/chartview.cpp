#include "widgets/charts/chartview.h"

#include "widgets/theme.h"

#include <QApplication>
#include <QCategoryAxis>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QFileDialog>
#include <QLabel>
#include <QMenu>
#include <QMessageBox>
#include <QSaveFile>
#include <QSvgGenerator>
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
    menu.addAction(tr("Copy image"), this, &ChartView::copyImage);
    menu.addAction(tr("Save picture…"), this, &ChartView::askAndSavePicture);
    menu.addSeparator();
    menu.addAction(tr("Copy numbers"), this,
                   [this] { QApplication::clipboard()->setText(numbers(QLatin1Char('\t'))); });
    menu.addAction(tr("Save numbers as CSV…"), this, &ChartView::askAndSaveNumbers);
    menu.addSeparator();
    menu.addAction(tr("Fit"), this, &ChartView::fitRequested);
    menu.exec(event->globalPos());
}

void ChartView::copyImage()
{
    QPixmap picture(size() * devicePixelRatioF());
    picture.setDevicePixelRatio(devicePixelRatioF());
    picture.fill(colors().panel);
    chart()->setTitle(m_exportTitle);
    QPainter painter(&picture);
    painter.setRenderHint(QPainter::Antialiasing);
    render(&painter, QRectF(QPointF(), size()));
    painter.end();
    chart()->setTitle({});
    QApplication::clipboard()->setPixmap(picture);
}

bool ChartView::savePicture(const QString& path)
{
    chart()->setTitle(m_exportTitle);
    bool saved = false;
    if (path.endsWith(QStringLiteral(".svg"), Qt::CaseInsensitive)) {
        QSvgGenerator svg;
        svg.setFileName(path);
        svg.setSize(size());
        svg.setViewBox(QRect(QPoint(), size()));
        svg.setTitle(m_exportTitle);
        QPainter painter;
        saved = painter.begin(&svg);
        if (saved) {
            painter.fillRect(QRect(QPoint(), size()), colors().panel);
            render(&painter, QRectF(QPointF(), size()));
        }
    } else {
        constexpr int scale = 2; // sharp in print
        QImage image(size() * scale, QImage::Format_RGB32);
        image.fill(colors().panel);
        QPainter painter(&image);
        painter.setRenderHint(QPainter::Antialiasing);
        render(&painter, QRectF(QPointF(), size() * scale));
        painter.end();
        saved = image.save(path);
    }
    chart()->setTitle({});
    return saved;
}

void ChartView::askAndSavePicture()
{
    const QString path = QFileDialog::getSaveFileName(
        this, tr("Save the picture"), m_exportTitle + QStringLiteral(".svg"), tr("Pictures (*.svg *.png)"));
    if (!path.isEmpty() && !savePicture(path))
        QMessageBox::warning(this, tr("Save the picture"), tr("%1 cannot be written.").arg(path));
}

void ChartView::askAndSaveNumbers()
{
    const QString path = QFileDialog::getSaveFileName(
        this, tr("Save the numbers"), m_exportTitle + QStringLiteral(".csv"), tr("Tables (*.csv)"));
    if (path.isEmpty()) return;
    QSaveFile file(path);
    const QByteArray text = numbers(QLatin1Char(',')).toUtf8();
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size() || !file.commit())
        QMessageBox::warning(this, tr("Save the numbers"),
                             tr("%1 cannot be written: %2.").arg(path, file.errorString()));
}

} // namespace wb

#include "moc_chartview.cpp"
