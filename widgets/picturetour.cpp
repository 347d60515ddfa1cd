#include "widgets/picturetour.h"

#include "core/analysis/standouts.h"
#include "core/analysis/statistics.h"
#include "widgets/dialogs/exportdialog.h"
#include "widgets/commandpalette.h"
#include "widgets/document.h"
#include "widgets/jobs.h"
#include "widgets/keymap.h"
#include "widgets/mainwindow.h"
#include "widgets/pages/diffpage.h"
#include "widgets/pages/evaluatepage.h"
#include "widgets/pages/generatepage.h"
#include "widgets/pages/activationspage.h"
#include "widgets/pages/layerspage.h"
#include "widgets/pages/lenspage.h"
#include "widgets/pages/linearitypage.h"
#include "widgets/pages/pagegroup.h"
#include "widgets/charts/gaineditor.h"
#include "widgets/pages/spectrumpage.h"
#include "widgets/pages/sweeppage.h"
#include "widgets/pages/tensorpage.h"
#include "widgets/pages/textpage.h"
#include "widgets/quickscore.h"
#include "widgets/panels/editpanel.h"
#include "widgets/selection.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QCheckBox>
#include <QDir>
#include <QSettings>
#include <QTabBar>
#include <QTabWidget>
#include <QTableView>
#include <QTemporaryDir>
#include <QTextStream>

#include <cmath>
#include <limits>

namespace wb {
namespace {

constexpr std::size_t everyTensorOf = 24; // a checkpoint with so few tensors is shown whole

// The tensor that stands furthest apart, and the power of two that takes it back.
struct Subject {
    std::size_t tensor = 0;
    double factor = 0.5;
};

Subject findSubject(const Document& document)
{
    const auto& content = *document.content();
    StatisticsOptions options;
    options.bins = 1;
    options.outliers = 0;
    Progress progress;
    std::vector<double> spreads(content.roles.size(), std::numeric_limits<double>::quiet_NaN());
    for (std::size_t i = 0; i < spreads.size(); ++i)
        if (const auto s =
                computeStatistics(*content.checkpoint, i, options, *document.statistics(), progress))
            spreads[i] = s->std;
    const auto standouts = findStandouts(content.roles, spreads);
    if (standouts.empty()) return {content.order.front(), 0.5};
    return {standouts.front().tensor, std::exp2(-std::round(std::log2(standouts.front().ratio)))};
}

class Tour {
public:
    Tour(const QString& folder)
        : m_folder(folder)
        , m_document(m_jobs)
        , m_window(m_document, m_jobs, m_selection)
    {
        m_window.resize(1280, 800); // the smallest screen that everything must fit on
        m_window.show();
    }

    int walk(const QString& checkpoint)
    {
        take(QStringLiteral("empty"));
        m_window.openPath(checkpoint);
        settle();
        if (!m_document.isOpen()) {
            take(QStringLiteral("refused"));
            return m_failed ? 1 : 3;
        }
        take(QStringLiteral("opened"));
        const Subject subject = findSubject(m_document);
        m_selection.open(subject.tensor);
        take(QStringLiteral("tensor"));
        auto* panel = m_window.findChild<EditPanel*>();
        panel->propose(Scale{subject.factor});
        take(QStringLiteral("preview"));
        panel->stage();
        take(QStringLiteral("staged"));
        auto* tensorPage = m_window.findChild<TensorPage*>();
        tensorPage->showElements(TensorPage::ElementView::Values);
        take(QStringLiteral("values"));
        tensorPage->showElements(TensorPage::ElementView::Outliers);
        take(QStringLiteral("outliers"));
        tensorPage->showElements(TensorPage::ElementView::Profile);
        take(QStringLiteral("profile"));
        tensorPage->showElements(TensorPage::ElementView::Map);
        m_window.showPage(0);
        take(QStringLiteral("overview-patched"));
        m_window.showPage(2);
        take(QStringLiteral("diff"));
        m_window.findChild<DiffPage*>()->showMap(true);
        take(QStringLiteral("diff-map"));
        m_window.showPage(3);
        take(QStringLiteral("statistics"));
        m_window.showPage(4);
        take(QStringLiteral("tokens"));
        takeGenerate();
        takeLayers();
        m_selection.select(subject.tensor); // a step of the profile has led to its layer
        takeSpectrum();
        takeExport();
        m_window.showPalette();
        auto* palette = m_window.findChild<CommandPalette*>();
        take(QStringLiteral("palette"), {ThemeMode::Dark, ThemeMode::Light}, palette);
        palette->hide();
        m_window.showKeys();
        auto* keys = m_window.findChild<KeyMap*>();
        take(QStringLiteral("keys"), {ThemeMode::Dark, ThemeMode::Light}, keys);
        keys->close();
        m_document.undoStack().undo();
        if (m_document.content()->order.size() <= everyTensorOf) takeEveryTensor();
        return m_failed ? 1 : 0;
    }

private:
    // The staged factor from half to twice itself.
    void takeSweep()
    {
        m_window.showPage(8);
        settle();
        auto* page = m_window.findChild<SweepPage*>();
        page->setKnob(0, QStringLiteral("edits[0].factor"), 0.01, 0.2, 9);
        page->start();
        take(QStringLiteral("sweep"));
    }

