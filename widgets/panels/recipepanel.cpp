#include "widgets/panels/recipepanel.h"

#include "widgets/banner.h"
#include "widgets/document.h"
#include "widgets/errortext.h"
#include "widgets/models/recipemodel.h"
#include "widgets/numbertext.h"
#include "widgets/style.h"
#include "widgets/tensortext.h"
#include "widgets/theme.h"

#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QPainter>
#include <QShortcut>
#include <QStyledItemDelegate>
#include <QToolButton>
#include <QUndoView>
#include <QVBoxLayout>

namespace wb {
namespace {

const QString proofSign = QStringLiteral("✓ "); // before what a proof alone says

// What the model itself says of an edit.
QString proofText(const EditProof& proof)
{
    const QString change = percentText(proof.stored);
    switch (proof.outcome) {
    case Proven::Nothing: return wb::RecipePanel::tr("proven: not one bit of the logits changes");
    case Proven::Rounding: return wb::RecipePanel::tr("proven: nothing but rounding, %1 of the range of the logits").arg(change);
    case Proven::Temperature: return wb::RecipePanel::tr("proven: only a temperature, logits change by %1 of their range").arg(change);
    case Proven::Changes: break;
    }
    return wb::RecipePanel::tr("proven: logits change by %1 of their range, likeliest token the same at %2").arg(change, percentText(proof.sameTop));
}

// Two lines: what is done, and in the secondary colour to what; a third when it comes to nothing.
class EditDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const int lines = index.data(RecipeModel::VerdictRole).toString().isEmpty() ? 2 : 3;
        return {100, option.fontMetrics.lineSpacing() * lines + 10};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        QStyleOptionViewItem item = option;
        initStyleOption(&item, index);
        item.text.clear();
        const QStyle* style = item.widget->style();
        style->drawControl(QStyle::CE_ItemViewItem, &item, painter, item.widget);
        const bool enabled = index.data(Qt::CheckStateRole).toInt() == Qt::Checked;
        const QRect check = style->subElementRect(QStyle::SE_ItemViewItemCheckIndicator, &item, item.widget);
        QRect line(check.right() + 8, option.rect.top() + 5, option.rect.right() - check.right() - 12,
                   option.fontMetrics.lineSpacing());
        const auto write = [&](const QString& text, const QColor& color) {
            painter->setPen(color);
            painter->drawText(line, Qt::AlignVCenter,
                              option.fontMetrics.elidedText(text, Qt::ElideMiddle, line.width()));
            line.translate(0, option.fontMetrics.lineSpacing());
        };
        painter->save();
        painter->setFont(option.font);
        write(index.data().toString(), enabled ? colors().text : colors().secondary);
        write(index.data(RecipeModel::TargetRole).toString(), colors().secondary);
        if (const QString verdict = index.data(RecipeModel::VerdictRole).toString(); !verdict.isEmpty())
            verdict.startsWith(proofSign) ? write(verdict, colors().secondary) : write(QStringLiteral("⚠ ") + verdict, colors().patched);
        painter->restore();
    }
};

} // namespace

RecipePanel::RecipePanel(Document& document, Jobs& jobs, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
    , m_checkJob(jobs, JobSlot::Mode::Replace, nullptr)
    , m_proofJob(jobs, JobSlot::Mode::Replace, nullptr)
    , m_model(new RecipeModel(document, this))
    , m_empty(captionLabel(tr("Nothing staged. The source stays as it is; edits live here until you export."),
                           this))
    , m_banner(new Banner(this))
    , m_list(new QListView(this))
    , m_details(buildDetails())
{
    buildLayout();
    connect(&document, &Document::recipeChanged, this, &RecipePanel::refresh);
    connect(&document, &Document::recipeChanged, this, &RecipePanel::judge);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, &RecipePanel::refresh);
    connect(m_model, &RecipeModel::failed, this,
            [this](const QString& text) { m_banner->say(Banner::Kind::Error, text.toHtmlEscaped()); });
    connect(m_list, &QListView::doubleClicked, this, [this](const QModelIndex& index) {
        emit changeRequested(static_cast<std::size_t>(index.row()));
    });
    connect(m_list, &QWidget::customContextMenuRequested, this, &RecipePanel::showMenu);
    auto* remove = new QShortcut(QKeySequence::Delete, m_list);
    remove->setContext(Qt::WidgetShortcut);
    connect(remove, &QShortcut::activated, this, [this] {
        if (row() >= 0) m_model->remove(row());
    });
    refresh();
}

