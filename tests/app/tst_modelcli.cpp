// wb logits, perplexity and generate as a user runs them.
#include "core/checkpoint/open.h"
#include "tests/support/memorysource.h"
#include "tests/support/modelcases.h"
#include "tests/support/support.h"

#include <QProcess>
#include <QtTest>

#include <cmath>
#include <cstring>

using namespace wb;
using namespace wb::test;

namespace {

struct Answer {
    int code = -1;
    Json json;
    std::string err;
};

Answer wbRun(const QStringList& arguments)
{
    QProcess process;
    process.start(QStringLiteral(WB_BINARY), arguments);
    process.waitForFinished(60'000);
    Answer answer;
    answer.code = process.exitCode();
    answer.err = process.readAllStandardError().toStdString();
    const std::string out = process.readAllStandardOutput().toStdString();
    if (const auto json = parseJson(out, "stdout"))
        answer.json = *json;
    return answer;
}

// A folder as transformers writes it.
void write(const std::filesystem::path& folder, const ModelCase& one)
{
    std::filesystem::create_directories(folder);
    writeFile(folder / "model.safetensors", safetensorsBytes(one.tensors));
    writeFile(folder / "config.json", dumpJson(*one.config));
}

QString idsText(const std::vector<std::uint32_t>& ids)
{
    QStringList list;
    for (const std::uint32_t id : ids)
        list << QString::number(id);
    return list.join(QLatin1Char(','));
}

} // namespace

class TestModelCli : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { write(m_folder / "model", modelCase("qwen3-f32")); }

    void generateThroughAChatTemplate()
    {
        const std::filesystem::path folder = m_folder / "chat";
        std::filesystem::copy(std::filesystem::path(WB_SOURCE_DIR) / "resources/sample/original", folder);
        const QString model = QString::fromStdString(folder.string());
        const Answer own = wbRun({"--json", "generate", model, "--chat", "--prompt", "2+3=", "--max", "3", "--greedy"});
        QCOMPARE(own.json["completions"][0]["rendered"], Json("<|im_start|>user\n2+3=<|im_end|>\n<|im_start|>assistant\n"));
        writeFile(folder / "chat_template.jinja", "{% for m in messages %}{% if m.role == 'system' %}{{ m.content }};{% else %}{{ m.content | trim }}{% endif %}{% endfor %}\n");
        const Answer chat = wbRun({"--json", "generate", model, "--chat", "--system", "1+1=2", "--prompt", " 2+3= ", "--max", "3", "--greedy"});
        const Answer plain = wbRun({"--json", "generate", model, "--prompt", "1+1=2;2+3=", "--max", "3", "--greedy"});
        QVERIFY2(chat.code == 0, chat.err.c_str());
        QCOMPARE(chat.json["completions"][0]["rendered"], Json("1+1=2;2+3="));
        QCOMPARE(chat.json["completions"][0]["prompt"], Json(" 2+3= "));
        QCOMPARE(chat.json["completions"][0]["prompt_ids"], plain.json["completions"][0]["prompt_ids"]);
        QCOMPARE(chat.json["completions"][0]["ids"], plain.json["completions"][0]["ids"]);
    }

    void perplexityCompares()
    {
        const std::filesystem::path recipe = m_folder / "scale.json";
        writeFile(recipe, R"({"format":"weightbench.recipe/1","edits":[{"op":"scale","select":"role=down_proj layer=1","factor":1.5}]})");
        const QString ids = idsText(modelCase("qwen3-f32").longIds), file = QString::fromStdString(recipe.string());
        const Answer base = wbRun({"--json", "perplexity", path(), "--tokens", ids});
        const Answer patched = wbRun({"--json", "perplexity", path(), "--recipe", file, "--tokens", ids});
        const Answer both = wbRun({"--json", "perplexity", path(), "--tokens", ids, "--compare-recipe", file, "--noise-floor", "--positions"});
        QVERIFY2(both.code == 0, both.err.c_str());
        QCOMPARE(both.json["nll_mean"], base.json["nll_mean"]);
        QCOMPARE(both.json["other"]["nll_mean"], patched.json["nll_mean"]);
        const double delta = both.json["delta_nll"]["mean"].get<double>();
        QVERIFY(std::abs(delta - (patched.json["nll_mean"].get<double>() - base.json["nll_mean"].get<double>())) < 1e-12);
        QVERIFY(both.json["delta_nll"]["ci95"][0].get<double>() < delta && delta < both.json["delta_nll"]["ci95"][1].get<double>());
        QVERIFY(both.json["kl"]["mean"].get<double>() > 1e3 * both.json["noise_floor"]["kl"]["mean"].get<double>());
        QCOMPARE(both.json["positions"].size(), std::size_t{39});
        double kl = 0;
        for (const Json& one : both.json["positions"])
            kl += one["kl"].get<double>() / 39;
        QVERIFY(std::abs(kl - both.json["kl"]["mean"].get<double>()) < 1e-12);
        QCOMPARE(wbRun({"--json", "perplexity", path(), "--tokens", ids, "--compare", path()}).json["kl"]["max"].get<double>(), 0.0);
    }

