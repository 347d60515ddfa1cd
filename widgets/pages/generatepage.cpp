#include "widgets/pages/generatepage.h"

#include "widgets/banner.h"
#include "widgets/candidatescard.h"
#include "widgets/document.h"
#include "widgets/errortext.h"
#include "widgets/numbertext.h"
#include "widgets/runningmodels.h"
#include "widgets/samplingform.h"
#include "widgets/stateview.h"
#include "widgets/temperaturestrip.h"

#include <QCheckBox>
#include <QKeyEvent>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QStackedWidget>
#include <QTableView>

namespace wb {
namespace {

using Side = TokenView::Side;

QString stopWords(StoppedBy why)
{
    switch (why) {
    case StoppedBy::EndToken: return wb::GeneratePage::tr("ended by the end token");
    case StoppedBy::StopString: return wb::GeneratePage::tr("ended by a stop text");
    case StoppedBy::MaxTokens: return wb::GeneratePage::tr("as many tokens as asked for");
    case StoppedBy::ContextFull: return wb::GeneratePage::tr("the context is full");
    case StoppedBy::Cancelled: return wb::GeneratePage::tr("stopped");
    }
    return {};
}

} // namespace

Result<Encoding> GeneratePage::Ready::encode(const QString& prompt, const PromptForm& form) const
{
    if (!form.chat) return tokenizer->encode(prompt.toStdString(), true);
    if (!chat) return failure(chat);
    auto text = (*chat)->render(chatMessages(prompt, form));
    if (!text) return failure(text);
    return encodeChat(*tokenizer, *text);
}

void GeneratePage::showOpened()
{
    for (JobSlot* job : {&m_prepareJob, &m_originalJob, &m_patchedJob})
        job->cancel();
    m_ready = nullptr;
    m_originalRunner = m_patchedRunner = nullptr;
    m_runs->clear();
    m_ran = m_patchedStale = false;
    m_stale = true;
    m_banner->clear();
    for (Half& one : m_halves) {
        one.view->clearTokens();
        one.prompt->clear();
        one.report = nullptr;
    }
    m_stack->setCurrentWidget(m_state);
    if (!m_document.isOpen()) {
        m_state->say(tr("Nothing is open"), tr("Open a checkpoint to see its model answer, with and without your edits."));
        return;
    }
    m_state->say(tr("Looking at the model"), tr("Its config, the shapes of its tensors and its tokenizer are read."));
    if (isVisible()) prepare();
}

void GeneratePage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    if (m_stale) prepare();
    if (m_patchedStale) patchedChanged();
}

void GeneratePage::prepare()
{
    m_stale = false;
    if (!m_document.isOpen()) return;
    const std::shared_ptr<RunningModels> models = m_document.models();
    using Prepared = std::shared_ptr<const Ready>;
    m_prepareJob.start<Prepared>(
        tr("Looking at the model"),
        [models](Progress&) -> Result<Prepared> {
            if (auto fits = models->check(); !fits) return failure(fits);
            auto tokenizer = models->tokenizer();
            if (!tokenizer) return failure(tokenizer);
            auto config = models->generationConfig();
            if (!config) return failure(config);
            return std::make_shared<const Ready>(Ready{*tokenizer, std::move(*config), models->chatTemplate()});
        },
        [this](const Result<Prepared>& result) { prepared(result); });
}

void GeneratePage::prepared(const Result<std::shared_ptr<const Ready>>& result)
{
    if (!result) {
        m_state->say(tr("This model does not answer here"), errorText(result.error()));
        return;
    }
    m_ready = *result;
    m_form->setEndTokens(m_ready->config.endTokens);
    m_form->setSuggestion(m_ready->config.defaults);
    m_chat->setTemplate(m_ready->chat ? *m_ready->chat : nullptr, m_ready->chat ? QString() : errorText(m_ready->chat.error()));
    m_stack->setCurrentWidget(m_content);
    showNotes();
    showButtons();
    m_promptEdit->setFocus();
}

void GeneratePage::generate(const QString& prompt)
{
    m_promptEdit->setPlainText(prompt);
    begin();
}

