#include "core/text/makemodel.h"

#include "core/text/bpe.h"
#include "core/text/stagefields.h"
#include "core/text/unigram.h"
#include "core/text/wordpiece.h"

namespace wb {
namespace {

// Of a field that names a piece; absent, null and (as the reference allows) a piece that does not exist are nothing.
std::optional<TokenId> pieceOf(StageFields& fields, const Vocabulary& vocabulary, const std::string& name)
{
    return fields.find(name) != nullptr ? vocabulary.find(fields.text(name)) : std::nullopt;
}

Result<std::unique_ptr<const TextModel>> makeBpe(StageFields& fields, const TokenizerFile& file, const Vocabulary& vocabulary)
{
    BpeOptions options;
    options.unknown = pieceOf(fields, vocabulary, "unk_token");
    options.prefix = fields.text("continuing_subword_prefix", "");
    options.suffix = fields.text("end_of_word_suffix", "");
    options.fuseUnknown = fields.boolean("fuse_unk", false);
    options.byteFallback = fields.boolean("byte_fallback", false);
    options.ignoreMerges = fields.boolean("ignore_merges", false);
    if (const Json* dropout = fields.find("dropout"); dropout != nullptr && !(dropout->is_number() && dropout->get<double>() == 0))
        fields.unsupported(said(CORE_TEXT("reasons", "random dropout of merges")));
    if (auto done = fields.done(); !done)
        return failure(done);
    auto merges = makeMergeTable(file.merges, vocabulary, options.prefix.size(), fields.where());
    if (!merges)
        return failure(merges);
    return std::make_unique<Bpe>(vocabulary, std::move(*merges), std::move(options));
}

Result<std::unique_ptr<const TextModel>> makeUnigram(StageFields& fields, const TokenizerFile& file, const Vocabulary& vocabulary)
{
    std::optional<TokenId> unknown;
    if (fields.find("unk_id") != nullptr) {
        const std::uint64_t id = fields.count("unk_id");
        if (id >= vocabulary.size())
            fields.wrong(said(CORE_TEXT("reasons", "unk_id is %1 of %2 pieces"), id, vocabulary.size()));
        unknown = static_cast<TokenId>(id);
    }
    const bool bytes = fields.boolean("byte_fallback", false);
    if (auto done = fields.done(); !done)
        return failure(done);
    return std::make_unique<Unigram>(vocabulary, file.scores, unknown, bytes);
}

Result<std::unique_ptr<const TextModel>> makeWordPiece(StageFields& fields, const Vocabulary& vocabulary)
{
    const auto unknown = pieceOf(fields, vocabulary, "unk_token");
    std::string prefix = fields.text("continuing_subword_prefix", "##");
    const std::uint64_t longest = fields.count("max_input_chars_per_word", 100);
    if (auto done = fields.done(); !done)
        return failure(done);
    return std::make_unique<WordPiece>(vocabulary, unknown, "", std::move(prefix), longest);
}

Result<std::unique_ptr<const TextModel>> makeWordLevel(StageFields& fields, const Vocabulary& vocabulary)
{
    const auto unknown = pieceOf(fields, vocabulary, "unk_token");
    if (auto done = fields.done(); !done)
        return failure(done);
    return std::make_unique<WordLevel>(vocabulary, unknown);
}

// Files before the type was written down.
std::string typeOf(const Json& model, const TokenizerFile& file)
{
    if (const auto type = model.find("type"); type != model.end() && type->is_string())
        return type->get<std::string>();
    return file.hasScores ? "Unigram" : !file.merges.pairs.empty() ? "BPE" : "WordPiece";
}

} // namespace

Result<MergeTable> makeMergeTable(const MergeList& merges, const Vocabulary& vocabulary, std::size_t prefix, const std::string& where)
{
    MergeTable table(merges.pairs.size());
    const std::string_view text = merges.text;
    std::string joined;
    for (std::size_t i = 0; i < merges.pairs.size(); ++i) {
        const auto [left, right, end] = merges.pairs[i];
        const auto leftText = text.substr(left, right - left), rightText = text.substr(right, end - right);
        joined.assign(leftText).append(rightText.substr(std::min(prefix, rightText.size())));
        const auto leftId = vocabulary.find(leftText), rightId = vocabulary.find(rightText), result = vocabulary.find(joined);
        if (!leftId || !rightId || !result)
            return fail(ErrorCode::TokenizerInvalid, where,
                        said(CORE_TEXT("reasons", "merge %1 needs the piece %2, which is not in the vocabulary"), i, std::string(!leftId ? leftText : !rightId ? rightText : joined).substr(0, 100)));
        table.add(*leftId, *rightId, {static_cast<std::uint32_t>(i), *result});
    }
    return table;
}

Result<std::unique_ptr<const TextModel>> makeTextModel(const TokenizerFile& file, const Vocabulary& vocabulary,
                                                       const std::string& where, std::string& kind)
{
    const auto model = file.rest->find("model");
    if (!file.rest->is_object() || model == file.rest->end() || !model->is_object())
        return fail(ErrorCode::TokenizerInvalid, where, said(CORE_TEXT("reasons", "it has no model")));
    StageFields fields(*model, CORE_TEXT("reasons", "the model"), where);
    kind = typeOf(*model, file);
    if (vocabulary.count() == 0)
        return fail(ErrorCode::TokenizerInvalid, where, said(CORE_TEXT("reasons", "the vocabulary is empty")));
    if (file.hasScores != (kind == "Unigram"))
        return fail(ErrorCode::TokenizerInvalid, where, said(file.hasScores ? CORE_TEXT("reasons", "the vocabulary of %1 has scores") : CORE_TEXT("reasons", "the vocabulary of %1 has no scores"), kind.substr(0, 100)));
    if (kind == "BPE")
        return makeBpe(fields, file, vocabulary);
    if (kind == "Unigram")
        return makeUnigram(fields, file, vocabulary);
    if (kind == "WordPiece")
        return makeWordPiece(fields, vocabulary);
    if (kind == "WordLevel")
        return makeWordLevel(fields, vocabulary);
    return fail(ErrorCode::TokenizerUnsupported, where, said(CORE_TEXT("reasons", "the model %1"), kind.substr(0, 100)));
}

} // namespace wb
