// The jobs of the Evaluate page.
#include "widgets/banner.h"
#include "widgets/document.h"
#include "widgets/pages/evaluatepage.h"
#include "widgets/runningmodels.h"

#include <QCheckBox>
#include <QDoubleSpinBox>
#include <QSpinBox>
#include <QTabBar>

namespace wb {

EvaluatePage::Settings EvaluatePage::settings() const
{
    Settings out;
    out.limit = static_cast<std::size_t>(m_limitBox->value());
    out.seed = static_cast<std::uint64_t>(m_seedBox->value());
    out.samples = m_samplesBox->isEnabled() ? static_cast<std::size_t>(m_samplesBox->value()) : 1;
    out.shots = static_cast<std::size_t>(m_shotsBox->value());
    out.chat = m_chatBox->isChecked();
    out.early = m_earlyBox->isChecked() && m_document.hasEdits();
    out.temperature = out.samples > 1 ? m_temperatureBox->value() : 0;
    return out;
}

Result<EvaluateOptions> EvaluatePage::options() const
{
    EvaluateOptions out;
    out.limit = m_settings.limit;
    out.seed = m_settings.seed;
    out.samples = m_settings.samples;
    out.sampling.temperature = m_settings.temperature;
    out.sampling.topP = m_settings.samples > 1 ? 0.95 : 1;
    auto shots = FewShot::choose(*m_task, m_settings.shots, nullptr, m_settings.seed);
    if (!shots) return failure(shots);
    out.shots = std::move(*shots);
    return out;
}

void EvaluatePage::start()
{
    if (!m_task || !m_document.isOpen()) return;
    m_banner->clear();
    const bool same = m_original && settings() == m_settings;
    m_settings = settings();
    const auto chosen = options();
    if (!chosen) return m_banner->sayError(chosen.error());
    m_options = *chosen;
    if (same && !m_settings.early && m_document.hasEdits() && !m_patched) return score(true);
    m_original = m_patched = nullptr;
    m_clear.reset();
    m_floor.reset();
    m_control = nullptr;
    m_items->setTask(m_task);
    m_settings.early ? scoreBoth() : score(false);
}

void EvaluatePage::scoreBoth()
{
    using Both = std::shared_ptr<const ScoredUntilClear>;
    using Either = std::pair<bool, ItemResult>;
    m_bothJob.start<Both, Either>(
        tr("Scoring until the answer is clear"),
        [request = ScoreRequest{m_document.models(), m_document.original(), m_task, m_options, m_settings.chat}, edited = m_document.edited()](Progress& progress, const Relay<Either>& relay) -> Result<Both> {
            auto both = scoreUntilClear(request, edited, progress, [&](bool patched, const ItemResult& result) { relay({patched, result}); });
            if (!both) return failure(both);
            return std::make_shared<const ScoredUntilClear>(std::move(*both));
        },
        [this](const Either& result) {
            m_items->add(result.first, result.second);
            showVerdict();
        },
        [this](const Result<Both>& result) {
            if (result) {
                m_clear = **result;
                m_original = m_clear->original;
                m_patched = m_clear->patched;
                m_paired = m_clear->paired;
                m_options.chat = m_clear->chat;
            } else {
                m_banner->sayError(result.error());
            }
            showVerdict();
            showButtons();
            showItem();
        });
    showVerdict();
    showButtons();
}

void EvaluatePage::score(bool patched)
{
    ScoreRequest request{m_document.models(), patched ? m_document.edited() : m_document.original(), m_task, m_options, m_settings.chat};
    if (patched) m_items->clearSide(true);
    JobSlot& slot = patched ? m_patchedJob : m_originalJob;
    slot.start<ScoredSide, ItemResult>(
        patched ? tr("Scoring, patched") : tr("Scoring, original"),
        [request, before = patched ? m_original : nullptr](Progress& progress, const Relay<ItemResult>& relay) { return scoreAgainst(request, before, progress, relay); },
        [this, patched](const ItemResult& result) {
            m_items->add(patched, result);
            showVerdict();
        },
        [this, patched](const Result<ScoredSide>& result) { finished(patched, result); });
    showVerdict();
    showButtons();
}

void EvaluatePage::finished(bool patched, const Result<ScoredSide>& result)
{
    if (!result) {
        m_banner->sayError(result.error());
    } else {
        (patched ? m_patched : m_original) = result->score;
        m_paired = result->paired;
        m_options.chat = result->chat;
        if (!patched && m_document.hasEdits())
            score(true);
        else
            scoreMore();
        if (m_views->currentIndex() == 1) loadHistory();
    }
    showVerdict();
    showButtons();
    showItem();
}

// What was asked for beside the two scores, once these are there.
void EvaluatePage::scoreMore()
{
    if (!m_original || !m_task || m_clear || m_originalJob.busy() || m_patchedJob.busy()) return;
    const ScoreRequest request{m_document.models(), m_document.original(), m_task, m_options, m_settings.chat};
    if (m_floorBox->isChecked() && !m_floor && !m_floorJob.busy())
        m_floorJob.start<std::size_t>(
            tr("Scoring, noise floor"), [request, before = m_original](Progress& progress) { return scoreFloor(request, before, progress); },
            [this](const Result<std::size_t>& floor) {
                if (floor) m_floor = *floor;
                if (!floor) m_banner->sayError(floor.error());
                showVerdict();
                showButtons();
            });
    if (m_controlBox->isChecked() && m_patched && !m_control && !m_controlJob.busy())
        m_controlJob.start<std::shared_ptr<const ScoredControl>>(
            tr("Scoring, control edit"),
            [request, edited = m_document.edited(), before = m_original](Progress& progress) { return scoreControl(request, edited, before, progress); },
            [this](const Result<std::shared_ptr<const ScoredControl>>& control) {
                if (control) m_control = *control;
                if (!control) m_banner->sayError(control.error());
                showVerdict();
                showButtons();
            });
    showVerdict();
    showButtons();
}

bool EvaluatePage::busy() const { return m_originalJob.busy() || m_patchedJob.busy() || m_floorJob.busy() || m_controlJob.busy() || m_bothJob.busy(); }

void EvaluatePage::stop()
{
    for (JobSlot* slot : {&m_originalJob, &m_patchedJob, &m_floorJob, &m_controlJob, &m_bothJob})
        if (slot->busy()) m_jobs.cancel(slot->job());
    showButtons();
}

} // namespace wb
