// Result files as lm-evaluation-harness 0.4, HumanEval's harness and Tensor Slayer write them, cut to what matters.
#include "core/eval/importresults.h"
#include "core/eval/report.h"

#include <QtTest>

#include <cmath>

using namespace wb;

namespace {

std::string humanEval(int tasks, const std::vector<int>& passed)
{
    std::string text;
    for (int i = 0; i < tasks; ++i)
        text += "{\"task_id\": \"HumanEval/" + std::to_string(i) + "\", \"prompt\": \"p" + std::to_string(i) + "\", \"completion\": \"    return 1\", \"passed\": " +
                (std::ranges::find(passed, i) != passed.end() ? "true, \"result_status\": \"passed\"}\n" : "false, \"result_status\": \"failed: AssertionError\"}\n");
    return text;
}

ImportedResults read(const std::string& text, const ImportOptions& options = {}) { return readResults(text, "results", "results.jsonl", options).value(); }

} // namespace

class TestImportResults : public QObject {
    Q_OBJECT
private slots:
    void tensorSlayersRuns() // counted from its published files
    {
        const auto compare = [](int tasks, const std::vector<int>& base, const std::vector<int>& patched) {
            const ImportedResults a = read(humanEval(tasks, base)), b = read(humanEval(tasks, patched));
            return compareMatched(a, b, matchResults(a, b).value(), 0);
        };
        const PairedComparison headline = compare(20, {8}, {1, 4, 8, 12, 15});
        QCOMPARE(headline.p, 0.125);
        QCOMPARE(headline.counts.onlyB, std::uint64_t{4});
        QVERIFY(!headline.enough && cautionWords(headline, std::nullopt) == "20 items say little: a difference like this needs about 37.");
        QCOMPARE(verdictWords(headline, "patched", std::nullopt), std::string("patched solves 4 more of 20, 0 fewer; p = 0.125"));
        const PairedComparison longer = compare(50, {4, 7, 23, 28}, {4, 1, 2, 3, 5, 6});
        QVERIFY(std::abs(longer.p - 0.7265625) < 1e-12);
        QVERIFY(longer.counts.onlyA == 3 && longer.counts.onlyB == 5 && longer.counts.both == 1 && !longer.enough);
        QVERIFY(cautionWords(longer, std::nullopt).find("50 items say little") == 0);
        QCOMPARE(verdictWords(longer, "patched", 2), std::string("patched solves 5 more of 50, 3 fewer; p = 0.727; A/A floor 2"));
        QVERIFY(cautionWords(longer, 9).find("this is noise") != std::string::npos);
    }

