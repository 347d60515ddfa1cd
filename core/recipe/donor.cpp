#include "core/recipe/donor.h"

#include "core/base/because.h"
#include "core/base/hash.h"
#include "core/checkpoint/open.h"
#include "core/model/config.h"
#include "core/recipe/recipe.h"
#include "core/tensor/convertedsource.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <mutex>

namespace wb {
namespace {

struct Known {
    CheckpointPtr checkpoint;
    std::map<std::uint32_t, std::string> hashes; // by layer
};
// Never destroyed: open files are listed elsewhere, and that list may go first at the end of the process.
struct KnownDonors {
    std::mutex mutex;
    std::map<std::string, Known> byPath; // under the mutex
};
KnownDonors& known()
{
    static KnownDonors& donors = *new KnownDonors;
    return donors;
}

Result<CheckpointPtr> opened(const std::string& path)
{
    constexpr std::size_t most = 16;
    {
        const std::lock_guard lock(known().mutex);
        if (const auto found = known().byPath.find(path); found != known().byPath.end() && found->second.checkpoint->checkUnchanged())
            return found->second.checkpoint;
    }
    auto checkpoint = openCheckpoint(path);
    if (!checkpoint)
        return checkpoint;
    const std::lock_guard lock(known().mutex);
    if (known().byPath.size() >= most)
        known().byPath.clear();
    known().byPath[path] = {*checkpoint, {}};
    return checkpoint;
}

// Not under the lock while it reads.
Result<std::string> knownHash(const std::string& path, const CheckpointPtr& checkpoint, std::uint32_t layer, Progress& progress)
{
    const auto entry = [&]() -> Known* {
        const auto found = known().byPath.find(path);
        return found != known().byPath.end() && found->second.checkpoint == checkpoint ? &found->second : nullptr;
    };
    {
        const std::lock_guard lock(known().mutex);
        if (Known* mine = entry(); mine != nullptr && mine->hashes.contains(layer))
            return mine->hashes[layer];
    }
    auto hash = layerHash(*checkpoint, layer, progress);
    if (!hash)
        return hash;
    if (auto unchanged = checkpoint->checkUnchanged(); !unchanged)
        return failure(unchanged);
    const std::lock_guard lock(known().mutex);
    if (Known* mine = entry())
        mine->hashes[layer] = *hash;
    return hash;
}

std::vector<std::size_t> tensorsOfLayer(const TensorSource& source, std::uint32_t layer)
{
    const auto layers = layersOf(source);
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < layers.size(); ++i)
        if (layers[i] == layer)
            out.push_back(i);
    return out;
}

// What an edit cannot do, in the words of its refusals.
struct Refusal {
    const LayerEdit& edit;
    const Sentence& where;
    auto operator()(const Sentence& reason) const { return fail(ErrorCode::EditNotPossible, where, said(operationName(edit.kind)), describe(edit), reason); }
};

std::string shapeText(const TensorInfo& info) { return fmt::format("{}", fmt::join(info.shape, " × ")); }

bool canTake(DType dtype) { return dtype == DType::F64 || dtype == DType::F32 || dtype == DType::F16 || dtype == DType::BF16; }

const RopeConfig* ropeOf(const ModelConfig& config, const LayerConfig& layer)
{
    return layer.attention.rope < 0 ? nullptr : &config.ropes[static_cast<std::size_t>(layer.attention.rope)];
}

bool sameKind(const ModelConfig& a, const LayerConfig& left, const ModelConfig& b, const LayerConfig& right)
{
    const RopeConfig *one = ropeOf(a, left), *other = ropeOf(b, right);
    if (left.attention.window != right.attention.window || (one == nullptr) != (other == nullptr))
        return false;
    return one == nullptr || (one->dims == other->dims && one->neighbours == other->neighbours && one->attentionFactor == other->attentionFactor && one->kind == other->kind &&
                              one->inverse == other->inverse && one->longInverse == other->longInverse && one->base == other->base && one->factor == other->factor);
}

// In the terms of the field: "full attention, rope 1 … 1e-05".
Sentence kindText(const ModelConfig& config, const LayerConfig& layer)
{
    const RopeConfig* rope = ropeOf(config, layer);
    const Sentence window = layer.attention.window == 0 ? said(CORE_TEXT("reasons", "full attention")) : said(CORE_TEXT("reasons", "window %1"), layer.attention.window);
    if (rope == nullptr || rope->inverse.empty())
        return said("%1, %2", window, said(CORE_TEXT("reasons", "no rope")));
    return said("%1, rope %2 … %3", window, fmt::format("{:.4g}", rope->inverse.back()), fmt::format("{:.4g}", rope->inverse.front()));
}

// The first thing that both configs must agree in for the same bytes to mean the same; empty when they do.
Sentence disagreement(const ModelConfig& here, const LayerConfig& mine, const ModelConfig& there, const LayerConfig& theirs)
{
    if (here.family != there.family)
        return said(CORE_TEXT("reasons", "the model there is a %1 and this one a %2"), there.family, here.family);
    const auto &a = mine.attention, &b = theirs.attention;
    const auto &f = mine.feedForward, &g = theirs.feedForward;
    struct Number {
        const char* differs;
        double here, there;
    };
    for (const Number& one : {Number{CORE_TEXT("reasons", "layers there have %1 attention heads and here %2"), double(a.heads), double(b.heads)},
                              Number{CORE_TEXT("reasons", "layers there have %1 key and value heads and here %2"), double(a.kvHeads), double(b.kvHeads)},
                              Number{CORE_TEXT("reasons", "heads there have %1 elements and here %2"), double(a.headDim), double(b.headDim)},
                              Number{CORE_TEXT("reasons", "the factor of the scores is %1 there and %2 here"), double(a.scoreScale), double(b.scoreScale)},
                              Number{CORE_TEXT("reasons", "the cap of the scores is %1 there and %2 here"), double(a.scoreCap), double(b.scoreCap)},
                              Number{CORE_TEXT("reasons", "layers there have %1 experts and here %2"), double(f.experts), double(g.experts)},
                              Number{CORE_TEXT("reasons", "a token chooses %1 experts there and %2 here"), double(f.chosen), double(g.chosen)},
                              Number{CORE_TEXT("reasons", "the epsilon of the norms is %1 there and %2 here"), double(here.epsilon), double(there.epsilon)}})
        if (one.here != one.there)
            return said(one.differs, fmt::format("{:.6g}", one.there), fmt::format("{:.6g}", one.here));
    if (f.activation != g.activation || f.kind != g.kind || f.shareOfChosen != g.shareOfChosen || a.normsAllHeads != b.normsAllHeads || mine.parallel != theirs.parallel)
        return said(CORE_TEXT("reasons", "the configs differ in how the layer computes (activation, gate or order of its parts)"));
    return {};
}

} // namespace

