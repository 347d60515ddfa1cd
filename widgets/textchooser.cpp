#include "widgets/textchooser.h"

#include "core/base/file.h"

#include <QDir>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QInputDialog>

#include <array>

namespace wb {
namespace {

constexpr std::uint64_t maxTextBytes = std::uint64_t{64} << 20;
const QString builtIn = QStringLiteral("built-in"), ownText = QStringLiteral("own"), someFile = QStringLiteral("file");

QStringList textsIn(const std::filesystem::path& folder)
{
    const QDir place(QString::fromStdString(folder.string()));
    QStringList paths;
    for (const QString& name : place.entryList({QStringLiteral("*.txt")}, QDir::Files, QDir::Name))
        paths << place.filePath(name);
    return paths;
}

} // namespace

TextSource builtInText()
{
    QFile file(QStringLiteral(":/quicktext.txt"));
    return {TextChooser::tr("Built-in text"), {}, file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string(), true};
}

std::optional<TextSource> textBeside(const std::filesystem::path& root)
{
    for (const auto& folder : {root / "tasks", root.parent_path() / "tasks"})
        if (const QStringList paths = textsIn(folder); !paths.isEmpty()) return TextSource{QFileInfo(paths.front()).fileName(), paths.front(), {}, false};
    return std::nullopt;
}

Result<std::string> readTextSource(const TextSource& source)
{
    return source.path.isEmpty() ? Result<std::string>(source.content) : readText(source.path.toStdString(), maxTextBytes);
}

TextChooser::TextChooser(QWidget* parent)
    : QComboBox(parent)
    , m_source(builtInText())
{
    setAccessibleName(tr("Text"));
    setProperty(choiceOfOwner, true);
    setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    setMinimumContentsLength(14);
    addItem(tr("Built-in text"), builtIn);
    connect(this, &QComboBox::activated, this, &TextChooser::choose);
}

void TextChooser::list(const std::filesystem::path& root)
{
    clear();
    addItem(tr("Built-in text"), builtIn);
    for (const auto& folder : {root, root / "tasks", root.parent_path() / "tasks"})
        for (const QString& path : textsIn(folder))
            addItem(QFileInfo(path).fileName(), path);
    addItem(tr("A file…"), someFile);
    addItem(tr("Own text…"), ownText);
    showSource();
}

void TextChooser::setSource(TextSource source)
{
    m_source = std::move(source);
    showSource();
}

void TextChooser::showSource()
{
    const int known = m_source.builtIn ? findData(builtIn) : m_source.path.isEmpty() ? findText(m_source.name) : findData(m_source.path);
    if (known >= 0) return setCurrentIndex(known);
    insertItem(1, m_source.name, m_source.path.isEmpty() ? ownText : m_source.path);
    setCurrentIndex(1);
}

void TextChooser::take(const std::any& state)
{
    auto source = std::any_cast<TextSource>(state);
    if (source.builtIn == m_source.builtIn && source.path == m_source.path && source.content == m_source.content) return;
    if (source.builtIn)
        source = builtInText();
    else if (source.path.isEmpty())
        source.name = tr("own text");
    setSource(std::move(source));
    emit chosen();
}

void TextChooser::choose(int index)
{
    const QString what = itemData(index).toString();
    TextSource source;
    if (what == builtIn) {
        source = builtInText();
    } else if (what == ownText) {
        bool wanted = false;
        const QString text = QInputDialog::getMultiLineText(this, tr("Own text"), tr("What the model reads:"), QString::fromStdString(m_source.path.isEmpty() && !m_source.builtIn ? m_source.content : ""), &wanted);
        if (!wanted || text.isEmpty()) return showSource();
        source = {tr("own text"), {}, text.toStdString(), false};
    } else {
        const QString path = what == someFile ? QFileDialog::getOpenFileName(this, tr("Choose a text"), {}, tr("Text (*.txt *.md);;All files (*)")) : what;
        if (path.isEmpty()) return showSource();
        source = {QFileInfo(path).fileName(), path, {}, false};
    }
    setSource(std::move(source));
    emit chosen();
}

} // namespace wb

#include "moc_textchooser.cpp"
