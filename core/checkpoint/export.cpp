#include "core/checkpoint/export.h"

#include "core/base/hash.h"
#include "core/checkpoint/filewriter.h"
#include "core/checkpoint/knownhashes.h"
#include "core/checkpoint/manifest.h"
#include "core/checkpoint/publish.h"
#include "core/checkpoint/staging.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <set>

#include <cerrno>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace wb {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t filesBehind = 16; // written and not yet synced

// Shares all bytes of a file where the file system can.
bool reflink(const File& source, const fs::path& to)
{
    const auto from = source.descriptor();
    if (!from)
        return false;
    const int descriptor = ::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor < 0)
        return false;
    const bool shared = ::ioctl(descriptor, FICLONE, (*from)->number()) == 0 && ::fsync(descriptor) == 0;
    ::close(descriptor);
    if (!shared)
        ::unlink(to.c_str());
    return shared;
}

class Exporter {
public:
    Exporter(const TensorSource& edited, const Checkpoint& layout, const ExportPlan& plan, const ExportOptions& options,
             Progress& progress)
        : m_edited(edited), m_layout(layout), m_plan(plan), m_options(options), m_progress(progress),
          m_calls(options.calls != nullptr ? *options.calls : FileCalls::system()), m_findings(layout.tensors().size())
    {
    }

    Result<ExportReport> run()
    {
        const auto begun = std::chrono::steady_clock::now();
        auto staging = Staging::create(m_plan.destination);
        if (!staging)
            return failure(staging);
        m_folder = staging->path();
        m_place = {m_folder, m_plan.destination, m_plan.isFolder, m_options.replace};
        for (Step step : {&Exporter::writeFiles, &Exporter::checkFinite, &Exporter::shareFiles, &Exporter::readBack,
                          &Exporter::writeSidecars, &Exporter::writeManifest, &Exporter::putInPlace})
            if (auto done = (this->*step)(); !done)
                return failure(done);
        m_report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
        return std::move(m_report);
    }

private:
    using Step = Result<void> (Exporter::*)();

    Result<void> writeOne(const FilePlan& file, const char* how)
    {
        FileWriter& writer = m_writers.emplace_back(m_layout, file, m_edited, m_plan.touched, m_findings);
        if (auto done = writer.write(m_folder / file.name, m_calls, m_progress); !done)
            return done;
        m_manifest.files.push_back({file.name, writer.bytes(), "sha256:" + writer.sha256(), how});
        return finishBut(filesBehind);
    }

    // fsync and close of all but the last so many: the device is still busy with those, and descriptors are few.
    Result<void> finishBut(std::size_t last)
    {
        for (; m_finished + last < m_writers.size(); ++m_finished)
            if (auto done = m_writers[m_finished].finish(); !done)
                return done;
        return {};
    }

    Result<void> writeFiles()
    {
        m_writers.reserve(m_plan.files.size());
        std::uint64_t bytes = 0;
        for (const FilePlan& file : m_plan.files)
            bytes += file.bytes;
        m_progress.begin(ProgressStage::Writing, ProgressUnit::Bytes, bytes);
        for (const FilePlan& file : m_plan.files) {
            if (file.shared)
                continue;
            if (auto done = writeOne(file, "written"); !done)
                return done;
            m_report.written.push_back(file.name);
            m_report.bytesWritten += m_writers.back().bytes();
        }
        return {};
    }

    Result<void> checkFinite()
    {
        for (const std::size_t tensor : m_plan.touched) {
            const TouchedTensor& found = m_findings[tensor];
            if (found.newNonFinite != 0 && !m_options.allowNonFinite)
                return fail(ErrorCode::NotFinite, m_plan.destination.string(), m_layout.tensors()[tensor].name,
                            std::to_string(found.newNonFinite));
            m_report.finite = m_report.finite && found.nonFinite == 0;
            if (found.changed)
                m_manifest.changed.push_back(m_layout.tensors()[tensor].name);
        }
        m_report.tensors = m_layout.tensors().size();
        m_report.tensorsChanged = m_manifest.changed.size();
        m_report.tensorsIdentical = m_report.tensors - m_report.tensorsChanged;
        return {};
    }

    // Untouched files, while the device takes what was written.
    Result<void> shareFiles()
    {
        for (const FilePlan& file : m_plan.files) {
            if (!file.shared)
                continue;
            const File& source = *m_layout.files()[file.source].file;
            const fs::path to = m_folder / file.name;
            std::error_code error;
            const fs::path real = fs::canonical(source.path(), error); // the file itself, not a link of a hub cache
            const bool linked = m_options.link && (fs::create_hard_link(real, to, error), !error);
            if (!linked && !reflink(source, to)) {
                if (auto done = writeOne(file, "copied"); !done)
                    return done;
                m_report.bytesWritten += m_writers.back().bytes();
            } else {
                auto hash = m_options.fromDisk ? xxh3OfFile(to, m_progress) : KnownHashes().xxh3(source, m_progress);
                if (!hash)
                    return failure(hash);
                m_manifest.files.push_back({file.name, source.size(), *hash, linked ? "linked" : "reflinked"});
            }
            m_report.linkedOrCopied.push_back(file.name);
        }
        return finishBut(0);
    }

    Result<void> readBack()
    {
        std::uint64_t bytes = 0;
        for (const FileWriter& writer : m_writers)
            bytes += writer.bytes();
        m_progress.begin(ProgressStage::Verifying, ProgressUnit::Bytes, bytes);
        for (const FileWriter& writer : m_writers)
            if (auto done = writer.readBack(m_options.fromDisk, m_progress); !done)
                return done;
        m_report.verified = true;
        return m_layout.checkUnchanged(); // a source that changed meanwhile would be a mixture
    }

