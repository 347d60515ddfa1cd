#include "widgets/journal.h"

#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/base/json.h"
#include "core/recipe/recipejson.h"
#include "widgets/document.h"

#include <nlohmann/json.hpp>

#include <QCoreApplication>
#include <QFileInfo>

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <system_error>

namespace wb {
namespace {

constexpr int restMs = 200;                   // a dragged slider is one writing
constexpr std::uint64_t maxBytes = 64U << 20; // of a journal that is read

// In clock ticks since the machine began, which with the number names a process: numbers come again, in a container soon. Empty for one that is no
// more. Field 22 of /proc/[pid]/stat; the second, the program's name in brackets, may hold anything.
std::string startOf(const std::string& process)
{
    std::ifstream file("/proc/" + process + "/stat");
    std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    std::istringstream behindName(text.substr(std::min(text.size(), text.rfind(')') + 1)));
    std::string field;
    for (int number = 3; number <= 22 && behindName >> field; ++number) {}
    return behindName ? field : std::string();
}

// Written by a window that still runs: its edits are not lost. `name` is key.process-start.number.json.
bool ownerLives(const std::string& name)
{
    const std::size_t dot = name.find('.');
    const std::string owner = name.substr(dot + 1, name.find('.', dot + 1) - dot - 1);
    const std::string process = owner.substr(0, owner.find('-')), start = startOf(process);
    return !start.empty() && owner == process + "-" + start;
}

} // namespace

std::filesystem::path journalFolder()
{
    const char* state = std::getenv("XDG_STATE_HOME");
    const char* home = std::getenv("HOME");
    const std::filesystem::path folder = state != nullptr && *state != '\0'
                                             ? std::filesystem::path(state)
                                             : std::filesystem::path(home != nullptr ? home : "/") / ".local/state";
    return folder / "weightbench" / "journal";
}

Journal::Journal(Document& document, QObject* parent)
    : QObject(parent)
    , m_document(document)
{
    m_rest.setSingleShot(true);
    m_rest.setInterval(restMs);
    connect(&m_rest, &QTimer::timeout, this, &Journal::write);
    connect(&document, &Document::opened, this, &Journal::startAnew);
    connect(&document, &Document::recipeChanged, &m_rest, qOverload<>(&QTimer::start));
    connect(&document.undoStack(), &QUndoStack::cleanChanged, &m_rest, qOverload<>(&QTimer::start));
    m_rest.start(); // a window made anew may find edits that are staged already
}

Journal::~Journal()
{
    remove();
}

std::string Journal::key() const
{
    const Opened& opened = *m_document.content();
    std::error_code problem;
    const auto path = std::filesystem::weakly_canonical(opened.checkpoint->root(), problem);
    return xxh3(opened.identity.fingerprint + "\n" + path.string());
}

// Another checkpoint: the edits of the former were saved or given up.
void Journal::startAnew()
{
    remove();
    m_told = false;
}

void Journal::remove()
{
    m_rest.stop();
    if (!m_file.empty()) discard(m_file);
    m_file.clear();
}

void Journal::write()
{
    if (!m_document.isOpen() || m_document.recipe()->empty() || m_document.undoStack().isClean()) return remove();
    if (m_file.empty()) {
        static int number = 0;
        m_file = journalFolder() / fmt::format("{}.{}-{}.{}.json", key(), QCoreApplication::applicationPid(), startOf("self"), ++number);
    }
    std::error_code problem;
    std::filesystem::create_directories(m_file.parent_path(), problem); // a failure shows in the writing
    const auto written = writeTextAtomically(m_file, dumpJson(recipeToJson(*m_document.recipe()), 1) + "\n");
    if (!written && !m_told) {
        m_told = true;
        emit failed(written.error());
    }
}

std::optional<Journal::Found> Journal::find() const
{
    if (!m_document.isOpen()) return std::nullopt;
    const std::string start = key() + ".";
    std::optional<Found> newest;
    std::error_code problem;
    for (const auto& entry : std::filesystem::directory_iterator(journalFolder(), problem)) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with(start) || !name.ends_with(".json") || ownerLives(name)) continue;
        const QDateTime written = QFileInfo(QString::fromStdString(entry.path().string())).lastModified();
        if (newest && newest->written >= written) continue;
        const auto json = readJson(entry.path(), false, maxBytes);
        if (!json) continue;
        const auto recipe = recipeFromJson(*json, entry.path().string());
        if (recipe && !(*recipe)->empty()) newest = Found{entry.path(), *recipe, written};
    }
    return newest;
}

void Journal::discard(const std::filesystem::path& file)
{
    std::error_code ignored;
    std::filesystem::remove(file, ignored);
}

} // namespace wb

#include "moc_journal.cpp"