void GeneratePage::begin()
{
    if (!m_ready || m_promptEdit->toPlainText().isEmpty()) return;
    m_banner->clear();
    const QString prompt = m_promptEdit->toPlainText();
    const PromptForm form = m_chat->form();
    GenerateOptions options = m_form->options();
    const bool same = m_ran && half(Side::Original).report && prompt == m_prompt && form == m_promptForm && options.sampling == m_options.sampling &&
                      options.maxTokens == m_options.maxTokens && options.endTokens == m_options.endTokens;
    m_prompt = prompt;
    m_promptForm = form;
    m_options = std::move(options);
    m_ran = true;
    const auto known = same ? half(Side::Original).report : nullptr;
    m_runs->add({m_prompt, recipeWords(), m_options, known, nullptr, m_promptForm});
    m_runsTable->selectRow(0);
    if (same)
        runPatched();
    else
        runOriginal();
    showButtons();
}

void GeneratePage::runOriginal()
{
    half(Side::Patched).view->clearTokens();
    half(Side::Patched).report = nullptr;
    if (!m_originalRunner) m_originalRunner = std::make_shared<Runner>();
    run(Side::Original, m_document.original(), m_originalJob);
}

void GeneratePage::runPatched()
{
    m_patchedStale = false;
    if (!m_document.hasEdits()) {
        m_patchedJob.cancel();
        half(Side::Patched).view->clearTokens();
        half(Side::Patched).prompt->clear();
        half(Side::Patched).report = nullptr;
        showNotes();
        showButtons();
        return;
    }
    m_patchedRunner = std::make_shared<Runner>(); // another model: nothing of the last one's cache is of use
    run(Side::Patched, m_document.edited(), m_patchedJob);
}

void GeneratePage::run(Side side, const SourcePtr& source, JobSlot& slot)
{
    using Done = std::shared_ptr<const GenerateReport>;
    Half& one = half(side);
    one.report = nullptr;
    one.fresh = true;
    one.prompt->setText(m_prompt.simplified());
    one.prompt->setToolTip(m_prompt);
    one.note->setText(tr("reading the prompt …"));
    const auto work = [models = m_document.models(), ready = m_ready, source, runner = side == Side::Original ? m_originalRunner : m_patchedRunner,
                       prompt = m_prompt, form = m_promptForm, options = m_options](Progress& progress, const Relay<GeneratedToken>& relay) -> Result<Done> {
        auto model = models->load(source, progress);
        if (!model) return failure(model);
        auto encoded = ready->encode(prompt, form);
        if (!encoded) return failure(encoded);
        const std::lock_guard lock(runner->mutex);
        if (!runner->generator) runner->generator = std::make_unique<Generator>(*model, ready->tokenizer);
        auto report = runner->generator->run({encoded->ids}, options, progress, [&](std::size_t, const GeneratedToken& token) {
            relay(token);
            return !progress.cancelled();
        });
        if (!report) return failure(report);
        return std::make_shared<const GenerateReport>(std::move(*report));
    };
    slot.start<Done, GeneratedToken>(
        side == Side::Original ? tr("Generating, original") : tr("Generating, patched"), work,
        [this, side](GeneratedToken token) { receive(side, std::move(token)); }, [this, side](const Result<Done>& result) { finished(side, result); });
    showButtons();
}

void GeneratePage::receive(Side side, GeneratedToken token)
{
    Half& one = half(side);
    if (std::exchange(one.fresh, false)) {
        one.view->clearTokens();
        one.strip->begin(m_options.sampling);
    }
    one.view->append(token);
    one.strip->append(token);
    one.note->setText(tr("%n tokens …", nullptr, one.view->count()));
}

void GeneratePage::finished(Side side, const Result<std::shared_ptr<const GenerateReport>>& result)
{
    if (!result) {
        m_banner->sayError(result.error());
        half(side).note->setText(result.error().code == ErrorCode::Cancelled ? tr("stopped") : tr("failed"));
        showButtons();
        return;
    }
    half(side).report = *result;
    showTokens(side);
    if (side == Side::Original)
        m_runs->setOriginal(*result);
    else
        m_runs->setPatched(*result, recipeWords());
    compareHalves();
    if (side == Side::Original) runPatched();
    showButtons();
}

void GeneratePage::showTokens(Side side)
{
    Half& one = half(side);
    one.view->clearTokens();
    one.strip->begin(m_options.sampling);
    if (!one.report) return;
    one.view->setTokens(one.report->completions[0].tokens);
    for (const GeneratedToken& token : one.report->completions[0].tokens)
        one.strip->append(token);
}

void GeneratePage::stop()
{
    for (const Side side : {Side::Original, Side::Patched}) {
        JobSlot& slot = side == Side::Original ? m_originalJob : m_patchedJob;
        if (!slot.busy()) continue;
        m_jobs.cancel(slot.job());
        half(side).note->setText(tr("stopped after %n tokens", nullptr, half(side).view->count()));
    }
    showButtons();
}

