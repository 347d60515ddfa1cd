#include "core/eval/report.h"

#include "core/eval/resultjson.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace wb {
namespace {

std::string pWords(double p) { return p < 1e-4 ? "p < 0.0001" : fmt::format("p = {:.3g}", p); }

Outcome outcomeOf(const std::vector<Answer>& answers)
{
    return {static_cast<std::uint64_t>(std::ranges::count_if(answers, &Answer::correct)), answers.size()};
}

std::vector<Answer> answersOf(const ItemResult& result)
{
    return result.samples.empty() ? std::vector<Answer>{{result.correct, result.output, result.extracted, result.reason}} : result.samples;
}

std::string rightWords(const std::vector<Answer>& answers)
{
    const Outcome outcome = outcomeOf(answers);
    return answers.size() > 1 ? fmt::format("{} of {}", outcome.passed, outcome.answers) : outcome.passed != 0 ? "right" : "wrong";
}

// "fixed", "broken", "both", "neither"; "right" and "wrong" of one side.
std::string verdictOf(const ReportItem& item)
{
    const bool left = outcomeOf(item.answers[0]).mostly();
    if (item.answers.size() == 1)
        return left ? "right" : "wrong";
    const bool right = outcomeOf(item.answers[1]).mostly();
    return left && right ? "both" : left ? "broken" : right ? "fixed" : "neither";
}

std::string csvField(const std::string& text)
{
    if (text.find_first_of("\",\n\r") == std::string::npos)
        return text;
    std::string out = "\"";
    for (const char c : text)
        out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + "\"";
}

std::string escaped(const std::string& text)
{
    std::string out;
    for (const char c : text) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        default: out += static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' ? ' ' : c;
        }
    }
    return out;
}

constexpr const char* style =
    "body{font:15px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem;color:#1c1c1c;background:#fff}"
    "h1{font-size:1.5rem}table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.25rem .6rem;border-bottom:1px solid #ddd;vertical-align:top}"
    "pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:.3rem 0;padding:.5rem;background:#f4f4f2}.lead{font-size:1.1rem;font-weight:600}"
    ".fixed{color:#16702b}.broken{color:#b3261e}.two{display:grid;grid-template-columns:1fr 1fr;gap:1rem}dt{font-weight:600}"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem}dd{margin:0;overflow-wrap:anywhere}"
    "@media(prefers-color-scheme:dark){body{color:#e8e8e6;background:#181818}td,th{border-color:#3a3a3a}pre{background:#242424}.fixed{color:#6fcf85}.broken{color:#ff8a80}}";

// Shares with their intervals on one axis from 0 to 100 %.
std::string chart(const std::vector<ReportSide>& sides)
{
    constexpr int left = 150, width = 560, row = 34;
    const auto x = [](double share) { return left + share * width; };
    std::string out = fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\" width=\"100%\" style=\"max-width:{}px\" fill=\"currentColor\" font-size=\"13\">\n", left + width + 60,
                                  row * static_cast<int>(sides.size()) + 30, left + width + 60);
    for (const double tick : {0.0, 0.25, 0.5, 0.75, 1.0})
        out += fmt::format("<line x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"4\" y2=\"{1}\" stroke=\"currentColor\" stroke-opacity=\".15\"/><text x=\"{0:.1f}\" y=\"{2}\" text-anchor=\"middle\">{3:.0f} %</text>\n",
                           x(tick), row * sides.size() + 6, row * sides.size() + 22, 100 * tick);
    for (std::size_t i = 0; i < sides.size(); ++i) {
        const ReportSide& side = sides[i];
        const auto y = static_cast<double>(row) * (static_cast<double>(i) + 0.6);
        out += fmt::format("<g><text x=\"{}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text><line x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"currentColor\" stroke-width=\"2\"/>"
                           "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"5\"/><title>{}: {:.1f} %, 95 % from {:.1f} to {:.1f} %</title></g>\n",
                           left - 12, y + 4, escaped(side.name), x(side.ci95.low), x(side.ci95.high), y, y, x(side.score), y, escaped(side.name), 100 * side.score,
                           100 * side.ci95.low, 100 * side.ci95.high);
    }
    return out + "</svg>\n";
}

