// Whatever is clicked, typed and dragged in whatever order: nothing crashes, Qt has nothing to complain of, and undo leads back to the source.
// WB_MONKEY_STEPS and WB_MONKEY_SEED make it longer and another one.
#include "tests/support/widgets/widgetsupport.h"
#include "widgets/jobs.h"
#include "widgets/mainwindow.h"
#include "widgets/selection.h"
#include "widgets/theme.h"

#include <QtTest>
#include <QtWidgets>

#include <random>

namespace wb {
namespace {

QStringList complaints;

void listen(QtMsgType type, const QMessageLogContext&, const QString& text)
{
    const bool ofClass = text.startsWith(QLatin1Char('Q')) && text.contains(QStringLiteral("::")); // not of fonts or platforms
    if (type != QtDebugMsg && type != QtInfoMsg && ofClass) complaints << text;
}

class Monkey {
public:
    Monkey(MainWindow& window, unsigned seed)
        : m_window(window)
        , m_random(seed)
    {
        QObject::connect(&m_closer, &QTimer::timeout, [this] { closeWhatWaits(); });
        m_closer.start(20);
    }

    void step()
    {
        switch (upTo(8)) {
        case 0: return trigger();
        case 1: return press();
        default: return touch();
        }
    }

    [[nodiscard]] const QString& last() const { return m_last; } // what was touched

private:
    int upTo(int end) { return end <= 1 ? 0 : std::uniform_int_distribution(0, end - 1)(m_random); }
    template <typename List>
    auto& oneOf(List& list) { return list[static_cast<std::size_t>(upTo(static_cast<int>(std::size(list))))]; }
    QPoint place(const QWidget& widget) { return {upTo(widget.width()), upTo(widget.height())}; }

    // Dialogs that ask, and menus that hang open.
    void closeWhatWaits()
    {
        if (QWidget* popup = QApplication::activePopupWidget()) popup->close();
        auto* dialog = qobject_cast<QDialog*>(QApplication::activeModalWidget());
        if (dialog == nullptr) return;
        const QList<QPushButton*> answers = dialog->findChildren<QPushButton*>();
        if (qobject_cast<QFileDialog*>(dialog) != nullptr || answers.isEmpty())
            dialog->reject();
        else
            answers[upTo(static_cast<int>(answers.size()))]->click();
    }

    // Commands of the menus that are in reach, but the one that ends the program.
    void trigger()
    {
        QList<QAction*> actions = commands(m_window.menuBar()->actions());
        for (const QPushButton* button : m_window.findChildren<QPushButton*>())
            if (button->isVisible() && button->menu() != nullptr) actions << commands(button->menu()->actions());
        for (const QToolButton* button : m_window.findChildren<QToolButton*>())
            if (button->isVisible() && button->menu() != nullptr) actions << commands(button->menu()->actions());
        QAction* action = oneOf(actions);
        m_last = action->text();
        action->trigger();
    }

    static QList<QAction*> commands(const QList<QAction*>& from)
    {
        QList<QAction*> all;
        for (QAction* action : from)
            if (action->menu() != nullptr)
                all << commands(action->menu()->actions());
            else if (action->isEnabled() && !action->isSeparator() && !action->text().contains(QStringLiteral("Quit")))
                all << action;
        return all;
    }

    void press()
    {
        static const QKeySequence keys[] = {QKeySequence(QStringLiteral("Ctrl+Z")),      QKeySequence(QStringLiteral("Ctrl+Y")),  QKeySequence(QStringLiteral("Ctrl+Return")),
                                            QKeySequence(QStringLiteral("Esc")),         QKeySequence(QStringLiteral("Alt+Left")), QKeySequence(QStringLiteral("Tab")),
                                            QKeySequence(QStringLiteral("Shift+Tab")),   QKeySequence(QStringLiteral("Return")),  QKeySequence(QStringLiteral("Delete")),
                                            QKeySequence(QStringLiteral("Ctrl+A")),      QKeySequence(QStringLiteral("Ctrl+C")),  QKeySequence(QStringLiteral("`"))};
        QWidget* to = QApplication::focusWidget() != nullptr ? QApplication::focusWidget() : &m_window;
        QTest::keySequence(to, oneOf(keys));
    }

    void touch()
    {
        QList<QWidget*> widgets = m_window.findChildren<QWidget*>();
        widgets.removeIf([](QWidget* widget) { return !widget->isVisible() || !widget->isEnabled() || widget->width() < 4 || widget->height() < 4; });
        if (widgets.isEmpty()) return;
        QWidget* widget = oneOf(widgets);
        m_last = QString::fromLatin1(widget->metaObject()->className()) + QLatin1Char(' ') + widget->accessibleName();
        if (auto* combo = qobject_cast<QComboBox*>(widget)) return choose(*combo);
        if (auto* tabs = qobject_cast<QTabBar*>(widget)) return tabs->setCurrentIndex(upTo(tabs->count()));
        if (qobject_cast<QLineEdit*>(widget) != nullptr || qobject_cast<QPlainTextEdit*>(widget) != nullptr) return type(*widget);
        move(*widget);
    }

