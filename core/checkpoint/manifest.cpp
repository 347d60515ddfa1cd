#include "core/checkpoint/manifest.h"

#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/base/parallel.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstring>

namespace wb {
namespace {

constexpr const char* format = "weightbench.manifest/1";
constexpr std::uint64_t maxManifestBytes = 256U << 20;
constexpr std::uint64_t pieceBytes = std::uint64_t{1} << 20;

Result<Manifest> checked(Manifest manifest, const std::string& where)
{
    for (const ManifestFile& file : manifest.files) {
        const std::filesystem::path path(file.path);
        if (path.is_absolute() || file.path.empty() || std::ranges::find(path, "..") != path.end())
            return fail(ErrorCode::JsonInvalid, where, said(CORE_TEXT("reasons", "the file %1 is not inside the export"), file.path));
    }
    return manifest;
}

enum class Nested : std::uint8_t { No, Yes }; // what a manifest replaces replaces nothing itself

Result<Manifest> manifestFrom(const Json& json, const std::string& where, Nested nested = Nested::No)
{
    Manifest manifest;
    try {
        if (json.at("format") != format)
            return fail(ErrorCode::JsonInvalid, where, said(CORE_TEXT("reasons", "format must be %1"), format));
        manifest.base = json.at("base").at("path").get<std::string>();
        manifest.baseLayout = json.at("base").at("layout_fingerprint").get<std::string>();
        for (const Json& recipe : json.at("recipes"))
            manifest.recipes.push_back(std::make_shared<const Json>(recipe));
        if (const std::string dtype = json.at("dtype").get<std::string>(); dtype != "keep")
            manifest.dtype = dtype;
        for (const Json& file : json.at("files"))
            manifest.files.push_back({file.at("path").get<std::string>(), file.at("bytes").get<std::uint64_t>(),
                                      file.at("hash").get<std::string>(), file.at("how").get<std::string>()});
        manifest.changed = json.at("tensors_changed").get<std::vector<std::string>>();
        if (nested == Nested::Yes || !json.contains("replaces"))
            return checked(std::move(manifest), where);
        auto replaced = manifestFrom(json.at("replaces"), where, Nested::Yes);
        if (!replaced)
            return replaced;
        manifest.replaces = std::make_shared<const Manifest>(std::move(*replaced));
    } catch (const Json::exception& problem) {
        return fail(ErrorCode::JsonInvalid, where, problem.what());
    }
    return checked(std::move(manifest), where);
}

// Appends what differs, one sentence a file.
Result<void> compareFiles(const std::filesystem::path& exported, bool isFolder, VerifyReport& report, Progress& progress)
{
    std::uint64_t total = 0;
    for (const ManifestFile& file : report.manifest.files)
        total += file.bytes;
    progress.begin(ProgressStage::Verifying, ProgressUnit::Bytes, total);
    for (const ManifestFile& file : report.manifest.files) {
        const std::filesystem::path path = isFolder ? exported / file.path : exported;
        const auto identity = identify(path);
        if (!identity || identity->size != file.bytes) {
            report.differences.push_back(file.path + (identity ? ": it has " + std::to_string(identity->size) + " bytes and not " + std::to_string(file.bytes)
                                                               : ": " + errorMessage(identity.error())));
            continue;
        }
        auto hash = file.hash.starts_with("xxh3:") ? xxh3OfFile(path, progress) : sha256OfFile(path, progress);
        if (!hash)
            return failure(hash);
        if (*hash != file.hash)
            report.differences.push_back(file.path + ": its bytes are not those that were written");
        report.bytes += file.bytes;
    }
    return {};
}

} // namespace

std::filesystem::path manifestPath(const std::filesystem::path& exported, bool isFolder)
{
    if (isFolder)
        return exported / manifestName;
    std::filesystem::path path = exported;
    return path += ".manifest.json";
}

Json manifestJson(const Manifest& manifest)
{
    Json recipes = Json::array(), files = Json::array();
    for (const auto& recipe : manifest.recipes)
        recipes.push_back(*recipe);
    for (const ManifestFile& file : manifest.files)
        files.push_back({{"path", file.path}, {"bytes", file.bytes}, {"hash", file.hash}, {"how", file.how}});
    Json json = {{"format", format},
                 {"program", "weightbench " WB_VERSION},
                 {"base", {{"path", manifest.base}, {"layout_fingerprint", manifest.baseLayout}}},
                 {"recipes", recipes},
                 {"dtype", manifest.dtype.empty() ? Json("keep") : Json(manifest.dtype)},
                 {"tensors_changed", manifest.changed},
                 {"files", files}};
    if (manifest.replaces)
        json["replaces"] = manifestJson(*manifest.replaces);
    return json;
}

Result<Manifest> readManifest(const std::filesystem::path& path)
{
    auto json = readJson(path, false, maxManifestBytes);
    if (!json)
        return failure(json);
    return manifestFrom(*json, path.string());
}

Result<std::string> sha256OfFile(const std::filesystem::path& path, Progress& progress)
{
    auto file = File::open(path);
    if (!file)
        return failure(file);
    Sha256 sha;
    std::vector<std::byte> bytes;
    for (std::uint64_t at = 0; at < file->size(); at += bytes.size()) {
        bytes.resize(std::min(pieceBytes, file->size() - at));
        if (auto done = file->readAt(at, bytes); !done)
            return failure(done);
        sha.update(bytes);
        if (!progress.advance(bytes.size()))
            return cancelledError();
    }
    return "sha256:" + sha.finish();
}

Result<std::string> xxh3OfFile(const std::filesystem::path& path, Progress& progress)
{
    auto file = File::open(path);
    return file ? xxh3OfFile(*file, progress) : failure(file);
}

Result<std::string> xxh3OfFile(const File& file, Progress& progress)
{
    std::vector<Hash128> pieces((file.size() + pieceBytes - 1) / pieceBytes);
    auto done = forChunks(
        pieces.size(), [] { return std::vector<std::byte>(); },
        [&](std::vector<std::byte>& bytes, std::size_t i) -> Result<void> {
            bytes.resize(std::min(pieceBytes, file.size() - i * pieceBytes));
            if (auto read = file.readAt(i * pieceBytes, bytes); !read)
                return read;
            pieces[i] = xxh3Of(bytes);
            return progress.advance(bytes.size()) ? Result<void>() : cancelledError();
        },
        [](std::vector<std::byte>&) {});
    if (!done)
        return failure(done);
    const Hash128 all = xxh3Of(std::as_bytes(std::span(pieces)));
    return fmt::format("xxh3:{:016x}{:016x}", all.high, all.low);
}

Result<VerifyReport> verifyFiles(const std::filesystem::path& exported, Progress& progress)
{
    std::error_code ignored;
    const bool isFolder = std::filesystem::is_directory(exported, ignored);
    if (!std::filesystem::exists(exported, ignored))
        return fail(ErrorCode::FileNotFound, exported.string());
    auto manifest = readManifest(manifestPath(exported, isFolder));
    if (!manifest)
        return failure(manifest);
    VerifyReport report;
    report.manifest = std::move(*manifest);
    if (auto done = compareFiles(exported, isFolder, report, progress); !done)
        return failure(done);
    if (report.differences.empty() || !report.manifest.replaces)
        return report;
    VerifyReport old;
    old.manifest = *report.manifest.replaces;
    if (auto done = compareFiles(exported, isFolder, old, progress); !done)
        return failure(done);
    return old.differences.empty() ? old : report;
}

} // namespace wb
