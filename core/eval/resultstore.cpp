#include "core/eval/resultstore.h"

#include "core/base/buildidentity.h"
#include "core/base/cachefolder.h"
#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/checkpoint/checkpoint.h"
#include "core/eval/resultjson.h"
#include "core/recipe/layeredsource.h"
#include "core/recipe/recipejson.h"

#include <fmt/format.h>

#include <algorithm>

namespace wb {
namespace {

namespace fs = std::filesystem;

constexpr const char* formatName = "weightbench.results/1";
constexpr std::uint64_t maxTokenizerBytes = std::uint64_t{256} << 20;
constexpr auto syncAfter = std::chrono::seconds(1);

std::int64_t now() { return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count(); }

// The next whole line and its end; nothing when there is no newline any more.
std::optional<std::string_view> lineAt(std::string_view text, std::size_t begin)
{
    const std::size_t end = text.find('\n', begin);
    if (end == std::string_view::npos)
        return std::nullopt;
    return text.substr(begin, end - begin);
}

std::optional<Json> headOf(std::string_view text)
{
    const auto line = lineAt(text, 0);
    if (!line)
        return std::nullopt;
    auto head = parseJson(*line, "");
    if (!head || !head->is_object() || textAt(*head, "format") != formatName)
        return std::nullopt;
    for (const char* part : {"key", "about"})
        if (const auto found = head->find(part); found == head->end() || !found->is_object())
            return std::nullopt;
    return std::move(*head);
}

Json figuresOf(const EvaluationReport& report)
{
    return {{"n", report.items.size()}, {"correct", report.correct}, {"score", report.score}, {"stderr", report.standardError},
            {"seconds", report.seconds}, {"time", now()}};
}

// The last finished run that a file tells of.
std::optional<PastResult> pastOf(const fs::path& path, const std::string& filesIdentity)
{
    const auto text = readText(path, ResultStore::maxFileBytes);
    if (!text)
        return std::nullopt;
    auto head = headOf(*text);
    if (!head || textAt((*head)["about"], "files") != filesIdentity)
        return std::nullopt;
    const std::size_t at = text->rfind("\n{\"finished\":");
    const auto line = at == std::string::npos ? std::nullopt : lineAt(*text, at + 1);
    if (!line)
        return std::nullopt;
    const auto json = parseJson(*line, "");
    if (!json || !json->is_object() || !json->contains("finished") || !json->at("finished").is_object())
        return std::nullopt;
    const Json& figures = json->at("finished");
    for (const char* key : {"n", "correct", "time", "score", "stderr", "seconds"})
        if (!figures.contains(key) || !figures[key].is_number() || (*key != 's' && !figures[key].is_number_unsigned()))
            return std::nullopt;
    PastResult out{path, (*head)["key"], (*head)["about"]};
    out.n = figures["n"].get<std::size_t>();
    out.correct = figures["correct"].get<std::size_t>();
    out.score = figures["score"].get<double>();
    out.standardError = figures["stderr"].get<double>();
    out.seconds = figures["seconds"].get<double>();
    out.time = figures["time"].get<std::int64_t>();
    return out;
}

} // namespace

std::string engineIdentity() { return fmt::format("{} {}", WB_VERSION, buildIdentity()); }

std::string sourceIdentity(const TensorSource& source)
{
    std::string all = source.config() != nullptr ? dumpJson(*source.config()) : "";
    for (std::size_t i = 0; i < source.tensors().size(); ++i)
        all += '\n' + source.tensors()[i].name + '\n' + source.fingerprint(i);
    return xxh3(all);
}

RecipePtr editsOf(const TensorSource& source)
{
    if (const auto* layered = dynamic_cast<const LayeredSource*>(&source))
        return editsOf(*layered->base());
    const auto* patched = dynamic_cast<const PatchedSource*>(&source);
    if (patched == nullptr)
        return nullptr;
    const RecipePtr below = editsOf(*patched->base());
    std::vector<std::shared_ptr<const Edit>> mine;
    for (std::size_t i = 0; i < patched->recipe()->size(); ++i)
        if (patched->recipe()->at(i).enabled)
            mine.push_back(std::make_shared<const Edit>(patched->recipe()->at(i)));
    const auto recipe = std::make_shared<const Recipe>(patched->recipe()->base(), std::move(mine));
    const RecipePtr all = below ? below->joined(*recipe) : recipe;
    return all->empty() ? nullptr : all;
}

const TensorSource& filesOf(const TensorSource& source)
{
    if (const auto* layered = dynamic_cast<const LayeredSource*>(&source))
        return filesOf(*layered->base());
    const auto* patched = dynamic_cast<const PatchedSource*>(&source);
    return patched == nullptr ? source : filesOf(*patched->base());
}

Result<std::string> tokenizerIdentity(const Checkpoint& checkpoint)
{
    std::string all;
    if (checkpoint.isFolder())
        for (const char* name : {"tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"}) {
            if (std::ranges::find(checkpoint.sidecars(), name) == checkpoint.sidecars().end())
                continue;
            const auto text = readText(checkpoint.root() / name, maxTokenizerBytes);
            if (!text)
                return failure(text);
            all += xxh3(*text);
        }
    else // in the header of the file, whose identity is in every fingerprint
        all = checkpoint.fingerprint(0);
    return xxh3(all);
}

std::string ResultKey::name() const { return xxh3(dumpJson(fields)); }

ResultKey resultKey(const TensorSource& source, const std::string& tokenizer, const Task& task, const EvaluateOptions& options, const Sandbox* sandbox)
{
    const RecipePtr recipe = editsOf(source);
    std::string edits;
    for (std::size_t i = 0; recipe && i < recipe->size(); ++i)
        edits += canonical(recipe->at(i)) + '\n';
    ResultKey key;
    key.fields = {{"engine", engineIdentity()}, {"model", sourceIdentity(source)}, {"recipe", edits.empty() ? "" : xxh3(edits)},
                  {"tokenizer", tokenizer}, {"task", task.sha256}, {"limit", options.limit}};
    key.fields.update(settingsToJson(task, options));
    key.fields["shots_identity"] = options.shots.identity();
    key.fields["end_tokens"] = options.endTokens;
    key.fields["order"] = options.otherOrder ? "other" : "task";
    if (task.kind == TaskKind::Code)
        key.fields["sandbox"] = sandbox != nullptr ? Json(sandbox->interpreter()) : Json();
    return key;
}

Json aboutResult(const std::string& checkpoint, const TensorSource& source, const Task& task)
{
    const RecipePtr recipe = editsOf(source);
    return {{"checkpoint", checkpoint}, {"files", sourceIdentity(filesOf(source))}, {"task", task.name}, {"items", task.items.size()},
            {"recipe", recipe ? recipeToJson(*recipe) : Json()}};
}

Result<std::unique_ptr<KeptResults>> KeptResults::open(const fs::path& folder, const ResultKey& key, const Task& task, const Json& about)
{
    std::error_code problem;
    fs::create_directories(folder, problem);
    if (problem)
        return fail(ErrorCode::CannotCreate, folder.string(), problem.message());
    auto file = AppendFile::open(folder / (key.name() + ".jsonl"));
    if (!file)
        return failure(file);
    auto text = file->read(ResultStore::maxFileBytes);
    if (!text)
        return failure(text);
    std::unique_ptr<KeptResults> kept(new KeptResults(std::move(*file), task));
    if (auto done = kept->take(*text, {{"format", formatName}, {"key", key.fields}, {"about", about}}); !done)
        return failure(done);
    return kept;
}

Result<void> KeptResults::take(const std::string& text, const Json& head)
{
    const auto mine = headOf(text);
    if (!mine && lineAt(text, 0))
        return fail(ErrorCode::BadArgument, m_file.path().string(), said(CORE_TEXT("reasons", "it is no file of results of this program; give another folder")));
    if (!mine) { // new, or torn in its first line
        if (auto done = m_file.cut(0); !done)
            return done;
        return m_file.append(dumpJson(head) + "\n");
    }
    if ((*mine)["key"] != head["key"])
        return fail(ErrorCode::BadArgument, m_file.path().string(), said(CORE_TEXT("reasons", "it holds results of another model, task or setting; give another folder")));
    std::unordered_map<std::string_view, std::size_t> places;
    for (std::size_t i = 0; i < m_task.items.size(); ++i)
        places.emplace(m_task.items[i].id, i);
    std::size_t good = lineAt(text, 0)->size() + 1;
    while (const auto line = lineAt(text, good)) {
        const auto json = parseJson(*line, "");
        if (!json || !json->is_object())
            break;
        if (json->contains("finished")) {
            m_finished = true;
        } else {
            const auto place = places.find(textAt(*json, "id"));
            auto item = place == places.end() ? std::nullopt : itemFromJson(*json, m_task, place->second);
            if (!item)
                break;
            m_items.insert_or_assign(item->item, std::move(*item));
            m_finished = false;
        }
        good += line->size() + 1;
    }
    return good == text.size() ? Result<void>() : m_file.cut(good);
}

bool KeptResults::holds(std::span<const std::size_t> items) const
{
    return std::ranges::all_of(items, [&](std::size_t item) { return m_items.contains(item); });
}

Result<void> KeptResults::add(const ItemResult& result)
{
    if (auto done = m_file.append(dumpJson(itemToJson(m_task, result)) + "\n"); !done)
        return done;
    m_items.insert_or_assign(result.item, result);
    m_finished = false;
    const auto time = std::chrono::steady_clock::now();
    if (time - m_synced < syncAfter)
        return {};
    m_synced = time;
    return m_file.sync();
}

Result<void> KeptResults::finish(const EvaluationReport& report)
{
    if (m_finished)
        return {};
    if (auto done = m_file.append(dumpJson(Json{{"finished", figuresOf(report)}}) + "\n"); !done)
        return done;
    m_finished = true;
    return m_file.sync();
}

Result<EvaluationReport> evaluateKept(KeptResults& kept, const ModelMaker& model, const TokenizerPtr& tokenizer, const Task& task,
                                      const EvaluateOptions& options, const Sandbox* sandbox, Progress& progress, const OnItem& onItem)
{
    const auto start = std::chrono::steady_clock::now();
    if (auto done = checkOptions(task, options); !done)
        return failure(done);
    const std::vector<std::size_t> items = chosenItems(task, options);
    std::vector<std::size_t> missing;
    std::vector<ItemResult> results;
    for (const std::size_t item : items) {
        const auto known = kept.items().find(item);
        if (known == kept.items().end()) {
            missing.push_back(item);
            continue;
        }
        results.push_back(known->second);
        if (onItem)
            onItem(results.back());
    }
    if (!missing.empty()) {
        auto made = model();
        if (!made)
            return failure(made);
        progress.begin(ProgressStage::Computing, ProgressUnit::Items, items.size());
        progress.advance(results.size());
        std::optional<Error> problem;
        Scorer scorer(*made, tokenizer, task, options, sandbox);
        auto done = scorer.score(missing, progress, [&](const ItemResult& result) {
            results.push_back(result);
            if (auto written = kept.add(result); !written && !problem) {
                problem = written.error();
                progress.cancel();
            }
            if (onItem)
                onItem(result);
        });
        if (problem)
            return tl::unexpected(*problem);
        if (!done)
            return failure(done);
    }
    EvaluationReport report = summarise(std::move(results), options.seed);
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (auto done = kept.finish(report); !done)
        return failure(done);
    return report;
}

fs::path ResultStore::defaultFolder() { return cacheFolder("results"); }

std::vector<PastResult> ResultStore::history(const fs::path& folder, const std::string& filesIdentity)
{
    std::vector<PastResult> out;
    std::error_code ignored;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored))
        if (entry.path().extension() == ".jsonl")
            if (auto past = pastOf(entry.path(), filesIdentity))
                out.push_back(std::move(*past));
    std::ranges::sort(out, [](const PastResult& a, const PastResult& b) { return std::pair(b.time, b.path) < std::pair(a.time, a.path); });
    return out;
}

} // namespace wb
