#include "widgets/askcheckpoint.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>

namespace wb {

QString checkpointFilter()
{
    return QCoreApplication::translate("wb::MainWindow", "Checkpoints (*.safetensors *.index.json *.gguf *.bin *.pt *.pth *.npz *.npy);;All files (*)");
}

QString askForCheckpoint(QWidget& parent, const QString& title)
{
    const QString path = QFileDialog::getOpenFileName(&parent, title, {}, checkpointFilter());
    if (path.isEmpty()) return {};
    const QFileInfo info(path);
    const bool folder = !path.endsWith(QStringLiteral(".gguf")) && QFileInfo::exists(info.dir().filePath(QStringLiteral("config.json")));
    return folder ? info.dir().absolutePath() : info.absoluteFilePath();
}

} // namespace wb
