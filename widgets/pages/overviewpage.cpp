#include "widgets/pages/overviewpage.h"

#include "widgets/banner.h"
#include "widgets/charts/partsbar.h"
#include "widgets/charts/profilechart.h"
#include "widgets/charts/rolemap.h"
#include "widgets/errortext.h"
#include "widgets/numbertext.h"
#include "widgets/selection.h"
#include "widgets/stateview.h"
#include "widgets/style.h"
#include "widgets/tensortext.h"

#include <QElapsedTimer>
#include <QLabel>
#include <QStackedWidget>
#include <QToolButton>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace wb {
namespace {

// Which part of a model a role belongs to.
QString partOf(const TensorRole& role)
{
    QString name = QString::fromStdString(role.role);
    if (name.endsWith(QLatin1String(".bias"))) name.chop(5);
    static const QStringList attention = {QStringLiteral("q_proj"), QStringLiteral("k_proj"), QStringLiteral("v_proj"),
                                          QStringLiteral("o_proj"), QStringLiteral("qkv_proj"), QStringLiteral("q_norm"),
                                          QStringLiteral("k_norm")};
    static const QStringList feedForward = {QStringLiteral("gate_proj"), QStringLiteral("up_proj"), QStringLiteral("down_proj"),
                                            QStringLiteral("gate_up_proj"), QStringLiteral("router"), QStringLiteral("fc1"), QStringLiteral("fc2")};
    if (attention.contains(name)) return OverviewPage::tr("attention");
    if (feedForward.contains(name)) return OverviewPage::tr("feed-forward");
    if (name == QLatin1String("embed_tokens") || name == QLatin1String("position_embedding")) return OverviewPage::tr("embedding");
    if (name == QLatin1String("lm_head")) return OverviewPage::tr("head");
    if (name.contains(QLatin1String("norm"))) return OverviewPage::tr("norms");
    return OverviewPage::tr("other");
}

QString link(std::size_t tensor, const std::string& name)
{
    return QStringLiteral("<a href=\"%1\">%2</a>").arg(tensor).arg(shortName(name).toHtmlEscaped());
}

} // namespace

void OverviewPage::showOpened()
{
    m_originalJob.cancel();
    m_patchedJob.cancel();
    m_changeJob.cancel();
    m_show.stop();
    m_data = OverviewData(m_document.content());
    m_rowChosen = m_complete = false;
    m_row = m_data.rows().empty() ? 0 : m_data.rows().size() - 1; // a matrix rather than the first norm
    m_banner->clear();
    m_fileBanner->clear();
    if (!m_document.isOpen()) {
        m_stack->setCurrentWidget(m_state);
        return;
    }
    m_stack->setCurrentIndex(1);
    m_charts->setCurrentIndex(m_data.layers() < 2 ? 1 : 0);
    showHead();
    showParts();
    showWarnings();
    showNumbers();
    requestOriginal();
    requestPatched();
}

void OverviewPage::showHead()
{
    const auto& content = *m_document.content();
    const ModelSummary& summary = content.summary;
    m_name->setText(fromUtf8(content.identity.name));
    QStringList facts;
    facts << (summary.architecture.empty() ? tr("architecture not stated") : fromUtf8(summary.architecture));
    if (summary.layers > 0) facts << tr("%n layer(s)", nullptr, static_cast<int>(summary.layers));
    facts << tr("%1 parameters").arg(countText(summary.parameters));
    facts << tr("%n tensor(s)", nullptr, static_cast<int>(content.checkpoint->tensors().size()));
    facts << tr("%1 in %n file(s)", nullptr, static_cast<int>(content.checkpoint->files().size())).arg(bytesText(summary.bytes));
    m_facts->setText(facts.join(QStringLiteral("  ·  ")));
    m_facts->setToolTip(fromUtf8(content.checkpoint->root().string()));
}

void OverviewPage::showParts()
{
    const auto& content = *m_document.content();
    std::map<QString, std::uint64_t> byPart;
    for (std::size_t i = 0; i < content.roles.size(); ++i)
        byPart[partOf(content.roles[i])] += m_document.tensor(i).elements;
    const auto fill = [](PartsBar& bar, const std::vector<std::pair<QString, std::uint64_t>>& sizes, auto detail, const QString& remark) {
        std::uint64_t total = 0;
        for (const auto& [name, size] : sizes)
            total += size;
        std::vector<PartsBar::Part> parts;
        for (const auto& [name, size] : sizes)
            if (size > 0) parts.push_back({name, static_cast<double>(size) / static_cast<double>(total), detail(size)});
        std::ranges::sort(parts, std::greater{}, &PartsBar::Part::share);
        bar.setParts(std::move(parts), remark);
    };
    QString tied;
    if (!content.summary.tied.empty()) tied = tr("head tied to %1").arg(shortName(content.summary.tied[0][0]));
    fill(*m_roles, {byPart.begin(), byPart.end()}, [](std::uint64_t n) { return tr("%1 parameters").arg(countText(n)); }, tied);
    std::vector<std::pair<QString, std::uint64_t>> types;
    for (const auto& [name, total] : content.summary.dtypes)
        types.emplace_back(fromUtf8(name), total.bytes);
    fill(*m_types, types, [](std::uint64_t n) { return bytesText(n); }, {});
}

