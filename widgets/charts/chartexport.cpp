#include "widgets/charts/chartexport.h"

#include "widgets/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QFileDialog>
#include <QMenu>
#include <QMessageBox>
#include <QPainter>
#include <QSaveFile>
#include <QSvgGenerator>

namespace wb {
namespace {

// The context of these texts for translators.
struct ChartText {
    Q_DECLARE_TR_FUNCTIONS(wb::ChartExport)
};

bool paintOn(QPaintDevice& device, const QWidget& chart, const ChartExport& what, double scale)
{
    QPainter painter;
    if (!painter.begin(&device)) return false;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.scale(scale, scale);
    painter.fillRect(QRect(QPoint(), chart.size()), colors().panel);
    what.paint(painter);
    return painter.end();
}

QImage imageOf(const QWidget& chart, const ChartExport& what, double scale)
{
    QImage image(chart.size() * scale, QImage::Format_RGB32);
    return paintOn(image, chart, what, scale) ? image : QImage();
}

void askAndSavePicture(QWidget& chart, const ChartExport& what)
{
    const QString title = ChartText::tr("Save the picture");
    const QString path = QFileDialog::getSaveFileName(&chart, title, what.title + QStringLiteral(".svg"),
                                                      ChartText::tr("Pictures (*.svg *.png)"));
    if (!path.isEmpty() && !saveChartPicture(chart, what, path))
        QMessageBox::warning(&chart, title, ChartText::tr("%1 cannot be written.").arg(path));
}

void askAndSaveNumbers(QWidget& chart, const ChartExport& what)
{
    const QString title = ChartText::tr("Save the numbers");
    const QString path = QFileDialog::getSaveFileName(&chart, title, what.title + QStringLiteral(".csv"),
                                                      ChartText::tr("Tables (*.csv)"));
    if (path.isEmpty()) return;
    QSaveFile file(path);
    const QByteArray text = what.numbers(QLatin1Char(',')).toUtf8();
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size() || !file.commit())
        QMessageBox::warning(&chart, title, ChartText::tr("%1 cannot be written: %2.").arg(path, file.errorString()));
}

} // namespace

bool saveChartPicture(const QWidget& chart, const ChartExport& what, const QString& path)
{
    if (path.endsWith(QStringLiteral(".svg"), Qt::CaseInsensitive)) {
        QSvgGenerator svg;
        svg.setFileName(path);
        svg.setSize(chart.size());
        svg.setViewBox(QRect(QPoint(), chart.size()));
        svg.setTitle(what.title);
        return paintOn(svg, chart, what, 1);
    }
    constexpr double sharpInPrint = 2;
    return imageOf(chart, what, sharpInPrint).save(path);
}

void addChartActions(QMenu& menu, QWidget& chart, const ChartExport& what)
{
    menu.addAction(ChartText::tr("Copy image"), &chart, [&chart, what] {
        QApplication::clipboard()->setImage(imageOf(chart, what, chart.devicePixelRatioF()));
    });
    menu.addAction(ChartText::tr("Save picture…"), &chart, [&chart, what] { askAndSavePicture(chart, what); });
    menu.addSeparator();
    menu.addAction(ChartText::tr("Copy numbers"), &chart,
                   [what] { QApplication::clipboard()->setText(what.numbers(QLatin1Char('\t'))); });
    menu.addAction(ChartText::tr("Save numbers as CSV…"), &chart, [&chart, what] { askAndSaveNumbers(chart, what); });
}

void installChartMenu(QWidget& chart, const QString& title, std::function<QString(QChar)> numbers)
{
    chart.setContextMenuPolicy(Qt::CustomContextMenu);
    const auto paint = [&chart](QPainter& painter) { chart.render(&painter, {}, {}, QWidget::DrawChildren); };
    const ChartExport what{title, paint, std::move(numbers)};
    QObject::connect(&chart, &QWidget::customContextMenuRequested, &chart, [&chart, what](const QPoint& position) {
        QMenu menu(&chart);
        addChartActions(menu, chart, what);
        menu.exec(chart.mapToGlobal(position));
    });
}

} // namespace wb
