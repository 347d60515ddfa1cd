// The gains of the Spectrum page: what is proposed, how it is shown while it is dragged, and how it is staged.
#include "core/recipe/check.h"
#include "core/recipe/patchedsource.h"
#include "widgets/charts/gaineditor.h"
#include "widgets/document.h"
#include "widgets/errortext.h"
#include "widgets/numberfield.h"
#include "widgets/numbertext.h"
#include "widgets/pages/spectrumpage.h"
#include "widgets/style.h"
#include "widgets/tensortext.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>

#include <algorithm>
#include <cmath>

namespace wb {

SpectrumPage::Rule SpectrumPage::rule() const { return static_cast<Rule>(m_rule->currentIndex()); }

std::optional<Svf> SpectrumPage::proposal() const
{
    const auto value = m_value->value();
    const bool kept = m_keepNorm->isChecked();
    switch (rule()) {
    case Rule::Bars:
    case Rule::Curve: return m_editor->isNeutral() ? std::nullopt : std::optional(Svf(m_editor->gains(), kept));
    case Rule::Power: return value && *value != 1 && std::abs(*value) <= 100 ? std::optional(Svf(PowerGains{*value}, kept)) : std::nullopt;
    case Rule::Energy: return value && *value >= 0 && *value < 100 ? std::optional(Svf(EnergyCut{*value / 100}, kept)) : std::nullopt;
    case Rule::Rank:
        return value && *value >= 0 && *value < 1e9 && *value == std::floor(*value) ? std::optional(Svf(RankCut{static_cast<std::uint64_t>(*value)}, kept)) : std::nullopt;
    }
    return std::nullopt;
}

std::vector<double> SpectrumPage::editedValues() const
{
    const auto svf = proposal();
    if (!m_report) return {};
    if (!svf || !m_report->base) return m_report->staged ? m_report->staged->values : std::vector<double>();
    const auto factors = multipliers(*svf, 1, m_document.tensor(m_report->tensor).name, m_report->base->values);
    if (!factors) return {};
    std::vector<double> out(factors->size());
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = std::abs((*factors)[i]) * m_report->base->values[i];
    std::ranges::sort(out, std::greater());
    return out;
}

// Everything that follows the mouse: no decomposition, only the values that are there.
void SpectrumPage::followGains()
{
    if (!m_report) return endPreview();
    const auto svf = proposal();
    const std::string& name = m_document.tensor(m_report->tensor).name;
    const std::size_t count = m_report->base ? m_report->base->values.size() : m_report->original.values.size();
    m_editor->setComponents(m_report->base ? count : 0, m_logPlaces->isChecked());
    QString problem;
    std::vector<double> factors(count, 1.0);
    if (svf && m_report->base) {
        auto found = multipliers(*svf, 1, name, m_report->base->values);
        if (found) factors = std::move(*found);
        else problem = sentenceText(reasonOf(found.error()), "reasons");
    }
    m_editor->showGains(factors);
    showChart();
    showFigures();
    m_stage->setEnabled(svf && m_report->base && problem.isEmpty());
    m_reset->setEnabled(svf.has_value());
    setStyleProperty(m_effect, "error", !problem.isEmpty());
    if (!svf || !m_stage->isEnabled()) endPreview();
    if (!m_report->base) return m_effect->setText(tr("Its smaller side is above %1: shown, not edited.").arg(largestDecomposed));
    if (!problem.isEmpty()) return m_effect->setText(problem);
    if (!svf) return m_effect->setText(tr("Drag the gains, or choose a rule."));
    double squares = 0, change = 0, before = 0, after = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const double value = m_report->base->values[i];
        squares += value * value;
        change += value * value * (factors[i] - 1) * (factors[i] - 1);
        before += value;
        after += value * factors[i];
    }
    m_effect->setText(QStringLiteral("‖Δ‖ / ‖W‖ = %1 · Σσ %2 → %3").arg(shortText(squares > 0 ? std::sqrt(change / squares) : 0), shortText(before), shortText(after)));
    m_rest.start();
}