// What the files themselves are warned of; calm, since everything shown is right.
void OverviewPage::showWarnings()
{
    const auto& content = *m_document.content();
    QStringList lines;
    for (const auto* list : {&content.checkpoint->warnings(), &content.summary.warnings})
        for (const Error& warning : *list)
            lines << errorText(warning).toHtmlEscaped();
    constexpr qsizetype most = 4;
    const qsizetype more = lines.size() - most;
    if (more > 0) {
        lines = lines.mid(0, most);
        lines << tr("and %n more, listed by wb info", nullptr, static_cast<int>(more));
    }
    if (!lines.isEmpty()) m_fileBanner->say(Banner::Kind::Calm, lines.join(QStringLiteral("<br>")));
}

void OverviewPage::requestOriginal()
{
    const std::vector<std::size_t> wanted = m_data.missing();
    if (wanted.empty()) {
        m_complete = true;
        return showSentence(m_data.standouts(false));
    }
    m_originalJob.start<int, OverviewPart>(
        tr("Statistics of all tensors"),
        [source = m_document.original(), wanted, cache = m_document.statistics()](
            Progress& progress, const Relay<OverviewPart>& relay) {
            return computeOverview(*source, wanted, *cache, progress, relay);
        },
        [this](const OverviewPart& part) {
            m_data.add(part, false);
            showSoon();
        },
        [this](const Result<int>& result) {
            m_complete = result.has_value();
            showNumbers();
            if (m_complete) keepStatistics(m_keepJob, tr("Keeping the statistics"), m_document.original(), m_data.originals());
            if (!result && result.error().code == ErrorCode::Cancelled) {
                m_banner->say(Banner::Kind::Calm, tr("Stopped before all tensors were looked at."), false);
                m_banner->offer(tr("Go on"), [this] {
                    m_banner->clear();
                    requestOriginal();
                });
            } else if (!result) {
                m_banner->sayError(result.error());
            }
        });
}

// Only tensors that an edit touches are computed again.
void OverviewPage::requestPatched()
{
    if (!m_document.isOpen()) return;
    requestChange();
    const auto patched = m_document.patched();
    std::vector<std::size_t> touched;
    for (const std::size_t tensor : m_document.content()->order)
        if (patched->changes(tensor)) touched.push_back(tensor);
    m_patchedJob.start<int, OverviewPart>(
        tr("Statistics of edited tensors"),
        [patched, touched, cache = m_document.statistics()](Progress& progress, const Relay<OverviewPart>& relay) {
            return computeOverview(*patched, touched, *cache, progress, relay);
        },
        [this, first = std::make_shared<bool>(true)](const OverviewPart& part) {
            if (std::exchange(*first, false)) m_data.forgetPatched();
            m_data.add(part, true);
            showSoon();
        },
        [this](const Result<int>& result) {
            if (!result) m_banner->sayError(result.error());
        });
}

void OverviewPage::requestChange()
{
    if (!m_document.isOpen() || m_statistic != OverviewData::relativeChange) return;
    m_changeJob.start<DiffReport>(
        tr("Relative change of edited tensors"),
        [original = m_document.original(), patched = m_document.patched()](Progress& progress) {
            return diffSources(*original, *patched, {.top = 0}, progress);
        },
        [this](const Result<DiffReport>& result) {
            if (!result) return m_banner->sayError(result.error());
            m_data.setRelativeChanges(*result);
            showNumbers();
        });
}

void OverviewPage::showSoon()
{
    if (!m_show.isActive()) m_show.start();
}

// Of 10⁵ tensors this takes a while: then a pause of several times as long leaves the window to its user.
void OverviewPage::showNumbers()
{
    constexpr qint64 pauses = 4, longestMs = 2000;
    m_show.stop();
    QElapsedTimer taken;
    taken.start();
    const std::vector<Standout> standouts = m_data.standouts(false);
    if (!m_rowChosen && !standouts.empty())
        for (std::size_t row = 0; row < m_data.rows().size(); ++row)
            for (const auto& tensors : m_data.rows()[row].tensors)
                if (std::ranges::count(tensors, standouts.front().tensor) != 0) m_row = row;
    showSentence(standouts);
    showMap(standouts);
    showRowChoice();
    showProfile();
    m_show.setInterval(static_cast<int>(std::min(pauses * taken.elapsed(), longestMs)));
}

