#include "widgets/panels/editpanel.h"

#include "core/analysis/statistics.h"
#include "widgets/document.h"
#include "widgets/errortext.h"
#include "widgets/numberfield.h"
#include "widgets/numbertext.h"
#include "widgets/selection.h"
#include "widgets/style.h"
#include "widgets/tensortext.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace wb {

EditPanel::EditPanel(Document& document, Jobs& jobs, Selection& selection, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
    , m_selection(selection)
    , m_extentJob(jobs, JobSlot::Mode::Replace, nullptr)
    , m_effectJob(jobs, JobSlot::Mode::Follow, nullptr)
    , m_kind(new QComboBox(this))
    , m_first(new NumberRow(this))
    , m_second(new NumberRow(this))
    , m_target(new QComboBox(this))
    , m_custom(new QLineEdit(this))
    , m_matched(captionLabel({}, this))
    , m_effect(captionLabel({}, this))
    , m_stage(new QPushButton(this))
    , m_reset(new QPushButton(tr("Reset"), this))
{
    buildLayout();
    connect(m_kind, &QComboBox::activated, this, [this] {
        showKind();
        preview();
    });
    connect(m_first, &NumberRow::edited, this, &EditPanel::preview);
    connect(m_second, &NumberRow::edited, this, &EditPanel::preview);
    connect(m_target, &QComboBox::activated, this, [this] {
        m_custom->setVisible(target() == Target::Custom);
        preview();
    });
    connect(m_custom, &QLineEdit::textEdited, this, &EditPanel::preview);
    connect(m_stage, &QPushButton::clicked, this, &EditPanel::stage);
    connect(m_reset, &QPushButton::clicked, this, &EditPanel::reset);
    connect(&selection, &Selection::changed, this, &EditPanel::followSelection);
    connect(&document, &Document::recipeChanged, this, &EditPanel::reset); // staged, undone, or another file
    followSelection();
}

void EditPanel::buildLayout()
{
    setProperty("sidePanel", true);
    setAttribute(Qt::WA_StyledBackground); // a plain widget paints no background of the style sheet
    for (const QString& name : {tr("Scale"), tr("Add"), tr("Clamp"), tr("Set"), tr("Zero")})
        m_kind->addItem(name);
    m_kind->setAccessibleName(tr("Operation"));
    m_target->setAccessibleName(tr("On"));
    m_custom->setPlaceholderText(tr("role=q_proj layer=10-27"));
    m_custom->setToolTip(tr(
        "role=  layer=  name=glob*  name~regex  dtype=  params>  — side by side is and, | is or, ! is not"));
    m_custom->setAccessibleName(tr("Selection"));
    m_custom->hide();
    m_matched->setWordWrap(true);
    m_effect->setWordWrap(true);
    m_effect->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_effect->setMinimumHeight(m_effect->fontMetrics().lineSpacing() * 5 + 8); // the button does not jump
    m_effect->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_effect->setObjectName(QStringLiteral("effect"));
    m_stage->setObjectName(QStringLiteral("stage"));
    m_stage->setProperty("main", true);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 0, 12, 12);
    column->setSpacing(4);
    const auto add = [&](const QString& caption, QWidget* widget) {
        column->addWidget(captionLabel(caption, this));
        column->addWidget(widget);
        column->addSpacing(4);
    };
    add(tr("Operation"), m_kind);
    column->addWidget(m_first);
    column->addWidget(m_second);
    column->addSpacing(4);
    add(tr("On"), m_target);
    column->addWidget(m_custom);
    column->addWidget(m_matched);
    column->addSpacing(4);
    column->addWidget(m_effect);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(m_stage, 1);
    buttons->addWidget(m_reset);
    column->addLayout(buttons);
    column->addStretch(1);
}

EditPanel::Kind EditPanel::kind() const
{
    return static_cast<Kind>(m_kind->currentIndex());
}

EditPanel::Target EditPanel::target() const
{
    return m_target->currentData().isValid() ? static_cast<Target>(m_target->currentData().toInt())
                                             : Target::Tensor;
}

