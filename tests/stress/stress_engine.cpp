// Runs of one model on several threads while others load patched models that share its parts: every run gives the bits that
// a single one gives. A plain program, so that the thread sanitizer sees nothing but our code.
#include "core/checkpoint/open.h"
#include "core/model/forward.h"
#include "core/recipe/patchedsource.h"
#include "core/recipe/recipejson.h"

#include <nlohmann/json.hpp>

#include <atomic>
#include <cstdio>
#include <thread>
#include <vector>

using namespace wb;

namespace {

constexpr int threads = 4, rounds = 12;

// Hidden states of a prompt and of some tokens behind it, one by one.
std::vector<float> answers(const Model& model, Precision precision)
{
    KvCache cache(model.config());
    Workspace space;
    std::vector<std::uint32_t> prompt;
    for (std::uint32_t i = 0; i < 40; ++i)
        prompt.push_back((i * 7 + 3) % static_cast<std::uint32_t>(model.config().vocabulary));
    std::vector<float> out;
    const auto run = [&](std::span<const std::uint32_t> tokens) {
        Sequence sequence{&cache, tokens};
        const auto hidden = forward(model, {&sequence, 1}, {precision}, space);
        if (hidden)
            out.insert(out.end(), hidden->begin(), hidden->end());
        return hidden.has_value();
    };
    bool fine = run(prompt);
    for (int i = 0; i < 5; ++i)
        fine = run(std::span(prompt).subspan(static_cast<std::size_t>(i), 1)) && fine;
    return fine ? out : std::vector<float>();
}

ModelPtr load(const TensorSource& source, ModelPtr share)
{
    Progress progress;
    return Model::load(source, {"stress", 0, std::move(share), {}}, progress).value_or(nullptr);
}

} // namespace

int main()
{
    const auto checkpoint = openCheckpoint(WB_TEST_DATA "/model-q8_0.gguf");
    const auto recipe = recipeFromJson(
        {{"format", "weightbench.recipe/1"}, {"edits", {{{"op", "scale"}, {"select", "role=down_proj"}, {"factor", 0.5}}}}}, "stress");
    if (!checkpoint || !recipe)
        return 2;
    const auto patched = patch(*checkpoint, *recipe);
    const ModelPtr original = load(**checkpoint, nullptr);
    if (!patched || !original)
        return 2;
    const ModelPtr edited = load(**patched, original);
    if (!edited)
        return 2;
    const std::vector<float> want[2] = {answers(*original, Precision::F32), answers(*edited, Precision::Stored)};
    std::atomic<int> wrong{want[0].empty() || want[1].empty() ? 1 : 0};
    std::vector<std::thread> runners;
    for (int t = 0; t < threads; ++t)
        runners.emplace_back([&, t] {
            for (int round = 0; round < rounds; ++round) {
                const ModelPtr again = t == 0 ? load(**patched, original) : edited;
                const bool same = again && answers(*original, Precision::F32) == want[0] && answers(*again, Precision::Stored) == want[1];
                wrong += same ? 0 : 1;
            }
        });
    for (std::thread& runner : runners)
        runner.join();
    if (wrong != 0)
        std::fprintf(stderr, "%d answers differ\n", wrong.load());
    return wrong == 0 ? 0 : 1;
}
