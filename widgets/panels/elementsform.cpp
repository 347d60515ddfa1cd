#include "widgets/panels/elementsform.h"

#include "core/recipe/percent.h"
#include "widgets/errortext.h"
#include "widgets/numberfield.h"
#include "widgets/style.h"

#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace wb {
namespace {

constexpr int percent = 100;
constexpr std::uint32_t mostNumbers = 65536; // of heads or experts in one list

QString rangeText(const std::optional<IndexRange>& range)
{
    return range ? QStringLiteral("%1:%2").arg(range->first).arg(range->end) : QString();
}

QString numbersText(const std::vector<std::uint32_t>& numbers)
{
    QStringList parts;
    for (std::size_t i = 0; i < numbers.size();) {
        std::size_t last = i;
        while (last + 1 < numbers.size() && numbers[last + 1] == numbers[last] + 1)
            ++last;
        parts << (last == i ? QString::number(numbers[i])
                            : QStringLiteral("%1-%2").arg(numbers[i]).arg(numbers[last]));
        i = last + 1;
    }
    return parts.join(QLatin1Char(','));
}

bool emptyOr(const QLineEdit& field, bool read)
{
    return field.text().trimmed().isEmpty() || read;
}

} // namespace

std::optional<IndexRange> parseRange(const QString& text)
{
    const QStringList ends = text.trimmed().split(QLatin1Char(':'));
    bool firstOk = false, endOk = true;
    const std::uint64_t first = ends.front().trimmed().toULongLong(&firstOk);
    const std::uint64_t end = ends.size() == 2 ? ends.back().trimmed().toULongLong(&endOk) : first + 1;
    if (ends.size() > 2 || !firstOk || !endOk || end <= first) return std::nullopt;
    return IndexRange{first, end};
}

std::optional<std::vector<std::uint32_t>> parseNumbers(const QString& text)
{
    std::vector<std::uint32_t> numbers;
    for (const QString& part : text.trimmed().split(QLatin1Char(','))) {
        const QStringList ends = part.trimmed().split(QLatin1Char('-'));
        bool firstOk = false, lastOk = false;
        const std::uint32_t first = ends.front().trimmed().toUInt(&firstOk);
        const std::uint32_t last = ends.back().trimmed().toUInt(&lastOk);
        if (ends.size() > 2 || !firstOk || !lastOk || last < first || last - first >= mostNumbers)
            return std::nullopt;
        for (std::uint32_t number = first; number <= last; ++number)
            numbers.push_back(number);
    }
    std::ranges::sort(numbers);
    numbers.erase(std::ranges::unique(numbers).begin(), numbers.end());
    return numbers.size() <= mostNumbers ? std::optional(numbers) : std::nullopt;
}

ElementsForm::ElementsForm(QWidget* parent)
    : QWidget(parent)
    , m_part(new QComboBox(this))
    , m_measure(new QComboBox(this))
    , m_low(new NumberRow(this))
    , m_high(new NumberRow(this))
    , m_strength(new NumberRow(this))
    , m_more(new QWidget(this))
{
    for (const QString& name : {tr("all elements"), tr("the largest"), tr("the smallest"), tr("between two quantiles")})
        m_part->addItem(name);
    m_part->setAccessibleName(tr("Elements"));
    m_part->setObjectName(QStringLiteral("part"));
    m_measure->addItems({tr("by value"), tr("by magnitude")});
    m_measure->setAccessibleName(tr("Measured by"));
    m_measure->setObjectName(QStringLiteral("measure"));
    m_strength->setup(tr("Strength, %"), linearScale(0, maxStrength * percent), QStringLiteral("100"));
    m_strength->setObjectName(QStringLiteral("strength"));
    m_low->setObjectName(QStringLiteral("share"));
    auto* more = flatButton(tr("Rows, columns, heads, group…"), this);
    more->setCheckable(true);
    more->setObjectName(QStringLiteral("more"));
    auto* grid = new QGridLayout(m_more);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(8);
    grid->setVerticalSpacing(4);
    m_rows = addPlace(tr("Rows"), QStringLiteral("0:10"), "rows");
    m_cols = addPlace(tr("Columns"), QStringLiteral("0:10"), "cols");
    m_heads = addPlace(tr("Heads"), QStringLiteral("0,4-7"), "heads");
    m_experts = addPlace(tr("Experts"), QStringLiteral("0,4-7"), "experts");
    m_fusedPart = addPlace(tr("Part"), tr("q_proj"), "fused");
    m_fusedPart->setToolTip(tr("Of a tensor that holds several matrices as one: q_proj, k_proj or v_proj, gate_proj or up_proj."));
    m_group = addPlace(tr("Group"), tr("a name"), "group");
    m_rows->setToolTip(tr("first:end, the end is not included; a single number is one row."));
    m_cols->setToolTip(tr("first:end, the end is not included; a single number is one column."));
    m_group->setToolTip(tr("Edits of one group are switched on and off together."));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(captionLabel(tr("Elements"), this));
    for (QWidget* widget : std::initializer_list<QWidget*>{m_part, m_measure, m_low, m_high, m_strength, more, m_more})
        column->addWidget(widget);
    for (QComboBox* box : {m_part, m_measure}) {
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon); // long names do not widen the dock
        box->setMinimumContentsLength(14);
        connect(box, &QComboBox::activated, this, [this] {
            showPart();
            emit edited();
        });
    }
    for (NumberRow* row : {m_low, m_high, m_strength})
        connect(row, &NumberRow::edited, this, &ElementsForm::edited);
    connect(more, &QToolButton::toggled, m_more, &QWidget::setVisible);
    reset();
}

