#include "core/eval/itemprompt.h"

namespace wb {
namespace {

constexpr const char* blanks = " \t\r\n";

std::string trimmed(const std::string& text)
{
    const std::size_t begin = text.find_first_not_of(blanks);
    return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

} // namespace

Result<Encoding> ItemPrompt::encode(const Tokenizer& tokenizer, const std::string& more) const
{
    return chat ? encodeChat(tokenizer, text + more) : tokenizer.encode(text + more, true);
}

Result<ItemPrompt> itemPrompt(const Task& task, std::size_t item, const FewShot& shots, const ChatTemplate* chat)
{
    if (chat == nullptr)
        return ItemPrompt{shots.prompt(task, item), false};
    std::vector<ChatMessage> messages;
    for (const FewShot::Example* example : shots.shown(item)) {
        messages.push_back({"user", trimmed(example->prompt)});
        messages.push_back({"assistant", trimmed(example->answer)});
    }
    messages.push_back({"user", trimmed(task.items[item].prompt)});
    auto text = chat->render(messages);
    if (!text)
        return failure(text);
    return ItemPrompt{std::move(*text), true};
}

std::vector<std::string> choicesOf(const TaskItem& item, bool chat)
{
    std::vector<std::string> out = item.choices;
    for (std::string& choice : out)
        if (chat)
            choice = trimmed(choice);
    return out;
}

} // namespace wb
