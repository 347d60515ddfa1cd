#include "widgets/pages/textpage.h"

#include "widgets/banner.h"
#include "widgets/candidatestable.h"
#include "widgets/charts/changechart.h"
#include "widgets/charts/tokenflow.h"
#include "widgets/document.h"
#include "widgets/errortext.h"
#include "widgets/numbertext.h"
#include "widgets/quickscore.h"
#include "widgets/runningmodels.h"
#include "widgets/stateview.h"
#include "widgets/style.h"
#include "widgets/textchooser.h"
#include "widgets/theme.h"
#include "widgets/tokentext.h"

#include <QEvent>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QStackedWidget>

#include <algorithm>
#include <cmath>

namespace wb {
namespace {

constexpr std::size_t candidateCount = 12;

} // namespace

void TextPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    if (m_stale && m_document.isOpen()) listTexts();
    measureIfQuiet();
}

// Whoever looks wants a number; a large model waits for the button.
void TextPage::measureIfQuiet()
{
    if (isVisible() && m_score.state() == QuickScore::State::Off && m_score.isQuiet()) m_score.turnOn();
}

void TextPage::changeEvent(QEvent* event)
{
    Page::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) showTokens();
}

void TextPage::listTexts()
{
    m_stale = false;
    m_texts->list(m_document.content()->checkpoint->root());
}

void TextPage::setText(TextSource text) { m_score.setText(std::move(text)); }

void TextPage::showState()
{
    const bool nothing = m_score.state() == QuickScore::State::Nothing;
    if (nothing && m_score.problem())
        m_state->say(tr("This checkpoint does not run here"), errorText(*m_score.problem()));
    else if (nothing && m_document.isOpen())
        m_state->say(tr("The text is being read …"), {});
    else if (nothing)
        m_state->say(tr("Nothing is open"), tr("Open a checkpoint to see what your edits do to a text, token by token."));
    m_stack->setCurrentIndex(nothing ? 0 : 1);
    const bool busy = m_score.state() == QuickScore::State::Computing;
    m_button->setText(busy ? tr("Stop") : tr("Measure"));
    m_button->setVisible(busy || m_score.state() != QuickScore::State::Ready);
    if (m_score.state() == QuickScore::State::Failed)
        m_banner->sayError(*m_score.problem());
    else
        m_banner->clear();
}

void TextPage::showScore()
{
    if (!m_document.isOpen()) m_stale = true;
    if (m_stale && isVisible() && m_document.isOpen()) listTexts();
    showState();
    showVerdict();
    showTokens();
    if (m_score.state() != QuickScore::State::Ready) return;
    m_texts->setSource(m_score.text()->source);
    requestCandidates();
}

void TextPage::showVerdict()
{
    m_caution->clear();
    const auto comparison = m_score.comparison();
    if (!comparison)
        return m_verdict->setText(m_score.state() == QuickScore::State::Computing ? tr("The text is being read …") : tr("Not measured yet: the model is loaded when you ask for it."));
    const auto text = m_score.text();
    QString place = tr("%1 tokens of %2").arg(countText(comparison->a.tokens), text->source.name);
    if (text->ids.size() < text->all) place += tr(" (the first of %1)").arg(countText(text->all));
    if (!m_score.hasEdits()) {
        m_verdict->setText(tr("The loss is %1 ± %2 nats a token, perplexity %3.")
                               .arg(shortText(comparison->a.nllMean), shortText(comparison->a.standardError), shortText(comparison->a.perplexity)));
        return m_caution->setText(place + QStringLiteral(" · ") + tr("stage an edit to see what it changes"));
    }
    const Interval& ci = comparison->deltaCi95;
    const QString meaning = comparison->deltaMean == 0 && comparison->kl.max == 0 ? tr("nothing changed, to the last bit")
                            : ci.low > 0                                           ? tr("the edits make it worse")
                            : ci.high < 0                                          ? tr("the edits make it better")
                                                                                   : tr("this text does not tell them apart");
    m_verdict->setText(QStringLiteral("%1 (%2 → %3): %4.").arg(m_score.line(), shortText(comparison->a.nllMean), shortText(comparison->b.nllMean), meaning));
    m_caution->setText(tr("%1, paired, 95 % from %2 to %3 · KL divergence %4 · same likeliest token at %5 · stored precision")
                           .arg(place, shortText(ci.low), shortText(ci.high), shortText(comparison->kl.mean), percentText(comparison->sameTopShare)));
}

std::optional<std::size_t> TextPage::counted(int token) const
{
    if (token < 0 || static_cast<std::size_t>(token) >= m_counted.size() || m_counted[static_cast<std::size_t>(token)] < 0) return std::nullopt;
    return static_cast<std::size_t>(m_counted[static_cast<std::size_t>(token)]);
}

