#include "widgets/panels/targetform.h"

#include "core/recipe/savedselections.h"
#include "widgets/document.h"
#include "widgets/errortext.h"
#include "widgets/numbertext.h"
#include "widgets/style.h"
#include "widgets/typedselection.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace wb {
namespace {

constexpr int selectionRole = Qt::UserRole + 1; // text of the selector

} // namespace

TargetForm::TargetForm(const Document& document, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
    , m_kind(new QComboBox(this))
    , m_typedRow(new QWidget(this))
    , m_typed(new QLineEdit(m_typedRow))
    , m_matched(captionLabel({}, this))
{
    m_kind->setAccessibleName(tr("On"));
    m_kind->setObjectName(QStringLiteral("target"));
    m_kind->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon); // long names of roles do not widen the dock's form
    m_kind->setMinimumContentsLength(12);
    m_typed->setPlaceholderText(tr("role=q_proj layer=10-27"));
    m_typed->setToolTip(tr(
        "role=  layer=  name=glob*  name~regex  dtype=  params>  kurtosis>20  @saved\nSide by side is and, | is or, ! is not."));
    m_typed->setObjectName(QStringLiteral("selection"));
    m_matched->setObjectName(QStringLiteral("matched"));
    auto* saved = flatButton(tr("Saved"), m_typedRow);
    saved->setToolTip(tr("Selections saved by name; @name stands for one"));
    saved->setPopupMode(QToolButton::InstantPopup);
    auto* menu = new QMenu(saved);
    saved->setMenu(menu);
    connect(menu, &QMenu::aboutToShow, this, [this, menu] { fillSaved(*menu); });
    auto* row = new QHBoxLayout(m_typedRow);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    row->addWidget(m_typed, 1);
    row->addWidget(saved);
    m_typed->setAccessibleName(tr("Selection"));
    m_matched->setWordWrap(true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(captionLabel(tr("On"), this));
    column->addWidget(m_kind);
    column->addWidget(m_typedRow);
    column->addWidget(m_matched);
    connect(m_kind, &QComboBox::activated, this, [this] {
        m_typedRow->setVisible(kind() == Kind::Typed);
        emit edited();
    });
    connect(m_typed, &QLineEdit::textEdited, this, &TargetForm::edited);
    setTensor(std::nullopt);
}

TargetForm::Kind TargetForm::kind() const
{
    const QVariant kind = m_kind->currentData();
    return kind.isValid() ? static_cast<Kind>(kind.toInt()) : Kind::Tensor;
}

void TargetForm::setKind(Kind kind)
{
    m_kind->setCurrentIndex(std::max(0, m_kind->findData(static_cast<int>(kind))));
    m_typedRow->setVisible(this->kind() == Kind::Typed);
}

void TargetForm::setTensor(std::optional<std::size_t> tensor)
{
    const Kind before = kind();
    m_tensor = tensor;
    m_kind->clear();
    m_kind->setEnabled(m_document.isOpen());
    const auto add = [this](const QString& text, Kind kind, const QString& selection) {
        m_kind->addItem(text, static_cast<int>(kind));
        m_kind->setItemData(m_kind->count() - 1, selection, selectionRole);
    };
    add(tensor ? tr("this tensor") : tr("no tensor chosen"), Kind::Tensor, {});
    const TensorRole role = tensor ? m_document.content()->roles[*tensor] : TensorRole();
    if (role.layer && !role.companion && role.role != "other") {
        const QString name = fromUtf8(role.role), layer = QString::number(*role.layer);
        add(tr("%1 in all layers").arg(name), Kind::Role, QStringLiteral("role=") + name);
        add(tr("layer %1").arg(layer), Kind::Layer, QStringLiteral("layer=") + layer);
    }
    add(tr("a selection"), Kind::Typed, {});
    setKind(before);
}

void TargetForm::setSelection(const std::string& text)
{
    m_typed->setText(fromUtf8(text));
    setKind(Kind::Typed);
}

bool TargetForm::isOneTensor() const
{
    return kind() == Kind::Tensor;
}

Result<Selector> TargetForm::selector() const
{
    switch (kind()) {
    case Kind::Tensor: return m_tensor ? Selector::forTensor(m_document.tensor(*m_tensor).name) : Selector();
    case Kind::Typed: return typedSelection(m_typed->text());
    case Kind::Role:
    case Kind::Layer: break;
    }
    return Selector::parse(m_kind->currentData(selectionRole).toString().toStdString());
}

void TargetForm::say(const QString& text, bool isError)
{
    m_matched->setText(text);
    setStyleProperty(m_matched, "error", isError);
    m_matched->setVisible(!text.isEmpty());
}

void TargetForm::showMatched(bool evaluated)
{
    if (!m_document.isOpen() || isOneTensor()) return say({}, false);
    const Result<Selector> select = selector();
    if (!select) return say({}, false); // told by the panel, once
    if (select->reads() && !evaluated) return say(tr("reading the tensors…"), false);
    const auto matched = select->select(*m_document.original());
    if (!matched) return say(errorText(matched.error()), true);
    std::uint64_t elements = 0;
    for (const std::size_t tensor : *matched)
        elements += m_document.tensor(tensor).elements;
    say(tr("matched %n tensor(s), %1 elements", nullptr, static_cast<int>(matched->size())).arg(countText(elements)),
        false);
}

void TargetForm::fillSaved(QMenu& menu)
{
    menu.clear();
    const Result<SavedSelections> saved = loadSelections();
    if (!saved) {
        menu.addAction(errorText(saved.error()))->setEnabled(false);
        return;
    }
    for (const auto& [name, selection] : *saved)
        menu.addAction(QStringLiteral("@%1   %2").arg(fromUtf8(name), fromUtf8(selection)), this, [this, text = selection] {
            setSelection(text);
            emit edited();
        });
    if (saved->empty()) menu.addAction(tr("nothing saved yet"))->setEnabled(false);
    menu.addSeparator();
    menu.addAction(tr("Save this selection…"), this, &TargetForm::saveAs)->setEnabled(selector().has_value());
    QMenu* remove = menu.addMenu(tr("Delete"));
    remove->setEnabled(!saved->empty());
    for (const auto& [name, selection] : *saved)
        remove->addAction(QLatin1Char('@') + fromUtf8(name), this, [this, name = name] {
            Result<SavedSelections> now = loadSelections();
            if (!now) return say(errorText(now.error()), true);
            now->erase(name);
            if (const auto done = saveSelections(*now); !done) say(errorText(done.error()), true);
        });
}

void TargetForm::saveAs()
{
    const Result<Selector> select = selector();
    const QString name = QInputDialog::getText(this, tr("Save this selection"), tr("Name, to be used as @name"))
                             .trimmed()
                             .remove(QLatin1Char('@'));
    if (name.isEmpty() || !select) return;
    Result<SavedSelections> saved = loadSelections();
    if (!saved) return say(errorText(saved.error()), true);
    (*saved)[name.toStdString()] = select->text();
    if (const auto done = saveSelections(*saved); !done) say(errorText(done.error()), true);
}

} // namespace wb

#include "moc_targetform.cpp"
