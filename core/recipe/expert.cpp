#include "core/recipe/expert.h"

#include "core/base/random.h"
#include "core/checkpoint/arrayfile.h"
#include "core/checkpoint/open.h"
#include "core/checkpoint/torchfile.h"
#include "core/model/roles.h"
#include "core/tensor/decode.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numeric>

namespace wb {
namespace {

constexpr const char* format = "weightbench.expert/1";

tl::unexpected<Error> invalid(const std::string& where, const Sentence& what) { return fail(ErrorCode::HeaderInvalid, where, what); }

std::string inMetadata(const std::map<std::string, std::string>& metadata, const char* key)
{
    const auto found = metadata.find(key);
    return found == metadata.end() ? "" : found->second;
}

std::uint64_t componentsOf(const TensorInfo& info)
{
    return info.shape.size() == 2 ? std::min(info.shape[0], info.shape[1]) : 0;
}

// The number at the end of a key: 17 of "learnable_params_module_list.17".
std::optional<std::size_t> orderOf(const std::string& key)
{
    const std::size_t dot = key.rfind('.');
    const std::string_view digits = std::string_view(key).substr(dot == std::string::npos ? 0 : dot + 1);
    std::size_t value = 0;
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return problem == std::errc() && end == digits.data() + digits.size() && !digits.empty() ? std::optional(value) : std::nullopt;
}

double sigmoid(double p) { return 1 / (1 + std::exp(-p)); }

} // namespace

GainTable Expert::multipliers() const
{
    auto gains = vectors;
    if (parameterisation == Parameterisation::PreSigmoid)
        for (auto& [tensor, list] : gains)
            for (double& value : list)
                value = maxMultiplier * sigmoid(value);
    return GainTable(std::move(gains));
}

// Fisher-Yates, each matrix with a stream of its own.
Expert Expert::shuffled(std::uint64_t seed) const
{
    Expert out = *this;
    out.name = fmt::format("{} (shuffled, seed {})", name, seed);
    std::uint64_t stream = 0;
    for (auto& [tensor, list] : out.vectors) {
        for (std::size_t i = list.size(); i > 1; --i)
            std::swap(list[i - 1], list[static_cast<std::size_t>(uniform(seed, stream, i) * static_cast<double>(i))]);
        ++stream;
    }
    return out;
}

Result<Expert> loadExpert(const std::filesystem::path& path)
{
    auto file = openCheckpoint(path);
    if (!file)
        return failure(file);
    const std::string where = path.string();
    const auto& metadata = (*file)->files().front().metadata;
    if (inMetadata(metadata, "format") != format)
        return invalid(where, said(CORE_TEXT("reasons", "its metadata does not say that it is a %1"), format));
    Expert expert{inMetadata(metadata, "name"), inMetadata(metadata, "model"), inMetadata(metadata, "model_fingerprint"), inMetadata(metadata, "origin")};
    const std::string form = inMetadata(metadata, "parameterisation"), norm = inMetadata(metadata, "normalisation"), most = inMetadata(metadata, "max_multiplier");
    expert.parameterisation = form == "pre_sigmoid" ? Expert::Parameterisation::PreSigmoid : Expert::Parameterisation::Multiplier;
    expert.keepsNuclearNorm = norm == "nuclear_norm";
    if (form != "pre_sigmoid" && form != "multiplier")
        return invalid(where, said(CORE_TEXT("reasons", "its parameterisation is %1; there are multiplier and pre_sigmoid"), form));
    if (norm != "nuclear_norm" && norm != "none")
        return invalid(where, said(CORE_TEXT("reasons", "its normalisation is %1; there are nuclear_norm and none"), norm));
    if (!most.empty()) {
        const auto [end, problem] = std::from_chars(most.data(), most.data() + most.size(), expert.maxMultiplier);
        if (problem != std::errc() || end != most.data() + most.size() || !(expert.maxMultiplier > 0) || !std::isfinite(expert.maxMultiplier))
            return invalid(where, said(CORE_TEXT("reasons", "max_multiplier is %1, not a number above 0"), most));
    }
    for (std::size_t i = 0; i < (*file)->tensors().size(); ++i) {
        const TensorInfo& info = (*file)->tensors()[i];
        if (info.shape.size() != 1 || info.elements == 0 || info.elements > (1U << 20) || !isFloat(info.dtype))
            return invalid(where, said(CORE_TEXT("reasons", "%1 is no vector of gains: %2 %3"), info.name, info.storedType, shapeText(info.shape)));
        std::vector<double> values(info.elements);
        if (auto done = readValues(**file, i, 0, values); !done)
            return failure(done);
        if (!std::ranges::all_of(values, [](double value) { return std::isfinite(value); }))
            return invalid(where, said(CORE_TEXT("reasons", "%1 holds values that are not finite"), info.name));
        expert.vectors[info.name] = std::move(values);
    }
    if (expert.vectors.empty())
        return invalid(where, said(CORE_TEXT("reasons", "it holds no vectors")));
    if (expert.name.empty())
        expert.name = path.stem().string();
    return expert;
}

Result<void> saveExpert(const Expert& expert, const std::filesystem::path& path)
{
    std::vector<ArrayFile::Array> arrays;
    for (const auto& [name, list] : expert.vectors)
        arrays.push_back({name, {list.size()}, DType::F64});
    const bool sigmoidal = expert.parameterisation == Expert::Parameterisation::PreSigmoid;
    std::map<std::string, std::string> metadata = {{"format", format}, {"name", expert.name}, {"model", expert.model}, {"model_fingerprint", expert.modelFingerprint},
                                                   {"parameterisation", sigmoidal ? "pre_sigmoid" : "multiplier"},
                                                   {"normalisation", expert.keepsNuclearNorm ? "nuclear_norm" : "none"}};
    if (sigmoidal)
        metadata["max_multiplier"] = numberText(expert.maxMultiplier);
    if (!expert.origin.empty())
        metadata["origin"] = expert.origin;
    auto file = ArrayFile::create(path, std::move(arrays), metadata);
    if (!file)
        return failure(file);
    std::size_t array = 0;
    for (const auto& [name, list] : expert.vectors)
        if (auto done = file->write(array++, 0, std::span<const double>(list)); !done)
            return done;
    return file->publish();
}

Result<void> checkFits(const Expert& expert, const TensorSource& model, bool transfer, const std::string& part)
{
    if (const std::string found = layoutFingerprint(model); !transfer && !expert.modelFingerprint.empty() && expert.modelFingerprint != found)
        return fail(ErrorCode::EditNotPossible, expert.name, said(CORE_TEXT("reasons", "svf")), said(CORE_TEXT("reasons", "this model")),
                    said(CORE_TEXT("reasons", "the expert was made for %1 with the layout %2 and the model has %3; a transfer must be asked for"), expert.model, expert.modelFingerprint.substr(0, 12), found.substr(0, 12)));
    std::optional<FusedParts> fused;
    if (!part.empty())
        fused.emplace(model, rolesOf(model.tensors()));
    for (const auto& [name, list] : expert.vectors) {
        const auto tensor = model.find(name);
        if (!tensor)
            return fail(ErrorCode::TensorNotFound, expert.name, name, std::to_string(model.tensors().size()));
        std::uint64_t components = componentsOf(model.tensors()[*tensor]);
        if (fused) {
            const FusedPart* own = partWithRole(fused->of(*tensor), part);
            if (own == nullptr)
                return fail(ErrorCode::EditNotPossible, expert.name, said(CORE_TEXT("reasons", "svf")), name, noPartSentence(fused->of(*tensor), part));
            const Matrix shape = MatrixPart(*own).shapeIn(model.tensors()[*tensor]);
            components = std::min(shape.rows, shape.cols);
        }
        if (components != list.size())
            return fail(ErrorCode::EditNotPossible, expert.name, said(CORE_TEXT("reasons", "svf")), name, said(CORE_TEXT("reasons", "it has %1 singular values and the expert has %2 gains"), components, list.size()));
    }
    return {};
}

// In the order in which modules are registered: gate, up, down.
std::vector<std::size_t> mlpMatrices(const TensorSource& model)
{
    static constexpr std::array<std::string_view, 7> order = {"gate_up_proj", "gate_proj", "up_proj", "fc1", "c_fc", "down_proj", "fc2"};
    std::vector<std::pair<std::pair<std::uint32_t, std::size_t>, std::size_t>> found;
    for (std::size_t i = 0; i < model.tensors().size(); ++i) {
        const TensorInfo& info = model.tensors()[i];
        const TensorRole role = roleOf(info.name);
        const auto place = std::ranges::find(order, role.role);
        if (place != order.end() && role.layer && !role.expert && !role.companion && info.shape.size() == 2)
            found.push_back({{*role.layer, static_cast<std::size_t>(place - order.begin())}, i});
    }
    std::ranges::sort(found);
    std::vector<std::size_t> out;
    for (const auto& row : found)
        out.push_back(row.second);
    return out;
}

Result<ExpertMapping> importTorchExpert(const std::filesystem::path& path, const TensorSource& model, const std::string& modelName)
{
    auto file = File::open(path);
    if (!file)
        return failure(file);
    auto content = readTorchFile(*file);
    if (!content)
        return failure(content);
    const std::string where = path.string();
    if (content->tensors.empty())
        return invalid(where, said(CORE_TEXT("reasons", "it holds no vectors")));
    const auto matrices = mlpMatrices(model);
    ExpertMapping out;
    out.expert = {path.stem().string(), modelName, layoutFingerprint(model), "imported from " + path.filename().string()};
    out.expert.parameterisation = Expert::Parameterisation::PreSigmoid;
    for (std::size_t i = 0; i < content->tensors.size(); ++i) {
        const TensorInfo& info = content->tensors[i].info;
        const auto order = orderOf(info.name);
        std::string tensor = info.name;
        if (order && !model.find(tensor)) {
            out.byOrder = true;
            if (*order >= matrices.size() || content->tensors.size() != matrices.size())
                return invalid(where, said(CORE_TEXT("reasons", "its %1 vectors have no names, and the model has %2 MLP matrices to give them in order"), content->tensors.size(), matrices.size()));
            tensor = model.tensors()[matrices[*order]].name;
        }
        auto values = readTorchValues(*file, *content, i);
        if (!values)
            return failure(values);
        if (!std::ranges::all_of(*values, [](double value) { return std::isfinite(value); }))
            return invalid(where, said(CORE_TEXT("reasons", "%1 holds values that are not finite"), info.name));
        out.rows.push_back({info.name, tensor, values->size()});
        if (!out.expert.vectors.emplace(tensor, std::move(*values)).second)
            return invalid(where, said(CORE_TEXT("reasons", "two of its vectors would go to %1"), tensor));
    }
    if (auto fits = checkFits(out.expert, model, true); !fits)
        return failure(fits);
    return out;
}

Result<std::string> torchExpertOf(const Expert& expert, const TensorSource& model)
{
    const auto refused = [&](const std::string& tensor, const Sentence& why) { return fail(ErrorCode::EditNotPossible, expert.name, said(CORE_TEXT("reasons", "export")), tensor, why); };
    const auto matrices = mlpMatrices(model);
    std::vector<std::pair<std::string, std::vector<float>>> vectors;
    const GainTable gains = expert.multipliers();
    double largest = 0;
    for (const auto& [name, list] : gains.all())
        largest = std::max(largest, *std::ranges::max_element(list));
    const double scale = expert.keepsNuclearNorm && largest >= 1 ? 0.75 / largest : 1;
    for (const std::size_t tensor : matrices) {
        const std::string& name = model.tensors()[tensor].name;
        const auto* own = gains.find(name);
        if (own == nullptr)
            return refused(name, said(CORE_TEXT("reasons", "the expert has no gains for it, and a file without names must have all MLP matrices")));
        std::vector<float> stored;
        for (std::size_t i = 0; i < own->size(); ++i) {
            const double gain = (*own)[i] * scale;
            if (!(gain > 0 && gain < 1))
                return refused(name, said(CORE_TEXT("reasons", "the gain %1 of component %2 is no sigmoid's"), numberText((*own)[i]), i));
            const bool asItIs = expert.parameterisation == Expert::Parameterisation::PreSigmoid && expert.maxMultiplier == 1 && scale == 1;
            stored.push_back(static_cast<float>(asItIs ? expert.vectors.at(name)[i] : std::log(gain / (1 - gain))));
        }
        vectors.emplace_back(fmt::format("learnable_params_module_list.{}", vectors.size()), std::move(stored));
    }
    if (vectors.size() != expert.vectors.size())
        return refused(expert.vectors.begin()->first, said(CORE_TEXT("reasons", "the expert has %1 vectors and the model has %2 MLP matrices"), expert.vectors.size(), vectors.size()));
    return torchFileOf(vectors);
}

Result<Edit> mixOf(std::span<const Expert> experts, std::span<const double> weights)
{
    MixedGains mix;
    std::string select, names;
    for (std::size_t i = 0; i < experts.size(); ++i) {
        const Expert& expert = experts[i];
        if (expert.keepsNuclearNorm != experts[0].keepsNuclearNorm)
            return fail(ErrorCode::BadArgument, expert.name, said(CORE_TEXT("reasons", "one of the experts keeps the sum of the singular values and another does not")));
        if (!std::ranges::equal(expert.vectors, experts[0].vectors, {}, [](const auto& row) { return row.first; }, [](const auto& row) { return row.first; }))
            return fail(ErrorCode::BadArgument, expert.name, said(CORE_TEXT("reasons", "it has gains for other matrices than %1"), experts[0].name));
        mix.parts.push_back({expert.name, weights[i], std::make_shared<const GainTable>(expert.multipliers())});
        names += (names.empty() ? "" : " + ") + expert.name;
    }
    if (mix.parts.empty())
        return fail(ErrorCode::BadArgument, said(CORE_TEXT("reasons", "experts")), said(CORE_TEXT("reasons", "there are none")));
    for (const auto& [name, list] : experts[0].vectors)
        select += (select.empty() ? "name=\"" : " | name=\"") + name + "\"";
    auto selector = Selector::parse(select);
    if (!selector)
        return failure(selector);
    Edit edit;
    edit.operation = Svf{std::move(mix), experts[0].keepsNuclearNorm};
    edit.select = std::move(*selector);
    edit.label = "SVF " + describe(edit.operation); // the selection names every matrix
    return edit;
}

} // namespace wb