    void spectrumOfMatrices()
    {
        const Answer all = wbRun({"--json", "spectrum", path(), "--select", "layer=0"});
        QVERIFY2(all.code == 0, all.err.c_str());
        QCOMPARE(all.json["tensors"].size(), std::size_t{7}); // vectors have none
        for (const char* key : {"name", "shape", "singular_values", "exact", "error_bound", "frobenius", "spectral", "nuclear", "stable_rank", "effective_rank", "alpha", "seconds"})
            QVERIFY2(all.json["tensors"][0].contains(key), key);
        QCOMPARE(wbRun({"--json", "spectrum", path(), "model.norm.weight"}).code, 2);
        const std::filesystem::path big = m_folder / "big.safetensors";
        writeFile(big, safetensorsBytes({{"big", "F32", {1024, 1024}, std::string(std::size_t{4} << 20, '\0')}}));
        const Answer refused = wbRun({"--json", "--memory", "16M", "spectrum", QString::fromStdString(big.string())});
        QVERIFY(refused.code == 6 && refused.json["code"] == "memory_limit");
    }

    void partsOfFusedMatrices()
    {
        const std::filesystem::path folder = m_folder / "fused";
        write(folder, modelCase("phi3"));
        const Answer answer = wbRun({"--json", "spectrum", QString::fromStdString(folder.string()), "--select", "role=qkv_proj layer=0"});
        QVERIFY2(answer.code == 0, answer.err.c_str());
        QCOMPARE(answer.json["tensors"].size(), std::size_t{1});
        const Json& whole = answer.json["tensors"][0];
        std::uint64_t rows = 0;
        double squares = 0;
        for (const Json& part : whole["fused"]) {
            rows += part["shape"][0].get<std::uint64_t>();
            squares += std::pow(part["frobenius"].get<double>(), 2);
        }
        QCOMPARE(whole["fused"].size(), std::size_t{3});
        QCOMPARE(whole["fused"][1]["role"].get<std::string>(), std::string("k_proj"));
        QCOMPARE(rows, whole["shape"][0].get<std::uint64_t>());
        QVERIFY(std::abs(std::sqrt(squares) / whole["frobenius"].get<double>() - 1) < 1e-12);
        // One of them alone, with its vectors, and refused where there is none.
        const QString path = QString::fromStdString(folder.string()), vectors = QString::fromStdString((m_folder / "k.safetensors").string());
        const Answer alone = wbRun({"--json", "spectrum", path, "--select", "role=qkv_proj | role=q_proj | role=down_proj", "--part", "k_proj", "--vectors", vectors});
        QVERIFY2(alone.code == 0, alone.err.c_str());
        QCOMPARE(alone.json["tensors"].size(), std::size_t{2});
        QCOMPARE(alone.json["tensors"][0]["role"].get<std::string>(), std::string("k_proj"));
        QCOMPARE(alone.json["tensors"][0]["singular_values"], whole["fused"][1]["singular_values"]);
        const Answer values = wbRun({"--json", "values", vectors, "model.layers.0.self_attn.qkv_proj.weight.k_proj.U"});
        QVERIFY2(values.code == 0, values.err.c_str());
        QCOMPARE(values.json["shape"], (Json{16, 16}));
        QCOMPARE(wbRun({"spectrum", path, "model.layers.0.mlp.down_proj.weight", "--part", "k_proj"}).code, 2);
        QCOMPARE(wbRun({"spectrum", path, "--select", "role=down_proj", "--part", "k_proj"}).code, 2);
        QCOMPARE(wbRun({"spectrum", path, "--part", "o_proj"}).code, 2);
    }

