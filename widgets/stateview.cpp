#include "widgets/stateview.h"

#include "widgets/style.h"

#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace wb {

StateView::StateView(QWidget* parent)
    : QWidget(parent)
    , m_title(new QLabel(this))
    , m_explanation(captionLabel({}, this))
    , m_button(new QPushButton(this))
{
    m_title->setProperty("title", true);
    m_title->setAlignment(Qt::AlignCenter);
    m_title->setWordWrap(true);
    m_explanation->setAlignment(Qt::AlignCenter);
    m_explanation->setWordWrap(true);
    m_explanation->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* column = new QVBoxLayout(this);
    column->setSpacing(12);
    column->addStretch(2);
    column->addWidget(m_title);
    column->addLayout(inTheMiddle(m_explanation));
    column->addWidget(m_button, 0, Qt::AlignHCenter);
    column->addStretch(3);
    m_button->hide();
    connect(m_button, &QPushButton::clicked, this, &StateView::buttonClicked);
}

void StateView::say(const QString& title, const QString& explanation, const QString& button)
{
    m_title->setText(title);
    m_explanation->setText(explanation);
    m_button->setText(button);
    m_button->setVisible(!button.isEmpty());
}

} // namespace wb

#include "moc_stateview.cpp"
