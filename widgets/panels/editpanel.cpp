#include "widgets/panels/editpanel.h"

#include "core/analysis/statistics.h"
#include "widgets/document.h"
#include "widgets/errortext.h"
#include "widgets/numbertext.h"
#include "widgets/panels/elementsform.h"
#include "widgets/panels/operationform.h"
#include "widgets/panels/targetform.h"
#include "widgets/selection.h"
#include "widgets/style.h"
#include "widgets/tensortext.h"

#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace wb {
namespace {

// Of all tensors that the edit selects; reads none of them.
Consequence mostEffective(const Checkpoint& checkpoint, const PatchedSource& source, std::size_t position)
{
    const RecipePtr recipe = source.recipe();
    const Consequences consequences(checkpoint, *recipe, [&](std::size_t tensor) { return source.editsOf(tensor); });
    Consequence most{Effect::Void, {}};
    bool first = true;
    for (const std::size_t tensor : source.selectedBy(position)) {
        Consequence one = consequences.of(position, tensor);
        if (first || one.effect > most.effect) most = std::move(one);
        first = false;
    }
    return most;
}

} // namespace

EditPanel::EditPanel(Document& document, Jobs& jobs, Selection& selection, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
    , m_selection(selection)
    , m_rangeJob(jobs, JobSlot::Mode::Replace, nullptr)
    , m_effectJob(jobs, JobSlot::Mode::Follow, nullptr)
    , m_selectJob(jobs, JobSlot::Mode::Replace, nullptr)
    , m_operation(new OperationForm(this))
    , m_target(new TargetForm(document, this))
    , m_elements(new ElementsForm(this))
    , m_effect(captionLabel({}, this))
    , m_stage(new QPushButton(this))
    , m_reset(new QPushButton(tr("Reset"), this))
{
    constexpr int restMs = 250;
    m_rest.setSingleShot(true);
    m_rest.setInterval(restMs);
    buildLayout();
    connect(&m_rest, &QTimer::timeout, this, [this] { requestEffect(false); });
    connect(m_operation, &OperationForm::edited, this, &EditPanel::preview);
    connect(m_target, &TargetForm::edited, this, &EditPanel::preview);
    connect(m_elements, &ElementsForm::edited, this, &EditPanel::preview);
    connect(m_stage, &QPushButton::clicked, this, &EditPanel::stage);
    connect(m_reset, &QPushButton::clicked, this, &EditPanel::reset);
    connect(&selection, &Selection::changed, this, &EditPanel::followSelection);
    connect(&document, &Document::opened, this, [this] {
        m_selectJob.cancel();
        m_evaluated.clear(); // of the former's tensors
    });
    connect(&document, &Document::recipeChanged, this, &EditPanel::reset); // staged, undone, or another file
    followSelection();
}

void EditPanel::buildLayout()
{
    constexpr int effectLines = 5; // the button below does not jump
    setProperty("sidePanel", true);
    setAttribute(Qt::WA_StyledBackground); // a plain widget paints no background of the style sheet
    m_effect->setWordWrap(true);
    m_effect->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_effect->setMinimumHeight(m_effect->fontMetrics().lineSpacing() * effectLines + 8);
    m_effect->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_effect->setObjectName(QStringLiteral("effect"));
    m_stage->setObjectName(QStringLiteral("stage"));
    m_stage->setProperty("main", true);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(m_stage, 1);
    buttons->addWidget(m_reset);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 12);
    column->setSpacing(8);
    column->addWidget(scrolledForms(), 1);
    auto* foot = new QVBoxLayout;
    foot->setContentsMargins(12, 0, 12, 0);
    foot->setSpacing(8);
    foot->addWidget(m_effect);
    foot->addLayout(buttons);
    column->addLayout(foot);
}

// The forms scroll on a low screen; effect and buttons stay in sight.
QWidget* EditPanel::scrolledForms()
{
    constexpr int leastHeight = 180;
    auto* forms = new QWidget(this);
    forms->setProperty("sidePanel", true);
    auto* column = new QVBoxLayout(forms);
    column->setContentsMargins(12, 0, 12, 0);
    column->setSpacing(8);
    for (QWidget* form : std::initializer_list<QWidget*>{m_operation, m_target, m_elements})
        column->addWidget(form);
    column->addStretch(1);
    auto* area = new QScrollArea(this);
    area->setWidget(forms);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setMinimumHeight(leastHeight);
    return area;
}

// An edit of one tensor ends when another is chosen; one that still means the same stays and can be looked
// at.
void EditPanel::followSelection()
{
    setEnabled(m_document.isOpen());
    m_target->setTensor(m_document.isOpen() ? m_selection.tensor() : std::nullopt);
    m_rangeOf.reset();
    const Result<Selector> now = m_target->selector();
    if (m_document.isPreviewing() && now && *now == m_previewed)
        requestEffect(true);
    else if (!m_changing)
        reset();
}