void GeneratePage::patchedChanged()
{
    if (!m_ran || !m_follow->isChecked() || !half(Side::Original).report) return;
    if (!isVisible()) {
        m_patchedStale = true;
        return;
    }
    runPatched();
}

// One side's own words: tokens a second, why it ended, where the other goes another way.
void GeneratePage::showNotes()
{
    for (const Side side : {Side::Original, Side::Patched}) {
        const Half& one = half(side);
        if (!one.report) {
            const bool empty = side == Side::Patched && !m_document.hasEdits();
            one.note->setText(empty ? tr("no edits are staged") : m_ran ? one.note->text() : tr("not run yet"));
            continue;
        }
        const GenerateReport& report = *one.report;
        QStringList words; // what tells the sides apart comes first: the end is what a narrow window cuts
        const auto place = differingToken(half(Side::Original).report.get(), half(Side::Patched).report.get());
        if (side == Side::Patched && place.has_value())
            words << (*place < 0 ? tr("no difference") : tr("first difference at token %1").arg(*place + 1));
        words << stopWords(report.completions[0].stoppedBy);
        if (report.decodeSeconds > 0 && report.newTokens > 1) // the first one comes with the prompt
            words << tr("%1 tokens/s").arg(shortText(static_cast<double>(report.newTokens - 1) / report.decodeSeconds));
        one.note->setText(words.join(QStringLiteral(" · ")));
        one.note->setToolTip(tr("%1 prompt tokens read in %2 s, %3 of them kept from the last run; products in the stored form (precision: stored)")
                                 .arg(countText(report.promptTokens), shortText(report.promptSeconds), countText(report.reusedTokens)));
    }
}

void GeneratePage::compareHalves()
{
    showNotes();
    const int place = differingToken(half(Side::Original).report.get(), half(Side::Patched).report.get()).value_or(-1);
    for (Half& one : m_halves)
        one.view->markDifference(place < one.view->count() ? place : -1);
}

void GeneratePage::take(const std::any& state)
{
    auto runs = std::any_cast<std::vector<GenerationRun>>(state);
    if (runs.empty()) return;
    m_runs->setRuns(std::move(runs));
    m_runsTable->selectRow(0);
    m_ran = true;
    showRun(0);
}

void GeneratePage::showRun(int row)
{
    if (m_originalJob.busy() || m_patchedJob.busy()) return;
    const GenerationRun run = m_runs->run(row);
    m_promptEdit->setPlainText(run.prompt);
    m_chat->setForm(run.form);
    m_form->setOptions(run.options);
    m_prompt = run.prompt;
    m_promptForm = run.form;
    m_options = run.options;
    half(Side::Original).report = run.original;
    half(Side::Patched).report = run.patched;
    for (Half& one : m_halves) {
        one.prompt->setText(one.report ? m_prompt.simplified() : QString());
        showTokens(&one == &half(Side::Original) ? Side::Original : Side::Patched);
    }
    compareHalves();
}

void GeneratePage::showButtons()
{
    const bool busy = m_originalJob.busy() || m_patchedJob.busy();
    m_button->setText(busy ? tr("Stop") : tr("Generate"));
    m_button->setEnabled(busy || (m_ready && !m_promptEdit->toPlainText().isEmpty()));
}

void GeneratePage::hoverToken(Side side, int token, const QRect& at)
{
    if (token < 0) return m_candidates->hide();
    TokenView* view = half(side).view;
    const QPoint corner = view->viewport()->mapTo(this, at.topLeft());
    m_candidates->show(view->token(token), m_ready ? m_ready->tokenizer.get() : nullptr, QRect(corner, at.size()));
}

bool GeneratePage::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_promptEdit && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        const bool enter = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
        if (enter && (key->modifiers() & ~Qt::KeypadModifier) == Qt::NoModifier) {
            if (!m_originalJob.busy() && !m_patchedJob.busy()) begin();
            return true;
        }
    }
    return Page::eventFilter(watched, event);
}

QString GeneratePage::recipeWords() const
{
    const auto count = static_cast<int>(m_document.recipe()->enabledCount());
    const QString staged = count == 0 ? tr("no edits") : tr("%n edits", nullptr, count);
    return m_document.isPreviewing() ? tr("%1 and one tried").arg(staged) : staged;
}

const TokenView& GeneratePage::view(Side side) const { return *m_halves[side == Side::Original ? 0 : 1].view; }
QString GeneratePage::note(Side side) const { return m_halves[side == Side::Original ? 0 : 1].note->text(); }

} // namespace wb
