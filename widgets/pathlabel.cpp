#include "widgets/pathlabel.h"

#include "widgets/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QMenu>
#include <QPainter>

namespace wb {

void PathLabel::setPath(const QString& name)
{
    QStringList parts = name.split(QLatin1Char('.'));
    if (parts.size() > 1 && parts.back() == QStringLiteral("weight")) parts.removeLast(); // as in the tree
    m_name = name;
    m_last = parts.takeLast();
    m_folders = parts.isEmpty() ? QString() : parts.join(QStringLiteral(" ▸ ")) + QStringLiteral(" ▸ ");
    setToolTip(name);
    setAccessibleName(name);
    updateGeometry();
    update();
}

QFont PathLabel::bold() const
{
    QFont font = this->font();
    font.setBold(true);
    return font;
}

QSize PathLabel::sizeHint() const
{
    return {fontMetrics().horizontalAdvance(m_folders) + QFontMetrics(bold()).horizontalAdvance(m_last) + 2,
            fontMetrics().height() + 4};
}

void PathLabel::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setPen(colors().text);
    const QString last = QFontMetrics(bold()).elidedText(m_last, Qt::ElideMiddle, width());
    const int room = width() - QFontMetrics(bold()).horizontalAdvance(last);
    const QString folders = fontMetrics().elidedText(m_folders, Qt::ElideLeft, room);
    painter.drawText(rect(), Qt::AlignVCenter, folders);
    painter.setFont(bold());
    painter.drawText(rect().adjusted(fontMetrics().horizontalAdvance(folders), 0, 0, 0), Qt::AlignVCenter,
                     last);
}

void PathLabel::contextMenuEvent(QContextMenuEvent* event)
{
    QMenu menu(this);
    menu.addAction(tr("Copy name"), this, [this] { QApplication::clipboard()->setText(m_name); });
    menu.exec(event->globalPos());
}

} // namespace wb

#include "moc_pathlabel.cpp"
