#include "core/recipe/expert.h"
#include "core/recipe/patchedsource.h"
#include "core/checkpoint/torchfile.h"
#include "core/tensor/decode.h"
#include "tests/support/memorysource.h"
#include "tests/support/support.h"

#include <QtTest>

#include <algorithm>
#include <cmath>

using namespace wb;
using namespace wb::test;

namespace {

const std::filesystem::path torchData = std::filesystem::path(WB_TEST_DATA) / "torch";

// Two layers whose MLP matrices have 3, 3 and 4 singular values, in a file order that is not the state dict's.
std::shared_ptr<const MemorySource> model(float factor = 1)
{
    std::vector<BuiltTensor> tensors;
    for (int layer = 1; layer >= 0; --layer) {
        const std::string prefix = "model.layers." + std::to_string(layer) + ".mlp.";
        const auto matrix = [&](const char* name, std::uint64_t rows, std::uint64_t cols) {
            std::vector<float> values;
            for (std::uint64_t i = 0; i < rows * cols; ++i)
                values.push_back(factor * static_cast<float>(std::sin(static_cast<double>(i * i + 3 * i + static_cast<std::uint64_t>(layer)))));
            tensors.push_back({prefix + name + ".weight", "F32", {rows, cols}, f32Bytes(values)});
        };
        matrix("down_proj", 4, 5);
        matrix("up_proj", 5, 3);
        matrix("gate_proj", 5, 3);
    }
    tensors.push_back({"model.norm.weight", "F32", {3}, f32Bytes({1, 1, 1})});
    return std::make_shared<const MemorySource>(std::move(tensors));
}

Expert someExpert(const TensorSource& source)
{
    Expert expert{"e", "model", layoutFingerprint(source), "a test"};
    double gain = 0.5;
    for (const std::size_t tensor : mlpMatrices(source)) {
        const TensorInfo& info = source.tensors()[tensor];
        auto& list = expert.vectors[info.name];
        for (std::uint64_t i = 0; i < std::min(info.shape[0], info.shape[1]); ++i)
            list.push_back(gain += 0.0625);
    }
    return expert;
}

std::string said(const Result<void>& result) { return result ? "" : sentence(result.error()); }

} // namespace

class TestExpert : public QObject {
    Q_OBJECT
private slots:
    void comesBackAsItWas()
    {
        TempFolder folder;
        Expert expert = someExpert(*model());
        for (const bool sigmoidal : {false, true}) {
            expert.parameterisation = sigmoidal ? Expert::Parameterisation::PreSigmoid : Expert::Parameterisation::Multiplier;
            expert.maxMultiplier = sigmoidal ? 2 : 1;
            expert.keepsNuclearNorm = !sigmoidal;
            QVERIFY(saveExpert(expert, folder / "e.safetensors"));
            const auto again = loadExpert(folder / "e.safetensors");
            QVERIFY2(again, again ? "" : sentence(again.error()).c_str());
            QVERIFY(*again == expert);
        }
    }

    void refusesFilesThatAreNone()
    {
        TempFolder folder;
        using Metadata = std::map<std::string, std::string>;
        const auto problem = [&](const std::vector<BuiltTensor>& tensors, const Metadata& metadata) {
            writeFile(folder / "e.safetensors", safetensorsBytes(tensors, metadata));
            const auto loaded = loadExpert(folder / "e.safetensors");
            return loaded ? std::string() : sentence(loaded.error());
        };
        const std::vector<BuiltTensor> vector = {{"a", "F64", {1}, std::string(8, '\0')}};
        Metadata metadata;
        QVERIFY(problem(vector, metadata).find("does not say that it is a weightbench.expert/1") != std::string::npos);
        metadata["format"] = "weightbench.expert/1";
        QVERIFY(problem(vector, metadata).find("its parameterisation is ") != std::string::npos);
        metadata["parameterisation"] = "multiplier";
        QVERIFY(problem(vector, metadata).find("its normalisation is ") != std::string::npos);
        metadata["normalisation"] = "none";
        QCOMPARE(problem(vector, metadata), "");
        QVERIFY(problem({{"a", "F32", {1, 2}, f32Bytes({1, 2})}}, metadata).find("no vector of gains") != std::string::npos);
        QVERIFY(problem({{"a", "F32", {1}, f32Bytes({NAN})}}, metadata).find("not finite") != std::string::npos);
        metadata["max_multiplier"] = "-1";
        QVERIFY(problem(vector, metadata).find("not a number above 0") != std::string::npos);
    }

    void fitsOnlyItsModel()
    {
        const auto source = model();
        Expert expert = someExpert(*source);
        QCOMPARE(said(checkFits(expert, *source, false)), "");
        expert.modelFingerprint = "0123456789abcdef";
        QVERIFY(said(checkFits(expert, *source, false)).find("a transfer must be asked for") != std::string::npos);
        QCOMPARE(said(checkFits(expert, *source, true)), "");
        expert.vectors.begin()->second.push_back(1);
        QVERIFY(said(checkFits(expert, *source, true)).find("singular values and the expert has 5 gains") != std::string::npos);
        expert.vectors = {{"nowhere", {1}}};
        QVERIFY(said(checkFits(expert, *source, true)).find("there is no tensor nowhere") != std::string::npos);
    }

