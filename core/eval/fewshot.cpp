#include "core/eval/fewshot.h"

#include "core/base/hash.h"
#include "core/base/json.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace wb {
namespace {

// A text that is asked for is followed by what ends it, anything else by an empty line.
std::string separatorOf(TaskKind kind, const TaskItem& item)
{
    return kind == TaskKind::Exact && !item.stop.empty() ? item.stop.front() : "\n\n";
}

std::string answered(TaskKind kind, const TaskItem& item)
{
    switch (kind) {
    case TaskKind::Exact: return item.answer;
    case TaskKind::Choice: return item.choices[item.choice];
    case TaskKind::Code: return item.solution;
    case TaskKind::Number: return " " + item.solution;
    }
    return "";
}

} // namespace

Result<FewShot> FewShot::choose(const Task& task, std::size_t count, const Task* from, std::uint64_t seed)
{
    FewShot out;
    if (count == 0)
        return out;
    out.m_own = from == nullptr || from->sha256 == task.sha256;
    const Task& source = out.m_own ? task : *from;
    out.m_count = count;
    const std::size_t wanted = count + (out.m_own ? 1 : 0);
    if (source.kind != task.kind)
        return fail(ErrorCode::BadArgument, "--shots", said(CORE_TEXT("reasons", "the examples of %1 ask for %2 and %3 for %4"), source.name, taskKindName(source.kind), task.name, taskKindName(task.kind)));
    if (source.items.size() < wanted)
        return fail(ErrorCode::BadArgument, "--shots", said(CORE_TEXT("reasons", "%1 holds %2 items and %3 examples need %4"), source.name, source.items.size(), count, wanted));
    for (const std::size_t item : sampleItems(source.items.size(), wanted, seed)) {
        const std::string answer = answered(source.kind, source.items[item]);
        if (answer.empty())
            return fail(ErrorCode::BadArgument, "--shots", said(CORE_TEXT("reasons", "the item %1 of %2 has no answer to show"), source.items[item].id, source.name));
        out.m_examples.push_back({item, source.items[item].prompt, answer, source.items[item].prompt + answer + separatorOf(source.kind, source.items[item])});
    }
    out.m_form = fmt::format("{} {} of {} (seed {}) before each item{}: prompt, answer, {}", count, count == 1 ? "example" : "examples", source.name, seed,
                             out.m_own ? ", never itself" : "", dumpJson(Json(separatorOf(source.kind, source.items[out.m_examples[0].item]))));
    return out;
}

std::vector<const FewShot::Example*> FewShot::shown(std::size_t item) const
{
    std::vector<const Example*> out;
    for (const Example& example : m_examples)
        if (out.size() != m_count && !(m_own && example.item == item))
            out.push_back(&example);
    return out;
}

std::string FewShot::prompt(const Task& task, std::size_t item) const
{
    std::string text;
    for (const Example* example : shown(item))
        text += example->text;
    return text + task.items[item].prompt;
}

std::string FewShot::identity() const
{
    std::string all;
    for (const Example& example : m_examples)
        all += example.text + '\0';
    return m_examples.empty() ? "" : fmt::format("{} {} {}", m_count, m_own ? "own" : "other", xxh3(all));
}

} // namespace wb
