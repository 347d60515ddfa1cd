// Text to token ids and back, as the model's authors did it: added tokens, normalizer, pre-tokenizer, model,
// post-processor, decoder. Read from a tokenizer.json or from the keys of a GGUF.
//
// A tokenizer is immutable after loading; every const member is safe from any thread. What the file asks for and this
// does not know is refused by name when it is loaded (TokenizerUnsupported), never skipped.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wb {

class Checkpoint;
struct TokenizerParts;

using TokenId = std::uint32_t;

// Bytes [begin, end) of the text that was encoded.
struct ByteRange {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    bool operator==(const ByteRange&) const = default;
};

struct Encoding {
    std::vector<TokenId> ids;
    // Where each token comes from; empty at the place of a token that the template adds. Tokens that share a character
    // (byte fallback, a character changed by the normalizer) name the whole character.
    std::vector<ByteRange> ranges;
};

// A token that is found in the text before anything else is done with it.
struct AddedToken {
    TokenId id = 0;
    std::string content;
    bool special = false;    // left out by decode(…, skipSpecial)
    bool normalized = false; // looked for after normalization
    bool singleWord = false; // not inside a word
    bool lstrip = false;     // takes the blanks before it
    bool rstrip = false;     // takes the blanks after it
};

// Tokens by their part; what the files do not say is absent.
struct SpecialTokens {
    std::optional<TokenId> bos, eos, unknown, pad;
    bool addBos = false; // a text begins with bos when special tokens are asked for
    bool addEos = false;
};

class Tokenizer {
public:
    explicit Tokenizer(TokenizerParts&& parts);
    ~Tokenizer();
    Tokenizer(const Tokenizer&) = delete;
    Tokenizer& operator=(const Tokenizer&) = delete;

    // `addSpecial`: with the tokens that the template puts around a text. Fails with TextNotEncodable when the text is not UTF-8, is
    // 4 GiB or longer, or when a pattern of the tokenizer gives up on it.
    [[nodiscard]] Result<Encoding> encode(std::string_view text, bool addSpecial) const;
    // Ids that are in no vocabulary stand for nothing. Bytes that are not UTF-8 become U+FFFD.
    [[nodiscard]] std::string decode(std::span<const TokenId> ids, bool skipSpecial) const;

    // The token as the vocabulary spells it ("Ġthe", "▁the", "##ing"); nothing for an id that is not used.
    [[nodiscard]] std::optional<std::string_view> piece(TokenId id) const;
    [[nodiscard]] std::optional<TokenId> find(std::string_view piece) const;
    [[nodiscard]] bool isSpecial(TokenId id) const;
    // One more than the largest id, added tokens included.
    [[nodiscard]] std::size_t size() const;

    [[nodiscard]] std::span<const AddedToken> added() const;
    [[nodiscard]] const SpecialTokens& special() const;
    [[nodiscard]] const std::string& kind() const; // for people: "byte-level BPE", "Unigram", …

private:
    std::unique_ptr<const TokenizerParts> m_parts;
};

using TokenizerPtr = std::shared_ptr<const Tokenizer>;

// Text that grows token by token. A character whose bytes are spread over several tokens appears when it is complete;
// what all calls return, put together, is decode() of all ids, unless bytes go on that are no text. Not thread-safe.
class StreamingDecoder {
public:
    StreamingDecoder(TokenizerPtr tokenizer, bool skipSpecial);

    [[nodiscard]] std::string push(TokenId id); // the text that is certain now; often empty
    [[nodiscard]] std::string finish();         // what was held back; begins anew

private:
    TokenizerPtr m_tokenizer;
    bool m_skipSpecial;
    [[nodiscard]] std::string waiting() const;

    std::vector<TokenId> m_ids;  // the last ones that gave text, then those still waiting
    std::string m_shown;         // what decode() makes of the former
    std::size_t m_waitFrom = 0;  // first waiting id
};

// The tokenizer of a checkpoint: tokenizer.json of its folder with the names of bos and eos in tokenizer_config.json,
// or what its GGUF keys say. Fails with TokenizerMissing when there is none.
[[nodiscard]] Result<TokenizerPtr> loadTokenizer(const Checkpoint& checkpoint);
// A tokenizer.json, a folder that holds one, or any path openCheckpoint takes.
[[nodiscard]] Result<TokenizerPtr> loadTokenizer(const std::filesystem::path& path);

} // namespace wb
