// Switch and system text of a chat, and what the model's template makes of the prompt, as it is typed.
#pragma once

#include "core/text/chattemplate.h"
#include "widgets/jobslot.h"

#include <QWidget>

class QCheckBox;
class QLabel;
class QLineEdit;

namespace wb {

// How a prompt is put.
struct PromptForm {
    bool chat = false;
    QString system;
    bool operator==(const PromptForm&) const = default;
};
[[nodiscard]] std::vector<ChatMessage> chatMessages(const QString& prompt, const PromptForm& form);

class ChatForm : public QWidget {
    Q_OBJECT
public:
    ChatForm(Jobs& jobs, QWidget* parent);

    // Null: there is none that can be used, and why.
    void setTemplate(ChatTemplatePtr chat, const QString& problem);
    void setPrompt(const QString& prompt);
    void setForm(const PromptForm& form);
    [[nodiscard]] PromptForm form() const;

private:
    void render();

    JobSlot m_job;
    ChatTemplatePtr m_template;
    QString m_prompt;
    QCheckBox* m_switch;
    QLineEdit* m_system;
    QLabel* m_rendered;
};

} // namespace wb
