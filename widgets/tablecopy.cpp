#include "widgets/tablecopy.h"

#include <QAbstractItemView>
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QCoreApplication>

namespace wb {
namespace {

struct TableText {
    Q_DECLARE_TR_FUNCTIONS(wb::TableText)
};

QString cellText(const QVariant& value)
{
    return value.toString().simplified();
}

} // namespace

QString tableText(const QAbstractItemView& view)
{
    const QAbstractItemModel& model = *view.model();
    const int columns = model.columnCount(view.rootIndex());
    const auto line = [columns](const auto& cell) {
        QStringList cells;
        for (int column = 0; column < columns; ++column)
            cells << cellText(cell(column));
        return cells.join(QLatin1Char('\t')) + QLatin1Char('\n');
    };
    QString text = line([&](int column) { return model.headerData(column, Qt::Horizontal); });
    const bool all = !view.selectionModel() || !view.selectionModel()->hasSelection();
    for (int row = 0; row < model.rowCount(view.rootIndex()); ++row)
        if (all || view.selectionModel()->rowIntersectsSelection(row, view.rootIndex()))
            text += line([&](int column) { return model.index(row, column, view.rootIndex()).data(); });
    return text;
}

void installTableCopy(QAbstractItemView& view, std::function<QString()> text)
{
    auto* copy = new QAction(TableText::tr("Copy with header"), &view);
    copy->setShortcut(QKeySequence::Copy);
    copy->setShortcutContext(Qt::WidgetShortcut);
    QObject::connect(copy, &QAction::triggered, &view,
                     [&view, text = std::move(text)] { QApplication::clipboard()->setText(text ? text() : tableText(view)); });
    view.addAction(copy);
    view.setContextMenuPolicy(Qt::ActionsContextMenu);
}

} // namespace wb