Edit SpectrumPage::edit(const Svf& svf) const
{
    Edit edit;
    edit.operation = svf;
    const std::string& role = m_document.content()->roles[m_report->tensor].role;
    const bool alone = m_target->currentIndex() == 0;
    if (m_report->part.fused()) edit.elements.part = m_report->part.fused()->role;
    else if (alone && partsOf(m_document.tensor(m_report->tensor)) > 1) edit.elements.experts = {static_cast<std::uint32_t>(m_report->part.stacked())};
    if (alone)
        edit.select = Selector::forTensor(m_document.tensor(m_report->tensor).name);
    else if (auto selector = Selector::parse("role=" + role))
        edit.select = *selector;
    return edit;
}

// All other views follow once the gains rest.
void SpectrumPage::preview(const Svf& svf)
{
    if (m_document.setPreview(m_document.recipe()->with(edit(svf)))) m_previewed = m_document.previewed(); // what does not fit is told by the effect
}

// Unless another form has put its own in the place of ours.
void SpectrumPage::endPreview()
{
    if (m_previewed && m_document.previewed() == m_previewed) (void)m_document.setPreview(nullptr); // ending one cannot fail
    m_previewed.reset();
}

// How many stored elements change, of this matrix: rounding decides.
void SpectrumPage::requestEffect()
{
    const auto svf = proposal();
    if (!svf || !m_report || !m_report->base || !m_document.isOpen() || !m_stage->isEnabled()) return;
    preview(*svf);
    const std::size_t tensor = m_report->tensor;
    Edit own = edit(*svf);
    own.select = Selector::forTensor(m_document.tensor(tensor).name);
    if (!m_report->part.fused() && partsOf(m_document.tensor(tensor)) > 1) own.elements.experts = {static_cast<std::uint32_t>(m_report->part.stacked())};
    m_effectJob.start<EditEffect>(
        tr("Effect on %1").arg(shortName(m_document.tensor(tensor).name)),
        [staged = SourcePtr(m_document.staged()), original = m_document.original(), recipe = m_document.recipe(), own, tensor, cache = m_document.statistics()](Progress& progress) -> Result<EditEffect> {
            auto after = patch(original, recipe->with(own));
            if (!after) return failure(after);
            return effectOf(*staged, **after, tensor, false, *cache, progress);
        },
        [this, tensor, part = m_report->part](const Result<EditEffect>& effect) {
            if (!m_report || m_report->tensor != tensor || m_report->part != part || !proposal()) return;
            const QString first = m_effect->text().section(QLatin1Char('\n'), 0, 0);
            if (effect)
                m_effect->setText(first + QLatin1Char('\n') + tr("%1 of %2 elements change after rounding").arg(countText(effect->changed), countText(m_report->original.rows * m_report->original.cols)));
            else if (effect.error().code != ErrorCode::Cancelled) {
                m_effect->setText(errorText(effect.error()));
                setStyleProperty(m_effect, "error", true);
                m_stage->setEnabled(false);
            }
        });
}

void SpectrumPage::stage()
{
    const auto svf = proposal();
    if (!svf || !m_report || !m_report->base) return;
    const Edit own = edit(*svf);
    if (const auto done = m_document.change(m_document.recipe()->with(own), editText(own)); !done) {
        m_effect->setText(errorText(done.error()));
        return setStyleProperty(m_effect, "error", true);
    }
    resetGains();
    request();
}

void SpectrumPage::chooseRule(Rule rule, std::optional<double> value)
{
    m_rule->setCurrentIndex(static_cast<int>(rule));
    m_editor->setMode(rule == Rule::Bars ? GainEditor::Mode::Bars : rule == Rule::Curve ? GainEditor::Mode::Curve : GainEditor::Mode::Shown);
    m_value->setVisible(rule != Rule::Bars && rule != Rule::Curve);
    const double count = m_report && m_report->base ? static_cast<double>(m_report->base->values.size()) : 512;
    if (rule == Rule::Power) m_value->setup(tr("Power of σ"), linearScale(0, 2), QStringLiteral("1"));
    if (rule == Rule::Energy) m_value->setup(tr("Share of Σσ² that stays, %"), linearScale(0, 100), QStringLiteral("100"));
    if (rule == Rule::Rank) m_value->setup(tr("Components that stay"), linearScale(0, count), tr("a number"));
    m_value->setValue(value);
    followGains();
}

void SpectrumPage::resetGains()
{
    m_editor->reset();
    m_value->setValue(rule() == Rule::Power ? std::optional(1.0) : std::nullopt);
    followGains();
}

QString SpectrumPage::effect() const { return m_effect->text(); }

} // namespace wb
