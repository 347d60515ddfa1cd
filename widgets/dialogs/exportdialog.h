// Writes the staged checkpoint: where to, what will be written, progress, and the proof in words. One object for the
// life of the window; closing it hides it, and an export that is running goes on in the jobs strip.
#pragma once

#include "core/checkpoint/export.h"

#include <QDialog>

#include <memory>

class QCheckBox;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;

namespace wb {

class Banner;
class Document;
class Jobs;
class JobSlot;
struct Opened;

class ExportDialog : public QDialog {
    Q_OBJECT
public:
    ExportDialog(Document& document, Jobs& jobs, QWidget* parent);

    // Shows the dialog for what is staged now, with a destination beside the source.
    void begin();
    void setDestination(const QString& path);
    [[nodiscard]] bool isRunning() const;
    [[nodiscard]] QString proof() const; // empty until an export has ended well
    void start();

signals:
    void exported(const QString& destination);

private:
    void build();
    QWidget* buildForm();
    void describe();
    void follow();
    void choose();
    void plan();
    void showPlan(const Result<ExportPlan>& plan);
    void showReport(const Result<ExportReport>& report);
    void showProgress();
    [[nodiscard]] ExportOptions options() const;
    [[nodiscard]] QString suggestedDestination() const;
    [[nodiscard]] QString placeToWrite() const; // beside the source, or at home where nothing can be written there
    [[nodiscard]] QString destination() const;  // what is typed; a relative one from the place to write

    Document& m_document;
    Jobs& m_jobs;
    JobSlot* m_planSlot;
    Banner* m_banner;
    QLabel* m_summary;
    QLineEdit* m_path;
    QCheckBox* m_link;
    QCheckBox* m_fromDisk;
    QCheckBox* m_replace;
    QCheckBox* m_allowNonFinite;
    QLabel* m_plan;
    QProgressBar* m_bar;
    QLabel* m_barText;
    QLabel* m_proof;
    QPushButton* m_export;
    QPushButton* m_stop;
    QPushButton* m_close;
    std::weak_ptr<const Opened> m_about; // what is described
    quint64 m_exportJob = 0; // 0 = none runs. No JobSlot: that says at once that a job was stopped, and an export may have been done by then
    QString m_destination; // of the running or the last export
};

} // namespace wb