QLineEdit* ElementsForm::addPlace(const QString& label, const QString& example, const char* name)
{
    auto* field = new QLineEdit(m_more);
    field->setPlaceholderText(example);
    field->setAccessibleName(label);
    field->setObjectName(QLatin1String(name));
    auto* grid = static_cast<QGridLayout*>(m_more->layout());
    const int row = grid->rowCount();
    grid->addWidget(captionLabel(label, m_more), row, 0);
    grid->addWidget(field, row, 1);
    connect(field, &QLineEdit::textEdited, this, &ElementsForm::edited);
    return field;
}

ElementsForm::Part ElementsForm::part() const
{
    return static_cast<Part>(m_part->currentIndex());
}

void ElementsForm::showPart()
{
    const bool quantiles = part() == Part::Quantile;
    m_measure->setVisible(part() != Part::All);
    m_low->setVisible(part() != Part::All);
    m_high->setVisible(quantiles);
    m_low->setup(quantiles ? tr("From, %") : tr("Share, %"), linearScale(0, percent),
                 quantiles ? QStringLiteral("0") : QStringLiteral("10"));
    m_high->setup(tr("To, %"), linearScale(0, percent), QStringLiteral("100"));
}

bool ElementsForm::bandValid() const
{
    if (part() == Part::All) return true;
    const auto inside = [](double value) { return value >= 0 && value <= percent; };
    if (!m_low->isValid() || !m_high->isValid()) return false;
    const double low = m_low->value().value_or(part() == Part::Quantile ? 0 : 10);
    const double high = m_high->value().value_or(percent);
    return part() == Part::Quantile ? inside(low) && inside(high) && low <= high : low > 0 && low <= percent;
}

std::optional<ValueBand> ElementsForm::band() const
{
    if (part() == Part::All) return std::nullopt;
    ValueBand band;
    band.kind = static_cast<ValueBand::Kind>(m_part->currentIndex() - 1);
    const ValueBand before = m_loaded.elements.band.value_or(ValueBand());
    band.low = fromPercent(m_low->value().value_or(part() == Part::Quantile ? 0 : 10), before.low);
    band.high = part() == Part::Quantile ? fromPercent(m_high->value().value_or(percent), before.high) : 1;
    band.of = m_measure->currentIndex() == 1 ? Measure::Magnitude : Measure::Value;
    return band;
}

std::optional<Elements> ElementsForm::elements() const
{
    const auto rows = parseRange(m_rows->text()), cols = parseRange(m_cols->text());
    const auto heads = parseNumbers(m_heads->text()), experts = parseNumbers(m_experts->text());
    const std::string fusedPart = m_fusedPart->text().trimmed().toStdString();
    bool readable = bandValid();
    for (const auto& [field, read] :
         {std::pair(m_rows, rows.has_value()), {m_cols, cols.has_value()}, {m_heads, heads.has_value()},
          {m_experts, experts.has_value()}, {m_fusedPart, std::ranges::find(fusedRoles, fusedPart) != fusedRoles.end()}}) {
        const bool good = emptyOr(*field, read);
        if (field->property("invalid").toBool() == good) setStyleProperty(field, "invalid", !good);
        readable = readable && good;
    }
    if (!readable) return std::nullopt;
    Elements elements;
    elements.rows = rows;
    elements.cols = cols;
    elements.heads = heads.value_or(std::vector<std::uint32_t>());
    elements.experts = experts.value_or(std::vector<std::uint32_t>());
    elements.part = fusedPart;
    elements.band = band();
    return elements;
}

double ElementsForm::strength() const
{
    return fromPercent(m_strength->value().value_or(percent), m_loaded.strength);
}

bool ElementsForm::isValid() const
{
    return elements().has_value() && m_strength->isValid() && strength() >= 0 && strength() <= maxStrength;
}

QString ElementsForm::group() const
{
    return m_group->text().trimmed();
}

void ElementsForm::load(const Edit& edit)
{
    m_loaded = edit;
    const Elements& elements = edit.elements;
    m_part->setCurrentIndex(elements.band ? static_cast<int>(elements.band->kind) + 1 : 0);
    m_measure->setCurrentIndex(elements.band && elements.band->of == Measure::Magnitude ? 1 : 0);
    showPart();
    m_low->setValue(elements.band ? std::optional(percentOf(elements.band->low)) : std::nullopt);
    m_high->setValue(elements.band && elements.band->kind == ValueBand::Kind::Quantile
                         ? std::optional(percentOf(elements.band->high))
                         : std::nullopt);
    m_strength->setValue(percentOf(edit.strength));
    m_rows->setText(rangeText(elements.rows));
    m_cols->setText(rangeText(elements.cols));
    m_heads->setText(numbersText(elements.heads));
    m_experts->setText(numbersText(elements.experts));
    m_fusedPart->setText(fromUtf8(elements.part));
    m_group->setText(fromUtf8(edit.group));
    showMore(elements.hasPlaces() || !edit.group.empty());
}

void ElementsForm::showMore(bool shown)
{
    findChild<QToolButton*>(QStringLiteral("more"))->setChecked(shown);
    m_more->setVisible(shown);
}

void ElementsForm::reset()
{
    load(Edit());
}

} // namespace wb

#include "moc_elementsform.cpp"