void EditPanel::setTarget(Target target)
{
    m_target->setCurrentIndex(std::max(0, m_target->findData(static_cast<int>(target))));
    m_custom->setVisible(this->target() == Target::Custom);
}

// An edit of one tensor ends when another is chosen; one that still means the same stays and can be looked
// at.
void EditPanel::followSelection()
{
    const Target before = target();
    fillTargets();
    setTarget(before);
    requestExtent();
    const Result<Selector> now = selector();
    if (m_document.isPreviewing() && now && *now == m_previewed)
        requestEffect();
    else if (!m_changing)
        reset();
}

void EditPanel::fillTargets()
{
    m_target->clear();
    const auto tensor = m_selection.tensor();
    setEnabled(m_document.isOpen());
    if (!m_document.isOpen() || !tensor) {
        m_target->addItem(tr("no tensor chosen"));
        m_target->setEnabled(false);
        return;
    }
    m_target->setEnabled(true);
    const auto add = [this](const QString& text, Target target, const std::string& selection) {
        m_target->addItem(text, static_cast<int>(target));
        m_target->setItemData(m_target->count() - 1, fromUtf8(selection), Qt::UserRole + 1);
    };
    const TensorRole& role = m_document.content()->roles[*tensor];
    add(tr("this tensor"), Target::Tensor, {});
    if (role.layer && !role.companion && role.role != "other") {
        const QString layer = QString::number(*role.layer);
        add(tr("%1 in all layers").arg(fromUtf8(role.role)), Target::Role, "role=" + role.role);
        add(tr("layer %1").arg(layer), Target::Layer, "layer=" + layer.toStdString());
    }
    add(tr("a selection"), Target::Custom, {});
}

// The slider's range follows the values of the tensor.
void EditPanel::requestExtent()
{
    m_extentJob.cancel();
    const auto tensor = m_selection.tensor();
    if (!m_document.isOpen() || !tensor || m_document.tensor(*tensor).dtype == DType::Opaque ||
        m_document.tensor(*tensor).elements == 0)
        return;
    m_extentJob.start<Statistics>(
        tr("Range of %1").arg(shortName(m_document.tensor(*tensor).name)),
        [source = m_document.original(), tensor = *tensor,
         cache = m_document.statistics()](Progress& progress) {
            StatisticsOptions options;
            options.bins = 1;
            options.outliers = 0;
            options.quick = true;
            return computeStatistics(*source, tensor, options, *cache, progress);
        },
        [this](const Result<Statistics>& result) {
            if (!result || !std::isfinite(result->min)) return;
            m_low = result->min;
            m_high = result->max;
            showKind();
        });
}

void EditPanel::showKind()
{
    const double extent = std::max({std::abs(m_low), std::abs(m_high), 1e-6});
    m_first->setVisible(kind() != Kind::Zero);
    m_second->setVisible(kind() == Kind::Clamp);
    switch (kind()) {
    case Kind::Scale: m_first->setup(tr("Factor"), factorScale(), QStringLiteral("1")); break;
    case Kind::Add: m_first->setup(tr("Value to add"), signedScale(extent), QStringLiteral("0")); break;
    case Kind::Set: m_first->setup(tr("Value"), signedScale(extent)); break;
    case Kind::Clamp:
        m_first->setup(tr("Not below"), boundScale(m_low, m_high, true), tr("no bound"));
        m_second->setup(tr("Not above"), boundScale(m_low, m_high, false), tr("no bound"));
        break;
    case Kind::Zero: break;
    }
}

std::optional<Operation> EditPanel::operation() const
{
    const auto first = m_first->value(), second = m_second->value();
    if ((kind() != Kind::Zero && !m_first->isValid()) || (kind() == Kind::Clamp && !m_second->isValid()))
        return std::nullopt;
    switch (kind()) {
    case Kind::Scale: return first && *first != 1 ? std::optional<Operation>(Scale{*first}) : std::nullopt;
    case Kind::Add: return first && *first != 0 ? std::optional<Operation>(Add{*first}) : std::nullopt;
    case Kind::Set: return first ? std::optional<Operation>(Set{*first}) : std::nullopt;
    case Kind::Clamp:
        if ((!first && !second) || (first && second && *first > *second)) return std::nullopt;
        return Clamp{first, second};
    case Kind::Zero: return Zero{};
    }
    return std::nullopt;
}

