// Statistics of activations against plain sums over the same values; massive ones and the weight behind them where they were
// planted; routing against the scores.
#include "core/analysis/activations.h"
#include "tests/support/memorysource.h"
#include "tests/support/modelcases.h"

#include <QtTest>

#include <cmath>
#include <cstring>
#include <map>

using namespace wb;
using namespace wb::test;

namespace {

ModelPtr load(const TensorSource& source)
{
    Progress progress;
    return Model::load(source, {"test", 0, nullptr, {}}, progress).value_or(nullptr);
}

std::vector<std::uint32_t> someTokens(std::size_t count)
{
    std::vector<std::uint32_t> tokens;
    for (std::size_t i = 0; i < count; ++i)
        tokens.push_back(static_cast<std::uint32_t>((i * i * 7 + i * 13 + i / 5) % 40));
    return tokens;
}

using Values = std::map<std::pair<std::size_t, Site>, std::vector<float>>;

Values allValues(const Model& model, std::span<const std::uint32_t> tokens, std::size_t window)
{
    Values out;
    for (std::size_t first = 0; first < tokens.size(); first += window) {
        KvCache cache(model.config());
        Workspace space;
        Progress progress;
        ForwardOptions options;
        options.observer = [&](std::size_t layer, Site site, std::span<float> values, std::size_t) {
            auto& to = out[{layer, site}];
            to.insert(to.end(), values.begin(), values.end());
        };
        (void)forwardInSteps(model, cache, tokens.subspan(first, std::min(window, tokens.size() - first)), options, space, progress, [](std::size_t, std::span<float>) {});
    }
    return out;
}

} // namespace

class TestActivations : public QObject {
    Q_OBJECT
private slots:
    void momentsEqualPlainSums()
    {
        const ModelPtr model = load(*modelCase("gemma2").source());
        const auto tokens = someTokens(45);
        ActivationOptions options;
        options.window = 16;
        Progress progress;
        const auto report = computeActivations(*model, tokens, options, progress);
        QVERIFY2(report, report ? "" : errorMessage(report.error()).c_str());
        const Values values = allValues(*model, tokens, 16);
        QCOMPARE(report->sites.size(), values.size());
        for (const SiteActivity& site : report->sites) {
            const std::vector<float>& all = values.at({site.layer, site.site});
            const auto n = static_cast<double>(all.size());
            double mean = 0, variance = 0, fourth = 0, energy = 0;
            for (const float value : all)
                mean += static_cast<double>(value) / n;
            for (const float value : all) {
                const double apart = static_cast<double>(value) - mean;
                variance += apart * apart / n;
                fourth += apart * apart * apart * apart / n;
                energy += static_cast<double>(value) * static_cast<double>(value) / n;
            }
            QVERIFY(std::abs(site.mean - mean) < 1e-12 + 1e-9 * std::abs(mean));
            QVERIFY(std::abs(site.std - std::sqrt(variance)) < 1e-9 * std::sqrt(variance));
            QVERIFY(std::abs(site.energy - energy) < 1e-9 * energy);
            QVERIFY(std::abs(site.kurtosis - fourth / (variance * variance)) < 1e-8 * site.kurtosis);
            const auto largest = std::ranges::max_element(all, {}, [](float value) { return std::abs(value); });
            QCOMPARE(site.largest, *largest);
            const auto at = static_cast<std::size_t>(largest - all.begin());
            QCOMPARE(site.largestToken, at / site.width);
            QCOMPARE(site.largestChannel, at % site.width);
            double channel = 0;
            for (std::size_t t = 0; t < tokens.size(); ++t)
                channel += std::pow(static_cast<double>(all[t * site.width + 2]), 2) / static_cast<double>(tokens.size());
            QVERIFY(std::abs(static_cast<double>(site.channelEnergy[2]) - channel) < 1e-6 * channel);
        }
    }