QWidget* RecipePanel::buildDetails()
{
    auto* details = new QWidget(this);
    m_label = new QLineEdit(details);
    m_reason = new QLineEdit(details);
    m_label->setPlaceholderText(tr("Name of this edit"));
    m_reason->setPlaceholderText(tr("Why? Kept in the recipe"));
    m_up = flatButton(tr("↑"), details);
    m_down = flatButton(tr("↓"), details);
    m_remove = flatButton(tr("Remove"), details);
    m_up->setToolTip(tr("Apply earlier"));
    m_down->setToolTip(tr("Apply later"));
    connect(m_label, &QLineEdit::editingFinished, this, &RecipePanel::describe);
    connect(m_reason, &QLineEdit::editingFinished, this, &RecipePanel::describe);
    connect(m_up, &QToolButton::clicked, this, [this] { m_model->move(row(), row() - 1); });
    connect(m_down, &QToolButton::clicked, this, [this] { m_model->move(row(), row() + 1); });
    connect(m_remove, &QToolButton::clicked, this, [this] { m_model->remove(row()); });
    auto* buttons = new QHBoxLayout;
    m_prove = flatButton(tr("Prove"), details);
    m_prove->setObjectName(QStringLiteral("prove"));
    m_prove->setToolTip(tr("Runs the model with and without each edit, in the stored types and in F32, and says what each changes in the logits"));
    connect(m_prove, &QToolButton::clicked, this, &RecipePanel::prove);
    for (QToolButton* button : {m_up, m_down, m_remove, m_prove})
        buttons->addWidget(button);
    buttons->addStretch(1);
    auto* column = new QVBoxLayout(details);
    column->setContentsMargins(12, 4, 12, 0);
    column->setSpacing(4);
    column->addWidget(m_label);
    column->addWidget(m_reason);
    column->addLayout(buttons);
    return details;
}

void RecipePanel::buildLayout()
{
    setProperty("sidePanel", true);
    setAttribute(Qt::WA_StyledBackground); // a plain widget paints no background of the style sheet
    m_empty->setWordWrap(true);
    m_empty->setContentsMargins(12, 0, 12, 0);
    m_list->setModel(m_model);
    m_list->setItemDelegate(new EditDelegate(m_list));
    m_list->setDragDropMode(QAbstractItemView::InternalMove);
    m_list->setDefaultDropAction(Qt::MoveAction);
    m_list->setContextMenuPolicy(Qt::CustomContextMenu);
    m_list->setAccessibleName(tr("Staged edits"));
    auto* historyTitle = new QLabel(tr("History").toUpper(), this);
    historyTitle->setProperty("dockTitle", true);
    historyTitle->setContentsMargins(12, 12, 12, 4);
    auto* history = new QUndoView(&m_document.undoStack(), this);
    history->setEmptyLabel(tr("Opened"));
    history->setAccessibleName(tr("History"));
    history->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    history->setTextElideMode(Qt::ElideMiddle);
    auto* rule = new QFrame(this);
    rule->setProperty("rule", true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_empty);
    column->addWidget(m_banner);
    column->addWidget(m_list, 3);
    column->addWidget(m_details);
    column->addSpacing(8);
    column->addWidget(rule);
    column->addWidget(historyTitle);
    column->addWidget(history, 2);
}

int RecipePanel::row() const
{
    return m_list->currentIndex().row();
}

void RecipePanel::refresh()
{
    const bool any = !m_document.recipe()->empty();
    m_empty->setVisible(!any);
    m_list->setVisible(any);
    m_details->setVisible(any && row() >= 0);
    if (!any || row() < 0) return;
    const Edit& edit = m_document.recipe()->at(static_cast<std::size_t>(row()));
    m_label->setText(fromUtf8(edit.label));
    m_reason->setText(fromUtf8(edit.reason));
    m_up->setEnabled(row() > 0);
    m_down->setEnabled(row() + 1 < m_model->rowCount());
}