QString TextPage::hintOf(int token) const
{
    const auto at = counted(token);
    if (!at) return tr("nothing stands before it");
    const TextComparison& comparison = *m_score.comparison();
    const QString loss = tr("loss %1").arg(shortText(comparison.a.nll[*at]));
    return m_score.hasEdits() ? tr("%1 → %2, change %3").arg(loss, shortText(comparison.b.nll[*at]), shortText(comparison.delta(*at))) : loss;
}

void TextPage::showTokens()
{
    const auto comparison = m_score.comparison();
    const auto text = m_score.text();
    m_counted.assign(text ? text->ids.size() : 0, -1);
    if (!comparison) {
        m_flow->setTokens({});
        m_chart->setValues({});
        m_legend->clear();
        return showToken();
    }
    std::vector<double> values(m_counted.size(), 0.0);
    double most = 0;
    for (std::size_t i = 0; i < comparison->a.positions.size(); ++i) {
        const std::size_t place = comparison->a.positions[i];
        m_counted[place] = static_cast<int>(i);
        values[place] = m_score.hasEdits() ? comparison->delta(i) : comparison->a.nll[i];
        most = std::max(most, std::abs(values[place]));
    }
    std::vector<FlowToken> tokens;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const QString shown = tokenText(*text->tokenizer, text->ids[i]);
        QColor tint = values[i] > 0 ? colors().negative : colors().positive;
        tint.setAlphaF(static_cast<float>(most > 0 ? 0.7 * std::abs(values[i]) / most : 0));
        tokens.push_back({shown, hintOf(static_cast<int>(i)), text->tokenizer->isSpecial(text->ids[i]), shown.endsWith(QChar(0x23CE)), tint});
    }
    m_flow->setTokens(std::move(tokens));
    m_chart->setValues(std::move(values));
    m_legend->setText(m_score.hasEdits() ? tr("purple: less likely than before, green: likelier; strongest at %1 nats").arg(shortText(most))
                                         : tr("purple: unexpected; strongest at %1 nats").arg(shortText(most)));
    if (m_token && static_cast<std::size_t>(*m_token) >= m_counted.size()) m_token.reset();
    m_flow->setCurrent(m_token);
    m_chart->setCurrent(m_token);
    showToken();
}

void TextPage::choose(int token)
{
    m_token = token;
    m_flow->setCurrent(token);
    m_chart->setCurrent(token);
    showToken();
    requestCandidates();
}

void TextPage::showToken()
{
    if (!m_token || !m_score.text()) {
        m_table->forget();
        return m_facts->setText(tr("Choose a token to see what both models hold likeliest in its place."));
    }
    const auto at = counted(*m_token);
    QString facts = QStringLiteral("“%1” · ").arg(tokenText(*m_score.text()->tokenizer, m_score.text()->ids[static_cast<std::size_t>(*m_token)])) + hintOf(*m_token);
    if (at && m_score.hasEdits()) facts += QStringLiteral(" · ") + tr("KL divergence %1").arg(shortText(m_score.comparison()->divergence[*at]));
    m_facts->setText(facts);
}

// Of the models that were measured; asked for again after each measurement.
void TextPage::requestCandidates()
{
    m_candidatesJob.cancel();
    if (!m_token || !counted(*m_token) || !m_score.text()) return m_table->forget();
    const SourcePtr original = m_document.original(), patched = m_score.hasEdits() ? m_document.edited() : nullptr;
    m_candidatesJob.start<Likeliest>(
        tr("Likeliest tokens"),
        [models = m_document.models(), original, patched, text = m_score.text(), token = static_cast<std::size_t>(*m_token)](Progress& progress) -> Result<Likeliest> {
            Likeliest out;
            for (auto [source, list] : {std::pair(original, &out.original), std::pair(patched, &out.patched)}) {
                if (!source) continue;
                auto model = models->load(source, progress);
                if (!model) return failure(model);
                auto found = likeliestAt(**model, text->ids, token, QuickScore::options(*text->tokenizer, (*model)->config()), candidateCount, progress);
                if (!found) return failure(found);
                *list = std::move(*found);
            }
            return out;
        },
        [this](const Result<Likeliest>& result) { showCandidates(result); });
}

void TextPage::showCandidates(const Result<Likeliest>& result)
{
    if (!result || !m_score.text()) return m_table->forget();
    const auto here = m_token ? std::optional(m_score.text()->ids[static_cast<std::size_t>(*m_token)]) : std::nullopt;
    m_table->showSides(result->original, result->patched, *m_score.text()->tokenizer, here);
}

QString TextPage::verdict() const { return m_verdict->text(); }
QString TextPage::facts() const { return m_facts->text(); }
int TextPage::candidates() const { return m_table->rowCount(); }

} // namespace wb

#include "moc_textpage.cpp"