    void harness()
    {
        const std::string gsm = R"({"doc_id": 0, "doc": {"question": "q0", "answer": "a"}, "target": "18", "resps": [["so 18"]], "filtered_resps": ["18"], "filter": "strict-match", "metrics": ["exact_match"], "doc_hash": "h0", "exact_match": 1.0}
{"doc_id": 0, "target": "18", "resps": [["so 18"]], "filtered_resps": ["18"], "filter": "flexible-extract", "metrics": ["exact_match"], "doc_hash": "h0", "exact_match": 0.0}
{"doc_id": 1, "target": "3", "resps": [["it is 4"]], "filtered_resps": ["4"], "filter": "strict-match", "metrics": ["exact_match"], "doc_hash": "h1", "exact_match": 0.0}
)";
        const ImportedResults strict = read(gsm);
        QCOMPARE(strict.origin, std::string("lm-evaluation-harness"));
        QCOMPARE(strict.filter, std::string("strict-match"));
        QCOMPARE(strict.items.size(), std::size_t{2});
        QVERIFY(strict.items[0].answers[0].correct && !strict.items[1].answers[0].correct);
        QCOMPARE(strict.items[1].answers[0].reason.english(), std::string("wanted 3"));
        QCOMPARE(strict.items[1].answers[0].extracted, std::string("4"));
        QCOMPARE(read(gsm, {"", "flexible-extract"}).items.size(), std::size_t{1});
        const std::string choice = R"({"doc_id": 7, "doc": {}, "target": 1, "resps": [[["-1.0", "False"]], [["-2.0", "False"]]], "filtered_resps": [["-1.0", "False"], ["-2.0", "False"]], "acc": 0.0, "acc_norm": 1.0, "perplexity": NaN})";
        QCOMPARE(read(choice).metric, std::string("acc"));
        QVERIFY(read(choice, {"acc_norm", ""}).items[0].answers[0].correct);
        refused(choice, {"f1", ""}, "it has no metric f1; it has acc, acc_norm");
        refused(R"({"doc_id": 7, "resps": [], "acc": 0.5})", {}, "neither 0 nor 1");
    }

    void samplesOfOneTask()
    {
        const std::string text = R"({"task_id": "HumanEval/0", "completion": "a", "result": "passed", "passed": true}
{"task_id": "HumanEval/1", "completion": "b", "result": "timed out", "passed": false}
{"task_id": "HumanEval/0", "completion": "c", "result": "failed: x", "passed": false})";
        const ImportedResults results = read(text);
        QCOMPARE(results.items.size(), std::size_t{2});
        QCOMPARE(results.items[0].outcome(), (Outcome{1, 2}));
        QCOMPARE(results.items[0].answers[1].reason.english(), std::string("failed: x"));
        const ImportedResults own = read(R"({"id":"a","correct":true,"output":"x","extracted":"x","reason":""}
{"id":"b","correct":false,"output":"y","extracted":"y","reason":"no","passed":1,"samples":[{"correct":true,"output":"y"},{"correct":false,"output":"z"}]})");
        QCOMPARE(own.items[1].outcome(), (Outcome{1, 2}));
    }

    void keptResultsAreResults()
    {
        const std::string kept = R"({"format":"weightbench.results/1","key":{"task":"t1","precision":"f32"},"about":{}}
{"id":"a","correct":true,"output":"x","extracted":"x","reason":""}
{"finished":{"n":1}}
)";
        const ImportedResults results = read(kept);
        QCOMPARE(results.items.size(), std::size_t{1});
        QCOMPARE(results.items[0].question, std::string("t1"));
        const auto refusedWith = [&](const char* other, const char* words) {
            const auto matched = matchResults(results, read(other));
            QVERIFY(!matched);
            QVERIFY2(sentence(matched.error()).find(words) != std::string::npos, sentence(matched.error()).c_str());
        };
        refusedWith(R"({"id":"a","correct":true,"task":"t2","precision":"f32"})", "asks something else");
        refusedWith(R"({"id":"a","correct":true,"task":"t1","precision":"stored"})", "scored in stored and results in f32");
        QVERIFY(matchResults(results, read(R"({"id":"a","correct":true,"task":"t1","precision":"f32"})")).has_value());
    }

    void unlikeThingsAreNotCompared()
    {
        refused("", {}, "it holds no result");
        refused("{\"a\":1}", {}, "neither a sample");
        refused("[1]", {}, "a line is an object");
        refused("{\"id\":\"a\",\"correct\":true}\n{\"id\":\"a\",\"correct\":true}", {}, "results.jsonl:2");
        refused("{\"id\":\"a\",\"correct\":true}\n{\"task_id\":\"a\",\"passed\":true}", {}, "a line of HumanEval among those of wb");
        const ImportedResults a = read(humanEval(3, {})), b = read(R"({"task_id":"HumanEval/1","prompt":"another","completion":"","passed":true})");
        const auto mixed = matchResults(a, b);
        QVERIFY(!mixed && sentence(mixed.error()).find("asks something else") != std::string::npos);
        const auto none = matchResults(a, read(R"({"id":"z","correct":true})"));
        QVERIFY(!none && sentence(none.error()).find("none of its 1 items") != std::string::npos);
        const MatchedResults part = matchResults(a, read(humanEval(5, {}))).value();
        QVERIFY(part.pairs.size() == 3 && part.onlyInA == 0 && part.onlyInB == 2);
    }

    void tableAndPage()
    {
        ResultReport report;
        report.title = "a <b>";
        report.sentences = {"One & two."};
        report.sides = {{"original", 0.5, {0.1, 0.9}, 1}, {"patched", 1, {0.3, 1}, 2}};
        report.items = {{"x", "p", {{{true, "1", "1", ""}}, {{true, "1", "1", ""}}}}, {"y,z", "q", {{{false, "a \"b\"\nc", "", "why"}}, {{true, "<script>", "", ""}}}}};
        const std::string csv = toCsv(report);
        QVERIFY(csv.starts_with("id,verdict,original right,original answers,original output"));
        QVERIFY2(csv.find("\"y,z\",fixed,0,1,\"a \"\"b\"\"\nc\",,why,1,1,<script>,,\r\n") != std::string::npos, csv.c_str());
        const std::string html = toHtml(report);
        QVERIFY(html.find("<h1>a &lt;b&gt;</h1>") != std::string::npos && html.find("One &amp; two.") != std::string::npos);
        QVERIFY(html.find("<script") == std::string::npos && html.find("http") == std::string::npos && html.find("<svg") != std::string::npos);
        QVERIFY(html.find("y,z") < html.find("<td>x</td>")); // what changed comes first
    }

private:
    static void refused(const std::string& text, const ImportOptions& options, const char* words)
    {
        const auto results = readResults(text, "results", "results.jsonl", options);
        QVERIFY(!results);
        const std::string said = sentence(results.error());
        QVERIFY2(said.find(words) != std::string::npos, said.c_str());
    }
};

QTEST_APPLESS_MAIN(TestImportResults)
#include "tst_importresults.moc"