    void choose(QComboBox& combo)
    {
        combo.setFocus();
        for (int times = upTo(4); times >= 0; --times)
            QTest::keyClick(&combo, upTo(2) == 0 ? Qt::Key_Down : Qt::Key_Up);
    }

    void type(QWidget& field)
    {
        static const char* words[] = {"0", "-1", "0.5", "1e308", "nan", "200", "role=q_proj layer=1-3", "name~[", "kurtosis>3 | !dtype=F32", "layer=", "%", "99999999999999999999", "3,2", " "};
        field.setFocus();
        QTest::keySequence(&field, QKeySequence(QStringLiteral("Ctrl+A")));
        QTest::keyClicks(&field, QString::fromLatin1(oneOf(words)));
        if (upTo(2) == 0) QTest::keyClick(&field, Qt::Key_Return);
    }

    void move(QWidget& widget)
    {
        const QPoint from = place(widget), to = place(widget);
        switch (upTo(5)) {
        case 0: QTest::mouseDClick(&widget, Qt::LeftButton, {}, from); break;
        case 1: {
            QWheelEvent wheel(from, widget.mapToGlobal(from), {}, {0, upTo(2) == 0 ? 120 : -120}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
            QApplication::sendEvent(&widget, &wheel);
            break;
        }
        case 2:
            QTest::mousePress(&widget, Qt::LeftButton, {}, from);
            QTest::mouseMove(&widget, to);
            QTest::mouseRelease(&widget, Qt::LeftButton, {}, to);
            break;
        case 3: QTest::mouseClick(&widget, Qt::RightButton, {}, from); break;
        default: QTest::mouseClick(&widget, Qt::LeftButton, {}, from); break;
        }
    }

    MainWindow& m_window;
    std::mt19937 m_random;
    QTimer m_closer;
    QString m_last;
};

} // namespace

class TestMonkey : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        for (const char* variable : {"XDG_STATE_HOME", "XDG_CACHE_HOME"})
            qputenv(variable, QByteArray::fromStdString(m_folder.path().string()));
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, QString::fromStdString(m_folder.path().string()));
        const auto sample = std::filesystem::path(WB_SOURCE_DIR) / "resources/sample";
        std::filesystem::copy(sample, m_folder / "sample", std::filesystem::copy_options::recursive);
        applyTheme(ThemeMode::Light);
    }

    void anythingGoes()
    {
        const int steps = qEnvironmentVariableIsSet("WB_MONKEY_STEPS") ? qEnvironmentVariableIntValue("WB_MONKEY_STEPS") : 300;
        const unsigned seed = qEnvironmentVariableIsSet("WB_MONKEY_SEED") ? static_cast<unsigned>(qEnvironmentVariableIntValue("WB_MONKEY_SEED")) : 1;
        MainWindow window(m_document, m_jobs, m_selection);
        window.resize(1280, 800);
        window.show();
        const QString sample = QString::fromStdString((m_folder / "sample/damaged").string());
        window.openPath(sample);
        QTRY_VERIFY(m_document.isOpen());
        qInstallMessageHandler(listen);
        Monkey monkey(window, seed);
        for (int i = 0; i < steps; ++i) {
            const qsizetype before = complaints.size();
            if (!m_document.isOpen() && i % 16 == 0) window.openPath(sample);
            monkey.step();
            QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
            if (complaints.size() > before) complaints.back() += QStringLiteral(" (step %1: %2)").arg(i).arg(monkey.last());
        }
        m_jobs.cancelAll();
        QTRY_VERIFY_WITH_TIMEOUT(m_jobs.running().empty(), 20000);
        qInstallMessageHandler(nullptr);
        QVERIFY2(complaints.isEmpty(), qPrintable(complaints.join(QLatin1Char('\n'))));
        if (!m_document.isOpen()) return;
        while (m_document.undoStack().canUndo())
            m_document.undoStack().undo();
        QVERIFY(m_document.recipe()->empty());
        QVERIFY(!window.grab().isNull());
        m_document.close();
    }

private:
    test::TempFolder m_folder;
    Jobs m_jobs;
    Document m_document{m_jobs};
    Selection m_selection;
};

} // namespace wb

QTEST_MAIN(wb::TestMonkey)
#include "tst_monkey.moc"