void EditPanel::requestRange()
{
    const auto tensor = m_selection.tensor();
    if (!m_operation->needsRange() || !obstacle().isEmpty() || m_rangeOf == tensor) return;
    m_rangeOf = tensor;
    m_rangeJob.start<Statistics>(
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
            if (result && std::isfinite(result->min)) m_operation->setRange(result->min, result->max);
        });
}

Result<Edit> EditPanel::edit() const
{
    Result<Selector> select = m_target->selector();
    if (!select) return failure(select);
    Edit edit = m_changing ? m_document.recipe()->at(*m_changing) : Edit();
    edit.operation = m_operation->operation().value_or(Operation());
    edit.select = std::move(*select);
    edit.elements = m_elements->elements().value_or(Elements());
    edit.strength = m_elements->strength();
    edit.group = m_elements->group().toStdString();
    return edit;
}

bool EditPanel::evaluated(const Result<Selector>& select)
{
    if (!select || !select->reads() || m_evaluated == select->text()) return true;
    m_selectJob.start<std::vector<std::size_t>>(
        tr("Selecting %1").arg(fromUtf8(select->text())),
        [source = m_document.original(), select = *select](Progress& progress) { return select.select(*source, progress); },
        [this, text = select->text()](const Result<std::vector<std::size_t>>& result) {
            if (!result && result.error().code == ErrorCode::Cancelled) return say(tr("Stopped before the selection was known. A change of it starts again."));
            m_evaluated = text;
            preview();
        });
    return false;
}

RecipePtr EditPanel::proposal(const Edit& edit) const
{
    return m_changing ? m_document.recipe()->replaced(*m_changing, edit) : m_document.recipe()->with(edit);
}

void EditPanel::preview()
{
    m_rest.stop();
    m_stage->setText((m_changing ? tr("Change edit") : tr("Stage edit")) + QStringLiteral("   Ctrl+⏎"));
    m_stage->setShortcut(QKeySequence(QStringLiteral("Ctrl+Return"))); // setText has dropped it
    m_stage->setEnabled(false);
    m_reset->setVisible(m_operation->operation().has_value() || m_changing);
    const Result<Selector> select = m_target->selector();
    const bool known = evaluated(select);
    m_target->showMatched(known);
    const QString why = known ? obstacle() : tr("The selection is being evaluated.");
    m_operation->setEnabled(!known || why.isEmpty());
    requestRange();
    if (!why.isEmpty() || !m_operation->operation() || !m_elements->isValid()) {
        m_effectJob.cancel();
        (void)m_document.setPreview(nullptr); // ending a preview cannot fail
        if (why.isEmpty() && m_operation->operation())
            return say(tr("The elements or the strength cannot be read."), true);
        say(why.isEmpty() ? tr("Drag the slider or type a number: nothing changes until you stage the edit.")
                          : why);
        return;
    }
    const Result<Edit> next = edit();
    const Result<void> shown = next ? m_document.setPreview(proposal(*next)) : Result<void>(failure(next));
    if (!shown) {
        m_effectJob.cancel();
        (void)m_document.setPreview(nullptr);
        sayError(shown.error());
        return;
    }
    m_previewed = next->select;
    m_stage->setEnabled(true);
    requestEffect(true);
}

