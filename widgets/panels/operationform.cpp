#include "widgets/panels/operationform.h"

#include "widgets/numberfield.h"
#include "widgets/style.h"

#include <QComboBox>
#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace wb {

OperationForm::OperationForm(QWidget* parent)
    : QWidget(parent)
    , m_kind(new QComboBox(this))
    , m_first(new NumberRow(this))
    , m_second(new NumberRow(this))
{
    for (const QString& name : {tr("Scale"), tr("Add"), tr("Clamp"), tr("Set"), tr("Zero")})
        m_kind->addItem(name);
    m_kind->setAccessibleName(tr("Operation"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(captionLabel(tr("Operation"), this));
    column->addWidget(m_kind);
    column->addSpacing(4);
    column->addWidget(m_first);
    column->addWidget(m_second);
    connect(m_kind, &QComboBox::activated, this, [this] {
        reset(); // a factor is no value to add
        emit edited();
    });
    connect(m_first, &NumberRow::edited, this, &OperationForm::edited);
    connect(m_second, &NumberRow::edited, this, &OperationForm::edited);
    reset();
}

OperationForm::Kind OperationForm::kind() const
{
    return static_cast<Kind>(m_kind->currentIndex());
}

bool OperationForm::needsRange() const
{
    return kind() != Kind::Scale && kind() != Kind::Zero;
}

void OperationForm::setRange(double low, double high)
{
    m_low = low;
    m_high = high;
    showKind();
}

void OperationForm::showKind()
{
    const double extent = std::max({std::abs(m_low), std::abs(m_high), 1e-6});
    m_first->setVisible(kind() != Kind::Zero);
    m_second->setVisible(kind() == Kind::Clamp);
    switch (kind()) {
    case Kind::Scale: m_first->setup(tr("Factor"), factorScale(), QStringLiteral("1")); break;
    case Kind::Add: m_first->setup(tr("Value to add"), signedScale(extent), QStringLiteral("0")); break;
    case Kind::Set: m_first->setup(tr("Value"), signedScale(extent), tr("a number")); break;
    case Kind::Clamp:
        m_first->setup(tr("Not below"), boundScale(m_low, m_high, true), tr("no bound"));
        m_second->setup(tr("Not above"), boundScale(m_low, m_high, false), tr("no bound"));
        break;
    case Kind::Zero: break;
    }
}

std::optional<Operation> OperationForm::operation() const
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

void OperationForm::load(const Operation& operation)
{
    m_kind->setCurrentIndex(static_cast<int>(operation.index()));
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

void OperationForm::reset()
{
    m_first->setValue(kind() == Kind::Scale ? std::optional(1.0) : std::nullopt);
    m_second->setValue(std::nullopt);
    showKind();
}

void OperationForm::focusNumber()
{
    m_first->field()->setFocus();
    m_first->field()->selectAll();
}

} // namespace wb

#include "moc_operationform.cpp"
