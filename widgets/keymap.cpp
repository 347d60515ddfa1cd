#include "widgets/keymap.h"

#include "widgets/style.h"

#include <QAction>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLabel>

namespace wb {

KeyMap::KeyMap(const QList<std::pair<QString, QAction*>>& actions, QWidget* parent)
    : QDialog(parent)
{
    setWindowTitle(tr("Keys"));
    setAttribute(Qt::WA_DeleteOnClose);
    QList<std::pair<QString, QString>> lines;
    for (const auto& [name, action] : actions) {
        if (action->shortcut().isEmpty()) continue;
        QStringList keys;
        for (const QKeySequence& sequence : action->shortcuts())
            keys << sequence.toString(QKeySequence::NativeText);
        lines.emplaceBack(keys.join(QStringLiteral("  ")), name);
    }
    lines << std::pair(QStringLiteral("Ctrl+⏎"), tr("Stage the edit"))
          << std::pair(tr("` held"), tr("The original in the place of the patched"))
          << std::pair(tr("Wheel, drag, double click"), tr("Zoom, move and fit a chart"))
          << std::pair(tr("Right click"), tr("Copy, save and export what is under the pointer"));
    auto* grid = new QGridLayout(this);
    constexpr int margin = 20, gap = 24, columns = 2;
    grid->setContentsMargins(margin, margin, margin, margin);
    grid->setHorizontalSpacing(gap);
    grid->setVerticalSpacing(6);
    grid->addWidget(headingLabel(tr("Keys"), this), 0, 0, 1, -1);
    const int rows = static_cast<int>(lines.size() + columns - 1) / columns;
    for (int i = 0; i < lines.size(); ++i) {
        const int row = 1 + i % rows, column = i / rows * columns;
        grid->addWidget(new QLabel(lines[i].first, this), row, column);
        grid->addWidget(captionLabel(lines[i].second, this), row, column + 1);
    }
}

void KeyMap::keyPressEvent(QKeyEvent*)
{
    close();
}

void KeyMap::mousePressEvent(QMouseEvent*)
{
    close();
}

} // namespace wb

#include "moc_keymap.cpp"