// Why nothing can be edited here; empty when it can.
QString EditPanel::obstacle() const
{
    if (!m_document.isOpen() || (m_target->isOneTensor() && !m_selection.tensor())) return tr("Choose a tensor to edit it.");
    if (!m_target->isOneTensor()) return {};
    const TensorInfo& info = m_document.tensor(*m_selection.tensor());
    if (info.dtype == DType::Opaque)
        return tr("%1 is not read as numbers, so this tensor cannot be edited.")
            .arg(fromUtf8(info.storedType));
    return info.elements == 0 ? tr("This tensor has no elements.") : QString();
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

// Of the edit alone: against the recipe without it.
SourcePtr EditPanel::withoutEdit() const
{
    if (!m_changing) return m_document.staged();
    const auto others = patch(m_document.original(), m_document.recipe()->without(*m_changing));
    return others ? SourcePtr(*others) : m_document.original();
}

void EditPanel::requestEffect(bool quick)
{
    if (!m_document.isPreviewing()) return;
    const std::size_t tensor = tensorOfEffect();
    const auto& source = m_document.patched();
    const std::size_t position = m_changing.value_or(source->recipe()->size() - 1);
    m_effectJob.start<Judged>(
        tr("Effect on %1").arg(shortName(m_document.tensor(tensor).name)),
        [before = withoutEdit(), after = SourcePtr(m_document.patched()), tensor, quick,
         cache = m_document.statistics(), checkpoint = m_document.content()->checkpoint, source,
         position](Progress& progress) -> Result<Judged> {
            auto effect = effectOf(*before, *after, tensor, quick, *cache, progress);
            if (!effect) return failure(effect);
            return Judged{std::move(*effect), mostEffective(*checkpoint, *source, position)};
        },
        [this, tensor](const Result<Judged>& result) {
            if (result)
                showEffect(*result, tensor);
            else if (result.error().code != ErrorCode::Cancelled)
                sayError(result.error());
        });
}

void EditPanel::showEffect(const Judged& judged, std::size_t tensor)
{
    const EditEffect& effect = judged.effect;
    QStringList lines;
    if (tensor != m_selection.tensor()) lines << tr("In %1:").arg(shortName(m_document.tensor(tensor).name));
    lines << (effect.exact ? QString() : QStringLiteral("≈ ")) +
                 tr("%1 of %2 elements change after rounding")
                     .arg(countText(effect.changed), countText(effect.elements));
    lines << QStringLiteral("‖Δ‖ / ‖W‖ = %1").arg(shortText(effect.relative));
    if (effect.changed == 0)
        lines << tr("The change is smaller than the steps of the type: nothing is stored.");
    else if (effect.merged && *effect.merged == 0)
        lines << tr("No two values fall together: nothing is lost by rounding.");
    else if (effect.merged)
        lines << tr("%1 distinct values fall together with others.").arg(countText(*effect.merged));
    const bool idle = judged.consequence.effect != Effect::Effective && effect.changed > 0;
    if (idle) lines.prepend(effectWords(judged.consequence.effect));
    if (effect.changed > 0 && !judged.consequence.because.empty()) lines << standingAlone(sentenceText(judged.consequence.because, "verdicts"));
    say(lines.join(QLatin1Char('\n')));
    setStyleProperty(m_effect, "warning", idle);
    if (!effect.exact) m_rest.start();
}

void EditPanel::say(const QString& text, bool isError)
{
    m_effect->setText(text);
    setStyleProperty(m_effect, "warning", false);
    setStyleProperty(m_effect, "error", isError);
}

// Without the number of the edit: there is one in the panel.
void EditPanel::sayError(Error error)
{
    error.where.clear();
    say(errorText(error), true);
}

void EditPanel::stage()
{
    const Result<Edit> next = edit();
    if (!m_stage->isEnabled() || !next) return;
    const Result<void> done = m_document.change(proposal(*next), editText(*next));
    if (!done) sayError(done.error());
}

void EditPanel::reset()
{
    m_changing.reset();
    m_operation->reset();
    if (m_operation->operation()) { // it needs no number, so that choosing it is the edit: it would be proposed for whatever comes next
        m_operation->load(Scale{});
        m_operation->reset();
    }
    m_elements->reset();
    preview();
}

void EditPanel::changeStaged(std::size_t index)
{
    const Edit staged = m_document.recipe()->at(index);
    if (std::holds_alternative<LayerEdit>(staged.operation)) return; // made on the Layers page
    if (const auto matched = staged.select.select(*m_document.original()); matched && matched->size() == 1)
        m_selection.select(matched->front());
    m_changing = index;
    m_operation->load(staged.operation);
    m_elements->load(staged);
    m_target->setSelection(staged.select.text());
    preview();
    m_operation->focusNumber();
}

// What was typed follows.
void EditPanel::take(const std::any& state)
{
    if (const auto changing = std::any_cast<std::optional<std::size_t>>(state); changing && *changing < m_document.recipe()->size())
        changeStaged(*changing);
}

void EditPanel::propose(const Operation& operation)
{
    m_operation->load(operation);
    preview();
}

void EditPanel::chooseElements(const Elements& elements)
{
    Edit edit;
    edit.elements = elements;
    edit.strength = m_elements->strength();
    edit.group = m_elements->group().toStdString();
    m_elements->load(edit);
    preview();
    m_operation->focusNumber();
}

void EditPanel::chooseTensors(const QString& selection)
{
    m_target->setSelection(selection.toStdString());
    preview();
    m_operation->focusNumber();
}

void EditPanel::stageNow(const Operation& operation, const QString& selection)
{
    const Result<Selector> select = Selector::parse(selection.toStdString());
    if (!select) return sayError(select.error());
    Edit edit;
    edit.operation = operation;
    edit.select = *select;
    if (const Result<void> done = m_document.change(m_document.recipe()->with(edit), editText(edit)); !done) sayError(done.error());
}

} // namespace wb

#include "moc_editpanel.cpp"
