#include "widgets/pages/readingpage.h"

#include "widgets/banner.h"
#include "widgets/document.h"
#include "widgets/stateview.h"

#include <QStackedWidget>
#include <QVBoxLayout>

namespace wb {
namespace {

constexpr double quickSeconds = 4; // measured anew after each edit up to so long
constexpr int delayMs = 200;       // steps of a drag come faster

} // namespace

ReadingPage::ReadingPage(Document& document, Jobs& jobs, Selection& selection, const QString& invitation, int tokens, int mostTokens)
    : Page(document, jobs, selection)
    , m_job(jobs, JobSlot::Mode::Replace, nullptr)
    , m_invitation(invitation)
    , m_banner(new Banner(this))
    , m_stack(new QStackedWidget(this))
    , m_state(new StateView(this))
{
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 12, 0, 0);
    outer->setSpacing(12);
    outer->addWidget(m_banner);
    outer->addWidget(m_stack, 1);
    m_stack->addWidget(m_state);
    auto* content = new QWidget(this);
    m_column = new QVBoxLayout(content);
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(12);
    m_form = new ReadingForm(document, tokens, mostTokens, content);
    connect(m_form, &ReadingForm::startRequested, this, &ReadingPage::start);
    connect(m_form, &ReadingForm::stopRequested, this, &ReadingPage::stop);
    m_column->addWidget(m_form);
    m_stack->addWidget(content);
    m_delay.setSingleShot(true);
    m_delay.setInterval(delayMs);
    connect(&m_delay, &QTimer::timeout, this, &ReadingPage::start);
    connect(&m_document, &Document::opened, this, &ReadingPage::showOpened);
    connect(&m_document, &Document::patchedChanged, this, &ReadingPage::followEdits);
}

void ReadingPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    if (m_stale) followEdits();
}

void ReadingPage::showOpened()
{
    m_job.cancel();
    m_delay.stop();
    m_stale = false;
    m_banner->clear();
    if (!m_document.isOpen()) m_state->say(tr("Nothing is open"), m_invitation);
    m_stack->setCurrentIndex(m_document.isOpen() ? 1 : 0);
    m_form->setBusy(false);
    forget();
    showResult();
}

void ReadingPage::followEdits()
{
    if (!m_document.isOpen() || (!secondsTaken() && !m_job.busy())) return;
    m_stale = true;
    if (isVisible() && secondsTaken() && *secondsTaken() < quickSeconds)
        m_delay.start();
    else
        showResult();
}

void ReadingPage::start()
{
    if (!m_document.isOpen()) return;
    m_banner->clear();
    m_stale = false;
    m_form->setBusy(true);
    run(m_form->request(), m_job);
    showResult();
}

void ReadingPage::stop()
{
    if (m_job.busy()) m_jobs.cancel(m_job.job());
}

std::any ReadingPage::kept() const { return std::pair(keptResult(), m_stale); }

void ReadingPage::take(const std::any& state)
{
    const auto [result, stale] = std::any_cast<std::pair<std::any, bool>>(state);
    if (!result.has_value()) return;
    takeResult(result);
    m_stale = stale;
    showResult();
}

void ReadingPage::say(const Error& error) { m_banner->sayError(error); }

void ReadingPage::ended(const Error* error)
{
    m_form->setBusy(false);
    if (error != nullptr) m_banner->sayError(*error);
    showResult();
    if (m_stale && error == nullptr) followEdits();
}

} // namespace wb

#include "moc_readingpage.cpp"
