#include "core/checkpoint/opentorch.h"

#include "core/checkpoint/torchfile.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace wb {
namespace {

// Why a tensor cannot be read; empty when it can.
Sentence obstacleOf(const TorchFile& read, std::size_t tensor)
{
    const TensorInfo& info = read.tensors[tensor].info;
    if (info.dtype == DType::Opaque && !safetensorsDType(info.storedType))
        return said(CORE_TEXT("reasons", "%1 is of type %2, which safetensors has not"), info.name, info.storedType);
    if (info.bytes > mostDecodedBytes && !read.layoutOf(tensor).rowAfterRow())
        return said(CORE_TEXT("reasons", "%1 does not lie row after row, and its %2 bytes are more than are turned in memory (%3)"), info.name, info.bytes, mostDecodedBytes);
    return {};
}

// How a tensor that does not lie in the file as it is read is made so; 0 where it does.
std::size_t decoderOf(CheckpointContent& content, const std::shared_ptr<const File>& file, const TorchFile& read, std::size_t tensor)
{
    ArrayLayout layout = read.layoutOf(tensor);
    if (layout.rowAfterRow() && (!layout.bigEndian || layout.word == 1))
        return 0;
    std::string key = fmt::format("{}{}", fmt::join(layout.strides, ","), layout.bigEndian ? " big" : "");
    content.decoders.push_back(std::make_shared<const ArrayDecoder>(
        std::move(key), [file, offset = read.tensors[tensor].info.at.offset, layout = std::move(layout)] { return readArray(*file, offset, layout); }));
    return content.decoders.size();
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
    if (read->tensors.empty() && !read->notLoaded.empty())
        return fail(ErrorCode::NotACheckpoint, where, said(CORE_TEXT("reasons", "no tensor is in it; the first of %1 values is %2"), read->notLoaded.size(), read->notLoaded.front()));
    if (read->tensors.empty())
        return fail(ErrorCode::NotACheckpoint, where, said(CORE_TEXT("reasons", "no tensor is in it")));
    const auto shared = std::make_shared<const File>(std::move(file));
    for (std::size_t i = 0; i < read->tensors.size(); ++i) {
        TensorInfo& info = read->tensors[i].info;
        if (!wanted(info))
            continue;
        if (const Sentence why = obstacleOf(*read, i); !why.empty()) {
            leaveOut(content, where, info.name, why);
            continue;
        }
        info.at.file = content.files.size();
        info.at.decoder = decoderOf(content, shared, *read, i);
        content.tensors.push_back(std::move(info));
    }
    if (!read->notLoaded.empty())
        content.warnings.push_back(errorOf(ErrorCode::ValuesLeftOut, where, read->notLoaded.size(), read->notLoaded.front()));
    content.format = Format::Torch;
    content.files.push_back({shared, name, 0, shared->size(), {}});
    return {};
}

} // namespace wb