    void matricesThatAreNotFiniteAreLeftOut()
    {
        const std::filesystem::path file = m_folder / "nan.safetensors";
        writeFile(file, safetensorsBytes({{"a", "F32", {2, 2}, f32Bytes({1, 2, 3, 4})}, {"b", "F32", {2, 2}, f32Bytes({1, NAN, 3, 4})}}));
        const QString path = QString::fromStdString(file.string());
        const Answer all = wbRun({"--json", "spectrum", path});
        QVERIFY2(all.code == 0, all.err.c_str());
        QCOMPARE(all.json["tensors"].size(), std::size_t{1});
        QCOMPARE(all.json["left_out"][0]["where"].get<std::string>(), std::string("b"));
        QVERIFY(all.err.find("not finite") != std::string::npos);
        QCOMPARE(wbRun({"--json", "spectrum", path, "b"}).code, 2);
    }

    // Both models' figures, and the interval of each difference that is one of means.
    void changesHaveIntervals()
    {
        const QString sample = QStringLiteral(WB_SOURCE_DIR "/resources/sample/original"), damaged = QStringLiteral(WB_SOURCE_DIR "/resources/sample/damaged"), stories = QStringLiteral(WB_SOURCE_DIR "/resources/sample/tasks/stories.txt");
        const Answer sites = wbRun({"--json", "activations", sample, "--compare", damaged, "--file", stories, "--tokens", "600"});
        QVERIFY2(sites.code == 0, sites.err.c_str());
        QCOMPARE(sites.json["change"]["run_length"], 2);
        const Json& last = sites.json["change"]["sites"].back();
        QCOMPARE(last["site"].get<std::string>(), std::string("final_norm"));
        QVERIFY(last["rms"]["ci95"][0] < last["rms"]["delta"] && last["rms"]["delta"] < last["rms"]["ci95"][1]);
        const Answer lens = wbRun({"--json", "lens", sample, "--compare", damaged, "--text", "Once upon a time"});
        QVERIFY2(lens.code == 0, lens.err.c_str());
        QCOMPARE(lens.json["change"]["layers"].size(), std::size_t{9});
        QCOMPARE(lens.json["change"]["layers"][0]["delta"], 0);
        QVERIFY(!wbRun({"--json", "lens", sample, "--text", "Once upon a time"}).json.contains("change"));
    }

    void linearityOfLayers()
    {
        // The model has no tokenizer: the verb says so instead of a number.
        const std::filesystem::path text = m_folder / "text.txt";
        writeFile(text, "one two three");
        const Answer answer = wbRun({"--json", "linearity", path(), "--file", QString::fromStdString(text.string())});
        QVERIFY(answer.code != 0 && !answer.json.contains("layers"));
        const QString sample = QStringLiteral(WB_SOURCE_DIR "/resources/sample/original"), stories = QStringLiteral(WB_SOURCE_DIR "/resources/sample/tasks/stories.txt");
        const Answer layers = wbRun({"--json", "linearity", sample, "--file", stories, "--tokens", "1024", "--window", "256"});
        QVERIFY2(layers.code == 0, layers.err.c_str());
        QCOMPARE(layers.json["layers"].size(), std::size_t{8});
        QVERIFY(layers.json["layers"][7]["after_final_norm"].get<bool>());
        QCOMPARE(layers.json["tokens"].get<int>(), 1024);
    }

    void sweepWithHeldOutScore()
    {
        const QString sample = QStringLiteral(WB_SOURCE_DIR "/resources/sample/damaged"), task = QStringLiteral(WB_SOURCE_DIR "/resources/sample/tasks/categories.jsonl");
        const std::filesystem::path recipe = m_folder / "knob.json", points = m_folder / "points.jsonl";
        writeFile(recipe, R"({"format":"weightbench.recipe/1","edits":[{"op":"scale","select":"role=down_proj layer=1","factor":1}]})");
        const QString file = QString::fromStdString(recipe.string()), kept = QString::fromStdString(points.string());
        const QStringList arguments{"--json", "sweep", sample, file, "--knob", "edits[0].factor=0.0625:1:2", "--task", task, "--limit", "20", "--resume", kept};
        const Answer first = wbRun(arguments), again = wbRun(arguments);
        QVERIFY2(first.code == 0, first.err.c_str());
        QCOMPARE(first.json["best"]["index"].get<int>(), 0);
        QVERIFY(first.json["best"]["score"].get<double>() > first.json["base"]["score"].get<double>());
        QVERIFY(first.json["best"]["held_out"]["score"].is_number() && first.json["best"]["held_out"]["how"].is_string());
        QCOMPARE(again.json["points"], first.json["points"]); // taken from the file
        QCOMPARE(first.json["points"][1]["score"], first.json["base"]["score"]); // a factor of 1
        QStringList other = arguments;
        other[9] = QStringLiteral("19");
        QCOMPARE(wbRun(other).code, 2); // another setting: not mixed
        QCOMPARE(wbRun({"--json", "sweep", sample, file, "--knob", "edits[3].factor=0:1:2", "--task", task}).code, 2);
    }

