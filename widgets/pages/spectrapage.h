// The spectra of all matrices as a table: computed in the background, kept on disk by fingerprint, sorted by any column, copied and exported.
// A matrix with staged edits shows the patched figures, the original's in its tool tip.
#pragma once

#include "core/analysis/fusedparts.h"
#include "core/analysis/spectrumstore.h"
#include "widgets/jobslot.h"
#include "widgets/pages/page.h"

class QLabel;
class QPushButton;
class QStackedWidget;
class QTableWidget;

namespace wb {

class StateView;

class SpectraPage : public Page {
    Q_OBJECT
public:
    SpectraPage(Document& document, Jobs& jobs, Selection& selection);
    [[nodiscard]] QString title() const override { return tr("All matrices"); }
    void compute();
    [[nodiscard]] QString asText(QChar separator) const; // full precision, in the order shown

signals:
    void matrixOpened(); // the one that is selected

protected:
    void showEvent(QShowEvent* event) override;

private:
    struct Part {
        std::string fingerprint;
        std::vector<Spectrum> spectra;
    };
    void buildTable();
    void showOpened();
    void listRows();
    void followRecipe();
    void fill();
    void fillRow(int row);
    void selectRow(int shown);
    [[nodiscard]] bool isQuick() const; // a few seconds for the whole model
    void finished(const Result<int>& result);
    void showSummary();
    void saveTable();
    [[nodiscard]] const Spectrum* spectrumOf(const TensorSource& source, std::size_t tensor, std::uint64_t part) const;

    JobSlot m_job, m_loadJob, m_keepJob;
    struct Row {
        std::size_t tensor = 0;
        std::uint64_t part = 0;               // of the spectra of a tensor: its matrices, then what it holds fused
        const FusedPart* fused = nullptr;     // q_proj of qkv_proj, …
    };
    [[nodiscard]] std::pair<std::uint64_t, std::uint64_t> shapeOf(const Row& row) const; // rows, cols
    std::vector<Row> m_rows;
    std::shared_ptr<const FusedParts> m_fused; // of the checkpoint; null without one
    SpectrumStore::ByFingerprint m_spectra; // of the original and of what is staged
    bool m_loaded = false;
    bool m_unfilled = false; // the table waits until it is looked at

    QStackedWidget* m_stack;
    StateView* m_state;
    QTableWidget* m_table = nullptr;
    QLabel* m_summary = nullptr;
    QPushButton* m_compute = nullptr;
};

} // namespace wb
