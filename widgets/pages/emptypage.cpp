#include "widgets/pages/emptypage.h"

#include "widgets/recentfiles.h"
#include "widgets/style.h"

#include <QDir>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>

namespace wb {

EmptyPage::EmptyPage(QWidget* parent)
    : QWidget(parent)
    , m_recent(new QWidget(this))
    , m_list(new QVBoxLayout(m_recent))
{
    auto* title = new QLabel(tr("Open a checkpoint"), this);
    title->setProperty("title", true);
    auto* how =
        captionLabel(tr("Drop a folder, a .safetensors, its index or a .gguf here. The files are only ever read: "
                        "changes live in a recipe until you export."),
                     this);
    how->setWordWrap(true);
    how->setAlignment(Qt::AlignCenter);
    auto* folder = new QPushButton(tr("Open folder…"), this);
    folder->setProperty("main", true);
    auto* file = new QPushButton(tr("Open file…"), this);
    connect(folder, &QPushButton::clicked, this, &EmptyPage::openFolderRequested);
    connect(file, &QPushButton::clicked, this, &EmptyPage::openFileRequested);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addStretch(1);
    buttons->addWidget(folder);
    buttons->addWidget(file);
    buttons->addStretch(1);
    m_list->setContentsMargins(0, 16, 0, 0);
    m_list->setSpacing(4);
    auto* column = new QVBoxLayout(this);
    column->setSpacing(12);
    column->addStretch(2);
    column->addWidget(title, 0, Qt::AlignHCenter);
    column->addLayout(inTheMiddle(how));
    column->addLayout(buttons);
    column->addWidget(m_recent, 0, Qt::AlignHCenter);
    column->addStretch(3);
    refresh();
}

void EmptyPage::refresh()
{
    while (QLayoutItem* item = m_list->takeAt(0)) {
        if (item->widget()) item->widget()->deleteLater();
        delete item;
    }
    const QStringList files = recentFiles();
    m_recent->setVisible(!files.isEmpty());
    if (files.isEmpty()) return;
    m_list->addWidget(captionLabel(tr("Opened lately"), m_recent));
    for (const QString& path : files) {
        const QFileInfo info(path);
        const QString folder = QDir(info.absolutePath()).dirName();
        QToolButton* button = flatButton(asMenuText(QStringLiteral("%1   %2").arg(info.fileName(), folder)), m_recent);
        button->setToolTip(path);
        connect(button, &QToolButton::clicked, this, [this, path] { emit openRequested(path); });
        m_list->addWidget(button);
    }
}

} // namespace wb

#include "moc_emptypage.cpp"
