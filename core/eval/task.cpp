#include "core/eval/task.h"

#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/base/json.h"
#include "core/base/random.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <numeric>
#include <unordered_set>

namespace wb {
namespace {

constexpr std::uint64_t maxBytes = 256U << 20;
constexpr std::array kindNames = {"exact", "choice", "code", "number"};

// Cut at what begins the next definition: the stops of lm-evaluation-harness.
const std::vector<std::string>& codeStops()
{
    static const std::vector<std::string> stops = {"\nclass", "\ndef", "\n#", "\nif", "\nprint"};
    return stops;
}

class LineReader {
public:
    LineReader(const Json& line, std::string where) : m_line(line), m_where(std::move(where)) {}

    [[nodiscard]] bool has(const char* key) const { return m_line.contains(key); }

    std::string text(const char* key)
    {
        const auto found = m_line.find(key);
        if (found != m_line.end() && found->is_string())
            return found->get<std::string>();
        problem(said(CORE_TEXT("reasons", "\"%1\" is not a text"), key));
        return "";
    }

    std::vector<std::string> texts(const char* key)
    {
        std::vector<std::string> out;
        const auto found = m_line.find(key);
        if (found == m_line.end() || found->is_null())
            return out;
        if (found->is_string())
            return {found->get<std::string>()};
        if (!found->is_array())
            problem(said(CORE_TEXT("reasons", "\"%1\" is not a list of texts"), key));
        else
            for (const Json& one : *found) {
                if (one.is_string())
                    out.push_back(one.get<std::string>());
                else
                    problem(said(CORE_TEXT("reasons", "\"%1\" is not a list of texts"), key));
            }
        return out;
    }

    std::size_t index(const char* key, std::size_t limit)
    {
        const auto found = m_line.find(key);
        if (found != m_line.end() && found->is_number_unsigned() && found->get<std::uint64_t>() < limit)
            return found->get<std::size_t>();
        problem(said(CORE_TEXT("reasons", "\"%1\" is not the number of one of the %2 choices, counted from 0"), key, limit));
        return 0;
    }

    std::string id(const char* key, std::size_t line)
    {
        const auto found = m_line.find(key);
        if (found == m_line.end())
            return std::to_string(line);
        return found->is_string() ? found->get<std::string>() : dumpJson(*found);
    }

