// The staged edits on disk while they are only in memory: written within a second of each change, so that they outlive
// a crash or a kill of the window. One file for each document, in $XDG_STATE_HOME/weightbench/journal; its name holds
// what the edits are for (layout and path of the source) and who writes it. Gone when the document is closed, saved
// or undone, or when the window ends cleanly; what is found of a process that is no more can be restored.
#pragma once

#include "core/recipe/recipe.h"

#include <QDateTime>
#include <QObject>
#include <QTimer>

#include <filesystem>
#include <optional>

namespace wb {

class Document;

// $XDG_STATE_HOME/weightbench/journal, or below ~/.local/state.
[[nodiscard]] std::filesystem::path journalFolder();

class Journal : public QObject {
    Q_OBJECT
public:
    struct Found {
        std::filesystem::path file;
        RecipePtr recipe;
        QDateTime written;
    };

    explicit Journal(Document& document, QObject* parent = nullptr);
    ~Journal() override; // the end of the window: nothing is kept

    // The newest edits of a dead process for the source that is open; files that cannot be read are passed over.
    [[nodiscard]] std::optional<Found> find() const;
    // After restoring, or when the user does not want them.
    static void discard(const std::filesystem::path& file);

    // Now, instead of soon.
    void write();

signals:
    void failed(const wb::Error& error); // cannot be written: once for each document

private:
    void remove();
    void startAnew();
    [[nodiscard]] std::string key() const; // of the source

    Document& m_document;
    QTimer m_rest;
    std::filesystem::path m_file; // empty: nothing is written
    bool m_told = false;
};

} // namespace wb
