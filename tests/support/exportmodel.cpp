#include "tests/support/exportmodel.h"

#include "core/recipe/patchedsource.h"
#include "core/recipe/recipejson.h"
#include "tests/support/safetensorsbuilder.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace wb::test {
namespace {

namespace fs = std::filesystem;

template <typename Answer, typename... Arguments>
std::function<Answer(Arguments...)> acting(std::function<Answer(Arguments...)> call, Nth& nth, std::function<int()> act)
{
    return [&nth, call, act](Arguments... arguments) -> Answer {
        const int number = nth.hit() ? act() : 0;
        if (number == 0)
            return call(arguments...);
        errno = number;
        return -1;
    };
}

} // namespace

ExportModel::ExportModel()
{
    std::vector<float> values(700'000);
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = static_cast<float>(i % 977) / 100 - 4;
    writeSharded(base, {{first, {{"odd", "U8", {3}, "abc"}, {"a.weight", "BF16", {700, 1000}, bf16Bytes(values)}}},
                        {second, {{"b.weight", "F32", {3}, f32Bytes({1, 2, 3e38F})}}}});
    writeFile(base / "config.json", "{\"model_type\":\"x\"}\r\n");
    fs::create_directories(base / "extra");
    writeFile(base / "extra/note.txt", "note");
    checkpoint = *openCheckpoint(base);
}

std::string tree(const fs::path& folder)
{
    std::vector<std::string> lines;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.is_regular_file())
            lines.push_back(fs::relative(entry.path(), folder).string() + "\n" + readFile(entry.path()));
    std::ranges::sort(lines);
    std::string text;
    for (const std::string& line : lines)
        text += line + "\n";
    return text;
}

RecipePtr scale(const std::string& select, double factor)
{
    return Recipe().with({Scale{factor}, *Selector::parse(select)});
}

Result<ExportReport> exported(const CheckpointPtr& checkpoint, const RecipePtr& recipe, const fs::path& to,
                              ExportOptions options)
{
    options.recipes = {std::make_shared<const Json>(recipeToJson(*recipe))};
    Progress progress;
    auto patched = patch(checkpoint, recipe);
    if (!patched)
        return failure(patched);
    return exportCheckpoint(**patched, *checkpoint, to, options, progress);
}

FileCalls actingOn(const std::string& kind, Nth& nth, std::function<int()> act)
{
    FileCalls calls = FileCalls::system();
    if (kind == "create")
        calls.createExclusive = acting(calls.createExclusive, nth, act);
    if (kind == "write")
        calls.write = acting(calls.write, nth, act);
    if (kind == "sync")
        calls.sync = acting(calls.sync, nth, act);
    if (kind == "rename")
        calls.rename = acting(calls.rename, nth, act);
    if (kind == "allocate")
        calls.allocate = [&nth, act, call = calls.allocate](int fd, std::uint64_t size) {
            const int number = nth.hit() ? act() : 0;
            return number != 0 ? number : call(fd, size);
        };
    return calls;
}

} // namespace wb::test