    void logitsAreThoseOfTransformers()
    {
        const ModelCase& one = modelCase("qwen3-f32");
        const QString out = QString::fromStdString((m_folder / "out.safetensors").string());
        std::vector<std::string> files;
        for (const char* threads : {"1", "2", "5"}) {
            const Answer answer = wbRun({"--json", "--threads", threads, "logits", path(), "--tokens", idsText(one.longIds), "-o", out, "--hidden"});
            QVERIFY2(answer.code == 0, answer.err.c_str());
            QCOMPARE(answer.json["tokens"].get<int>(), 40);
            QCOMPARE(answer.json["precision"].get<std::string>(), std::string("f32"));
            files.push_back(readFile(m_folder / "out.safetensors"));
        }
        QVERIFY(files[0] == files[1] && files[1] == files[2]); // the same bits on any number of threads
        const auto written = *openCheckpoint(m_folder / "out.safetensors");
        const std::vector<std::byte> bytes = bytesOf(*written, written->find("logits").value());
        std::vector<float> logits(bytes.size() / 4);
        std::memcpy(logits.data(), bytes.data(), bytes.size());
        QVERIFY(relativeError(logits, one.longLogits) < 1e-5);
        for (const char* name : {"hidden.0", "hidden.1", "hidden.2", "hidden.final"})
            QVERIFY(written->find(name).has_value());
        QVERIFY(!written->find("hidden.3").has_value());
    }

    void perplexityAndGenerate()
    {
        const ModelCase& one = modelCase("qwen3-f32");
        const Answer perplexity = wbRun({"--json", "perplexity", path(), "--tokens", idsText(one.longIds), "--positions"});
        QVERIFY2(perplexity.code == 0, perplexity.err.c_str());
        QCOMPARE(perplexity.json["tokens"].get<int>(), 39);
        QCOMPARE(perplexity.json["positions"].size(), std::size_t{39});
        QVERIFY(std::abs(std::exp(perplexity.json["nll_mean"].get<double>()) - perplexity.json["perplexity"].get<double>()) < 1e-6);
        const Answer greedy = wbRun({"--json", "generate", path(), "--tokens", idsText(one.shortIds), "--greedy", "--max", "12", "--precision", "f32", "--candidates", "3"});
        QVERIFY2(greedy.code == 0, greedy.err.c_str());
        const Json& completion = greedy.json["completions"][0];
        QCOMPARE(completion["ids"].get<std::vector<std::uint32_t>>(), one.greedy);
        QCOMPARE(completion["stopped_by"].get<std::string>(), std::string("max_tokens"));
        QCOMPARE(completion["candidates"][0].size(), std::size_t{3});
        QCOMPARE(completion["candidates"][0][0]["id"].get<std::uint32_t>(), one.greedy[0]);
        QCOMPARE(completion["candidates"][0][0]["logprob"], completion["logprobs"][0]);
    }

    void recipeIsCompared()
    {
        writeFile(m_folder / "recipe.json", R"({"format":"weightbench.recipe/1","edits":[{"op":"scale","factor":4,"select":"role=down_proj layer=1"}]})");
        const QString recipe = QString::fromStdString((m_folder / "recipe.json").string());
        const QStringList common = {"--tokens", idsText(modelCase("qwen3-f32").shortIds), "--greedy", "--max", "12", "--precision", "f32"};
        const Answer both = wbRun(QStringList{"--json", "generate", path(), "--compare-recipe", recipe} + common);
        const Answer alone = wbRun(QStringList{"--json", "generate", path(), "--recipe", recipe} + common);
        QVERIFY2(both.code == 0, both.err.c_str());
        QVERIFY2(alone.code == 0, alone.err.c_str());
        QCOMPARE(both.json["other"]["completions"][0]["ids"], alone.json["completions"][0]["ids"]);
        const auto mine = both.json["completions"][0]["ids"].get<std::vector<int>>(), theirs = alone.json["completions"][0]["ids"].get<std::vector<int>>();
        QVERIFY(mine != theirs);
        QCOMPARE(both.json["first_difference"].get<std::ptrdiff_t>(), std::ranges::mismatch(mine, theirs).in1 - mine.begin());
    }

