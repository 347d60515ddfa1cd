// Requests of the completions and chat API that OpenAI made common, as bodies from the network: checked, tokenized, and in our own
// words. A field that would change the answer and is not done here is refused by name, never dropped.
#pragma once

#include "core/model/decoding.h"
#include "core/text/chattemplate.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wb {

// What requests must know of the model that answers them. Immutable while it serves.
struct ServedModel {
    std::string name;
    TokenizerPtr tokenizer;
    ChatTemplatePtr chat;         // null: it has none, for the reason in noChat
    std::optional<Error> noChat;
    std::set<std::uint32_t> endTokens;
    std::size_t vocabulary = 0;
    std::size_t context = 0;      // tokens of prompt and answer together
    std::size_t maxSequences = 0; // of one request
    Precision precision = Precision::F32;
};

struct ServedPrompt {
    std::vector<TokenId> ids;
    std::optional<std::string> text; // what they were made of; none when the request gave ids
    std::vector<ByteRange> ranges;   // of the text, one for each id
};

struct CompletionRequest {
    bool chat = false, stream = false, includeUsage = false, echo = false;
    std::vector<ServedPrompt> prompts; // at least one, each of at least one token
    std::size_t answers = 1;           // to each
    bool logprobs = false;             // with options.candidates alternatives
    GenerateOptions options;

    [[nodiscard]] std::size_t sequences() const { return prompts.size() * answers; }
    [[nodiscard]] const ServedPrompt& promptOf(std::size_t sequence) const { return prompts[sequence / answers]; }
};

// The bodies of POST /v1/completions and /v1/chat/completions. `seed` is used where the request names none. An error's `where` is
// the field it is about: "model" when another model was asked for.
[[nodiscard]] Result<CompletionRequest> readCompletionRequest(std::string_view body, const ServedModel& model, std::uint64_t seed);
[[nodiscard]] Result<CompletionRequest> readChatRequest(std::string_view body, const ServedModel& model, std::uint64_t seed);

} // namespace wb
