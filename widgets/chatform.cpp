#include "widgets/chatform.h"

#include "widgets/errortext.h"
#include "widgets/style.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>

namespace wb {

std::vector<ChatMessage> chatMessages(const QString& prompt, const PromptForm& form)
{
    std::vector<ChatMessage> messages;
    if (!form.system.isEmpty()) messages.push_back({"system", form.system.toStdString()});
    messages.push_back({"user", prompt.toStdString()});
    return messages;
}

ChatForm::ChatForm(Jobs& jobs, QWidget* parent)
    : QWidget(parent), m_job(jobs, JobSlot::Mode::Replace, nullptr), m_switch(new QCheckBox(tr("chat"), this)), m_system(new QLineEdit(this)), m_rendered(shrinkingLabel(this))
{
    constexpr int systemWidth = 200;
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(m_switch);
    row->addWidget(m_system);
    row->addWidget(m_rendered, 1);
    m_switch->setObjectName(QStringLiteral("chat"));
    m_system->setObjectName(QStringLiteral("system"));
    m_system->setPlaceholderText(tr("system text, if any"));
    m_system->setAccessibleName(tr("System text"));
    m_system->setMaximumWidth(systemWidth);
    m_rendered->setObjectName(QStringLiteral("rendered"));
    connect(m_switch, &QCheckBox::toggled, this, &ChatForm::render);
    connect(m_system, &QLineEdit::textChanged, this, &ChatForm::render);
    setTemplate(nullptr, {});
}

void ChatForm::setTemplate(ChatTemplatePtr chat, const QString& problem)
{
    m_template = std::move(chat);
    m_switch->setEnabled(m_template != nullptr);
    if (!m_template) m_switch->setChecked(false);
    m_switch->setToolTip(m_template ? tr("The prompt is what a user says; the model's own chat template puts it into form") : problem);
    render();
}

void ChatForm::setPrompt(const QString& prompt)
{
    m_prompt = prompt;
    render();
}

void ChatForm::setForm(const PromptForm& form)
{
    m_switch->setChecked(form.chat && m_template != nullptr);
    m_system->setText(form.system);
}

PromptForm ChatForm::form() const { return m_switch->isChecked() ? PromptForm{true, m_system->text()} : PromptForm{}; }

// In a job: a template is a program out of a file, and may take its time.
void ChatForm::render()
{
    m_system->setVisible(m_switch->isChecked());
    m_rendered->clear();
    m_rendered->setToolTip({});
    if (!m_switch->isChecked() || m_prompt.isEmpty()) return m_job.cancel();
    const auto work = [chat = m_template, messages = chatMessages(m_prompt, form())](Progress&) { return chat->render(messages); };
    m_job.start<std::string>(tr("Putting the prompt into form"), work, [this](const Result<std::string>& text) {
        if (!text) return m_rendered->setText(errorText(text.error()));
        const QString rendered = QString::fromStdString(*text);
        m_rendered->setText(tr("the model reads: %1").arg(QString(rendered).replace(QLatin1Char('\n'), QStringLiteral("⏎"))));
        m_rendered->setToolTip(rendered.toHtmlEscaped().replace(QLatin1Char('\n'), QStringLiteral("<br>")));
    });
}

} // namespace wb
