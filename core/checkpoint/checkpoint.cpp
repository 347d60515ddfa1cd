#include "core/checkpoint/checkpoint.h"

#include "core/base/hash.h"
#include "core/tensor/float8factors.h"

#include <nlohmann/json.hpp>

#include <fmt/format.h>

namespace wb {

std::string_view nameOfFormat(Format format)
{
    switch (format) {
    case Format::Gguf: return "gguf";
    case Format::Torch: return "torch";
    case Format::Numpy: return "numpy";
    case Format::Safetensors: break;
    }
    return "safetensors";
}

void leaveOut(CheckpointContent& content, const std::string& where, const std::string& name, const Sentence& why)
{
    content.warnings.push_back(errorOf(ErrorCode::TensorUnreadable, where, why));
    content.absent.push_back(name);
}

Checkpoint::Checkpoint(CheckpointContent content) : m_content(std::move(content))
{
    m_byName.reserve(m_content.tensors.size());
    for (std::size_t i = 0; i < m_content.tensors.size(); ++i)
        m_byName.emplace(m_content.tensors[i].name, i);
    for (const CheckpointFile& file : m_content.files) {
        const FileIdentity& id = file.file->identity();
        m_fileKeys.push_back(fmt::format("{} {} {} {}", id.device, id.inode, id.size, id.modifiedNs));
    }
}

std::optional<std::size_t> Checkpoint::find(std::string_view name) const
{
    const auto found = m_byName.find(name);
    return found == m_byName.end() ? std::nullopt : std::optional(found->second);
}

Result<void> Checkpoint::read(std::size_t tensor, UnitRange range, std::span<std::byte> out) const
{
    const TensorInfo& info = m_content.tensors[tensor];
    const std::uint64_t begin = range.first * unitBytes(info.dtype);
    if (info.at.decoder != 0)
        return m_content.decoders[info.at.decoder - 1]->read(begin, out);
    return m_content.files[info.at.file].file->readAt(info.at.offset + begin, out);
}

std::string Checkpoint::fingerprint(std::size_t tensor) const
{
    const TensorInfo& info = m_content.tensors[tensor];
    const std::string decoded = info.at.decoder == 0 ? "" : " " + m_content.decoders[info.at.decoder - 1]->key();
    return xxh3(fmt::format("{} {} {} {} {}{}{}", m_fileKeys[info.at.file], info.at.offset, info.bytes, info.storedType, shapeText(info.shape), factorsKey(tensor), decoded));
}

// The factors beside a matrix in 8-bit floats, and how the config, which is in another file, shares them out.
std::string Checkpoint::factorsKey(std::size_t tensor) const
{
    const auto factors = float8FactorsOf(*this, tensor);
    if (!factors)
        return "";
    const auto found = float8GridOf(*this, tensor);
    const Float8Grid grid = found && *found ? **found : Float8Grid();
    return fmt::format(" {} {} {}", fingerprint(*factors), grid.rowsEach, grid.colsEach);
}

std::string Checkpoint::name() const
{
    const std::filesystem::path& root = m_content.root;
    return root.has_filename() ? root.filename().string() : root.parent_path().filename().string();
}

std::shared_ptr<const Checkpoint> Checkpoint::relaid(std::vector<TensorInfo> tensors, Json config) const
{
    CheckpointContent content = m_content;
    content.relaidFrom = openedLayout();
    content.tensors = std::move(tensors);
    content.config = std::make_shared<const Json>(std::move(config));
    return std::make_shared<const Checkpoint>(std::move(content));
}

Result<void> Checkpoint::checkUnchanged() const
{
    for (const CheckpointFile& file : m_content.files)
        if (auto done = file.file->checkUnchanged(); !done)
            return done;
    return {};
}

} // namespace wb