std::string withoutNumber(const std::string& name, std::uint32_t layer)
{
    const std::string part = "." + std::to_string(layer) + ".";
    const std::size_t at = ("." + name).find(part);
    return at == std::string::npos ? name : name.substr(0, at) + "#" + name.substr(at + part.size() - 2);
}

Result<std::string> layerHash(const TensorSource& source, std::uint32_t layer, Progress& progress)
{
    constexpr std::uint64_t pieceBytes = std::uint64_t{4} << 20;
    std::map<std::string, std::size_t> tensors;
    std::uint64_t bytes = 0;
    for (const std::size_t tensor : tensorsOfLayer(source, layer)) {
        tensors.emplace(withoutNumber(source.tensors()[tensor].name, layer), tensor);
        bytes += source.tensors()[tensor].bytes;
    }
    if (tensors.empty()) {
        const std::uint32_t layers = layerCount(source);
        return fail(ErrorCode::EditNotPossible, "", said(operationName(LayerEdit::Kind::Transplant)), said(CORE_TEXT("reasons", "layer %1"), layer),
                    layers == 0 ? said(CORE_TEXT("reasons", "the checkpoint has no layers")) : said(CORE_TEXT("reasons", "the checkpoint has layers 0 to %1"), layers - 1));
    }
    progress.begin(ProgressStage::Reading, ProgressUnit::Bytes, bytes);
    Sha256 hash;
    std::vector<std::byte> piece;
    for (const auto& [name, tensor] : tensors) {
        const TensorInfo& info = source.tensors()[tensor];
        hash.update(fmt::format("{}\n{}\n{}\n", name, info.storedType, shapeText(info)));
        const std::uint64_t unit = unitBytes(info.dtype), units = info.bytes / unit, step = std::max<std::uint64_t>(1, pieceBytes / unit);
        for (std::uint64_t at = 0; at < units; at += step) {
            const UnitRange range{at, std::min(step, units - at)};
            piece.resize(range.count * unit);
            if (auto done = source.read(tensor, range, piece); !done)
                return failure(done);
            hash.update(piece);
            if (!progress.advance(piece.size()))
                return cancelledError();
        }
    }
    return hash.finish();
}

Result<LayerDonor> donorOf(const std::filesystem::path& checkpoint, std::uint32_t layer, Progress& progress)
{
    std::error_code ignored;
    std::filesystem::path path = std::filesystem::absolute(checkpoint, ignored).lexically_normal();
    if (!path.has_filename()) // "folder/"
        path = path.parent_path();
    auto source = opened(path.string());
    if (!source)
        return failure(source);
    auto hash = knownHash(path.string(), *source, layer, progress);
    if (hash)
        return LayerDonor{path.string(), std::move(*hash)};
    Error error = hash.error();
    if (error.where.empty())
        error.where = path.string();
    return tl::unexpected(error);
}

