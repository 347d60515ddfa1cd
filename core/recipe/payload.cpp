#include "core/recipe/payload.h"

#include "core/base/because.h"
#include "core/base/hash.h"
#include "core/checkpoint/arrayfile.h"
#include "core/checkpoint/open.h"
#include "core/recipe/editmatrix.h"
#include "core/tensor/decode.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <functional>
#include <map>

namespace wb {
namespace {

constexpr const char* format = "weightbench.payload/1";
constexpr std::size_t mostInline = 4096;

std::filesystem::path besideOf(const std::filesystem::path& path)
{
    std::filesystem::path beside = path;
    return beside.replace_extension(".safetensors");
}

// Calls use(list) for each value that is, or stands for, a list of gains.
template <typename Use>
void forGains(Json& recipe, Use use)
{
    const auto edits = recipe.is_object() ? recipe.find("edits") : recipe.end();
    if (!recipe.is_object() || edits == recipe.end() || !edits->is_array())
        return;
    for (Json& edit : *edits) {
        const auto gains = edit.is_object() ? edit.find("gains") : edit.end();
        if (!edit.is_object() || gains == edit.end())
            continue;
        use(*gains);
        const auto experts = gains->is_object() ? gains->find("experts") : gains->end();
        if (!gains->is_object() || experts == gains->end() || !experts->is_array())
            continue;
        for (Json& expert : *experts) {
            const auto own = expert.is_object() ? expert.find("gains") : expert.end();
            if (expert.is_object() && own != expert.end() && own->is_object())
                for (auto& [name, list] : own->items())
                    use(list);
        }
    }
}

std::string nameOf(const std::vector<double>& values)
{
    const auto bytes = std::as_bytes(std::span(values));
    return "sha256:" + sha256(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

bool isReference(const Json& value) { return value.is_object() && value.size() == 1 && value.contains("tensor") && value["tensor"].is_string(); }

// Of our format, or nothing there.
bool mayWrite(const std::filesystem::path& file)
{
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored))
        return true;
    const auto opened = openCheckpoint(file);
    if (!opened)
        return false;
    const auto& metadata = (*opened)->files().front().metadata;
    const auto found = metadata.find("format");
    return found != metadata.end() && found->second == format;
}

// Calls use(text, values) for the numbers of each linear map: base64, or what stands for it.
template <typename Use>
void forMaps(Json& recipe, Use use)
{
    const auto edits = recipe.is_object() ? recipe.find("edits") : recipe.end();
    if (!recipe.is_object() || edits == recipe.end() || !edits->is_array())
        return;
    for (Json& edit : *edits) {
        const auto map = edit.is_object() ? edit.find("map") : edit.end();
        if (!edit.is_object() || map == edit.end() || !map->is_object() || !map->contains("f32"))
            continue;
        const auto size = [&](const char* key) { return map->contains(key) && (*map)[key].is_number_unsigned() ? (*map)[key].template get<std::uint64_t>() : 0; };
        const std::uint64_t rows = size("rows"), cols = size("cols");
        if (rows != 0 && cols <= (std::uint64_t{1} << 28) / rows)
            use((*map)["f32"], rows * cols);
    }
}

Result<std::vector<float>> mapIn(const Checkpoint& file, const std::string& name, const std::string& where)
{
    const auto at = file.find(name);
    if (!at || file.tensors()[*at].dtype != DType::F32)
        return fail(ErrorCode::RecipeInvalid, where, said(CORE_TEXT("reasons", "the map %1 is not in %2 beside it"), name, file.name()));
    std::vector<float> values(file.tensors()[*at].elements);
    if (auto done = file.read(*at, {0, values.size()}, std::as_writable_bytes(std::span(values))); !done)
        return failure(done);
    if ("sha256:" + sha256Of(values) != name)
        return fail(ErrorCode::RecipeInvalid, where, said(CORE_TEXT("reasons", "the map in %1 does not have the hash that names it"), file.name()));
    return values;
}

Result<std::vector<double>> vectorIn(const Checkpoint& file, const std::string& name, const std::string& where)
{
    const auto at = file.find(name);
    if (!at || file.tensors()[*at].dtype != DType::F64)
        return fail(ErrorCode::RecipeInvalid, where, said(CORE_TEXT("reasons", "the gains %1 are not in %2 beside it"), name, file.name()));
    std::vector<double> values(file.tensors()[*at].elements);
    if (auto done = readValues(file, *at, 0, values); !done)
        return failure(done);
    if (nameOf(values) != name)
        return fail(ErrorCode::RecipeInvalid, where, said(CORE_TEXT("reasons", "the gains in %1 do not have the hash that names them"), file.name()));
    return values;
}

struct Vectors {
    std::map<std::string, std::vector<double>> gains; // equal lists are stored once
    std::map<std::string, std::vector<float>> maps;
};

// What the recipe that is about to be replaced refers to: kept until it is, so that a crash in between costs neither.
void addKept(const std::filesystem::path& path, Vectors& vectors)
{
    auto former = readJson(path, false, std::uint64_t{64} << 20);
    const auto file = openCheckpoint(besideOf(path));
    if (!former || !file)
        return;
    forGains(*former, [&](Json& value) {
        if (!isReference(value))
            return;
        if (auto values = vectorIn(**file, value["tensor"].get<std::string>(), path.string()))
            vectors.gains.emplace(value["tensor"].get<std::string>(), std::move(*values));
    });
    forMaps(*former, [&](Json& value, std::uint64_t) {
        if (!isReference(value))
            return;
        if (auto values = mapIn(**file, value["tensor"].get<std::string>(), path.string()))
            vectors.maps.emplace(value["tensor"].get<std::string>(), std::move(*values));
    });
}

Result<void> write(const std::filesystem::path& file, const Vectors& vectors)
{
    std::vector<ArrayFile::Array> arrays;
    for (const auto& [name, values] : vectors.gains)
        arrays.push_back({name, {values.size()}, DType::F64});
    for (const auto& [name, values] : vectors.maps)
        arrays.push_back({name, {values.size()}, DType::F32});
    auto out = ArrayFile::create(file, std::move(arrays), {{"format", format}});
    if (!out)
        return failure(out);
    std::size_t array = 0;
    for (const auto& [name, values] : vectors.gains)
        if (auto written = out->write(array++, 0, std::span<const double>(values)); !written)
            return written;
    for (const auto& [name, values] : vectors.maps)
        if (auto written = out->write(array++, 0, std::span<const float>(values)); !written)
            return written;
    return out->publish();
}

} // namespace

Result<void> resolvePayload(Json& recipe, const std::filesystem::path& path)
{
    Result<void> done;
    CheckpointPtr file;
    // Puts make(name) in the place of a name.
    const auto resolve = [&](Json& value, auto make) {
        if (!done || !isReference(value))
            return;
        if (!file) {
            auto opened = openCheckpoint(besideOf(path));
            if (!opened) {
                done = fail(ErrorCode::RecipeInvalid, path.string(), said(CORE_TEXT("reasons", "its numbers should be in %1 beside it: %2"), besideOf(path).filename().string(), because(opened.error())));
                return;
            }
            file = *opened;
        }
        Result<Json> values = make(value["tensor"].get<std::string>());
        if (values)
            value = std::move(*values);
        else
            done = failure(values);
    };
    forGains(recipe, [&](Json& value) {
        resolve(value, [&](const std::string& name) -> Result<Json> {
            auto values = vectorIn(*file, name, path.string());
            return values ? Result<Json>(*values) : failure(values);
        });
    });
    forMaps(recipe, [&](Json& value, std::uint64_t) {
        resolve(value, [&](const std::string& name) -> Result<Json> {
            auto values = mapIn(*file, name, path.string());
            return values ? Result<Json>(base64Of(*values)) : failure(values);
        });
    });
    return done;
}

Result<void> storePayload(Json& recipe, const std::filesystem::path& path)
{
    std::size_t gains = 0, maps = 0;
    forGains(recipe, [&](Json& value) { gains += value.is_array() ? value.size() : 0; });
    forMaps(recipe, [&](Json&, std::uint64_t) { ++maps; });
    const std::filesystem::path file = besideOf(path);
    if ((gains <= mostInline && maps == 0) || file == path || !mayWrite(file))
        return {};
    Vectors vectors;
    if (gains > mostInline)
        forGains(recipe, [&](Json& value) {
            if (!value.is_array() || value.empty())
                return;
            auto values = value.get<std::vector<double>>();
            const std::string name = nameOf(values);
            vectors.gains.emplace(name, std::move(values));
            value = {{"tensor", name}};
        });
    forMaps(recipe, [&](Json& value, std::uint64_t count) {
        auto values = value.is_string() ? floatsOf(value.get<std::string>(), count) : std::nullopt;
        if (!values)
            return;
        const std::string name = "sha256:" + sha256Of(*values);
        vectors.maps.emplace(name, std::move(*values));
        value = {{"tensor", name}};
    });
    addKept(path, vectors);
    return write(file, vectors);
}

} // namespace wb
