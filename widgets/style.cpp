#include "widgets/style.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QStyle>
#include <QToolButton>

namespace wb {
namespace {

constexpr int headHeight = 24;

} // namespace

void setStyleProperty(QWidget* widget, const char* name, const QVariant& value)
{
    if (widget->property(name) == value) return;
    widget->setProperty(name, value);
    widget->style()->unpolish(widget);
    widget->style()->polish(widget);
}

QLabel* captionLabel(const QString& text, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setProperty("caption", true);
    return label;
}

QLabel* headingLabel(const QString& text, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setProperty("heading", true);
    return label;
}

QLabel* shrinkingLabel(QWidget* parent)
{
    auto* label = captionLabel({}, parent);
    label->setMinimumWidth(40);
    label->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred);
    return label;
}

QToolButton* flatButton(const QString& text, QWidget* parent)
{
    auto* button = new QToolButton(parent);
    button->setText(text);
    button->setProperty("flat", true);
    button->setAutoRaise(true);
    button->setCursor(Qt::PointingHandCursor);
    return button;
}

QHBoxLayout* inTheMiddle(QLabel* text)
{
    auto* row = new QHBoxLayout;
    row->addStretch(1);
    row->addWidget(text, 2);
    row->addStretch(1);
    return row;
}

Card::Card(const QString& heading, QWidget* parent)
    : QFrame(parent)
    , m_heading(headingLabel(heading, this))
    , m_head(new QHBoxLayout)
    , m_body(new QVBoxLayout)
{
    setProperty("card", true);
    m_head->setSpacing(12);
    m_heading->setMinimumHeight(headHeight); // the same with tools beside it and without
    m_head->addWidget(m_heading);
    m_head->addStretch(1);
    m_body->setSpacing(8);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 12, 12, 12);
    column->setSpacing(8);
    column->addLayout(m_head);
    column->addLayout(m_body, 1);
}

void Card::setHeading(const QString& heading)
{
    m_heading->setText(heading);
}

} // namespace wb

#include "moc_style.cpp"
