#include "core/eval/importresults.h"

#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/base/json.h"
#include "core/eval/resultjson.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <unordered_map>

namespace wb {
namespace {

constexpr std::uint64_t maxBytes = std::uint64_t{1} << 30;

// The first text in nested lists: [["a"]] → a.
std::string firstText(const Json& json)
{
    if (json.is_string())
        return json.get<std::string>();
    return json.is_array() && !json.empty() ? firstText(json[0]) : "";
}

// True and false, 1 and 0, also as 1.0 and 0.0.
std::optional<bool> truthOf(const Json& json)
{
    if (json.is_boolean())
        return json.get<bool>();
    if (json.is_number() && (json.get<double>() == 0 || json.get<double>() == 1))
        return json.get<double>() == 1;
    return std::nullopt;
}

class Reader {
public:
    Reader(ImportedResults& results, const ImportOptions& options) : m_results(results), m_options(options) {}

    // What is wrong with the line; empty when nothing is.
    Sentence take(const Json& line)
    {
        if (!line.is_object())
            return said(CORE_TEXT("reasons", "a line is an object"));
        if (line.contains("finished"))
            return {};
        if (const auto key = line.find("key"); key != line.end() && key->is_object() && line.contains("format")) { // begins a file of kept results
            m_results.precision = textAt(*key, "precision");
            m_task = textAt(*key, "task");
            return {};
        }
        const char* origin = line.contains("doc_id") && (line.contains("filtered_resps") || line.contains("resps")) ? "lm-evaluation-harness"
                             : line.contains("task_id") && line.contains("passed")                                 ? "HumanEval"
                             : line.contains("id") && line.contains("correct")                                     ? "wb"
                                                                                                                    : nullptr;
        if (origin == nullptr)
            return said(CORE_TEXT("reasons", "it is neither a sample of lm-evaluation-harness (doc_id, filtered_resps), nor a result of HumanEval (task_id, passed), nor one of wb (id, correct)"));
        if (m_results.origin.empty())
            m_results.origin = origin;
        if (m_results.origin != origin)
            return said(CORE_TEXT("reasons", "it is a line of %1 among those of %2"), origin, m_results.origin);
        return *origin == 'l' ? takeHarness(line) : *origin == 'H' ? takeHumanEval(line) : takeOwn(line);
    }

private:
    Sentence takeHarness(const Json& line)
    {
        const std::string filter = textAt(line, "filter");
        if (!m_filter)
            m_filter = m_options.filter.empty() ? filter : m_options.filter;
        if (filter != *m_filter)
            return {};
        m_results.filter = filter;
        if (m_results.metric.empty())
            m_results.metric = metricOf(line);
        const auto value = line.find(m_results.metric);
        if (m_results.metric.empty() || value == line.end())
            return m_results.metric.empty() ? said(CORE_TEXT("reasons", "it has no metric that is known; it has %1"), metricsOf(line))
                                            : said(CORE_TEXT("reasons", "it has no metric %1; it has %2"), m_results.metric, metricsOf(line));
        const auto correct = truthOf(*value);
        if (!correct)
            return said(CORE_TEXT("reasons", "%1 is %2, neither 0 nor 1: only items that are right or wrong can be paired"), m_results.metric, dumpJson(*value));
        const Json& id = line["doc_id"];
        ImportedResults::Item item;
        item.id = id.is_string() ? id.get<std::string>() : dumpJson(id);
        item.question = line.contains("doc_hash") ? textAt(line, "doc_hash") : line.contains("doc") ? xxh3(dumpJson(line["doc"])) : "";
        Answer answer;
        answer.correct = *correct;
        answer.output = line.contains("resps") ? firstText(line["resps"]) : "";
        answer.extracted = line.contains("filtered_resps") ? firstText(line["filtered_resps"]) : "";
        const auto target = line.find("target");
        if (!*correct && target != line.end())
            answer.reason = "wanted " + (target->is_string() ? target->get<std::string>() : dumpJson(*target));
        item.answers.push_back(std::move(answer));
        return add(std::move(item), false);
    }

    Sentence takeHumanEval(const Json& line)
    {
        const auto correct = truthOf(line["passed"]);
        if (!correct)
            return said(CORE_TEXT("reasons", "\"passed\" is neither true nor false"));
        ImportedResults::Item item;
        item.id = line["task_id"].is_string() ? line["task_id"].get<std::string>() : dumpJson(line["task_id"]);
        const std::string prompt = textAt(line, "prompt");
        item.question = prompt.empty() ? "" : xxh3(prompt);
        std::string why = textAt(line, line.contains("result") ? "result" : "result_status");
        item.answers.push_back({*correct, textAt(line, "completion"), "", *correct ? "" : std::move(why)});
        return add(std::move(item), true);
    }

    Sentence takeOwn(const Json& line)
    {
        ImportedResults::Item item;
        item.id = line["id"].is_string() ? line["id"].get<std::string>() : dumpJson(line["id"]);
        item.question = m_task.empty() ? textAt(line, "task") : m_task;
        if (const std::string precision = textAt(line, "precision"); !precision.empty())
            m_results.precision = precision;
        const auto samples = line.find("samples");
        const bool several = samples != line.end() && samples->is_array() && !samples->empty();
        for (const Json& one : several ? *samples : Json::array({line})) {
            const auto found = one.is_object() ? one.find("correct") : one.end();
            const auto correct = found != one.end() ? truthOf(*found) : std::nullopt;
            if (!correct)
                return said(CORE_TEXT("reasons", "\"correct\" is neither true nor false"));
            item.answers.push_back({*correct, textAt(one, "output"), textAt(one, "extracted"), textAt(one, "reason")});
        }
        return add(std::move(item), false);
    }