    // Against plain sums over tokens: mean of differences ± 1.96 s/√n; of runs of tokens where there are many.
    void changesHaveTheirInterval()
    {
        const ModelPtr a = load(*modelCase("llama").source());
        ModelCase other = modelCase("llama");
        for (BuiltTensor& tensor : other.tensors)
            if (tensor.name == "model.layers.0.mlp.up_proj.weight")
                for (std::size_t i = 0; i < tensor.data.size(); i += 2)
                    tensor.data[i] = static_cast<char>(tensor.data[i] ^ 0x3F);
        const ModelPtr b = load(*other.source());
        Progress progress;
        for (const std::size_t count : {std::size_t{21}, std::size_t{1100}}) {
            const auto tokens = someTokens(count);
            ActivationOptions options;
            options.window = 16;
            const auto left = computeActivations(*a, tokens, options, progress), right = computeActivations(*b, tokens, options, progress);
            QCOMPARE(left->runLength, count == 21 ? std::size_t{1} : std::size_t{3}); // 1100 / 512
            const Values before = allValues(*a, tokens, 16), after = allValues(*b, tokens, 16);
            const auto changes = activationChange(*left, *right);
            QCOMPARE(changes.size(), left->sites.size());
            for (const ActivityChange& change : changes) {
                const std::vector<float>&x = before.at({change.layer, change.site}), &y = after.at({change.layer, change.site});
                const std::size_t width = x.size() / count, runs = (count + left->runLength - 1) / left->runLength;
                const auto energy = [&](const std::vector<float>& values, std::size_t begin, std::size_t end) { // sum of the tokens' mean squares
                    double sum = 0;
                    for (std::size_t i = begin * width; i < end * width; ++i)
                        sum += static_cast<double>(values[i]) * static_cast<double>(values[i]) / static_cast<double>(width);
                    return sum;
                };
                const auto n = static_cast<double>(count);
                const double ex = energy(x, 0, count) / n, ey = energy(y, 0, count) / n;
                double squares = 0, squaresRms = 0;
                for (std::size_t run = 0; run < runs; ++run) {
                    const std::size_t begin = run * left->runLength, end = std::min(count, begin + left->runLength);
                    const double dx = energy(x, begin, end) - static_cast<double>(end - begin) * ex, dy = energy(y, begin, end) - static_cast<double>(end - begin) * ey;
                    squares += (dy - dx) * (dy - dx);
                    const double r = dy / (2 * std::sqrt(ey)) - dx / (2 * std::sqrt(ex));
                    squaresRms += r * r;
                }
                const double correction = static_cast<double>(runs) / static_cast<double>(runs - 1);
                const double half = 1.959963984540054 * std::sqrt(correction * squares) / n, halfRms = 1.959963984540054 * std::sqrt(correction * squaresRms) / n;
                QVERIFY(std::abs(change.energy.delta - (ey - ex)) <= 1e-9 * ex);
                QVERIFY(std::abs((change.energy.high - change.energy.low) / 2 - half) <= 1e-9 * ex);
                QVERIFY(std::abs(change.rms.delta - (std::sqrt(ey) - std::sqrt(ex))) <= 1e-9 * std::sqrt(ex));
                QVERIFY(std::abs((change.rms.high - change.rms.low) / 2 - halfRms) <= 1e-9 * std::sqrt(ex));
                if (change.site == Site::Embedding) // the same on both sides
                    QVERIFY(change.rms.delta == 0 && change.rms.low == 0 && change.mean.high == 0);
            }
        }
        const auto few = computeActivations(*a, someTokens(5), {}, progress), more = computeActivations(*a, someTokens(6), {}, progress);
        QVERIFY(activationChange(*few, *more).empty());
        const auto one = computeActivations(*a, someTokens(1), {}, progress);
        QVERIFY(std::isnan(activationChange(*one, *one).front().rms.low));
    }

    // One weight of a down matrix made huge: found, with the channel it writes and its share of the value.
    void thePlantedWeightIsFound()
    {
        ModelCase planted = modelCase("llama");
        const ModelPtr before = load(*planted.source());
        const auto tokens = someTokens(30);
        Progress progress;
        const auto plain = computeActivations(*before, tokens, {}, progress);
        QVERIFY(plain->massive.empty());
        QVERIFY(plain->routing.empty());
        const auto down = std::ranges::find(planted.tensors, "model.layers.1.mlp.down_proj.weight", &BuiltTensor::name);
        QVERIFY(down != planted.tensors.end() && down->dtype == "BF16");
        const std::uint16_t huge = 0x4980; // 2^20
        std::memcpy(down->data.data() + (3 * down->shape[1] + 5) * sizeof huge, &huge, sizeof huge);
        const auto report = computeActivations(*load(*planted.source()), tokens, {}, progress);
        QVERIFY(report);
        const FeedForwardPeak& peak = report->peaks[1];
        QCOMPARE(peak.row, std::size_t{3});
        QCOMPARE(peak.col, std::size_t{5});
        QCOMPARE(peak.weight, 1048576.0F);
        QVERIFY(peak.share > 0.99 && peak.share < 1.01);
        QVERIFY(report->massiveCount[1] == 0 && report->massiveCount[2] > 0);
        const MassiveActivation& first = report->massive.front();
        QCOMPARE(first.layer, std::size_t{2});
        QCOMPARE(first.channel, std::size_t{3});
        QCOMPARE(first.token, peak.token);
        QVERIFY(first.overMedian >= 1000);
        QVERIFY(std::ranges::count(report->massive, std::size_t{2}, &MassiveActivation::layer) <= std::ptrdiff_t{massiveKept});
    }