    void problem(const Sentence& what)
    {
        if (!m_error)
            m_error = errorOf(ErrorCode::TaskInvalid, m_where, what);
    }
    [[nodiscard]] const std::optional<Error>& error() const { return m_error; }

private:
    const Json& m_line;
    std::string m_where;
    std::optional<Error> m_error;
};

TaskKind kindOf(const LineReader& line)
{
    if (line.has("entry_point"))
        return TaskKind::Code;
    if (line.has("choices"))
        return TaskKind::Choice;
    return line.has("question") ? TaskKind::Number : TaskKind::Exact;
}

TaskItem readItem(LineReader& line, TaskKind kind, std::size_t number)
{
    TaskItem item;
    item.id = line.id(kind == TaskKind::Code ? "task_id" : "id", number);
    item.stop = line.texts("stop");
    switch (kind) {
    case TaskKind::Exact:
        item.prompt = line.text("prompt");
        item.answer = line.text("answer");
        break;
    case TaskKind::Choice:
        item.prompt = line.text("prompt");
        item.choices = line.texts("choices");
        if (item.choices.size() < 2)
            line.problem(said(CORE_TEXT("reasons", "there are fewer than two choices")));
        else
            item.choice = line.index("answer", item.choices.size());
        break;
    case TaskKind::Code:
        item.prompt = line.text("prompt");
        item.entryPoint = line.text("entry_point");
        item.test = line.text("test");
        if (line.has("canonical_solution"))
            item.solution = line.text("canonical_solution");
        if (item.stop.empty())
            item.stop = codeStops();
        break;
    case TaskKind::Number: {
        item.prompt = "Question: " + line.text("question") + "\nAnswer:";
        const std::string worked = line.text("answer");
        const std::size_t mark = worked.rfind("####");
        item.answer = lastNumber(mark == std::string::npos ? worked : worked.substr(mark));
        item.solution = worked;
        if (item.answer.empty())
            line.problem(said(CORE_TEXT("reasons", "\"answer\" holds no number")));
        if (item.stop.empty())
            item.stop = {"\nQuestion:", "\n\n"};
        break;
    }
    }
    return item;
}

// The first number from `i` on, and the place behind it; "" when there is none.
std::string nextNumber(const std::string& text, std::size_t& i)
{
    const auto digit = [&](std::size_t at) { return at < text.size() && text[at] >= '0' && text[at] <= '9'; };
    while (i < text.size() && !digit(i))
        ++i;
    if (i >= text.size())
        return "";
    std::string number = i > 0 && text[i - 1] == '-' ? "-" : "";
    bool point = false;
    for (; i < text.size(); ++i) {
        if (digit(i))
            number += text[i];
        else if (text[i] == '.' && !point && digit(i + 1)) {
            point = true;
            number += '.';
        } else if (!(text[i] == ',' && digit(i + 1)))
            break;
    }
    if (point)
        number.erase(number.find_last_not_of('0') + 1);
    if (number.ends_with('.'))
        number.pop_back();
    return number;
}

} // namespace

const char* taskKindName(TaskKind kind) { return kindNames[static_cast<std::size_t>(kind)]; }

std::string lastNumber(const std::string& text)
{
    std::string best;
    for (std::size_t i = 0; i < text.size();)
        if (const std::string number = nextNumber(text, i); !number.empty())
            best = number;
    return best;
}

std::string answerNumber(const std::string& text)
{
    const std::size_t mark = text.find("####");
    std::size_t at = mark;
    const std::string marked = mark == std::string::npos ? "" : nextNumber(text, at);
    return marked.empty() ? lastNumber(text) : marked;
}

Result<Task> loadTask(const std::filesystem::path& path)
{
    auto text = readText(path, maxBytes);
    if (!text)
        return failure(text);
    return readTask(*text, path.stem().string(), path.string());
}

Result<Task> readTask(std::string_view text, const std::string& name, const std::string& file)
{
    Task task;
    task.name = name;
    task.sha256 = sha256(text);
    std::unordered_set<std::string> ids;
    std::size_t number = 0;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const std::string_view row = text.substr(begin, end - begin);
        begin = end + 1;
        ++number;
        if (row.find_first_not_of(" \t\r") == std::string_view::npos)
            continue;
        const std::string where = fmt::format("{}:{}", file, number);
        auto json = parseJson(row, where);
        if (!json)
            return failure(json);
        if (!json->is_object())
            return fail(ErrorCode::TaskInvalid, where, said(CORE_TEXT("reasons", "a line is an object")));
        LineReader line(*json, where);
        const TaskKind kind = kindOf(line);
        if (task.items.empty())
            task.kind = kind;
        TaskItem item = readItem(line, kind, number);
        if (kind != task.kind)
            line.problem(said(CORE_TEXT("reasons", "it asks for %1 and the lines before for %2"), taskKindName(kind), taskKindName(task.kind)));
        if (!ids.insert(item.id).second)
            line.problem(said(CORE_TEXT("reasons", "the id %1 stands twice"), item.id));
        if (line.error())
            return tl::unexpected(*line.error());
        task.items.push_back(std::move(item));
    }
    if (task.items.empty())
        return fail(ErrorCode::TaskInvalid, file, said(CORE_TEXT("reasons", "it holds no item")));
    return task;
}

std::vector<std::size_t> sampleItems(std::size_t items, std::size_t count, std::uint64_t seed)
{
    std::vector<std::size_t> order(items);
    std::iota(order.begin(), order.end(), 0);
    if (count >= items)
        return order;
    for (std::size_t i = 0; i < count; ++i) { // Fisher–Yates, as far as it is needed
        const auto other = i + static_cast<std::size_t>(uniform(seed, 1, i) * static_cast<double>(items - i));
        std::swap(order[i], order[std::min(other, items - 1)]);
    }
    order.resize(count);
    std::ranges::sort(order);
    return order;
}

} // namespace wb
