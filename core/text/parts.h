// The stages of a tokenizer, each behind a small interface; private to core/text. All are immutable after loading.
#pragma once

#include "core/base/json.h"
#include "core/text/addedmatcher.h"
#include "core/text/tracedtext.h"
#include "core/text/vocabulary.h"

#include <deque>
#include <map>

namespace wb {

// Rewrites a text before it is cut up.
class Normalizer {
public:
    virtual ~Normalizer() = default;
    // The new text in `out` (empty on entry), or false when `in` stays as it is.
    virtual Result<bool> apply(const TextView& in, TracedText& out) const = 0;
};
using Normalizers = std::vector<std::unique_ptr<const Normalizer>>;

// The words of a text, and the changed texts that some of them are views of.
struct Words {
    std::vector<TextView> list;
    std::deque<TracedText> made;
};

// Cuts every word into smaller ones; some also change them.
class PreTokenizer {
public:
    virtual ~PreTokenizer() = default;
    virtual Result<void> apply(Words& words) const = 0;
};
using PreTokenizers = std::vector<std::unique_ptr<const PreTokenizer>>;

// Turns a word into pieces of the vocabulary.
class TextModel {
public:
    virtual ~TextModel() = default;
    // Appends to `out`; false when a part of the word is no piece and nothing stands for the unknown.
    virtual bool tokenize(const TextView& word, Encoding& out) const = 0;
};

// One step from pieces to text; the pieces are put together at the end.
class DecodeStep {
public:
    virtual ~DecodeStep() = default;
    virtual void apply(std::vector<std::string>& pieces) const = 0;
};
using DecodeSteps = std::vector<std::unique_ptr<const DecodeStep>>;

struct TokenizerParts {
    std::string kind;
    std::unique_ptr<const Vocabulary> vocabulary; // of the model, which points to it
    Vocabulary extra;                             // added tokens that the model does not know
    std::vector<AddedToken> added;
    std::vector<bool> specialIds; // by id
    std::map<TokenId, std::string> decodedAs; // added tokens that are found, and so decoded, in their normalized spelling
    AddedMatcher inText, inNormalized;
    Normalizers normalizers;
    PreTokenizers preTokenizers;
    std::unique_ptr<const TextModel> model;
    std::vector<TokenId> before, after; // what the template puts around a text
    DecodeSteps decoders;               // none: pieces with blanks between them
    SpecialTokens special;
};

// What is built from a part of tokenizer.json. `part` may be null or Json null. Unknown types are refused by name.
[[nodiscard]] Result<Normalizers> makeNormalizers(const Json* part, const std::string& where);
// `takesBytes`: the model maps bytes to the byte-level alphabet itself, and so faster.
[[nodiscard]] Result<PreTokenizers> makePreTokenizers(const Json* part, const std::string& where, bool takesBytes = false);
[[nodiscard]] Result<DecodeSteps> makeDecodeSteps(const Json* part, const std::string& where);

// No honest file has more stages of a kind, or makes so much of a text; more is a trap.
constexpr std::size_t mostStages = 64;
[[nodiscard]] constexpr std::size_t mostGrown(std::size_t bytes) { return 64 * bytes + (std::size_t{1} << 20); }

// Runs the whole chain. `kept` holds the text when it was changed.
[[nodiscard]] Result<TextView> normalize(const Normalizers& chain, const TextView& in, TracedText& kept);

} // namespace wb
