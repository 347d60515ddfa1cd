#include "core/checkpoint/ggufplan.h"

#include "core/checkpoint/ggmltypes.h"
#include "core/checkpoint/gguf.h"

#include <algorithm>
#include <map>

namespace wb {
namespace {

// general.file_type of files that are mostly of one type (llama.h, llama_ftype).
std::optional<std::uint32_t> fileType(DType dtype)
{
    switch (dtype) {
    case DType::F32: return 0;
    case DType::F16: return 1;
    case DType::BF16: return 32;
    default: return std::nullopt;
    }
}

template <typename T>
void append(std::string& text, T value)
{
    text.append(reinterpret_cast<const char*>(&value), sizeof value);
}

std::uint64_t padded(std::uint64_t at, std::uint64_t alignment) { return (at + alignment - 1) / alignment * alignment; }

class HeaderWriter {
public:
    HeaderWriter(const TensorSource& edited, const CheckpointFile& file, const std::vector<std::size_t>& tensors)
        : m_edited(edited), m_file(*file.file), m_tensors(tensors)
    {
    }

    Result<FilePlan> plan(FilePlan plan)
    {
        auto header = readGguf(m_file, false);
        if (!header)
            return failure(header);
        plan.alignment = header->alignment;
        std::uint64_t begin = 24; // magic, version and the two counts
        for (const GgufKey& key : header->keys)
            begin = std::max(begin, key.at + key.bytes);
        plan.header.resize(begin);
        if (auto done = m_file.readAt(0, std::as_writable_bytes(std::span(plan.header))); !done)
            return failure(done);
        setFileType(*header, plan.header);
        std::uint64_t at = 0;
        for (const std::size_t tensor : m_tensors) {
            if (auto done = appendTensor(plan.header, tensor, at); !done)
                return failure(done);
            at += padded(m_edited.tensors()[tensor].bytes, plan.alignment);
        }
        plan.header.resize(padded(plan.header.size(), plan.alignment));
        plan.tensors = m_tensors;
        plan.bytes = plan.header.size() + at;
        return plan;
    }

private:
    void setFileType(const GgufHeader& header, std::string& text) const
    {
        const GgufKey* key = header.find("general.file_type");
        std::map<DType, std::uint64_t> bytesOf;
        for (const std::size_t tensor : m_tensors)
            bytesOf[m_edited.tensors()[tensor].dtype] += m_edited.tensors()[tensor].bytes;
        const auto most = std::ranges::max_element(bytesOf, {}, [](const auto& entry) { return entry.second; });
        const auto type = most == bytesOf.end() ? std::nullopt : fileType(most->first);
        if (key == nullptr || key->type != GgufType::U32 || !type)
            return;
        text.replace(key->at, sizeof *type, reinterpret_cast<const char*>(&*type), sizeof *type);
    }

    Result<void> appendTensor(std::string& text, std::size_t tensor, std::uint64_t offset) const
    {
        const TensorInfo& info = m_edited.tensors()[tensor];
        const auto type = info.dtype == DType::Opaque ? ggmlType(std::string_view(info.storedType)) : ggmlType(info.dtype);
        if (!type)
            return fail(ErrorCode::BadArgument, m_file.path().string(), "GGUF cannot hold " + info.name + " as " + info.storedType);
        append(text, static_cast<std::uint64_t>(info.name.size()));
        text += info.name;
        append(text, static_cast<std::uint32_t>(info.shape.size()));
        for (auto extent = info.shape.rbegin(); extent != info.shape.rend(); ++extent)
            append(text, *extent);
        append(text, type->id);
        append(text, offset);
        return {};
    }

    const TensorSource& m_edited;
    const File& m_file;
    const std::vector<std::size_t>& m_tensors;
};

} // namespace

Result<std::vector<FilePlan>> newGgufFiles(const TensorSource& edited, const Checkpoint& layout)
{
    std::vector<std::vector<std::size_t>> tensors(layout.files().size());
    for (std::size_t i = 0; i < layout.tensors().size(); ++i)
        tensors[layout.tensors()[i].at.file].push_back(i);
    std::vector<FilePlan> files;
    for (std::size_t i = 0; i < layout.files().size(); ++i) {
        std::ranges::stable_sort(tensors[i], {}, [&](std::size_t tensor) { return layout.tensors()[tensor].at.offset; });
        auto plan = HeaderWriter(edited, layout.files()[i], tensors[i]).plan({.name = layout.files()[i].name, .source = i});
        if (!plan)
            return failure(plan);
        files.push_back(std::move(*plan));
    }
    return files;
}

} // namespace wb
