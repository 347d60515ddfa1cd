// A TensorSource over validated files, with everything else a checkpoint folder says. Opening reads headers only;
// tensors are read with pread when asked for. The files are never written.
#pragma once

#include "core/base/file.h"
#include "core/base/json.h"
#include "core/checkpoint/arraydecoder.h"
#include "core/tensor/tensorsource.h"

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace wb {

// One file with tensors.
struct CheckpointFile {
    std::shared_ptr<const File> file;
    std::string name;             // relative to the folder, as the index spells it
    std::uint64_t dataBegin = 0;  // first byte of tensor data; everything before is the header, kept by an export
    std::uint64_t dataEnd = 0;    // bytes after this belong to nothing; an export drops them
    std::map<std::string, std::string> metadata; // __metadata__; keys of a GGUF, long values shortened
};

// Torch: files of torch.save. Numpy: .npy and .npz. Of these two an export writes safetensors.
enum class Format : std::uint8_t { Safetensors, Gguf, Torch, Numpy };
[[nodiscard]] std::string_view nameOfFormat(Format format); // "safetensors", "gguf", "torch", "numpy"

// What the format reader found in one or more files. Plain data; Checkpoint is made from it.
struct CheckpointContent {
    Format format = Format::Safetensors;
    std::vector<CheckpointFile> files;
    std::vector<TensorInfo> tensors;
    std::vector<std::shared_ptr<const ArrayDecoder>> decoders; // of tensors that do not lie in their file as they are read
    std::vector<std::string> absent;   // names that the index promises and no readable shard holds
    std::vector<Error> warnings;       // opened, but the user must know; refused shards with their reason too
    std::shared_ptr<const Json> config; // config.json, or what the keys of a GGUF say in its words; null: neither
    std::filesystem::path root;        // folder of a folder checkpoint; the file itself for a single file
    bool isFolder = false;             // an export writes a folder or one file accordingly
    std::string indexName;             // "model.safetensors.index.json" or "pytorch_model.bin.index.json"; "" without an index
    std::vector<std::string> sidecars; // folder only: all other files by relative name, copied by an export
    std::string relaidFrom;            // layoutFingerprint of the checkpoint whose files these are, when the tensors are others
};

// A tensor that cannot be read: it is absent, and a warning says why. `where`: its file.
void leaveOut(CheckpointContent& content, const std::string& where, const std::string& name, const Sentence& why);

class Checkpoint final : public TensorSource {
public:
    explicit Checkpoint(CheckpointContent content);

    [[nodiscard]] std::span<const TensorInfo> tensors() const override { return m_content.tensors; }
    [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const override;
    Result<void> read(std::size_t tensor, UnitRange range, std::span<std::byte> out) const override;
    [[nodiscard]] std::string fingerprint(std::size_t tensor) const override;

    [[nodiscard]] Format format() const { return m_content.format; }
    [[nodiscard]] const std::vector<CheckpointFile>& files() const { return m_content.files; }
    [[nodiscard]] const std::vector<std::string>& absent() const { return m_content.absent; }
    [[nodiscard]] const std::vector<Error>& warnings() const { return m_content.warnings; }
    [[nodiscard]] const Json* config() const override { return m_content.config.get(); }
    [[nodiscard]] const std::filesystem::path& root() const { return m_content.root; }
    [[nodiscard]] bool isFolder() const { return m_content.isFolder; }
    [[nodiscard]] const std::string& indexName() const { return m_content.indexName; }
    [[nodiscard]] const std::vector<std::string>& sidecars() const { return m_content.sidecars; }
    [[nodiscard]] std::string name() const; // last part of root, for people and recipes

    // The same files with other tensors in them: left out, under another name, or twice; and what config.json then says. An export
    // that follows it lays its files out anew.
    [[nodiscard]] std::shared_ptr<const Checkpoint> relaid(std::vector<TensorInfo> tensors, Json config) const;
    [[nodiscard]] bool isRelaid() const { return !m_content.relaidFrom.empty(); }
    // Of the files as they were opened.
    [[nodiscard]] std::string openedLayout() const { return isRelaid() ? m_content.relaidFrom : layoutFingerprint(*this); }

    // Fails with SourceChanged when a file was touched since it was opened.
    Result<void> checkUnchanged() const;

private:
    [[nodiscard]] std::string factorsKey(std::size_t tensor) const;

    CheckpointContent m_content;
    std::unordered_map<std::string_view, std::size_t> m_byName;
    std::vector<std::string> m_fileKeys; // identity of each file as text, for fingerprints
};

using CheckpointPtr = std::shared_ptr<const Checkpoint>;

} // namespace wb
