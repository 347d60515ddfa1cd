#include "core/text/chattemplate.h"

#include "core/checkpoint/checkpoint.h"
#include "core/checkpoint/gguf.h"
#include "core/text/chat/interpreter.h"
#include "core/text/unicode.h"

#include <nlohmann/json.hpp>

namespace wb {
namespace {

constexpr std::uint64_t maxConfigBytes = 64U << 20;

struct Source {
    std::string text, where;
};

// A text, or of a list of named ones the default.
std::optional<std::string> templateText(const Json& value)
{
    if (value.is_string())
        return value.get<std::string>();
    if (value.is_array())
        for (const Json& one : value)
            if (one.is_object() && one.value("name", Json()) == "default" && one.value("template", Json()).is_string())
                return one["template"].get<std::string>();
    return std::nullopt;
}

Result<std::optional<Source>> ofFolder(const std::filesystem::path& folder)
{
    std::error_code ignored;
    const auto file = folder / "chat_template.jinja", config = folder / "tokenizer_config.json";
    if (std::filesystem::is_regular_file(file, ignored)) {
        auto opened = File::open(file);
        if (!opened)
            return failure(opened);
        if (opened->size() > ChatTemplate::longestSource)
            return fail(ErrorCode::FileTooLarge, file.string(), std::to_string(opened->size()), std::to_string(ChatTemplate::longestSource));
        std::string text(opened->size(), '\0');
        if (auto done = opened->readAt(0, std::as_writable_bytes(std::span(text))); !done)
            return failure(done);
        return Source{std::move(text), file.string()};
    }
    if (!std::filesystem::is_regular_file(config, ignored))
        return std::nullopt;
    auto json = readJson(config, true, maxConfigBytes);
    if (!json)
        return failure(json);
    if (!json->is_object() || !json->contains("chat_template"))
        return std::nullopt;
    const auto text = templateText((*json)["chat_template"]);
    return text ? std::optional(Source{*text, config.string()}) : std::nullopt;
}

Result<std::optional<Source>> ofGguf(const File& file)
{
    auto header = readGguf(file, true);
    if (!header)
        return failure(header);
    const GgufKey* key = header->find("tokenizer.chat_template");
    if (key == nullptr || key->type != GgufType::String)
        return std::nullopt;
    if (key->bytes > ChatTemplate::longestSource)
        return fail(ErrorCode::TemplateInvalid, file.path().string(), said(CORE_TEXT("reasons", "it has %1 bytes and %2 is the most"), key->bytes, ChatTemplate::longestSource));
    auto value = readGgufValue(file, *key, 1);
    if (!value)
        return failure(value);
    return value->is_string() ? std::optional(Source{value->get<std::string>(), file.path().string()}) : std::nullopt;
}

Json specialTexts(const Tokenizer& tokenizer)
{
    Json out = Json::object();
    const SpecialTokens& special = tokenizer.special();
    const auto put = [&](const char* name, std::optional<TokenId> id) {
        if (id)
            if (const auto piece = tokenizer.piece(*id))
                out[name] = std::string(*piece);
    };
    put("bos_token", special.bos);
    put("eos_token", special.eos);
    put("unk_token", special.unknown);
    put("pad_token", special.pad);
    return out;
}

} // namespace

struct ChatTemplate::Parts {
    std::string source, where;
    chat::Body body;
    Json variables;
};

ChatTemplate::ChatTemplate(std::unique_ptr<const Parts> parts) : m_parts(std::move(parts)) {}
ChatTemplate::~ChatTemplate() = default;
const std::string& ChatTemplate::source() const { return m_parts->source; }
const std::string& ChatTemplate::where() const { return m_parts->where; }

Result<ChatTemplatePtr> ChatTemplate::parse(std::string_view source, const Json& variables, std::string where)
{
    if (source.size() > longestSource)
        return fail(ErrorCode::TemplateInvalid, where, said(CORE_TEXT("reasons", "it has %1 bytes and %2 is the most"), source.size(), longestSource));
    chat::Problem problem(where);
    auto parts = std::make_unique<Parts>();
    parts->source = unicode::repaired(source);
    parts->body = chat::parseTemplate(parts->source, problem);
    if (problem.any())
        return problem.failure();
    parts->where = std::move(where);
    parts->variables = variables;
    return ChatTemplatePtr(new ChatTemplate(std::move(parts)));
}

Result<std::string> ChatTemplate::render(std::span<const ChatMessage> messages, bool answering) const
{
    Json list = Json::array();
    for (const ChatMessage& message : messages)
        list.push_back({{"role", message.role}, {"content", message.content}});
    return render(Json{{"messages", std::move(list)}, {"tools", nullptr}, {"documents", nullptr}, {"add_generation_prompt", answering}});
}

Result<std::string> ChatTemplate::render(const Json& variables) const
{
    Json all = m_parts->variables;
    all.update(variables);
    chat::Problem problem(m_parts->where);
    std::string out = chat::Interpreter(problem).run(m_parts->body, chat::Value::of(all));
    if (problem.any())
        return problem.failure();
    return out;
}

Result<ChatTemplatePtr> loadChatTemplate(const Checkpoint& checkpoint, const Tokenizer& tokenizer)
{
    std::optional<Source> source;
    if (checkpoint.format() != Format::Gguf) {
        auto found = ofFolder(checkpoint.isFolder() ? checkpoint.root() : checkpoint.root().parent_path());
        if (!found)
            return failure(found);
        source = std::move(*found);
    } else if (checkpoint.format() == Format::Gguf && !checkpoint.files().empty()) {
        auto found = ofGguf(*checkpoint.files().front().file);
        if (!found)
            return failure(found);
        source = std::move(*found);
    }
    if (!source)
        return fail(ErrorCode::TemplateMissing, checkpoint.root().string());
    return ChatTemplate::parse(source->text, specialTexts(tokenizer), std::move(source->where));
}

Result<Encoding> encodeChat(const Tokenizer& tokenizer, std::string_view rendered)
{
    const auto bos = tokenizer.special().bos;
    const auto piece = bos ? tokenizer.piece(*bos) : std::nullopt;
    const bool written = piece && !piece->empty() && rendered.starts_with(*piece);
    auto encoded = tokenizer.encode(rendered, !written);
    if (!encoded)
        return failure(encoded);
    if (!written && tokenizer.special().addEos && !encoded->ids.empty() && encoded->ids.back() == tokenizer.special().eos)
    { // the answer comes first
        encoded->ids.pop_back();
        encoded->ranges.pop_back();
    }
    return encoded;
}

} // namespace wb
