#include "widgets/pages/lenspage.h"

#include "widgets/candidatestable.h"
#include "widgets/charts/layerchart.h"
#include "widgets/charts/tokenmap.h"
#include "widgets/document.h"
#include "widgets/numbertext.h"
#include "widgets/runningmodels.h"
#include "widgets/tokentext.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>

#include <algorithm>
#include <cmath>

namespace wb {
namespace {

constexpr std::size_t candidates = 10;

} // namespace

void LensPage::forget()
{
    m_result = {};
    m_cell.reset();
}

std::optional<double> LensPage::secondsTaken() const
{
    return m_result.a ? std::optional(m_result.a->seconds + (m_result.b ? m_result.b->seconds : m_result.a->seconds)) : std::nullopt;
}

void LensPage::run(const ReadingRequest& request, JobSlot& job)
{
    job.start<Measured>(
        tr("Logit lens"), [request, raw = m_raw->isChecked()](Progress& progress) { return measure(request, raw, progress); },
        [this](const Result<Measured>& result) { finished(result); });
}

Result<LensPage::Measured> LensPage::measure(const ReadingRequest& request, bool raw, Progress& progress)
{
    auto reading = prepareReading(request, progress);
    if (!reading) return failure(reading);
    Measured out{*reading, nullptr, nullptr};
    LensOptions options;
    options.raw = raw;
    options.candidates = candidates;
    for (auto [model, report] : {std::pair((*reading)->a, &out.a), std::pair((*reading)->b, &out.b)}) {
        if (!model) continue;
        auto lens = computeLens(*model, (*reading)->ids, options, progress);
        if (!lens) return failure(lens);
        *report = std::make_shared<const LensReport>(std::move(*lens));
    }
    return out;
}

void LensPage::finished(const Result<Measured>& result)
{
    if (result) adopt(*result);
    ended(result ? nullptr : &result.error());
}

void LensPage::adopt(Measured result)
{
    m_result = std::move(result);
    const QString before = m_what->currentData().toString();
    m_what->clear();
    m_what->addItem(m_result.reading->nameA, QStringLiteral("a"));
    if (m_result.b) {
        m_what->addItem(m_result.reading->nameB, QStringLiteral("b"));
        m_what->addItem(tr("change"), QStringLiteral("change"));
    }
    m_what->setCurrentIndex(std::max(0, m_what->findData(before)));
    if (m_cell && (static_cast<std::size_t>(m_cell->first) >= m_result.a->rows || static_cast<std::size_t>(m_cell->second) >= m_result.a->tokens)) m_cell.reset();
}

std::any LensPage::keptResult() const { return m_result.a ? std::any(Kept{m_result, m_cell, m_raw->isChecked()}) : std::any(); }

void LensPage::takeResult(const std::any& result)
{
    auto kept = std::any_cast<Kept>(result);
    const QSignalBlocker quiet(m_raw); // it was measured so already
    m_raw->setChecked(kept.raw);
    kept.result.reading = renamed(*kept.result.reading);
    m_cell = kept.cell;
    adopt(std::move(kept.result));
}

LensPage::Shown LensPage::shown() const
{
    if (!m_result.b) return Shown::Original;
    const QString what = m_what->currentData().toString();
    return what == QStringLiteral("b") ? Shown::Compared : what == QStringLiteral("change") ? Shown::Change : Shown::Original;
}

void LensPage::showSide(Shown what)
{
    m_what->setCurrentIndex(std::min(static_cast<int>(what), m_what->count() - 1));
    showMap();
}

QString LensPage::tokenAt(std::uint32_t id) const { return tokenText(*m_result.reading->tokenizer, id); }

void LensPage::showResult()
{
    m_what->setEnabled(m_result.b != nullptr);
    if (!m_result.a) {
        m_caption->setText(isBusy() ? tr("The text is being read …") : tr("Each row is the stream before a layer, each column a token: what the head would say next if the model ended there."));
    } else {
        QString caption = tr("%1 tokens of %2 · %3 · F32 · each cell: the likeliest next token")
                              .arg(countText(m_result.a->tokens), m_result.reading->text,
                                   m_raw->isChecked() ? tr("raw states (the last row is behind the final norm)") : tr("each state through the final norm and the head"));
        if (m_result.a->tokens < m_result.reading->all) caption += QStringLiteral(" · ") + tr("the first of %1").arg(countText(m_result.reading->all));
        if (isStale()) caption += QStringLiteral(" · ") + tr("the edits have changed since");
        m_caption->setText(caption);
    }
    showMap();
    showProfile();
}

// Mean log-probability of what follows, with the interval of the difference around the second curve. Without the embedding, of which the
// head makes so little that the rest would be a flat line.
void LensPage::showProfile()
{
    LayerChartData chart;
    chart.placeName = tr("layer");
    chart.valueName = tr("log p");
    QString caption = tr("Mean log-probability, in nats, of the token that follows in the text, from behind the first layer on");
    if (m_result.a && m_result.a->tokens > 1) {
        const LensReport& a = *m_result.a;
        for (std::size_t row = 1; row < a.rows; ++row)
            chart.places << (row + 1 == a.rows ? tr("end") : QString::number(row));
        LayerSeries before{m_result.reading->nameA, SeriesRole::Original, false, {}, {}, {}};
        for (std::size_t row = 1; row < a.rows; ++row)
            before.values.push_back(meanNextLogprob(a, row));
        const auto changes = m_result.b ? lensChange(a, *m_result.b) : std::vector<PairedChange>();
        LayerSeries after{m_result.b ? m_result.reading->nameB : QString(), SeriesRole::Patched, false, {}, {}, {}};
        for (std::size_t row = 1; row < changes.size(); ++row) {
            after.values.push_back(before.values[row - 1] + changes[row].delta);
            after.low.push_back(before.values[row - 1] + changes[row].low);
            after.high.push_back(before.values[row - 1] + changes[row].high);
        }
        chart.series.push_back(std::move(before));
        if (!changes.empty()) {
            chart.series.push_back(std::move(after));
            const PairedChange& end = changes.back();
            caption += QStringLiteral(" · ") + tr("at the end %1 (95 % from %2 to %3)").arg(shortText(end.delta), shortText(end.low), shortText(end.high)) + QStringLiteral(" · ") +
                       tr("bars: 95 % interval of the difference, paired over %1 tokens taken as independent").arg(countText(a.tokens - 1));
        }
    }
    m_profile->setData(std::move(chart));
    m_profileCaption->setText(caption);
}

void LensPage::showMap()
{
    TokenMapData map;
    if (m_result.a) {
        const Shown what = shown();
        const bool next = m_color->currentIndex() == 1;
        const LensReport& first = *m_result.a;
        const LensReport& side = what == Shown::Original ? first : *m_result.b;
        for (std::size_t row = 0; row < side.rows; ++row)
            map.rows << (row + 1 == side.rows ? tr("end") : QString::number(row));
        for (const std::uint32_t id : m_result.reading->ids)
            map.columns << tokenAt(id);
        const auto value = [next](const LensCell& cell) { return next ? cell.nextLogprob : cell.likeliest.front().logprob; };
        const bool alike = what == Shown::Change && first.rows == side.rows;
        for (std::size_t row = 0; row < side.rows; ++row)
            for (std::size_t token = 0; token < side.tokens; ++token) {
                const LensCell& cell = side.at(row, token);
                double shownValue = std::exp(value(cell));
                QString text = tokenAt(cell.likeliest.front().id);
                if (alike) {
                    const LensCell& before = first.at(row, token);
                    shownValue -= std::exp(value(before));
                    if (before.likeliest.front().id == cell.likeliest.front().id) text.clear(); // only what became another token
                }
                map.values.push_back(static_cast<float>(shownValue));
                map.texts << text;
            }
        map.low = alike ? -1 : 0;
        map.high = 1;
        map.scale = alike ? tr("change of the probability, the token where it became another") : next ? tr("probability of the token that follows") : tr("probability of the likeliest token");
        map.reading = [result = m_result, side = what == Shown::Original ? m_result.a : m_result.b](std::size_t row, std::size_t token) {
            const LensCell& cell = side->at(row, token);
            QString text = LensPage::tr("before layer %1, token %2").arg(row).arg(token);
            for (const Candidate& candidate : cell.likeliest)
                text += QStringLiteral("\n%1  %2").arg(tokenText(*result.reading->tokenizer, candidate.id), percentText(std::exp(candidate.logprob)));
            return text;
        };
    }
    m_map->setData(std::move(map));
    if (m_cell && m_result.a) m_map->setCurrent(std::pair(static_cast<std::size_t>(m_cell->first), static_cast<std::size_t>(m_cell->second)));
    showCell();
}

void LensPage::choose(int row, int token)
{
    m_cell = {row, token};
    m_map->setCurrent(std::pair(static_cast<std::size_t>(row), static_cast<std::size_t>(token)));
    showCell();
}

void LensPage::showCell()
{
    if (!m_cell || !m_result.a) {
        m_table->forget();
        return m_facts->setText(tr("Choose a cell to see its candidates."));
    }
    const auto row = static_cast<std::size_t>(m_cell->first), token = static_cast<std::size_t>(m_cell->second);
    const auto& ids = m_result.reading->ids;
    QString facts = row + 1 == m_result.a->rows ? tr("Behind the last layer, after “%1”").arg(tokenAt(ids[token])) : tr("Before layer %1, after “%2”").arg(row).arg(tokenAt(ids[token]));
    if (token + 1 < ids.size()) {
        const LensCell& cell = m_result.a->at(row, token);
        facts += QStringLiteral(" · ") + tr("“%1” follows: %2, rank %3").arg(tokenAt(ids[token + 1]), percentText(std::exp(cell.nextLogprob))).arg(cell.nextRank + 1);
        if (m_result.b && row < m_result.b->rows) {
            const LensCell& other = m_result.b->at(row, token);
            facts += QStringLiteral(" → ") + tr("%1, rank %2").arg(percentText(std::exp(other.nextLogprob))).arg(other.nextRank + 1);
        }
    }
    m_facts->setText(facts);
    const bool both = m_result.b && row < m_result.b->rows;
    const auto next = token + 1 < ids.size() ? std::optional(ids[token + 1]) : std::nullopt; // what follows in the text
    m_table->showSides(m_result.a->at(row, token).likeliest, both ? std::span<const Candidate>(m_result.b->at(row, token).likeliest) : std::span<const Candidate>(), *m_result.reading->tokenizer, next);
}

QString LensPage::facts() const { return m_facts->text(); }

} // namespace wb

#include "moc_lenspage.cpp"