    void valuesThatAreNotFiniteAreNamedByTheirSite()
    {
        ModelCase broken = modelCase("llama");
        const auto down = std::ranges::find(broken.tensors, "model.layers.1.mlp.down_proj.weight", &BuiltTensor::name);
        const std::uint16_t nan = 0x7FC0;
        std::memcpy(down->data.data(), &nan, sizeof nan);
        Progress progress;
        const auto report = computeActivations(*load(*broken.source()), someTokens(30), {}, progress);
        QVERIFY(!report);
        const std::string text = sentence(report.error());
        QVERIFY2(text.find("after token 30 (feed_forward_out of layer 1) are NaN") != std::string::npos, text.c_str());
    }

    // The share is of what the matrix makes, though a norm behind it makes the value another.
    void sharesBehindANorm()
    {
        for (const char* name : {"olmo2", "gemma2", "gemma3", "llama", "gpt2"}) {
            const ModelPtr model = load(*modelCase(name).source());
            const auto tokens = someTokens(30);
            Progress progress;
            const auto report = computeActivations(*model, tokens, {}, progress);
            QVERIFY(report);
            const Values values = allValues(*model, tokens, 512);
            QCOMPARE(report->peaks.size(), model->config().layers.size());
            for (const FeedForwardPeak& peak : report->peaks) {
                const Linear& down = model->weights().layers[peak.layer].down;
                const std::vector<float>& inside = values.at({peak.layer, Site::FeedForwardMix});
                const std::size_t inner = inside.size() / tokens.size();
                std::vector<float> row(down.cols);
                down.row(peak.row, row.data());
                double made = down.bias.empty() ? 0 : static_cast<double>(down.bias[peak.row]);
                for (std::size_t c = 0; c < inner; ++c)
                    made += static_cast<double>(row[c]) * static_cast<double>(inside[peak.token * inner + c]);
                const double want = static_cast<double>(peak.weight) * static_cast<double>(peak.input) / made;
                QVERIFY2(std::abs(peak.share - want) < 1e-4 * std::max(1.0, std::abs(want)), qPrintable(QString("%1 layer %2: %3 instead of %4").arg(name).arg(peak.layer).arg(peak.share).arg(want)));
            }
        }
    }

    void routingCountsTheChosen()
    {
        const ModelPtr model = load(*modelCase("mixtral").source());
        const auto tokens = someTokens(40);
        Progress progress;
        const auto report = computeActivations(*model, tokens, {}, progress);
        QVERIFY(report);
        QCOMPARE(report->routing.size(), model->config().layers.size());
        const Values values = allValues(*model, tokens, 512);
        for (const Routing& routing : report->routing) {
            const std::vector<float>& scores = values.at({routing.layer, Site::Router});
            double all = 0;
            for (std::size_t e = 0; e < routing.experts; ++e) {
                std::size_t chosen = 0;
                for (std::size_t t = 0; t < tokens.size(); ++t) {
                    std::size_t better = 0;
                    for (std::size_t o = 0; o < routing.experts; ++o)
                        better += scores[t * routing.experts + o] > scores[t * routing.experts + e] ? 1U : 0U;
                    chosen += better < routing.chosen ? 1U : 0U;
                }
                QVERIFY(std::abs(routing.frequency[e] - static_cast<double>(chosen) / 40) < 1e-12);
                all += routing.frequency[e];
            }
            QVERIFY(std::abs(all - static_cast<double>(routing.chosen)) < 1e-12);
            QVERIFY(routing.balance > 0 && routing.balance <= 1 + 1e-12);
        }
        QVERIFY(report->peaks.empty());
    }
};

QTEST_APPLESS_MAIN(TestActivations)
#include "tst_activations.moc"