std::string answerHtml(const std::string& name, const std::vector<Answer>& answers)
{
    std::string out = fmt::format("<div><b>{}</b>", escaped(name));
    for (const Answer& answer : answers) {
        out += fmt::format(" — {}{}<pre>{}</pre>", answer.correct ? "right" : "wrong", answer.reason.empty() ? "" : ": " + escaped(answer.reason.english()), escaped(answer.output));
        if (!answer.extracted.empty() && answer.extracted != answer.output)
            out += fmt::format("<div>taken: {}</div>", escaped(answer.extracted));
    }
    return out + "</div>";
}

std::string itemHtml(const ResultReport& report, const ReportItem& item)
{
    const std::string verdict = verdictOf(item);
    std::string out = fmt::format("<tr><td>{}</td><td class=\"{}\">{}</td>", escaped(item.id), verdict, verdict);
    out += "<td><details><summary>";
    for (std::size_t i = 0; i < item.answers.size(); ++i)
        out += fmt::format("{}{}: {}", i == 0 ? "" : " · ", escaped(report.sides[i].name), rightWords(item.answers[i]));
    out += fmt::format("</summary>{}<div class=\"two\">", item.prompt.empty() ? "" : "<pre>" + escaped(item.prompt) + "</pre>");
    for (std::size_t i = 0; i < item.answers.size(); ++i)
        out += answerHtml(report.sides[i].name, item.answers[i]);
    return out + "</div></details></td></tr>\n";
}

ReportSide reportSide(const std::string& name, const EvaluationReport& report) { return {name, report.score, report.ci95, report.correct}; }

std::vector<ReportItem> reportItems(const Task& task, const EvaluationReport& a, const EvaluationReport* b)
{
    std::vector<ReportItem> out;
    for (std::size_t i = 0; i < a.items.size(); ++i) {
        const TaskItem& item = task.items[a.items[i].item];
        ReportItem one{item.id, item.prompt, {answersOf(a.items[i])}};
        if (b != nullptr && i < b->items.size())
            one.answers.push_back(answersOf(b->items[i]));
        out.push_back(std::move(one));
    }
    return out;
}

} // namespace

std::string verdictWords(const PairedComparison& paired, const std::string& name, std::optional<std::size_t> floor)
{
    return fmt::format("{} solves {} more of {}, {} fewer; {}{}", name, paired.counts.onlyB, paired.counts.total(), paired.counts.onlyA, pWords(paired.p),
                       floor ? fmt::format("; A/A floor {}", *floor) : "");
}

std::string cautionWords(const PairedComparison& paired, std::optional<std::size_t> floor)
{
    std::string out;
    if (!paired.enough)
        out = paired.needed ? fmt::format("{} items say little: a difference like this needs about {}.", paired.counts.total(), *paired.needed)
                            : "No difference was seen; that is no proof that there is none.";
    const std::uint64_t changed = paired.counts.onlyA + paired.counts.onlyB;
    if (floor && *floor != 0 && *floor >= changed)
        out += fmt::format("{}Scoring the same model twice changes {} items, the edit {}: this is noise.", out.empty() ? "" : " ", *floor, changed);
    return out;
}

std::vector<std::string> reportSentences(const Scoring& scoring)
{
    std::vector<std::string> out;
    if (scoring.b == nullptr)
        return out;
    const std::uint64_t seed = scoring.options.seed;
    const PairedComparison paired = comparePaired(*scoring.a, *scoring.b, seed);
    out.push_back(verdictWords(paired, scoring.names[1], scoring.floor) + ".");
    out.push_back(fmt::format("Difference {:+.1f} points, 95 % from {:+.1f} to {:+.1f} (paired bootstrap); p: {}.", 100 * paired.delta, 100 * paired.ci95.low,
                              100 * paired.ci95.high, paired.several ? "sign flips of shares, exact" : "McNemar, exact"));
    if (const std::string caution = cautionWords(paired, scoring.floor); !caution.empty())
        out.push_back(caution);
    if (scoring.control != nullptr)
        out.push_back(fmt::format("Control, a random edit of equal norm ({:.4g}, wanted {:.4g}) on the same tensors ({}): {}.", scoring.control->controlNorm,
                                  scoring.control->editNorm, scoring.control->recipe->size(),
                                  verdictWords(comparePaired(*scoring.a, *scoring.controlScore, seed), "it", std::nullopt)));
    return out;
}

