#include "tests/support/modelcases.h"

#include "core/checkpoint/open.h"
#include "tests/support/memorysource.h"
#include "tests/support/support.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace wb::test {
namespace {

std::vector<float> floats(const TensorSource& source, const std::string& name)
{
    const std::vector<std::byte> bytes = bytesOf(source, source.find(name).value());
    std::vector<float> out(bytes.size() / sizeof(float));
    std::memcpy(out.data(), bytes.data(), bytes.size());
    return out;
}

std::vector<ModelCase> readCases(const std::string& stem)
{
    const std::string data = WB_TEST_DATA + ("/" + stem);
    const CheckpointPtr weights = *openCheckpoint(data + ".safetensors");
    const CheckpointPtr logits = *openCheckpoint(data + "-logits.safetensors");
    const Json list = *parseJson(readFile(data + ".json"), stem, false);
    std::vector<ModelCase> cases;
    for (const Json& entry : list) {
        ModelCase one;
        one.name = entry["name"].get<std::string>();
        one.config = std::make_shared<const Json>(entry["config"]);
        one.shortIds = entry["short"].get<std::vector<std::uint32_t>>();
        one.longIds = entry["long"].get<std::vector<std::uint32_t>>();
        one.greedy = entry["greedy"].get<std::vector<std::uint32_t>>();
        one.shortLogits = floats(*logits, one.name + "/short");
        one.longLogits = floats(*logits, one.name + "/long");
        const std::string prefix = one.name + "/";
        for (std::size_t i = 0; i < weights->tensors().size(); ++i) {
            const TensorInfo& info = weights->tensors()[i];
            if (!info.name.starts_with(prefix))
                continue;
            const std::vector<std::byte> bytes = bytesOf(*weights, i);
            one.tensors.push_back({info.name.substr(prefix.size()), info.storedType, info.shape,
                                   {reinterpret_cast<const char*>(bytes.data()), bytes.size()}});
        }
        cases.push_back(std::move(one));
    }
    return cases;
}

} // namespace

std::shared_ptr<MemorySource> ModelCase::source() const
{
    auto out = std::make_shared<MemorySource>(tensors);
    out->setConfig(*config);
    return out;
}

const std::vector<ModelCase>& modelCases()
{
    static const std::vector<ModelCase> cases = readCases("models");
    return cases;
}

const std::vector<ModelCase>& float8Cases()
{
    static const std::vector<ModelCase> cases = readCases("float8");
    return cases;
}

const ModelCase& float8Case(const std::string& name) { return *std::ranges::find(float8Cases(), name, &ModelCase::name); }

const ModelCase& modelCase(const std::string& name)
{
    return *std::ranges::find(modelCases(), name, &ModelCase::name);
}

double relativeError(const std::vector<float>& got, const std::vector<float>& want)
{
    if (got.size() != want.size() || want.empty())
        return std::numeric_limits<double>::infinity();
    const auto [least, most] = std::ranges::minmax(want);
    double worst = 0;
    for (std::size_t i = 0; i < got.size(); ++i) {
        const double difference = std::abs(static_cast<double>(got[i]) - static_cast<double>(want[i]));
        worst = std::isfinite(difference) ? std::max(worst, difference) : std::numeric_limits<double>::infinity();
    }
    return worst / (static_cast<double>(most) - static_cast<double>(least));
}

} // namespace wb::test
