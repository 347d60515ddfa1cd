// Which text a model reads: the program's own, one that lies beside the checkpoint (the sample has some), any file, or what is
// typed. Files are read in jobs, by readTextSource().
#pragma once

#include "core/base/result.h"
#include "widgets/formstate.h"

#include <QComboBox>

#include <filesystem>
#include <optional>
#include <string>

namespace wb {

struct TextSource {
    QString name;
    QString path;        // of a file; empty: the content
    std::string content; // UTF-8
    bool builtIn = false;
};
[[nodiscard]] TextSource builtInText();
// The first text in the folder `tasks` of a checkpoint or beside it.
[[nodiscard]] std::optional<TextSource> textBeside(const std::filesystem::path& root);
// Any thread. Files up to 64 MiB.
[[nodiscard]] Result<std::string> readTextSource(const TextSource& source);

class TextChooser : public QComboBox, public KeepsState {
    Q_OBJECT
public:
    explicit TextChooser(QWidget* parent = nullptr);
    // What lies beside the checkpoint; what was chosen stays chosen where it is there.
    void list(const std::filesystem::path& root);
    [[nodiscard]] const TextSource& source() const { return m_source; }
    void setSource(TextSource source); // tells nobody
    [[nodiscard]] std::any kept() const override { return m_source; }
    void take(const std::any& state) override;

signals:
    void chosen(); // by the user

private:
    void choose(int index);
    void showSource();

    TextSource m_source;
};

} // namespace wb