ResultReport makeReport(const Scoring& scoring)
{
    const Task& task = scoring.task;
    ResultReport out;
    out.title = fmt::format("{}: {}", task.name, scoring.checkpoint);
    out.sentences = reportSentences(scoring);
    out.settings = {{"task", fmt::format("{} ({}, {} items, SHA-256 {})", task.name, taskKindName(task.kind), task.items.size(), task.sha256)}};
    const Json settings = settingsToJson(task, scoring.options);
    for (const auto& [name, value] : settings.items())
        out.settings.emplace_back(name, value.is_string() ? value.get<std::string>() : dumpJson(value));
    out.settings.insert(out.settings.end(), scoring.more.begin(), scoring.more.end());
    out.sides.push_back(reportSide(scoring.names[0], *scoring.a));
    if (scoring.b != nullptr)
        out.sides.push_back(reportSide(scoring.names[1], *scoring.b));
    out.items = reportItems(task, *scoring.a, scoring.b);
    return out;
}

std::string toCsv(const ResultReport& report)
{
    std::string out = "id,verdict";
    for (const ReportSide& side : report.sides)
        for (const char* column : {"right", "answers", "output", "extracted", "reason"})
            out += "," + csvField(side.name + " " + column);
    out += "\r\n";
    for (const ReportItem& item : report.items) {
        out += csvField(item.id) + "," + verdictOf(item);
        for (const std::vector<Answer>& answers : item.answers) {
            const Outcome outcome = outcomeOf(answers);
            out += fmt::format(",{},{},{},{},{}", outcome.passed, outcome.answers, csvField(answers[0].output), csvField(answers[0].extracted), csvField(answers[0].reason.english()));
        }
        out += "\r\n";
    }
    return out;
}

std::string toHtml(const ResultReport& report)
{
    std::string out = fmt::format("<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{0}</title><style>{1}</style>\n<h1>{0}</h1>\n",
                                  escaped(report.title), style);
    for (std::size_t i = 0; i < report.sentences.size(); ++i)
        out += fmt::format("<p{}>{}</p>\n", i == 0 ? " class=\"lead\"" : "", escaped(report.sentences[i]));
    out += chart(report.sides) + "<table><tr><th></th><th>right</th><th>share</th><th>95 % interval</th></tr>\n";
    for (const ReportSide& side : report.sides)
        out += fmt::format("<tr><td>{}</td><td>{} of {}</td><td>{:.1f} %</td><td>{:.1f} to {:.1f} %</td></tr>\n", escaped(side.name), side.correct, report.items.size(), 100 * side.score,
                           100 * side.ci95.low, 100 * side.ci95.high);
    out += "</table>\n<h2>How it was scored</h2><dl>\n";
    for (const auto& [name, value] : report.settings)
        out += fmt::format("<dt>{}</dt><dd>{}</dd>\n", escaped(name), escaped(value));
    out += "</dl>\n<h2>Items</h2><table><tr><th>item</th><th>verdict</th><th>answers</th></tr>\n";
    // What changed first; the rest in the order of the task.
    std::vector<const ReportItem*> order;
    for (const ReportItem& item : report.items)
        order.push_back(&item);
    std::ranges::stable_partition(order, [](const ReportItem* item) {
        const std::string verdict = verdictOf(*item);
        return verdict == "fixed" || verdict == "broken";
    });
    for (const ReportItem* item : order)
        out += itemHtml(report, *item);
    return out + "</table>\n<p>Made by Weightbench " WB_VERSION ".</p>\n</html>\n";
}

} // namespace wb
