// The window: its docks, pages and menus, and the wiring between them. What a page or panel does is its own
// affair.
#pragma once

#include "core/recipe/recipe.h"

#include <QMainWindow>

#include <filesystem>
#include <functional>

class QDockWidget;
class QLabel;
class QMenu;
class QStackedWidget;
class QTabWidget;

namespace wb {

class Banner;
class CommandPalette;
class CheckpointPanel;
class Document;
class EditPanel;
class EmptyPage;
class ExportDialog;
class Jobs;
class JobSlot;
class Journal;
class Page;
class QuickScore;
class Selection;

class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    MainWindow(Document& document, Jobs& jobs, Selection& selection, QWidget* parent = nullptr);
    ~MainWindow() override;

    // A checkpoint or a recipe, by what it is. Asks first when staged edits would be lost.
    void openPath(const QString& path);
    void openWithRecipe(const QString& checkpoint, const QString& recipe);
    void showPage(int index);
    [[nodiscard]] int page() const;
    void keepLayout() const; // for the next window: size, place and docks
    [[nodiscard]] bool isExporting() const;
    void showExport();
    void showPalette(); // every command and tensor by a few letters
    void showKeys();

signals:
    void newWindowRequested(const QString& path); // empty: with nothing open
    void closed();
    void languageChosen(); // in the menu; kept already

protected:
    void closeEvent(QCloseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override; // back and forward buttons, where no view takes them
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    bool event(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void addPages();
    void addPage(Page* page);
    void addPanels();
    void connectRequests();
    void addPanel(const QString& id, const QString& title, QWidget* content, Qt::DockWidgetArea area);
    void addFileMenu();
    void addEditMenu();
    void addViewMenu();
    void addHelpMenu();
    void addToolBar();
    void addThemeMenu(QMenu* view);
    void addLanguageMenu(QMenu* view);
    void setIcons(); // again when the theme changes
    void fillRecentMenu();
    void connectDocument();

    void openFile();
    void openFolder();
    void openRecipe();
    void importTensorSlayer();
    void openPublishedEdits();
    void takeRecipeFile(const std::filesystem::path& path);
    // Staged behind the edits that are there, as one step of undo.
    void takeEdits(const RecipePtr& edits, const QString& label, const std::function<void()>& then = {});
    // Selections by statistic read tensors: in a job, and then `next`.
    void afterSelecting(const RecipePtr& recipe, const std::function<void()>& next);
    void offerJournal();
    bool saveRecipe(); // true: saved, or nothing to save
    bool saveRecipeAs();
    bool mayLoseEdits();
    bool mayStopExport();
    void showOpened();
    void showDocument(); // what is open, or that nothing is
    void showPageOfTensor();
    void addStatus();
    void updateState();
    void updateStatus();
    void resetLayout();

    Document& m_document;
    Jobs& m_jobs;
    Selection& m_selection;
    QString m_opening; // what the user asked for last, for the list of recent files

    QStackedWidget* m_stack;
    EmptyPage* m_empty;
    QTabWidget* m_tabs;
    Banner* m_banner;
    Journal* m_journal;
    QuickScore* m_score;
    JobSlot* m_recipeSlot;
    CheckpointPanel* m_checkpointPanel = nullptr;
    EditPanel* m_editPanel = nullptr;
    CommandPalette* m_palette = nullptr; // made when it is first wanted
    ExportDialog* m_export = nullptr; // made when it is first wanted
    QMenu* m_recentMenu = nullptr;
    QLabel* m_status;
    QList<QDockWidget*> m_docks;
    QByteArray m_defaultLayout;
    QList<QAction*> m_needCheckpoint; // disabled while nothing is open
};

} // namespace wb