    // Byte for byte; the index after all the others, and a new one for files that are laid out anew.
    Result<void> writeSidecars()
    {
        for (const std::string& name : m_layout.sidecars()) {
            const bool others = m_layout.isRelaid() && name == "config.json";
            if (auto done = others ? writeSidecar(name, dumpJson(*m_layout.config(), 2) + "\n", "written") : copySidecar(name); !done)
                return done;
        }
        if (!m_plan.newLayout)
            return m_layout.indexName().empty() ? Result<void>() : copySidecar(m_layout.indexName());
        if (m_plan.files.size() == 1 || m_layout.format() == Format::Gguf)
            return {};
        return writeSidecar("model.safetensors.index.json", indexOf(m_edited, m_plan.files), "written");
    }

    Result<void> copySidecar(const std::string& name)
    {
        constexpr std::uint64_t limit = std::uint64_t{1} << 32;
        auto text = readText(m_layout.root() / name, limit);
        return text ? writeSidecar(name, *text, "copied") : failure(text);
    }

    Result<void> writeSidecar(const std::string& name, const std::string& text, const char* how)
    {
        const fs::path to = m_folder / name;
        std::error_code error;
        fs::create_directories(to.parent_path(), error);
        if (auto done = writeProven(to, text); !done)
            return done;
        m_manifest.files.push_back({name, text.size(), "sha256:" + sha256(text), how});
        m_report.bytesWritten += text.size();
        return {};
    }

    // Written, synced, read again and compared. Its folder is synced once, before everything is published.
    Result<void> writeProven(const fs::path& to, const std::string& text)
    {
        auto file = OutputFile::create(to, text.size(), m_calls);
        if (!file)
            return failure(file);
        if (auto done = file->writeAt(0, std::as_bytes(std::span(text))); !done)
            return done;
        if (auto done = file->finish(); !done)
            return done;
        const auto back = readText(to, text.size());
        if (!back)
            return failure(back);
        m_folders.insert(to.parent_path());
        return *back == text ? Result<void>() : fail(ErrorCode::VerifyFailed, to.string(), said(CORE_TEXT("reasons", "its bytes read back otherwise")));
    }

    Result<void> writeManifest()
    {
        m_manifest.base = m_layout.root().string();
        m_manifest.baseLayout = m_layout.openedLayout();
        m_manifest.recipes = m_options.recipes;
        for (const std::size_t tensor : m_plan.touched)
            if (m_edited.tensors()[tensor].dtype != m_layout.tensors()[tensor].dtype)
                m_manifest.dtype = m_edited.tensors()[tensor].storedType;
        const fs::path to = manifestPath(m_plan.isFolder ? m_folder : m_folder / m_plan.destination.filename(), m_plan.isFolder);
        m_report.manifest = manifestPath(m_plan.destination, m_plan.isFolder).string();
        Json json = manifestJson(m_manifest);
        if (auto done = writeProven(to, dumpJson(json, 1) + "\n"); !done)
            return done;
        std::error_code ignored;
        if (m_plan.isFolder || !fs::exists(m_plan.destination, ignored))
            return {};
        auto replaced = manifestOfReplaced(m_plan.destination, m_progress);
        if (!replaced)
            return failure(replaced);
        json["replaces"] = std::move(*replaced);
        return writeProven(manifestOfBoth(m_place), dumpJson(json, 1) + "\n");
    }

    Result<void> putInPlace()
    {
        if (m_progress.cancelled())
            return cancelledError();
        for (fs::path folder : m_folders)
            for (; folder != m_folder.parent_path(); folder = folder.parent_path())
                if (m_synced.insert(folder).second)
                    if (auto done = syncFolder(folder, m_calls); !done)
                        return done;
        return publish(m_place, m_calls);
    }

    const TensorSource& m_edited;
    const Checkpoint& m_layout;
    const ExportPlan& m_plan;
    const ExportOptions& m_options;
    Progress& m_progress;
    const FileCalls& m_calls;
    fs::path m_folder;
    Publication m_place;
    std::set<fs::path> m_folders, m_synced; // that got a file of writeProven; whose entries are on the device
    std::vector<TouchedTensor> m_findings;
    std::vector<FileWriter> m_writers;
    std::size_t m_finished = 0; // of m_writers, from the front
    Manifest m_manifest;
    ExportReport m_report;
};

} // namespace

Result<ExportReport> exportCheckpoint(const TensorSource& edited, const Checkpoint& layout, const fs::path& to,
                                      const ExportOptions& options, Progress& progress)
{
    if (auto done = layout.checkUnchanged(); !done)
        return failure(done);
    auto plan = planExport(edited, layout, to, options);
    if (!plan)
        return failure(plan);
    auto report = Exporter(edited, layout, *plan, options, progress).run();
    // A short read, a header that does not check, new infinities: of a source that changed meanwhile that is the reason.
    if (auto unchanged = report ? Result<void>() : layout.checkUnchanged(); !unchanged && report.error().code != ErrorCode::Cancelled)
        return failure(unchanged);
    return report;
}

Json ExportReport::toJson() const
{
    return {{"written", written},
            {"linked_or_copied", linkedOrCopied},
            {"tensors_changed", tensorsChanged},
            {"tensors_identical", tensorsIdentical},
            {"bytes_written", bytesWritten},
            {"finite", finite},
            {"verified", verified},
            {"manifest", manifest},
            {"seconds", seconds}};
}

std::string ExportReport::proof() const
{
    return fmt::format("{} of {} tensors {}, as intended; {} bit-equal; {}.", tensorsChanged, tensors,
                       tensorsChanged == 1 ? "differs" : "differ", tensorsIdentical,
                       finite ? "all finite" : "NaN or infinities among the changed ones");
}

} // namespace wb