    // What the layers do to the stream, with the edit and without.
    void takeLayers()
    {
        m_window.showPage(9);
        settle();
        auto* linearity = m_window.findChild<LinearityPage*>();
        linearity->start();
        settle();
        linearity->choose(1);
        auto* below = linearity->findChild<QTabWidget*>();
        for (int view = 0; view < below->count(); ++view) {
            below->setCurrentIndex(view);
            take(QStringLiteral("linearity"));
        }
        const auto bringUp = [this](Page* page) {
            for (PageGroup* group : m_window.findChildren<PageGroup*>())
                if (group->bringUp(page)) return;
        };
        auto* lens = m_window.findChild<LensPage*>();
        bringUp(lens);
        lens->start();
        settle();
        lens->choose(static_cast<int>(lens->original() ? lens->original()->rows : 1) - 1, 5);
        take(QStringLiteral("lens"));
        auto* activations = m_window.findChild<ActivationsPage*>();
        bringUp(activations);
        activations->start();
        settle();
        activations->choose(1);
        below = activations->findChild<QTabWidget*>();
        for (int view = 0; view < 2; ++view) {
            below->setCurrentIndex(view);
            take(QStringLiteral("activations"));
        }
        auto* layers = m_window.findChild<LayersPage*>();
        bringUp(layers);
        layers->start();
        settle();
        layers->drawCurve();
        settle();
        layers->select(2, 3);
        take(QStringLiteral("layers"));
    }

    // Singular values, a curve of gains dragged, a component in words.
    void takeSpectrum()
    {
        m_window.showPage(10);
        auto* page = m_window.findChild<SpectrumPage*>();
        settle();
        take(QStringLiteral("spectrum"));
        page->chooseRule(SpectrumPage::Rule::Curve, std::nullopt);
        page->editor().drag(0, 1.5);
        page->editor().drag(1, 0);
        page->chooseComponent(3);
        settle();
        take(QStringLiteral("spectrum-curve"));
    }

    // Until no job runs and nothing is waiting to be drawn.
    void settle()
    {
        const auto* score = m_window.findChild<QuickScore*>();
        do {
            QApplication::processEvents(QEventLoop::AllEvents, 20);
        } while (!m_jobs.running().empty() || score->state() == QuickScore::State::Computing);
        QApplication::processEvents();
    }

    // Original and patched answer; a model that does not run shows why.
    void takeGenerate()
    {
        m_window.showPage(5);
        settle();
        m_window.findChild<GeneratePage*>()->generate(QStringLiteral("79-48="));
        take(QStringLiteral("generate"));
        m_window.showPage(6);
        settle();
        auto* page = m_window.findChild<EvaluatePage*>();
        for (const char* box : {"floor", "control"})
            page->findChild<QCheckBox*>(QLatin1String(box))->setChecked(true);
        page->start();
        settle();
        page->findChild<QTableView*>(QStringLiteral("items"))->selectRow(0);
        take(QStringLiteral("evaluate"));
        page->findChild<QTabBar*>()->setCurrentIndex(1);
        take(QStringLiteral("evaluate-history"));
        page->findChild<QTabBar*>()->setCurrentIndex(0);
        m_window.showPage(7);
        settle();
        m_window.findChild<TextPage*>()->choose(11);
        take(QStringLiteral("text"));
        takeSweep();
    }

    // The dialog with the proof; what it writes is gone when the tour ends.
    void takeExport()
    {
        QTemporaryDir place;
        m_window.showExport();
        auto* dialog = m_window.findChild<ExportDialog*>();
        const bool folder = m_document.content()->checkpoint->isFolder();
        dialog->setDestination(place.filePath(folder ? QStringLiteral("export") : QStringLiteral("export.safetensors")));
        settle();
        dialog->start();
        settle();
        take(QStringLiteral("export"), {ThemeMode::Dark, ThemeMode::Light}, dialog);
        dialog->hide();
    }

    void takeEveryTensor()
    {
        for (const std::size_t tensor : m_document.content()->order) {
            m_selection.open(tensor);
            take(QStringLiteral("each"), {ThemeMode::Light});
        }
    }

    void take(const QString& name,
              std::initializer_list<ThemeMode> themes = {ThemeMode::Dark, ThemeMode::Light}, QWidget* widget = nullptr)
    {
        ++m_number;
        for (const ThemeMode mode : themes) {
            applyTheme(mode);
            settle();
            const QString number = QStringLiteral("%1").arg(m_number, 2, 10, QLatin1Char('0'));
            const QString path =
                QStringLiteral("%1/%2-%3-%4.png").arg(m_folder, number, name, themeName(mode));
            const bool saved = (widget != nullptr ? widget : &m_window)->grab().save(path);
            m_failed = m_failed || !saved;
            if (saved)
                QTextStream(stdout) << path << '\n';
            else
                QTextStream(stderr) << QApplication::translate("main", "%1 cannot be written.").arg(path)
                                    << '\n';
        }
    }

    QString m_folder;
    Jobs m_jobs;
    Document m_document;
    Selection m_selection;
    MainWindow m_window;
    int m_number = 0;
    bool m_failed = false;
};

} // namespace

int takePictures(const QString& folder, const QString& checkpoint)
{
    QTemporaryDir settings; // the user's list of recent files and layout are not part of a picture
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, settings.path());
    qputenv("XDG_STATE_HOME", settings.path().toUtf8());
    qputenv("XDG_CACHE_HOME", settings.path().toUtf8());
    if (!QDir().mkpath(folder)) {
        QTextStream(stderr) << QApplication::translate("main", "%1 cannot be created.").arg(folder) << '\n';
        return 6;
    }
    return Tour(folder).walk(checkpoint);
}

} // namespace wb
