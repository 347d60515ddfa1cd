#include "widgets/groupprofile.h"

#include "widgets/charts/groupchart.h"
#include "widgets/document.h"
#include "widgets/errortext.h"
#include "widgets/numbertext.h"
#include "widgets/style.h"
#include "widgets/tensortext.h"

#include <QComboBox>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace wb {
namespace {

using Value = double (*)(const GroupStatistics&);

struct NamedValue {
    const char* name;
    Value value;
};

// The names of `wb stats`, which the whole window uses.
constexpr int widest = 96; // pixels of a choice

constexpr std::array values = {
    NamedValue{"std", [](const GroupStatistics& s) { return s.std; }},
    NamedValue{"mean", [](const GroupStatistics& s) { return s.mean; }},
    NamedValue{"l2", [](const GroupStatistics& s) { return s.l2; }},
    NamedValue{"abs_max", [](const GroupStatistics& s) { return s.absMax; }},
    NamedValue{"min", [](const GroupStatistics& s) { return s.min; }},
    NamedValue{"max", [](const GroupStatistics& s) { return s.max; }},
    NamedValue{"zero", [](const GroupStatistics& s) { return static_cast<double>(s.zero); }},
    NamedValue{"nan", [](const GroupStatistics& s) { return static_cast<double>(s.nan + s.inf); }},
};

std::vector<double> listOf(const Profile& profile, Value value)
{
    std::vector<double> list(profile.groups.size());
    std::ranges::transform(profile.groups, list.begin(), value);
    return list;
}

} // namespace

GroupProfile::GroupProfile(Document& document, Jobs& jobs, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
    , m_job(jobs, JobSlot::Mode::Follow, nullptr)
    , m_kind(new QComboBox(this))
    , m_statistic(new QComboBox(this))
    , m_message(shrinkingLabel(this))
    , m_edit(flatButton({}, this))
    , m_chart(new GroupChart(this))
{
    m_kind->setAccessibleName(tr("What is profiled"));
    m_statistic->setAccessibleName(tr("Statistic of the profile"));
    for (const NamedValue& value : values)
        m_statistic->addItem(QString::fromLatin1(value.name));
    auto* head = new QHBoxLayout;
    head->setSpacing(8);
    for (QComboBox* box : {m_kind, m_statistic}) {
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon); // the window fits on 1280 pixels
        box->setMinimumContentsLength(5);
        box->setMaximumWidth(widest);
        head->addWidget(box);
    }
    head->addWidget(m_edit);
    head->addWidget(m_message);
    head->addStretch(1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    column->addLayout(head);
    column->addWidget(m_chart, 1);
    m_chart->setMinimumHeight(64);
    m_edit->hide();
    connect(m_kind, &QComboBox::activated, this, &GroupProfile::beginAnew);
    connect(m_statistic, &QComboBox::activated, this, &GroupProfile::fill);
    connect(m_chart, &GroupChart::groupClicked, this, &GroupProfile::choose);
    connect(m_edit, &QToolButton::clicked, this, [this] {
        Elements elements;
        const auto group = static_cast<std::uint64_t>(m_group.value_or(0));
        switch (kind()) {
        case ProfileKind::Row: elements.rows = {group, group + 1}; break;
        case ProfileKind::Column: elements.cols = {group, group + 1}; break;
        case ProfileKind::Head: elements.heads = {static_cast<std::uint32_t>(group)}; break;
        case ProfileKind::Expert: elements.experts = {static_cast<std::uint32_t>(group)}; break;
        }
        emit editRequested(elements);
    });
}

void GroupProfile::setTensor(std::optional<std::size_t> tensor)
{
    m_job.cancel();
    m_tensor = tensor;
    m_profiles.reset();
    m_group.reset();
    fillKinds();
    fill();
    reload();
}

std::optional<Grouping> GroupProfile::grouping(ProfileKind kind) const
{
    if (!m_tensor || !m_document.isOpen()) return std::nullopt;
    const auto found = groupingOf(m_document.tensor(*m_tensor), kind, headShapeOf(m_document.original()->config()));
    return found ? std::optional(*found) : std::nullopt;
}

// Only what this tensor has.
void GroupProfile::fillKinds()
{
    const QVariant before = m_kind->currentData();
    m_kind->clear();
    const std::array<std::pair<ProfileKind, QString>, 4> kinds = {{{ProfileKind::Row, tr("rows")},
                                                                   {ProfileKind::Column, tr("columns")},
                                                                   {ProfileKind::Head, tr("heads")},
                                                                   {ProfileKind::Expert, tr("experts")}}};
    for (const auto& [kind, name] : kinds)
        if (const auto groups = grouping(kind); groups && groups->count > 1)
            m_kind->addItem(name, static_cast<int>(kind));
    m_kind->setCurrentIndex(std::max(0, m_kind->findData(before)));
}

ProfileKind GroupProfile::kind() const { return static_cast<ProfileKind>(m_kind->currentData().toInt()); }

void GroupProfile::setKind(ProfileKind kind)
{
    m_kind->setCurrentIndex(std::max(0, m_kind->findData(static_cast<int>(kind))));
    beginAnew();
}

// The numbers of rows are none of columns, and row 500 is no head.
void GroupProfile::beginAnew()
{
    m_job.cancel();
    m_profiles.reset();
    m_group.reset();
    fill();
    reload();
}

void GroupProfile::reload()
{
    m_stale = true;
    if (isVisible()) request();
}

void GroupProfile::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (m_stale) request();
}

