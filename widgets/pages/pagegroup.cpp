#include "widgets/pages/pagegroup.h"

#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>

namespace wb {

PageGroup::PageGroup(const QString& title, Document& document, Jobs& jobs, Selection& selection)
    : Page(document, jobs, selection)
    , m_title(title)
    , m_tabs(new QTabWidget(this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 6, 0, 0);
    column->addWidget(m_tabs);
    m_tabs->setDocumentMode(true);
    m_tabs->tabBar()->setDrawBase(false);
}

void PageGroup::add(Page* page) { m_tabs->addTab(page, page->title()); }

bool PageGroup::bringUp(Page* page)
{
    if (m_tabs->indexOf(page) < 0) return false;
    m_tabs->setCurrentWidget(page);
    return true;
}

void PageGroup::setBlinking(bool blinking)
{
    for (int i = 0; i < m_tabs->count(); ++i)
        static_cast<Page*>(m_tabs->widget(i))->setBlinking(blinking);
}

} // namespace wb

#include "moc_pagegroup.cpp"
