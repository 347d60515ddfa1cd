#include "core/checkpoint/opentorch.h"

#include "core/checkpoint/torchfile.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace wb {
namespace {

// Why a tensor cannot be read as the others are; empty when it can.
Sentence obstacleOf(const TorchTensor& tensor)
{
    if (!tensor.contiguous())
        return said(CORE_TEXT("reasons", "%1 lies with strides %2 in the file, not row after row"), tensor.info.name, fmt::format("{}", fmt::join(tensor.strides, ", ")));
    if (tensor.info.dtype == DType::Opaque && !safetensorsDType(tensor.info.storedType))
        return said(CORE_TEXT("reasons", "%1 is of type %2, which safetensors has not"), tensor.info.name, tensor.info.storedType);
    return {};
}

} // namespace

bool looksLikeTorch(const File& file)
{
    constexpr std::string_view zip("PK\x03\x04", 4), legacy("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46", 8);
    std::string head(std::min<std::uint64_t>(file.size(), legacy.size()), '\0');
    return head.size() == legacy.size() && file.readAt(0, std::as_writable_bytes(std::span(head))) && (head.starts_with(zip) || head == legacy);
}

Result<void> addTorchFile(CheckpointContent& content, File file, const std::string& name, const std::function<bool(const TensorInfo&)>& wanted)
{
    const std::string where = file.path().string();
    auto read = readTorchFile(file);
    if (!read)
        return failure(read);
    if (read->bigEndian)
        return fail(ErrorCode::HeaderInvalid, where, said(CORE_TEXT("reasons", "its numbers are big-endian")));
    if (read->tensors.empty())
        return fail(ErrorCode::NotACheckpoint, where, said(CORE_TEXT("reasons", "no tensor is in it")));
    const std::size_t index = content.files.size();
    for (TorchTensor& tensor : read->tensors) {
        tensor.info.at.file = index;
        if (!wanted(tensor.info))
            continue;
        if (const Sentence why = obstacleOf(tensor); why.empty()) {
            content.tensors.push_back(std::move(tensor.info));
        } else {
            content.warnings.push_back(errorOf(ErrorCode::TensorUnreadable, where, why));
            content.absent.push_back(tensor.info.name);
        }
    }
    if (!read->notLoaded.empty())
        content.warnings.push_back(errorOf(ErrorCode::ValuesLeftOut, where, read->notLoaded.size(), read->notLoaded.front()));
    const std::uint64_t size = file.size();
    content.format = Format::Torch;
    content.files.push_back({std::make_shared<const File>(std::move(file)), name, 0, size, {}});
    return {};
}

} // namespace wb
