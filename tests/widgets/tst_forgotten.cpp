// Texts that no translator can reach: the window is built under a translation that marks every text it gives, and what is
// seen without the mark must be data.
#include "tests/support/widgets/widgetsupport.h"
#include "widgets/commandpalette.h"
#include "widgets/jobs.h"
#include "widgets/keymap.h"
#include "widgets/mainwindow.h"
#include "widgets/panels/editpanel.h"
#include "widgets/selection.h"

#include <QAbstractButton>
#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenuBar>
#include <QRegularExpression>
#include <QSettings>
#include <QTabWidget>
#include <QTableView>
#include <QTranslator>
#include <QtTest>

namespace wb {

class Marking : public QTranslator {
public:
    QString translate(const char*, const char* text, const char*, int) const override
    {
        return QStringLiteral("⟦") + QString::fromUtf8(text) + QStringLiteral("⟧");
    }
    bool isEmpty() const override { return false; }
};

class TestForgotten : public QObject {
    Q_OBJECT

private slots:
    void everyTextCanBeTranslated()
    {
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope,
                           QString::fromStdString(m_settings.path().string()));
        Marking marking;
        QCoreApplication::installTranslator(&marking);
        {
            MainWindow window(m_document, m_jobs, m_selection);
            window.show();
            look(window, "empty");
            window.openPath(QString::fromStdString(m_model.path().string()));
            QTRY_VERIFY(m_document.isOpen());
            m_selection.open(*m_document.original()->find(test::TinyModel::down1));
            for (const Operation& operation : std::initializer_list<Operation>{Scale{2}, Clamp{0, 1}, Normalize{}, Noise{0.5, 1, true}}) {
                window.findChild<EditPanel*>()->propose(operation);
                QTRY_VERIFY(m_jobs.running().empty());
                look(window, "edit");
            }
            window.findChild<EditPanel*>()->stage();
            auto* tabs = window.findChild<QTabWidget*>();
            for (int page = 0; page < tabs->count(); ++page) {
                window.showPage(page);
                QTRY_VERIFY(m_jobs.running().empty());
                look(window, "page");
            }
            CommandPalette palette(m_document, m_selection, nullptr);
            look(palette, "palette");
            KeyMap keys({}, nullptr);
            look(keys, "keys");
            m_document.close();
        }
        QCoreApplication::removeTranslator(&marking);
        QVERIFY(m_seen > 100);
        QVERIFY2(m_forgotten.isEmpty(), qPrintable(m_forgotten.values().join(QStringLiteral("\n"))));
    }

private:
    // The names of statistics are what is typed in selections (`kurtosis>20`): the same in every language.
    // Two letters side by side and no mark: words of the program, unless they are data or of no language.
    void check(const QString& text, const char* what)
    {
        static const QRegularExpression letters(QStringLiteral("\\p{L}{2}")), data(QStringLiteral(
            "^(English|Русский|Ctrl\\+⏎|role=.*|model.*|layer.*|down_proj|up_proj|embed_tokens|norm.*|odd|mlp|layers|other|"
            "[a-z0-9_]*norm|std( ▾)?|rms|nan|zero|mean|max|min|skew|inf|denormal|kurtosis|relative_change|abs_max|abs_mean|arithmetic|categories|mini_code|sort|reverse|transform_[a-z_]*|down_proj ▾|(BF16|F32).*%|BF16|F32|F8_E4M3FNUZ|F16|.*<a href.*|.*\\.safetensors.*|/.*|weightbench_log.*|NaN|Inf|L2|qt_.*|[a-z_.]+ = [−0-9.]+ · .*)$"));
        ++m_seen;
        if (!text.contains(QChar(0x27E6)) && letters.match(text).hasMatch() && !data.match(text.trimmed()).hasMatch())
            m_forgotten << QStringLiteral("%1: %2").arg(QLatin1String(what), text);
    }

    void look(QWidget& window, const char* where)
    {
        check(window.windowTitle(), where);
        for (const QWidget* widget : window.findChildren<QWidget*>())
            check(widget->toolTip(), "tool tip");
        for (const QLabel* label : window.findChildren<QLabel*>())
            check(label->text(), where);
        for (const QAbstractButton* button : window.findChildren<QAbstractButton*>())
            check(button->text(), "button");
        for (const QAction* action : window.findChildren<QAction*>())
            check(action->text(), "action");
        for (const QLineEdit* field : window.findChildren<QLineEdit*>())
            check(field->placeholderText(), "placeholder");
        for (const QComboBox* box : window.findChildren<QComboBox*>())
            for (int i = 0; i < box->count(); ++i)
                check(box->itemText(i), "choice");
        for (const QTabWidget* tabs : window.findChildren<QTabWidget*>())
            for (int i = 0; i < tabs->count(); ++i)
                check(tabs->tabText(i), "tab");
        for (const QTableView* table : window.findChildren<QTableView*>())
            for (int i = 0; table->model() && i < table->model()->columnCount(); ++i)
                check(table->model()->headerData(i, Qt::Horizontal).toString(), "header");
    }

    test::TempFolder m_settings;
    test::TinyModel m_model;
    Jobs m_jobs;
    Document m_document{m_jobs};
    Selection m_selection;
    QSet<QString> m_forgotten;
    int m_seen = 0;
};

} // namespace wb

QTEST_MAIN(wb::TestForgotten)
#include "tst_forgotten.moc"