    void importsByOrder()
    {
        const auto source = model();
        const auto mapping = importTorchExpert(torchData / "experts.zip.pt", *source, "model");
        QVERIFY2(mapping, mapping ? "" : sentence(mapping.error()).c_str());
        QVERIFY(mapping->byOrder);
        const char* order[] = {"0.mlp.gate", "0.mlp.up", "0.mlp.down", "1.mlp.gate", "1.mlp.up", "1.mlp.down"};
        for (std::size_t i = 0; i < 6; ++i) {
            QCOMPARE(mapping->rows[i].key, "learnable_params_module_list." + std::to_string(i));
            QCOMPARE(mapping->rows[i].tensor, std::string("model.layers.") + order[i] + "_proj.weight");
        }
        // Out again and in again: the same vectors.
        TempFolder folder;
        const auto bytes = torchExpertOf(mapping->expert, *source);
        QVERIFY(bytes);
        writeFile(folder / "back.pt", *bytes);
        QVERIFY(importTorchExpert(folder / "back.pt", *source, "model")->expert.vectors == mapping->expert.vectors);
        // The multiplier is the sigmoid.
        const auto gains = mapping->expert.multipliers();
        const double p = mapping->expert.vectors.at(mapping->rows[0].tensor)[0];
        QVERIFY(std::abs((*gains.find(mapping->rows[0].tensor))[0] - 1 / (1 + std::exp(-p))) < 1e-15);
    }

    void importsByName()
    {
        TempFolder folder;
        writeFile(folder / "named.pt", torchFileOf({{"model.layers.1.mlp.up_proj.weight", {0.1F, 0.2F, 0.3F}}}));
        const auto mapping = importTorchExpert(folder / "named.pt", *model(), "model");
        QVERIFY(mapping && !mapping->byOrder);
        QCOMPARE(mapping->rows[0].tensor, "model.layers.1.mlp.up_proj.weight");
        writeFile(folder / "few.pt", torchFileOf({{"list.0", {0.1F, 0.2F, 0.3F}}}));
        const auto few = importTorchExpert(folder / "few.pt", *model(), "model");
        QVERIFY(!few && sentence(few.error()).find("its 1 vectors have no names, and the model has 6") != std::string::npos);
    }

    // Gains without a sigmoid are scaled into reach where only their ratios count; the matrices stay the same.
    void exportsMultipliers()
    {
        const auto source = model();
        Expert expert = someExpert(*source);
        TempFolder folder;
        const auto bytes = torchExpertOf(expert, *source);
        QVERIFY(bytes);
        writeFile(folder / "a.pt", *bytes);
        const auto back = importTorchExpert(folder / "a.pt", *source, "model");
        const std::vector<Expert> before = {expert}, after = {back->expert};
        const std::vector<double> weight = {1};
        const auto a = *patch(source, Recipe().with(*mixOf(before, weight))), b = *patch(source, Recipe().with(*mixOf(after, weight)));
        for (const std::size_t tensor : mlpMatrices(*source)) {
            std::vector<double> x(source->tensors()[tensor].elements), y(x.size());
            QVERIFY(readValues(*a, tensor, 0, x) && readValues(*b, tensor, 0, y));
            for (std::size_t i = 0; i < x.size(); ++i)
                QVERIFY(std::abs(x[i] - y[i]) < 1e-6);
        }
        expert.keepsNuclearNorm = false;
        QVERIFY(!torchExpertOf(expert, *source));
    }

    void mixes()
    {
        const auto source = model();
        std::vector<Expert> experts = {someExpert(*source), someExpert(*source).shuffled(1)};
        const std::vector<double> weights = {0.25, 0.75};
        const auto edit = mixOf(experts, weights);
        QVERIFY(edit);
        const auto patched = patch(source, Recipe().with(*edit));
        QVERIFY2(patched, patched ? "" : sentence(patched.error()).c_str());
        QCOMPARE((*patched)->selectedBy(0).size(), 6U);
        experts[1].keepsNuclearNorm = false;
        QVERIFY(!mixOf(experts, weights));
        experts[1] = experts[0];
        experts[1].vectors.erase(experts[1].vectors.begin());
        QVERIFY(!mixOf(experts, weights));
        QVERIFY(!mixOf({}, {}));
    }

    void shufflesBySeedAlone()
    {
        const Expert expert = someExpert(*model()), a = expert.shuffled(7), b = expert.shuffled(7), c = expert.shuffled(8);
        QVERIFY(a == b && a.vectors != c.vectors && a.vectors != expert.vectors);
        for (const auto& [name, list] : a.vectors)
            QVERIFY(std::ranges::is_permutation(list, expert.vectors.at(name)));
    }
};

QTEST_APPLESS_MAIN(TestExpert)
#include "tst_expert.moc"