// NaN first, then what stands apart; while tensors are missing only what is already certain.
void OverviewPage::showSentence(const std::vector<Standout>& standouts)
{
    const auto& tensors = m_document.content()->checkpoint->tensors();
    const std::vector<std::size_t> bad = m_data.withNonFinite();
    m_banner->offer({}, {});
    if (!bad.empty()) {
        const Statistics& statistics = *m_data.original(bad.front());
        m_banner->say(Banner::Kind::Warning,
                      tr("<b>%n tensor(s) hold NaN or infinite values.</b> ", nullptr, static_cast<int>(bad.size())) +
                          tr("%1: %2 NaN, %3 infinite of %4.")
                              .arg(link(bad.front(), tensors[bad.front()].name), countText(statistics.nan),
                                   countText(statistics.inf), countText(statistics.count)),
                      false);
        m_banner->offer(tr("Show tensor"), [this, tensor = bad.front()] { m_selection.open(tensor); });
        return;
    }
    if (standouts.empty()) {
        if (m_complete && m_data.layers() > 1)
            m_banner->say(Banner::Kind::Calm, tr("No tensor stands apart: every standard deviation lies within a factor of 4 of "
                                                 "the same role in the other layers."),
                          false);
        else
            m_banner->clear();
        return;
    }
    const Standout& first = standouts.front();
    QString text = tr("<b>%n tensor(s) stand apart.</b> ", nullptr, static_cast<int>(standouts.size())) +
                   tr("%1: its standard deviation is %2 the median of the other layers (%3 against %4).")
                       .arg(link(first.tensor, tensors[first.tensor].name), ratioText(std::round(first.ratio * 1000) / 1000),
                            shortText(first.value), shortText(first.expected));
    if (m_data.anyPatched() && m_data.standouts(true).empty()) text += QLatin1Char(' ') + tr("With the edits nothing does.");
    m_banner->say(Banner::Kind::Warning, text, false);
    m_banner->offer(tr("Show tensor"), [this, tensor = first.tensor] { m_selection.open(tensor); });
}

QString OverviewPage::sentence() const
{
    return m_banner->text();
}

void OverviewPage::showMap(const std::vector<Standout>& standouts)
{
    RoleMapData map;
    map.statistic = QString::fromStdString(m_statistic);
    map.layers = m_data.layers();
    map.cells.resize(m_data.rows().size() * map.layers);
    map.low = std::numeric_limits<double>::infinity();
    map.high = -map.low;
    std::vector<bool> apart(m_document.content()->roles.size(), false);
    for (const Standout& standout : standouts)
        apart[standout.tensor] = true;
    for (std::size_t row = 0; row < m_data.rows().size(); ++row) {
        map.rows << m_data.rows()[row].name;
        for (std::size_t layer = 0; layer < map.layers; ++layer) {
            const auto original = m_data.cell(row, layer, m_statistic, false);
            if (!original) continue;
            const auto patched = m_data.cell(row, layer, m_statistic, true);
            // The scale stays where it is while an edit moves; a change has no other side than the patched one.
            const auto& scaled = m_statistic == OverviewData::relativeChange ? patched : original;
            if (std::isfinite(scaled->value)) {
                map.low = std::min(map.low, scaled->value);
                map.high = std::max(map.high, scaled->value);
            }
            const auto shown = m_blinking ? original : patched;
            RoleMapCell cell{shown->tensor, shown->value, m_data.patched(shown->tensor) != nullptr, false};
            cell.standsApart = apart[cell.tensor];
            map.cells[row * map.layers + layer] = cell;
        }
    }
    m_map->setData(std::move(map));
}

std::vector<double> OverviewPage::profileOf(std::size_t row, bool patched) const
{
    std::vector<double> values(m_data.layers(), std::numeric_limits<double>::quiet_NaN());
    for (std::size_t layer = 0; layer < values.size(); ++layer)
        if (const auto cell = m_data.cell(row, layer, m_statistic, patched)) values[layer] = cell->value;
    return values;
}

void OverviewPage::showProfile()
{
    if (m_data.rows().empty()) return;
    ProfileData profile;
    profile.statistic = QString::fromStdString(m_statistic);
    profile.role = m_data.rows()[m_row].name;
    profile.original = profileOf(m_row, false);
    if (m_data.anyPatched()) profile.patched = profileOf(m_row, true);
    // Norms and matrices differ by orders of magnitude: the grey lines are those of the same kind.
    const auto isNorm = [](const QString& name) { return name.contains(QLatin1String("norm")); };
    constexpr std::size_t mostOthers = 48; // of experts there are hundreds: more lines are one grey, and take seconds
    const std::size_t step = m_data.rows().size() / mostOthers + 1;
    for (std::size_t row = 0; row < m_data.rows().size(); row += step)
        if (row != m_row && isNorm(m_data.rows()[row].name) == isNorm(profile.role)) profile.others.push_back(profileOf(row, false));
    m_profile->setExportTitle(QStringLiteral("%1 of %2 · %3").arg(profile.statistic, profile.role, fromUtf8(m_document.content()->identity.name)));
    m_profile->setProfile(std::move(profile));
}

void OverviewPage::openCell(std::size_t row, std::size_t layer)
{
    if (const auto cell = m_data.cell(row, layer, m_statistic, false)) m_selection.open(cell->tensor);
}

void OverviewPage::setBlinking(bool blinking)
{
    m_blinking = blinking;
    m_profile->setBlinking(blinking);
    if (m_document.isOpen()) showMap(m_data.standouts(false));
}

} // namespace wb

#include "moc_overviewpage.cpp"