Result<CheckpointPtr> openDonor(const LayerEdit& edit, const Sentence& where, Progress& progress)
{
    const Refusal refuse{edit, where};
    const std::string& path = edit.donor->path;
    auto checkpoint = opened(path);
    if (!checkpoint)
        return refuse(said(CORE_TEXT("reasons", "the checkpoint %1 cannot be opened: %2"), path, because(checkpoint.error())));
    const std::uint32_t layers = layerCount(**checkpoint);
    if (edit.first >= layers)
        return refuse(said(CORE_TEXT("reasons", "%1 has %2 layers, counted from 0"), path, layers));
    auto hash = knownHash(path, *checkpoint, edit.first, progress);
    if (!hash && hash.error().code == ErrorCode::Cancelled)
        return failure(hash);
    if (!hash)
        return refuse(said(CORE_TEXT("reasons", "layer %1 of %2 cannot be read: %3"), edit.first, path, because(hash.error())));
    if (*hash != edit.donor->sha256)
        return refuse(said(CORE_TEXT("reasons", "layer %1 of %2 is another one now: its SHA-256 is %3 and was %4 when the edit was made"), edit.first, path, hash->substr(0, 12), edit.donor->sha256.substr(0, 12)));
    return checkpoint;
}

Result<void> openDonors(const Recipe& recipe, Progress& progress)
{
    for (std::size_t i = 0; i < recipe.size(); ++i) {
        const auto* edit = std::get_if<LayerEdit>(&recipe.at(i).operation);
        if (edit == nullptr || !edit->donor || !recipe.at(i).enabled)
            continue;
        if (auto checkpoint = openDonor(*edit, said(CORE_TEXT("reasons", "edit %1"), i + 1), progress); !checkpoint)
            return failure(checkpoint);
    }
    return {};
}

Result<std::vector<DonatedTensor>> donated(const CheckpointPtr& donor, const LayerEdit& edit, const Sentence& where, const TensorSource& base, std::span<const std::size_t> place)
{
    const Refusal refuse{edit, where};
    std::map<std::string, std::size_t> theirs;
    for (const std::size_t tensor : tensorsOfLayer(*donor, edit.first))
        theirs.emplace(withoutNumber(donor->tensors()[tensor].name, edit.first), tensor);
    std::map<DType, SourcePtr> conversions;
    std::vector<DonatedTensor> out;
    for (const std::size_t tensor : place) {
        const TensorInfo& info = base.tensors()[tensor];
        const auto found = theirs.find(withoutNumber(info.name, edit.last));
        if (found == theirs.end())
            return refuse(said(CORE_TEXT("reasons", "layer %1 there has no tensor like %2"), edit.first, info.name));
        const TensorInfo& other = donor->tensors()[found->second];
        if (other.shape != info.shape)
            return refuse(said(CORE_TEXT("reasons", "%1 is %2 there and %3 here"), other.name, shapeText(other), shapeText(info)));
        SourcePtr source = donor;
        if (other.storedType != info.storedType || other.dtype != info.dtype) {
            SourcePtr& conversion = conversions[info.dtype];
            if (!conversion && canTake(info.dtype))
                conversion = converted(donor, info.dtype);
            if (!conversion || !isFloat(other.dtype) || conversion->tensors()[found->second].dtype != info.dtype)
                return refuse(said(CORE_TEXT("reasons", "%1 is stored as %2 there and as %3 here, which cannot be converted"), other.name, other.storedType, info.storedType));
            source = conversion;
        }
        out.push_back({std::move(source), found->second});
        theirs.erase(found);
    }
    if (!theirs.empty())
        return refuse(said(CORE_TEXT("reasons", "%1 there has no counterpart in layer %2 here"), donor->tensors()[theirs.begin()->second].name, edit.last));
    return out;
}

Result<std::uint32_t> layerAlike(const Json& base, const Checkpoint& donor, const LayerEdit& edit, const Sentence& where)
{
    const Refusal refuse{edit, where};
    const auto here = readModelConfig(base, false, "config.json");
    const auto there = donor.config() == nullptr ? Result<ModelConfig>(refuse({})) : readModelConfig(*donor.config(), donor.format() == Format::Gguf, donor.name());
    if (!here || !there || edit.last >= here->layers.size() || edit.first >= there->layers.size())
        return edit.last;
    const LayerConfig& theirs = there->layers[edit.first];
    if (const Sentence what = disagreement(*here, here->layers[edit.last], *there, theirs); !what.empty())
        return refuse(what);
    std::vector<std::uint32_t> candidates = {edit.last};
    for (std::uint32_t layer = 0; layer < here->layers.size(); ++layer)
        candidates.push_back(layer);
    const auto alike = std::ranges::find_if(candidates, [&](std::uint32_t layer) { return sameKind(*here, here->layers[layer], *there, theirs); });
    if (alike == candidates.end())
        return refuse(said(CORE_TEXT("reasons", "layer %1 there is of another kind (%2) than all layers here (layer %3: %4)"), edit.first, kindText(*there, theirs), edit.last, kindText(*here, here->layers[edit.last])));
    return *alike;
}

} // namespace wb
