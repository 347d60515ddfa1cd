#include "widgets/banner.h"

#include "widgets/errortext.h"
#include "widgets/style.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>

namespace wb {

Banner::Banner(QWidget* parent)
    : QFrame(parent)
    , m_text(new QLabel(this))
    , m_button(new QPushButton(this))
    , m_close(flatButton(tr("✕"), this))
{
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::RichText); // left to itself it takes an escaped quote alone for plain text
    m_text->setTextInteractionFlags(Qt::TextBrowserInteraction);
    m_close->setToolTip(tr("Dismiss"));
    m_close->setAccessibleName(tr("Dismiss"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 8, 8, 8);
    row->addWidget(m_text, 1);
    row->addWidget(m_button);
    row->addWidget(m_close, 0, Qt::AlignTop);
    connect(m_text, &QLabel::linkActivated, this, &Banner::linkActivated);
    connect(m_close, &QToolButton::clicked, this, &Banner::clear);
    connect(m_button, &QPushButton::clicked, this, [this] {
        if (m_action) m_action();
    });
    clear();
}

void Banner::say(Kind kind, const QString& text, bool closable)
{
    const char* name = kind == Kind::Error ? "error" : kind == Kind::Warning ? "warning" : "calm";
    setStyleProperty(this, "banner", QLatin1String(name));
    m_text->setText(text);
    m_close->setVisible(closable);
    show();
}

void Banner::sayError(const Error& error)
{
    if (error.code == ErrorCode::Cancelled) return;
    say(Kind::Error, errorText(error).toHtmlEscaped());
}

void Banner::offer(const QString& buttonText, std::function<void()> action)
{
    m_action = std::move(action);
    m_button->setText(buttonText);
    m_button->setVisible(!buttonText.isEmpty());
}

void Banner::clear()
{
    m_text->clear();
    offer({}, {});
    hide();
}

QString Banner::text() const
{
    return m_text->text();
}

void Banner::changeEvent(QEvent* event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        const QString text = m_text->text(); // rich text keeps the colour of its links until it is set again
        m_text->clear();
        m_text->setText(text);
    }
}

} // namespace wb

#include "moc_banner.cpp"
