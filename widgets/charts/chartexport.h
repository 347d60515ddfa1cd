// What every chart can be taken away as: an image on the clipboard, a picture file (SVG or PNG), its numbers as text or CSV.
#pragma once

#include <QString>

#include <functional>

class QMenu;
class QPainter;
class QWidget;

namespace wb {

struct ChartExport {
    QString title;                              // stem of file names and title of an SVG
    std::function<void(QPainter&)> paint;       // in the size of the widget, on the panel colour
    std::function<QString(QChar)> numbers;      // a table with the given separator, first line the names
};

// .svg or .png by the name; PNG at twice the size. False when it cannot be written.
[[nodiscard]] bool saveChartPicture(const QWidget& chart, const ChartExport& what, const QString& path);
// Copy image, save picture, copy numbers, save CSV.
void addChartActions(QMenu& menu, QWidget& chart, const ChartExport& what);
// The context menu of a chart that is a plain widget; `numbers` is asked when they are wanted.
void installChartMenu(QWidget& chart, const QString& title, std::function<QString(QChar)> numbers);

} // namespace wb
