#include "widgets/commandpalette.h"

#include "widgets/document.h"
#include "widgets/errortext.h"
#include "widgets/fuzzy.h"
#include "widgets/selection.h"

#include <QAction>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QRegularExpression>
#include <QVBoxLayout>

#include <algorithm>

namespace wb {
namespace {

constexpr std::size_t mostShown = 100;
constexpr int indexRole = Qt::UserRole; // of an action; tensors beyond the actions

QString plain(QString text)
{
    static const QRegularExpression marks(QStringLiteral("&(.?)")); // && is an & that marks no key
    return text.replace(marks, QStringLiteral("\\1"));
}

void collect(const QWidget& menu, const QString& path, QList<std::pair<QString, QAction*>>& found)
{
    for (QAction* action : menu.actions()) {
        if (action->isSeparator() || action->text().isEmpty()) continue;
        const QString name = path.isEmpty() ? plain(action->text()) : path + QStringLiteral(" › ") + plain(action->text());
        if (action->menu() != nullptr)
            collect(*action->menu(), name, found);
        else
            found.emplaceBack(name, action);
    }
}

} // namespace

QList<std::pair<QString, QAction*>> menuActions(const QWidget& bar)
{
    QList<std::pair<QString, QAction*>> found;
    collect(bar, {}, found);
    return found;
}

CommandPalette::CommandPalette(const Document& document, Selection& selection, QWidget* parent)
    : QDialog(parent)
    , m_document(document)
    , m_selection(selection)
    , m_typed(new QLineEdit(this))
    , m_found(new QListWidget(this))
{
    constexpr int width = 560, height = 420;
    setWindowTitle(tr("Commands and tensors"));
    resize(width, height);
    m_typed->setPlaceholderText(tr("A few letters of a command or a tensor"));
    m_typed->setAccessibleName(tr("Search"));
    m_typed->installEventFilter(this);
    m_found->setAccessibleName(tr("Found"));
    m_found->setTextElideMode(Qt::ElideMiddle);
    m_found->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_found->setFocusPolicy(Qt::NoFocus);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 12, 12, 12);
    column->setSpacing(8);
    column->addWidget(m_typed);
    column->addWidget(m_found, 1);
    connect(m_typed, &QLineEdit::textChanged, this, &CommandPalette::fill);
    connect(m_typed, &QLineEdit::returnPressed, this, &CommandPalette::run);
    connect(m_found, &QListWidget::itemClicked, this, &CommandPalette::run);
}

void CommandPalette::begin(const QList<std::pair<QString, QAction*>>& actions)
{
    m_actions = actions;
    m_actions.removeIf([](const auto& entry) { return !entry.second->isEnabled(); });
    m_typed->clear();
    fill();
    m_typed->setFocus();
    open();
}

void CommandPalette::fill()
{
    struct Entry {
        int score;
        int index;
        QString text;
    };
    std::vector<Entry> entries;
    const QString typed = m_typed->text();
    const auto offer = [&](int index, const QString& text) {
        if (const auto score = fuzzyScore(typed, text)) entries.push_back({*score, index, text});
    };
    const int actions = static_cast<int>(m_actions.size());
    for (int i = 0; i < actions; ++i)
        offer(i, m_actions[i].first);
    if (m_document.isOpen() && !typed.isEmpty())
        for (const std::size_t tensor : m_document.content()->order)
            offer(actions + static_cast<int>(tensor), fromUtf8(m_document.tensor(tensor).name));
    if (!typed.isEmpty())
        std::ranges::stable_sort(entries, std::ranges::greater(), &Entry::score);
    entries.resize(std::min(entries.size(), mostShown));
    m_found->clear();
    for (const Entry& entry : entries) {
        const QKeySequence keys = entry.index < actions ? m_actions[entry.index].second->shortcut() : QKeySequence();
        auto* item = new QListWidgetItem(
            keys.isEmpty() ? entry.text : entry.text + QStringLiteral("    ") + keys.toString(QKeySequence::NativeText),
            m_found);
        item->setData(indexRole, entry.index);
    }
    if (entries.empty()) (new QListWidgetItem(tr("Nothing has these letters."), m_found))->setFlags(Qt::NoItemFlags);
    m_found->setCurrentRow(0);
}

void CommandPalette::run()
{
    const QListWidgetItem* item = m_found->currentItem();
    if (item == nullptr || !item->data(indexRole).isValid()) return;
    const int index = item->data(indexRole).toInt();
    accept();
    if (index < m_actions.size())
        m_actions[index].second->trigger();
    else
        m_selection.open(static_cast<std::size_t>(index - m_actions.size()));
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_typed && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        const int step = key == Qt::Key_Down ? 1 : key == Qt::Key_Up ? -1 : key == Qt::Key_PageDown ? 10 : key == Qt::Key_PageUp ? -10 : 0;
        if (step != 0) {
            m_found->setCurrentRow(std::clamp(m_found->currentRow() + step, 0, m_found->count() - 1));
            return true;
        }
    }
    return QDialog::eventFilter(watched, event);
}

} // namespace wb

#include "moc_commandpalette.cpp"
