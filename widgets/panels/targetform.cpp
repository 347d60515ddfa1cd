#include "widgets/panels/targetform.h"

#include "widgets/document.h"
#include "widgets/errortext.h"
#include "widgets/numbertext.h"
#include "widgets/style.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
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
    , m_typed(new QLineEdit(this))
    , m_matched(captionLabel({}, this))
{
    m_kind->setAccessibleName(tr("On"));
    m_kind->setObjectName(QStringLiteral("target"));
    m_typed->setPlaceholderText(tr("role=q_proj layer=10-27"));
    m_typed->setToolTip(tr(
        "role=  layer=  name=glob*  name~regex  dtype=  params>\nSide by side is and, | is or, ! is not."));
    m_typed->setAccessibleName(tr("Selection"));
    m_matched->setWordWrap(true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(captionLabel(tr("On"), this));
    column->addWidget(m_kind);
    column->addWidget(m_typed);
    column->addWidget(m_matched);
    connect(m_kind, &QComboBox::activated, this, [this] {
        m_typed->setVisible(kind() == Kind::Typed);
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
    m_typed->setVisible(this->kind() == Kind::Typed);
}

void TargetForm::setTensor(std::optional<std::size_t> tensor)
{
    const Kind before = kind();
    m_tensor = tensor;
    m_kind->clear();
    m_kind->setEnabled(tensor.has_value());
    if (!tensor) {
        m_kind->addItem(tr("no tensor chosen"));
        return setKind(Kind::Tensor);
    }
    const auto add = [this](const QString& text, Kind kind, const QString& selection) {
        m_kind->addItem(text, static_cast<int>(kind));
        m_kind->setItemData(m_kind->count() - 1, selection, selectionRole);
    };
    const TensorRole& role = m_document.content()->roles[*tensor];
    add(tr("this tensor"), Kind::Tensor, {});
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
    case Kind::Typed: return Selector::parse(m_typed->text().toStdString());
    case Kind::Role:
    case Kind::Layer: break;
    }
    return Selector::parse(m_kind->currentData(selectionRole).toString().toStdString());
}

// An error of the selection is told by the panel, once.
void TargetForm::showMatched()
{
    m_matched->hide();
    const Result<Selector> select = selector();
    if (!m_document.isOpen() || isOneTensor() || !select) return;
    const auto matched = select->select(*m_document.original());
    if (!matched) return;
    std::uint64_t elements = 0;
    for (const std::size_t tensor : *matched)
        elements += m_document.tensor(tensor).elements;
    m_matched->setText(
        tr("%n tensor(s), %1 elements", nullptr, static_cast<int>(matched->size())).arg(countText(elements)));
    m_matched->show();
}

} // namespace wb

#include "moc_targetform.cpp"