Result<Selector> EditPanel::selector() const
{
    if (target() == Target::Custom) return Selector::parse(m_custom->text().toStdString());
    if (target() == Target::Tensor) {
        const auto tensor = m_selection.tensor();
        return tensor && m_document.isOpen() ? Selector::forTensor(m_document.tensor(*tensor).name)
                                             : Selector();
    }
    return Selector::parse(m_target->currentData(Qt::UserRole + 1).toString().toStdString());
}

Result<Edit> EditPanel::edit() const
{
    Result<Selector> select = selector();
    if (!select) return failure(select);
    Edit edit = m_changing ? m_document.recipe()->at(*m_changing) : Edit();
    edit.operation = operation().value_or(Operation());
    edit.select = std::move(*select);
    return edit;
}

RecipePtr EditPanel::proposal(const Edit& edit) const
{
    return m_changing ? m_document.recipe()->replaced(*m_changing, edit) : m_document.recipe()->with(edit);
}

void EditPanel::preview()
{
    m_effectJob.cancel();
    m_stage->setText((m_changing ? tr("Change edit") : tr("Stage edit")) + QStringLiteral("   Ctrl+⏎"));
    m_stage->setShortcut(QKeySequence(QStringLiteral("Ctrl+Return"))); // setText has dropped it
    m_stage->setEnabled(false);
    m_reset->setVisible(operation().has_value() || m_changing);
    showMatched();
    const QString why = obstacle();
    for (QWidget* input : std::initializer_list<QWidget*>{m_kind, m_first, m_second})
        input->setEnabled(why.isEmpty());
    if (!why.isEmpty() || !operation()) {
        (void)m_document.setPreview(nullptr); // ending a preview cannot fail
        say(why.isEmpty() ? tr("Drag the slider or type a number: nothing changes until you stage the edit.")
                          : why);
        return;
    }
    const Result<Edit> next = edit();
    const Result<void> shown = next ? m_document.setPreview(proposal(*next)) : Result<void>(failure(next));
    if (!shown) {
        (void)m_document.setPreview(nullptr);
        say(errorText(shown.error()), true);
        return;
    }
    m_previewed = next->select;
    m_stage->setEnabled(true);
    requestEffect();
}

// Why nothing can be edited here; empty when it can.
QString EditPanel::obstacle() const
{
    if (!m_document.isOpen() || !m_selection.tensor()) return tr("Choose a tensor to edit it.");
    const TensorInfo& info = m_document.tensor(*m_selection.tensor());
    if (target() != Target::Tensor) return {};
    if (info.dtype == DType::Opaque)
        return tr("%1 is not read as numbers, so this tensor cannot be edited.")
            .arg(fromUtf8(info.storedType));
    return info.elements == 0 ? tr("This tensor has no elements.") : QString();
}

void EditPanel::showMatched()
{
    m_matched->setVisible(m_document.isOpen() && m_selection.tensor() && target() != Target::Tensor);
    const Result<Selector> select = selector();
    if (!m_matched->isVisibleTo(this) || !select) return m_matched->clear();
    const auto matched = select->select(*m_document.original());
    if (!matched)
        return m_matched->setText(m_custom->text().isEmpty() ? QString() : errorText(matched.error()));
    std::uint64_t elements = 0;
    for (const std::size_t tensor : *matched)
        elements += m_document.tensor(tensor).elements;
    m_matched->setText(
        tr("%n tensor(s), %1 elements", nullptr, static_cast<int>(matched->size())).arg(countText(elements)));
}

// The effect is told of the tensor in view, or of the first one that the edit touches.
std::size_t EditPanel::tensorOfEffect() const
{
    const auto current = m_selection.tensor();
    const auto& patched = m_document.patched();
    const std::size_t position = m_changing.value_or(patched->recipe()->size() - 1);
    const auto touched = patched->selectedBy(position);
    if (current && std::ranges::find(touched, *current) != touched.end()) return *current;
    return touched.empty() ? current.value_or(0) : touched.front();
}