void GroupProfile::request()
{
    if (!m_tensor || !m_document.isOpen() || m_kind->count() == 0) return fill();
    m_stale = false;
    if (!m_profiles) m_message->setText(tr("computing …"));
    const bool edited = m_document.original()->fingerprint(*m_tensor) != m_document.patched()->fingerprint(*m_tensor);
    m_job.start<Both>(
        tr("Profile of %1").arg(shortName(m_document.tensor(*m_tensor).name)),
        [original = m_document.original(), patched = m_document.patched(), tensor = *m_tensor, kind = kind(),
         edited](Progress& progress) -> Result<Both> {
            const HeadShape heads = headShapeOf(original->config());
            auto first = profileOf(*original, tensor, kind, heads, progress);
            if (!first) return failure(first);
            Both both{std::move(*first), std::nullopt};
            if (!edited) return both;
            auto second = profileOf(*patched, tensor, kind, heads, progress);
            if (!second) return failure(second);
            both.patched = std::move(*second);
            return both;
        },
        [this](Result<Both> result) {
            m_profiles = result ? std::optional(std::move(*result)) : std::nullopt;
            fill();
            if (!result) m_message->setText(errorText(result.error()));
        });
}

void GroupProfile::fill()
{
    m_edit->setVisible(m_group.has_value());
    if (!m_profiles) {
        m_chart->setGroups({});
        const bool nothing = m_tensor && m_kind->count() == 0;
        m_chart->setPlaceholder(nothing ? tr("This tensor has neither rows nor columns to compare.") : QString());
        if (nothing) m_message->clear();
        return;
    }
    const Value value = values.at(static_cast<std::size_t>(std::max(0, m_statistic->currentIndex()))).value;
    GroupData groups{m_kind->currentText(), m_statistic->currentText(), listOf(m_profiles->original, value), {}};
    if (m_profiles->patched) groups.patched = listOf(*m_profiles->patched, value);
    m_chart->setGroups(std::move(groups));
    m_chart->setMark(m_group);
    m_message->setText(tr("%1, exact").arg(countText(m_profiles->original.groups.size())));
    m_chart->setToolTip(tr("A click shows the place in map and values"));
    if (m_group) m_edit->setText(tr("Edit %1 %2").arg(m_kind->currentText(), countText(*m_group)));
}

void GroupProfile::choose(std::size_t group)
{
    const auto groups = grouping(kind());
    if (!groups || group >= groups->count) return;
    m_group = group;
    fill();
    const std::uint64_t place = group * groups->size;
    emit chosen(groups->byColumn ? 0 : place, groups->byColumn ? place : 0);
}

void GroupProfile::showPlace(std::uint64_t row, std::uint64_t col)
{
    const auto groups = grouping(kind());
    if (!groups || groups->size == 0) return;
    m_group = std::min((groups->byColumn ? col : row) / groups->size, groups->count - 1);
    fill();
}

void GroupProfile::setBlinking(bool blinking) { m_chart->setBlinking(blinking); }

} // namespace wb

#include "moc_groupprofile.cpp"