    void memoryHoldsBothModels()
    {
        const auto neededBy = [](const QStringList& arguments, const QString& ceiling) {
            const Answer refused = wbRun(QStringList{"--memory", ceiling} + arguments);
            const auto end = refused.err.find(" bytes are needed"), begin = refused.err.rfind(' ', end - 1) + 1;
            return refused.code == 6 && end != std::string::npos ? QString::fromStdString(refused.err.substr(begin, end - begin)) : QString();
        };
        const QString sample = QStringLiteral(WB_SOURCE_DIR "/resources/sample/original"), twin = QStringLiteral(WB_SOURCE_DIR "/resources/sample/damaged");
        const QStringList one{"lens", sample, "--tokens", "1"}, both = one + QStringList{"--compare", twin};
        const QString alone = neededBy(one, "16M");
        QVERIFY(!alone.isEmpty());
        QCOMPARE(wbRun(QStringList{"--memory", alone} + one).code, 0);
        const QString together = neededBy(both, alone); // the first model fits
        QVERIFY(together.toULongLong() > alone.toULongLong() + (1U << 20));
        QCOMPARE(wbRun(QStringList{"--memory", together} + both).code, 0);

        // Of a sweep the states that are only kept to save time are not among what is needed.
        const QString recipe = QString::fromStdString((m_folder / "memory.json").string());
        test::writeFile(recipe.toStdString(), R"({"format":"weightbench.recipe/1","edits":[{"op":"scale","select":"role=down_proj layer=1","factor":0.5}]})");
        const QStringList sweep{"sweep", sample, recipe, "--knob", "edits[0].factor=0.5:1:2", "--task", QStringLiteral(WB_SOURCE_DIR "/resources/sample/tasks/sort.jsonl"), "--limit", "2"};
        const QString fits = QString::number(neededBy(sweep, "16M").toULongLong() + (2U << 20)); // and an edited matrix
        QCOMPARE(wbRun(QStringList{"--memory", fits} + sweep).code, 0);
    }

    void badInput()
    {
        const auto refused = [&](const QStringList& arguments, int code, const char* words) {
            const Answer answer = wbRun(arguments);
            QVERIFY2(answer.code == code && answer.err.find(words) != std::string::npos, answer.err.c_str());
        };
        const QString out = QString::fromStdString((m_folder / "bad.safetensors").string());
        refused({"logits", path(), "--tokens", "1,x", "-o", out}, 2, "\"x\" is not a token id");
        refused({"logits", path(), "--tokens", "1,4800", "-o", out}, 4, "4800 is not in the vocabulary of 48");
        refused({"logits", path(), "-o", out}, 2, "");
        refused({"perplexity", path(), "--tokens", "1"}, 2, "1 tokens");
        refused({"perplexity", path(), "--tokens", "1,2,3", "--window", "2", "--stride", "5"}, 2, "leave tokens out");
        refused({"generate", path(), "--tokens", "1", "--top-p", "7"}, 2, "top-p 7");
        refused({"generate", path(), "--prompt", "text"}, 4, "");
        refused({"generate", path(), "--prompt", "a", "--tokens", "1"}, 2, "");
        refused({"--memory", "16M", "generate", path(), "--tokens", "1", "--max", "1000000"}, 6, "--memory allows 16777216");
        // A table of the lens is known in size when the text is read.
        refused({"--memory", "16M", "lens", path(), "--candidates", "64", "--tokens", QStringList(4000, QStringLiteral("1")).join(QLatin1Char(','))}, 6, "--memory allows 16777216");
        QVERIFY(!std::filesystem::exists(m_folder / "bad.safetensors"));
        const auto left = std::filesystem::directory_iterator(m_folder.path());
        for (const auto& entry : left)
            QVERIFY(entry.path().filename().string().find(".part") == std::string::npos);
    }

    void infoSaysWhetherItRuns()
    {
        QCOMPARE(wbRun({"--json", "info", path()}).json["runnable"].get<bool>(), true);
        ModelCase other = modelCase("llama");
        Json config = *other.config;
        config["model_type"] = "mamba";
        other.config = std::make_shared<const Json>(config);
        write(m_folder / "other", other);
        const Answer answer = wbRun({"--json", "info", QString::fromStdString((m_folder / "other").string())});
        QCOMPARE(answer.json["runnable"].get<bool>(), false);
        QVERIFY(answer.json["not_runnable_because"].get<std::string>().find("model_type = mamba") != std::string::npos);
    }

private:
    [[nodiscard]] QString path() const { return QString::fromStdString((m_folder / "model").string()); }
    TempFolder m_folder;
};

QTEST_APPLESS_MAIN(TestModelCli)
#include "tst_modelcli.moc"