void EditPanel::requestEffect()
{
    if (!m_document.isPreviewing()) return;
    const std::size_t tensor = tensorOfEffect();
    SourcePtr before = m_document.staged();
    if (m_changing) // against the recipe without the edit that is being changed
        before = m_document.original();
    m_effectJob.start<EditEffect>(
        tr("Effect on %1").arg(shortName(m_document.tensor(tensor).name)),
        [before, after = m_document.patched(), tensor, cache = m_document.statistics()](Progress& progress) {
            return effectOf(*before, *after, tensor, true, *cache, progress);
        },
        [this, tensor](const Result<EditEffect>& result) {
            if (result)
                showEffect(*result, tensor);
            else if (result.error().code != ErrorCode::Cancelled)
                say(errorText(result.error()), true);
        });
}

void EditPanel::showEffect(const EditEffect& effect, std::size_t tensor)
{
    QStringList lines;
    if (tensor != m_selection.tensor()) lines << tr("In %1:").arg(shortName(m_document.tensor(tensor).name));
    lines << (effect.exact ? QString() : QStringLiteral("≈ ")) +
                 tr("%1 of %2 elements change after rounding")
                     .arg(countText(effect.changed), countText(effect.elements));
    lines << QStringLiteral("‖Δ‖ / ‖W‖ = %1").arg(shortText(effect.relative));
    if (effect.changed == 0)
        lines << tr("The change is smaller than the steps of the type: nothing is stored.");
    else if (effect.merged == 0)
        lines << tr("No two values fall together: nothing is lost by rounding.");
    else
        lines << tr("%1 distinct values fall together with others.").arg(countText(effect.merged));
    say(lines.join(QLatin1Char('\n')));
}

void EditPanel::say(const QString& text, bool isError)
{
    m_effect->setText(text);
    setStyleProperty(m_effect, "error", isError);
}

void EditPanel::stage()
{
    const Result<Edit> next = edit();
    if (!m_stage->isEnabled() || !next) return;
    const Result<void> done = m_document.change(proposal(*next), editText(*next));
    if (!done) say(errorText(done.error()), true);
}

void EditPanel::reset()
{
    m_changing.reset();
    m_first->setValue(std::nullopt);
    m_second->setValue(std::nullopt);
    if (kind() == Kind::Zero) // it needs no number: choosing it is the edit
        m_kind->setCurrentIndex(static_cast<int>(Kind::Scale));
    if (kind() == Kind::Scale) m_first->setValue(1.0);
    showKind();
    preview();
}

void EditPanel::load(const Operation& operation)
{
    m_kind->setCurrentIndex(static_cast<int>(operation.index())); // Kind has the order of the variant
    m_first->setValue(std::nullopt);
    m_second->setValue(std::nullopt);
    if (const auto* scale = std::get_if<Scale>(&operation)) m_first->setValue(scale->factor);
    if (const auto* add = std::get_if<Add>(&operation)) m_first->setValue(add->value);
    if (const auto* set = std::get_if<Set>(&operation)) m_first->setValue(set->value);
    if (const auto* clamp = std::get_if<Clamp>(&operation)) {
        m_first->setValue(clamp->min);
        m_second->setValue(clamp->max);
    }
    showKind();
}

void EditPanel::changeStaged(std::size_t index)
{
    const Edit staged = m_document.recipe()->at(index);
    if (const auto matched = staged.select.select(*m_document.original()); matched && matched->size() == 1)
        m_selection.select(matched->front());
    m_changing = index;
    load(staged.operation);
    m_custom->setText(fromUtf8(staged.select.text()));
    setTarget(Target::Custom);
    preview();
    m_first->field()->setFocus();
    m_first->field()->selectAll();
}

void EditPanel::propose(const Operation& operation)
{
    load(operation);
    preview();
}

} // namespace wb

#include "moc_editpanel.cpp"
