// wb tokenize PATH: text to ids and back with the tokenizer of a checkpoint.
#include "app/cli/cli.h"

#include "core/base/file.h"
#include "core/text/tokenizer.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace wb::cli {
namespace {

constexpr std::uint64_t maxTextBytes = 256U << 20; // words take ten times the memory of their text

struct Arguments {
    std::string path, text, file, lines;
    std::vector<TokenId> ids;
    bool special = false;
    CLI::Option *textOption = nullptr, *fileOption = nullptr, *linesOption = nullptr, *idsOption = nullptr;
};

// In errors a text has the place it came from.
Result<Encoding> encode(const Tokenizer& tokenizer, std::string_view text, bool special, const std::string& where)
{
    auto encoded = tokenizer.encode(text, special);
    if (!encoded)
        encoded.error().where = where;
    return encoded;
}

void printPieces(const Tokenizer& tokenizer, std::span<const TokenId> ids, std::span<const ByteRange> ranges)
{
    Table table({"id", "bytes", "piece"}, {true, true, false});
    for (std::size_t i = 0; i < ids.size(); ++i)
        table.add({std::to_string(ids[i]), ranges.empty() ? "" : fmt::format("{}-{}", ranges[i].begin, ranges[i].end),
                   shownName(std::string(tokenizer.piece(ids[i]).value_or("")))});
    table.print();
}

Json answer(const Tokenizer& tokenizer, std::span<const TokenId> ids)
{
    Json pieces = Json::array();
    for (const TokenId id : ids)
        pieces.push_back(std::string(tokenizer.piece(id).value_or("")));
    return {{"ids", ids},
            {"pieces", std::move(pieces)},
            {"text", tokenizer.decode(ids, false)},
            {"text_without_special", tokenizer.decode(ids, true)}};
}

Result<int> runLines(const Tokenizer& tokenizer, const Arguments& arguments, const Globals& globals)
{
    auto content = readText(arguments.lines, maxTextBytes);
    if (!content)
        return failure(content);
    Json lines = Json::array();
    std::size_t number = 0;
    for (std::size_t begin = 0; begin < content->size();) {
        const std::size_t end = std::min(content->find('\n', begin), content->size());
        const std::string_view line = std::string_view(*content).substr(begin, end - begin);
        begin = end + 1;
        const std::string where = fmt::format("{}:{}", arguments.lines, ++number);
        if (line.find_first_not_of(" \t\r") == std::string_view::npos)
            continue;
        auto text = parseJson(line, where);
        if (!text)
            return failure(text);
        if (!text->is_string())
            return fail(ErrorCode::JsonInvalid, where, "the line is not a text");
        auto encoded = encode(tokenizer, text->get_ref<const std::string&>(), arguments.special, where);
        if (!encoded)
            return failure(encoded);
        if (globals.json)
            lines.push_back({{"ids", encoded->ids}, {"text", tokenizer.decode(encoded->ids, false)}});
        else
            fmt::print("{}\n", fmt::join(encoded->ids, " "));
    }
    if (globals.json)
        printJson("tokenize", {{"lines", std::move(lines)}});
    return 0;
}

Result<int> run(const Arguments& arguments, const Globals& globals)
{
    const auto given = [](const CLI::Option* option) { return option->count() > 0 ? 1 : 0; };
    if (given(arguments.textOption) + given(arguments.fileOption) + given(arguments.linesOption) + given(arguments.idsOption) != 1)
        return fail(ErrorCode::BadArgument, "tokenize", "one of --text, --file, --lines and --ids must be given");
    auto loaded = loadTokenizer(std::filesystem::path(arguments.path));
    if (!loaded)
        return failure(loaded);
    const Tokenizer& tokenizer = **loaded;
    if (given(arguments.linesOption) != 0)
        return runLines(tokenizer, arguments, globals);
    Encoding encoding{arguments.ids, {}};
    for (const TokenId id : arguments.ids)
        if (!tokenizer.piece(id))
            return fail(ErrorCode::BadArgument, "--ids", fmt::format("no piece has the id {}; the largest is {}", id, tokenizer.size() - 1));
    if (given(arguments.idsOption) == 0) {
        auto text = given(arguments.fileOption) != 0 ? readText(arguments.file, maxTextBytes) : Result<std::string>(arguments.text);
        if (!text)
            return failure(text);
        auto encoded = encode(tokenizer, *text, arguments.special, given(arguments.fileOption) != 0 ? arguments.file : "--text");
        if (!encoded)
            return failure(encoded);
        encoding = std::move(*encoded);
    }
    if (globals.json)
        printJson("tokenize", answer(tokenizer, encoding.ids));
    else if (given(arguments.idsOption) != 0)
        fmt::print("{}\n", tokenizer.decode(encoding.ids, false));
    else
        printPieces(tokenizer, encoding.ids, encoding.ranges);
    return 0;
}

} // namespace

Run addTokenize(CLI::App& app, const Globals& globals)
{
    auto arguments = std::make_shared<Arguments>();
    app.add_option("PATH", arguments->path, "Checkpoint, a folder with a tokenizer.json, or the file itself")->required();
    arguments->textOption = app.add_option("--text", arguments->text, "Text to encode")->type_name("T");
    arguments->fileOption = app.add_option("--file", arguments->file, "File whose text to encode")->type_name("FILE");
    arguments->linesOption = app.add_option("--lines", arguments->lines, "File with one JSON text a line, each encoded by itself")->type_name("FILE");
    arguments->idsOption = app.add_option("--ids", arguments->ids, "Ids to decode, with commas between")->delimiter(',')->type_name("I");
    app.add_flag("--special", arguments->special, "With the tokens that the template puts around a text");
    return [arguments, &globals] { return run(*arguments, globals); };
}

} // namespace wb::cli