    Sentence add(ImportedResults::Item item, bool several)
    {
        const auto [place, isNew] = m_places.emplace(item.id, m_results.items.size());
        if (isNew) {
            m_results.items.push_back(std::move(item));
            return {};
        }
        ImportedResults::Item& known = m_results.items[place->second];
        if (!several)
            return said(CORE_TEXT("reasons", "the item %1 stands twice"), item.id);
        if (known.question != item.question)
            return said(CORE_TEXT("reasons", "the item %1 asks something else than before"), item.id);
        known.answers.push_back(std::move(item.answers[0]));
        return {};
    }

    // The harness names them since 0.4; before, they are known by name.
    std::string metricOf(const Json& line) const
    {
        if (!m_options.metric.empty())
            return m_options.metric;
        if (const auto named = line.find("metrics"); named != line.end() && named->is_array())
            for (const Json& one : *named)
                if (one.is_string() && line.contains(one.get<std::string>()) && truthOf(line[one.get<std::string>()]))
                    return one.get<std::string>();
        for (const char* known : {"exact_match", "acc", "acc_norm", "pass@1", "pass_at_1"})
            if (line.contains(known))
                return known;
        return "";
    }

    static std::string metricsOf(const Json& line)
    {
        std::string names;
        for (const auto& [key, value] : line.items())
            if (value.is_number() && key != "doc_id" && key != "target")
                names += (names.empty() ? "" : ", ") + key;
        return names.empty() ? "none" : names;
    }

    ImportedResults& m_results;
    const ImportOptions& m_options;
    std::unordered_map<std::string, std::size_t> m_places;
    std::optional<std::string> m_filter;
    std::string m_task; // its hash, of kept results
};

} // namespace

Outcome ImportedResults::Item::outcome() const
{
    return {static_cast<std::uint64_t>(std::ranges::count_if(answers, &Answer::correct)), answers.size()};
}

Result<ImportedResults> importResults(const std::filesystem::path& path, const ImportOptions& options)
{
    const auto text = readText(path, maxBytes);
    if (!text)
        return failure(text);
    return readResults(*text, path.stem().string(), path.string(), options);
}

Result<ImportedResults> readResults(std::string_view text, const std::string& name, const std::string& file, const ImportOptions& options)
{
    ImportedResults results;
    results.name = name;
    Reader reader(results, options);
    std::size_t number = 0;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const std::string_view row = text.substr(begin, end - begin);
        begin = end + 1;
        ++number;
        if (row.find_first_not_of(" \t\r") == std::string_view::npos)
            continue;
        const std::string where = fmt::format("{}:{}", file, number);
        const auto line = parseJson(row, where, true);
        if (!line)
            return failure(line);
        if (const Sentence problem = reader.take(*line); !problem.empty())
            return fail(ErrorCode::BadArgument, where, problem);
    }
    if (results.items.empty())
        return fail(ErrorCode::BadArgument, file, options.filter.empty() ? said(CORE_TEXT("reasons", "it holds no result")) : said(CORE_TEXT("reasons", "it holds no result of the filter %1"), options.filter));
    return results;
}

Result<MatchedResults> matchResults(const ImportedResults& a, const ImportedResults& b)
{
    std::unordered_map<std::string_view, std::size_t> places;
    for (std::size_t i = 0; i < b.items.size(); ++i)
        places.emplace(b.items[i].id, i);
    MatchedResults out;
    for (std::size_t i = 0; i < a.items.size(); ++i) {
        const auto other = places.find(a.items[i].id);
        if (other == places.end())
            continue;
        const std::string &mine = a.items[i].question, &theirs = b.items[other->second].question;
        if (!mine.empty() && !theirs.empty() && mine != theirs)
            return fail(ErrorCode::BadArgument, b.name, said(CORE_TEXT("reasons", "its item %1 asks something else than that of %2: these are results of unlike tasks"), a.items[i].id, a.name));
        out.pairs.emplace_back(i, other->second);
    }
    if (out.pairs.empty())
        return fail(ErrorCode::BadArgument, b.name, said(CORE_TEXT("reasons", "none of its %1 items is one of the %2 of %3"), b.items.size(), a.items.size(), a.name));
    if (a.origin == b.origin && (a.metric != b.metric || a.filter != b.filter))
        return fail(ErrorCode::BadArgument, b.name, said(CORE_TEXT("reasons", "it is scored by %1 (%2) and %3 by %4 (%5)"), b.metric, b.filter, a.name, a.metric, a.filter));
    if (!a.precision.empty() && !b.precision.empty() && a.precision != b.precision)
        return fail(ErrorCode::BadArgument, b.name, said(CORE_TEXT("reasons", "it was scored in %1 and %2 in %3: results of unlike precision are not compared"), b.precision, a.name, a.precision));
    out.onlyInA = a.items.size() - out.pairs.size();
    out.onlyInB = b.items.size() - out.pairs.size();
    return out;
}

PairedComparison compareMatched(const ImportedResults& a, const ImportedResults& b, const MatchedResults& matched, std::uint64_t seed)
{
    std::vector<Outcome> left, right;
    for (const auto& [mine, theirs] : matched.pairs) {
        left.push_back(a.items[mine].outcome());
        right.push_back(b.items[theirs].outcome());
    }
    return comparePaired(left, right, seed);
}

} // namespace wb
