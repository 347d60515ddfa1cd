// What the model reads for an item: examples and prompt as one text, or as a conversation in the model's own chat form.
#pragma once

#include "core/eval/fewshot.h"
#include "core/text/chattemplate.h"

namespace wb {

struct ItemPrompt {
    std::string text;
    bool chat = false; // what a template made, with its own tokens in it

    // With what goes on behind it.
    [[nodiscard]] Result<Encoding> encode(const Tokenizer& tokenizer, const std::string& more = "") const;
};

// `chat` may be null: then examples and prompt follow each other. Otherwise the user asks and the assistant answers, each without
// blanks around it. TemplateRefused as the template says it.
[[nodiscard]] Result<ItemPrompt> itemPrompt(const Task& task, std::size_t item, const FewShot& shots, const ChatTemplate* chat);
// How a choice stands behind the prompt: in a chat nothing comes before the answer.
[[nodiscard]] std::vector<std::string> choicesOf(const TaskItem& item, bool chat);

} // namespace wb