void RecipePanel::judge()
{
    m_proofJob.cancel(); // which tells nobody
    m_prove->setEnabled(true);
    m_proofs.clear();
    m_check = nullptr;
    const RecipePtr recipe = m_document.recipe();
    if (!m_document.isOpen() || recipe->empty()) return m_checkJob.cancel();
    m_checkJob.start<RecipeCheck>(
        tr("What the edits come to"),
        [recipe, checkpoint = m_document.content()->checkpoint,
         cache = m_document.statistics()](Progress& progress) {
            return checkRecipe(checkpoint, recipe, *cache, progress);
        },
        [this](const Result<RecipeCheck>& check) {
            if (!check) return;
            m_check = std::make_shared<const RecipeCheck>(*check);
            showVerdicts();
        });
}

void RecipePanel::prove()
{
    const RecipePtr recipe = m_document.recipe();
    if (!m_document.isOpen() || recipe->empty()) return;
    m_banner->clear();
    m_prove->setEnabled(false);
    m_proofJob.start<std::vector<EditProof>>(
        tr("Proving the edits"),
        [recipe, checkpoint = m_document.content()->checkpoint, check = m_check](Progress& progress) {
            ProofOptions options;
            options.where = checkpoint->name();
            if (check) {
                options.together = check->together();
                options.until = check->until();
            }
            return proveEdits(checkpoint, recipe, options, progress);
        },
        [this](const Result<std::vector<EditProof>>& proofs) {
            m_prove->setEnabled(true);
            if (!proofs) return m_banner->sayError(proofs.error());
            m_proofs = *proofs;
            showVerdicts();
        });
}

// What the guard says where an edit comes to less than it looks, and what the model says where it was asked.
void RecipePanel::showVerdicts()
{
    QList<RecipeModel::Verdict> verdicts;
    for (std::size_t i = 0; i < m_document.recipe()->size(); ++i) {
        RecipeModel::Verdict verdict;
        const EditCheck* edit = nullptr;
        if (m_check && m_document.recipe()->at(i).enabled)
            for (const EditCheck& one : m_check->edits)
                if (one.index == i) edit = &one;
        if (edit != nullptr)
            for (const Effect effect : {Effect::Void, Effect::RoundedAway, Effect::Absorbed, Effect::GreedyInvariant})
                if (edit->effect == effectName(effect)) verdict = {effectWords(effect), sentenceText(edit->because, "verdicts")};
        const auto proof = std::ranges::find(m_proofs, i, &EditProof::index);
        if (proof != m_proofs.end()) {
            const bool disagrees = edit != nullptr && !agrees(proof->outcome, edit->effect);
            const QString said = disagrees ? tr("the model disagrees: %1").arg(proofText(*proof)) : proofText(*proof);
            if (verdict.words.isEmpty())
                verdict.words = disagrees ? said : proofSign + said;
            else
                verdict.words += QStringLiteral(" · ") + said;
            verdict.because += (verdict.because.isEmpty() ? QString() : QStringLiteral("\n")) + said;
        }
        verdicts << verdict;
    }
    m_model->setVerdicts(std::move(verdicts));
}

void RecipePanel::describe()
{
    if (row() >= 0) m_model->describe(row(), m_label->text().trimmed(), m_reason->text().trimmed());
}

void RecipePanel::showMenu(const QPoint& position)
{
    const QModelIndex index = m_list->indexAt(position);
    if (!index.isValid()) return;
    const int at = index.row();
    QMenu menu(this);
    const bool ofLayers = std::holds_alternative<LayerEdit>(m_document.recipe()->at(static_cast<std::size_t>(at)).operation);
    menu.addAction(tr("Change…"), this, [this, at] { emit changeRequested(static_cast<std::size_t>(at)); })->setEnabled(!ofLayers);
    menu.addAction(tr("Apply earlier"), this, [this, at] { m_model->move(at, at - 1); })->setEnabled(at > 0);
    menu.addAction(tr("Apply later"), this, [this, at] { m_model->move(at, at + 1); })
        ->setEnabled(at + 1 < m_model->rowCount());
    if (const std::string group = m_document.recipe()->at(static_cast<std::size_t>(at)).group; !group.empty()) {
        menu.addSeparator();
        menu.addAction(tr("Switch group %1 on").arg(fromUtf8(group)), this, [this, group] { m_model->enableGroup(group, true); });
        menu.addAction(tr("Switch group %1 off").arg(fromUtf8(group)), this, [this, group] { m_model->enableGroup(group, false); });
    }
    menu.addSeparator();
    menu.addAction(tr("Remove"), this, [this, at] { m_model->remove(at); });
    menu.exec(m_list->viewport()->mapToGlobal(position));
}

} // namespace wb

#include "moc_recipepanel.cpp"
