// The chat form of a model: its template turns a conversation into the text that the model was trained to go on with. Templates are
// programs in Jinja; what published ones use of it is interpreted, as data: nothing outside of the conversation can be reached, and
// steps, depth and output are limited. Equal to what transformers 5 renders; its clock stands still at 26 July 2024.
//
// Immutable; every const member is safe from any thread.
#pragma once

#include "core/base/json.h"
#include "core/text/tokenizer.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace wb {

struct ChatMessage {
    std::string role; // "system", "user", "assistant", …
    std::string content;
    bool operator==(const ChatMessage&) const = default;
};

class ChatTemplate {
public:
    static constexpr std::size_t longestSource = 1U << 20; // bytes

    // `variables`: an object of what the template finds beside the conversation, as bos_token. `where` is named in errors.
    // TemplateInvalid, or TemplateUnsupported with the name of what is not done here.
    [[nodiscard]] static Result<std::shared_ptr<const ChatTemplate>> parse(std::string_view source, const Json& variables, std::string where);
    ~ChatTemplate();
    ChatTemplate(const ChatTemplate&) = delete;
    ChatTemplate& operator=(const ChatTemplate&) = delete;

    // `answering`: ends where the model begins to answer (add_generation_prompt). TemplateRefused: the template takes no such
    // conversation, in its own words.
    [[nodiscard]] Result<std::string> render(std::span<const ChatMessage> messages, bool answering = true) const;
    // The same of any variables (messages, tools, …).
    [[nodiscard]] Result<std::string> render(const Json& variables) const;

    [[nodiscard]] const std::string& source() const;
    [[nodiscard]] const std::string& where() const; // which file it stands in

private:
    struct Parts;
    explicit ChatTemplate(std::unique_ptr<const Parts> parts);
    std::unique_ptr<const Parts> m_parts;
};

using ChatTemplatePtr = std::shared_ptr<const ChatTemplate>;

// chat_template.jinja beside the weights, then chat_template of tokenizer_config.json (of a list the one named "default"), then that
// of the GGUF. TemplateMissing without any. `tokenizer` gives the texts of its special tokens.
[[nodiscard]] Result<ChatTemplatePtr> loadChatTemplate(const Checkpoint& checkpoint, const Tokenizer& tokenizer);

// Tokens of a rendered text: without a bos where the template wrote one, else as the tokenizer begins a text.
[[nodiscard]] Result<Encoding> encodeChat(const Tokenizer& tokenizer, std::string_view rendered);

} // namespace wb
