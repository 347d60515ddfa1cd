// Tasks, results of other programs, and results that are kept: anything is read or refused, and what was kept is kept.
#include "core/eval/importresults.h"
#include "core/eval/report.h"
#include "core/eval/resultjson.h"
#include "core/eval/resultstore.h"
#include "tests/fuzz/fuzz.h"

using namespace wb;

std::vector<std::string> fuzz::seeds()
{
    return {R"({"id":"a","prompt":"84+62=","answer":"146","stop":["\n"]}
{"id":"b","prompt":"1+1=","answer":"2","stop":"\n"}
)",
            R"({"question":"How many?","answer":"9 * 2 = <<9*2=18>>18\n#### 1,018"}
{"prompt":"Q","choices":[" A"," B"],"answer":1}
)",
            R"({"doc_id":0,"doc":{"q":1},"target":"18","resps":[["so 18"]],"filtered_resps":["18"],"filter":"strict-match","metrics":["exact_match"],"exact_match":1.0}
{"task_id":"HumanEval/1","prompt":"p","completion":"c","passed":true,"result":"passed"}
)",
            R"({"format":"weightbench.results/1","key":{"model":"m","order":"task","samples":2},"about":{"files":"f","task":"t","recipe":null}}
{"id":"a","correct":true,"output":"o","extracted":"o","reason":"","passed":1,"samples":[{"correct":true,"output":"","extracted":"","reason":""},{"correct":false,"output":"","extracted":"","reason":""}]}
{"finished":{"n":1,"correct":1,"score":1.0,"stderr":0.0,"seconds":0.1,"time":1700000000}}
)"};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size)
{
    const std::string text(reinterpret_cast<const char*>(input), size);
    if (const auto task = readTask(text, "task", "input"))
        fuzz::require(!task->items.empty(), "a task has items");
    if (const auto results = readResults(text, "results", "input", {})) {
        const auto matched = matchResults(*results, *results);
        fuzz::require(matched.has_value() && matched->pairs.size() == results->items.size(), "results match themselves");
        fuzz::require(compareMatched(*results, *results, *matched, 0).p == 1, "nothing differs from itself");
    }
    const auto file = fuzz::asFile(input, size, "results.jsonl");
    for (const PastResult& past : ResultStore::history(file.parent_path(), "f"))
        fuzz::require(past.key.is_object() && past.about.is_object(), "a past result says what it was");
    const Task task = *readTask(R"({"id":"a","prompt":"p","answer":"o"})", "t", "t");
    ResultKey key;
    key.fields = {{"model", "m"}, {"order", "task"}, {"samples", 2}};
    const auto place = file.parent_path() / (key.name() + ".jsonl");
    std::filesystem::copy_file(file, place, std::filesystem::copy_options::overwrite_existing);
    if (auto kept = KeptResults::open(file.parent_path(), key, task, Json::object())) {
        fuzz::require((*kept)->items().size() <= 1, "one item of one");
        const ItemResult item = makeItemResult(0, {{true, text, "", ""}});
        fuzz::require((*kept)->add(item).has_value(), "it can be written");
        kept->reset();
        auto again = KeptResults::open(file.parent_path(), key, task, Json::object());
        fuzz::require(again.has_value() && (*again)->items().size() == 1, "what was kept is there");
    }
    std::filesystem::remove(place);
    return 0;
}
