// Values and outliers of one tensor: exact, with the patched side beside the original, staged cell by cell.
#include "core/tensor/decode.h"
#include "tests/support/memorysource.h"
#include "tests/support/safetensorsbuilder.h"
#include "tests/support/widgets/widgetsupport.h"
#include "widgets/charts/elementmap.h"
#include "widgets/charts/groupchart.h"
#include "widgets/elementfeed.h"
#include "widgets/groupprofile.h"
#include "widgets/jobs.h"
#include "widgets/outlierstable.h"
#include "widgets/valuegrid.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QTableView>
#include <QTableWidget>
#include <QToolButton>
#include <QtTest>

#include <cmath>
#include <limits>

namespace wb {

using test::makeEdit;
using test::TinyModel;

class TestElementViews : public QObject {
    Q_OBJECT

private:
    TinyModel m_model;

    struct Bench {
        Jobs jobs;
        Document document{jobs};
        std::size_t tensor = 0;
        std::vector<double> values; // of the original
        std::uint64_t cols = 1;

        explicit Bench(const TinyModel& model)
        {
            document.adopt(model.opened());
            tensor = *document.original()->find(TinyModel::down1);
            values.resize(document.tensor(tensor).elements);
            cols = matrixOf(document.tensor(tensor)).cols;
            if (!readValues(*document.original(), tensor, 0, values)) values.clear();
        }
    };

private slots:
    void theProfileFollowsTheTensorAndTellsThePlace()
    {
        Bench bench(m_model);
        GroupProfile profile(bench.document, bench.jobs);
        connect(&bench.document, &Document::patchedChanged, &profile, &GroupProfile::reload);
        profile.resize(600, 200);
        profile.show();
        profile.setTensor(bench.tensor);
        QTRY_VERIFY(profile.chart().numbers(QLatin1Char(',')).count(QLatin1Char('\n')) > 1);
        const auto lines = [&] { return profile.chart().numbers(QLatin1Char(',')).split(QLatin1Char('\n'), Qt::SkipEmptyParts); };
        QCOMPARE(static_cast<std::uint64_t>(lines().size()) - 1, bench.values.size() / bench.cols); // rows first
        double squares = 0, sum = 0;
        for (std::uint64_t i = 0; i < bench.cols; ++i) {
            sum += bench.values[bench.cols + i];
            squares += bench.values[bench.cols + i] * bench.values[bench.cols + i];
        }
        const double n = static_cast<double>(bench.cols);
        QVERIFY(std::abs(lines()[2].split(QLatin1Char(','))[1].toDouble() - std::sqrt(squares / n - sum / n * (sum / n))) < 1e-12);

        QSignalSpy places(&profile, &GroupProfile::chosen), edits(&profile, &GroupProfile::editRequested);
        profile.setKind(ProfileKind::Column);
        QTRY_COMPARE(static_cast<std::uint64_t>(lines().size()) - 1, bench.cols);
        profile.choose(3);
        QCOMPARE(places.back(), (QVariantList{0ULL, 3ULL}));
        for (auto* button : profile.findChildren<QToolButton*>())
            if (button->isVisible()) button->click();
        QCOMPARE(edits.size(), 1);
        QVERIFY((edits.back().front().value<Elements>().cols == IndexRange{3, 4}));

        QVERIFY(bench.document.change(bench.document.recipe()->with(makeEdit(Scale{0.5}, "layer=1 role=down_proj")), QStringLiteral("scale")));
        QTRY_VERIFY(lines()[1].split(QLatin1Char(','))[1] != lines()[1].split(QLatin1Char(','))[2]);
    }

    // Column 7 is no row, and what was computed of rows is none of columns.
    void anotherKindOfGroupsBeginsAnew()
    {
        Bench bench(m_model);
        GroupProfile profile(bench.document, bench.jobs);
        profile.resize(600, 200);
        profile.show();
        profile.setTensor(bench.tensor);
        profile.setKind(ProfileKind::Column);
        QTRY_VERIFY(profile.chart().numbers(QLatin1Char(',')).count(QLatin1Char('\n')) > 1);
        profile.choose(7);
        auto* edit = profile.findChild<QToolButton*>();
        QVERIFY(edit->isVisible());
        profile.setKind(ProfileKind::Row);
        QVERIFY(!edit->isVisible());
        QCOMPARE(profile.chart().numbers(QLatin1Char(',')).count(QLatin1Char('\n')), 1);
        QTRY_COMPARE(static_cast<std::uint64_t>(profile.chart().numbers(QLatin1Char(',')).count(QLatin1Char('\n'))) - 1, bench.values.size() / bench.cols);
    }

    // Far more columns than are read for what is in sight.
    void theWholeSelectionIsCopied()
    {
        test::TempFolder folder;
        std::vector<float> numbers(3000);
        for (std::size_t i = 0; i < numbers.size(); ++i)
            numbers[i] = static_cast<float>(i) / 7;
        test::writeFile(folder / "wide.safetensors", test::safetensorsBytes({{"wide", "F32", {2, 1500}, test::f32Bytes(numbers)}}));
        Jobs jobs;
        Document document(jobs);
        document.adopt(*openForWindow(folder / "wide.safetensors"));
        ValueGrid grid(document, jobs);
        grid.resize(600, 300);
        grid.show();
        grid.setTensor(0);
        auto* model = grid.findChild<ValueModel*>();
        QTRY_VERIFY(model->valueAt(1, 0, false).has_value());
        grid.findChild<QTableView*>()->selectRow(1);
        QApplication::clipboard()->clear();
        grid.copy();
        QTRY_VERIFY(!QApplication::clipboard()->text().isEmpty());
        const QStringList lines = QApplication::clipboard()->text().split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 2);
        const QStringList cells = lines[1].split(QLatin1Char('\t'));
        QCOMPARE(cells.size(), 1501);
        for (const int column : {0, 800, 1499})
            QCOMPARE(cells[column + 1].toFloat(), numbers[static_cast<std::size_t>(1500 + column)]);
        QCOMPARE(lines[0].section(QLatin1Char('\t'), -1), QStringLiteral("1499"));
        QTRY_VERIFY(jobs.running().empty());
    }

    void theGridHoldsTheStoredValues()
    {
        Bench bench(m_model);
        ValueGrid grid(bench.document, bench.jobs);
        grid.resize(600, 300);
        grid.show();
        grid.setTensor(bench.tensor);
        auto* model = grid.findChild<ValueModel*>();
        QAbstractItemModelTester tester(model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(static_cast<std::uint64_t>(model->rowCount()) * static_cast<std::uint64_t>(model->columnCount()),
                 bench.document.tensor(bench.tensor).elements);
        const int row = model->rowCount() - 1, col = model->columnCount() - 1;
        grid.goTo(static_cast<std::uint64_t>(row), static_cast<std::uint64_t>(col));
        QTRY_VERIFY(model->valueAt(row, col, false).has_value());
        QCOMPARE(*model->valueAt(row, col, false), bench.values.back());
        grid.copy();
        const QString text = QApplication::clipboard()->text();
        QCOMPARE(text.split(QLatin1Char('\t')).back().trimmed().toDouble(), bench.values.back());
    }

    void aChangedCellIsOneStagedEditOfOneElement()
    {
        Bench bench(m_model);
        ValueGrid grid(bench.document, bench.jobs);
        connect(&bench.document, &Document::patchedChanged, &grid, &ValueGrid::reload);
        grid.resize(600, 300);
        grid.show();
        grid.setTensor(bench.tensor);
        auto* model = grid.findChild<ValueModel*>();
        QTRY_VERIFY(model->valueAt(1, 1, false).has_value());
        for (const char* text : {"no number", "inf", "nan", "1e999"}) // of which a recipe that holds it could not be read again
            model->setData(model->index(1, 1), QLatin1String(text), Qt::EditRole);
        QVERIFY(bench.document.recipe()->empty());
        model->setData(model->index(1, 1), model->index(1, 1).data(Qt::EditRole), Qt::EditRole);
        QVERIFY(bench.document.recipe()->empty()); // left as it was
        model->setData(model->index(1, 1), QStringLiteral("−2.5"), Qt::EditRole);
        QVERIFY(!bench.document.recipe()->empty());
        QTRY_COMPARE(*model->valueAt(1, 1, true), -2.5);
        QCOMPARE(*model->valueAt(1, 1, false), bench.values[bench.cols + 1]);
        std::vector<double> patched(bench.values.size());
        QVERIFY(readValues(*bench.document.patched(), bench.tensor, 0, patched));
        std::vector<double> expected = bench.values;
        expected[bench.cols + 1] = -2.5;
        QCOMPARE(patched, expected);
        grid.setBlinking(true);
        QCOMPARE(model->index(1, 1).data(Qt::EditRole).toString().toDouble(), bench.values[bench.cols + 1]);
        grid.setBlinking(false);
        bench.document.undoStack().undo();
        QTRY_COMPARE(*model->valueAt(1, 1, true), bench.values[bench.cols + 1]);
    }

    void outliersComeWithTheirPlaces()
    {
        Bench bench(m_model);
        OutliersTable table(bench.document, bench.jobs);
        connect(&bench.document, &Document::patchedChanged, &table, &OutliersTable::reload);
        table.setTensor(bench.tensor);
        table.show();
        QTRY_VERIFY(!table.rows().empty());
        double largest = 0;
        for (const double value : bench.values)
            if (std::isfinite(value)) largest = std::max(largest, std::abs(value));
        const OutlierRow& first = table.rows().front();
        QCOMPARE(std::abs(first.patched), largest);
        QCOMPARE(bench.values[first.row * bench.cols + first.col], first.original);
        QSignalSpy chosen(&table, &OutliersTable::chosen);
        table.findChild<QTableWidget*>()->setCurrentCell(0, 0);
        QCOMPARE(chosen.count(), 1);
        QCOMPARE(chosen[0][0].toULongLong(), first.row);
        QVERIFY(bench.document.change(bench.document.recipe()->with(makeEdit(Scale{2}, "layer=1 role=down_proj")),
                                      QStringLiteral("scale")));
        QTRY_COMPARE(std::abs(table.rows().front().patched), 2 * largest);
        QCOMPARE(std::abs(table.rows().front().original), largest);
    }

    void aLargeMapIsSampledAndThenSummedUp()
    {
        constexpr std::uint64_t rows = 1500, cols = 1000;
        std::vector<float> values(rows * cols, 0.25F), other(rows * cols, 0.5F);
        values[701 * cols + 303] = std::numeric_limits<float>::quiet_NaN();
        values[11 * cols + 17] = -9;
        const auto sideOf = [&](const char* key, const std::vector<float>& numbers) {
            const auto source = std::make_shared<const test::MemorySource>(std::vector<test::BuiltTensor>{{"w", "F32", {rows, cols}, test::f32Bytes(numbers)}});
            return ElementFeed::Side{key, [source] { return elementsOf(source, 0); }};
        };
        Jobs jobs;
        ElementMap map;
        map.resize(600, 300);
        map.setMatrix({rows, cols});
        ElementFeed feed(map, jobs, nullptr);
        const auto cells = [&](const QString& text) { return map.numbers(QLatin1Char(',')).count(text); };
        ElementFeed::Content content{QStringLiteral("w"), sideOf("first", values), std::nullopt, 1, true};
        feed.show(content);
        QTRY_COMPARE(feed.text(), QStringLiteral("a sample: 1 of 6 rows, 1 of 2 columns")); // and no more while it moves
        QVERIFY(!feed.isExact());
        content.moving = false;
        feed.show(content);
        QVERIFY(feed.text().startsWith(QStringLiteral("a sample while all are read")));
        QTRY_COMPARE(feed.text(), QStringLiteral("the largest of each 6 × 2"));
        QVERIFY(feed.isExact());
        QCOMPARE(cells(QStringLiteral(",nan\n")), 1);
        QCOMPARE(cells(QStringLiteral(",-9\n")), 1);
        feed.setStanding(Standing::Mean);
        QTRY_COMPARE(feed.text(), QStringLiteral("the mean of each 6 × 2"));
        QCOMPARE(cells(QStringLiteral(",nan\n")), 1);
        QCOMPARE(cells(QStringLiteral(",-9\n")), 0);
        map.goTo(11, 17);
        QTRY_COMPARE(feed.text(), QStringLiteral("every element"));
        QCOMPARE(cells(QStringLiteral("11,17,-9\n")), 1);
        content.patched = sideOf("second", other);
        feed.setStanding(Standing::Largest);
        feed.show(content);
        QTRY_COMPARE(cells(QStringLiteral("11,17,-9,0.5\n")), 1);
        map.fit();
        QTRY_COMPARE(feed.text(), QStringLiteral("the largest of each 6 × 4"));
        QCOMPARE(cells(QStringLiteral(",-9,0.5\n")), 1);
        feed.clear();
        QTRY_VERIFY(jobs.running().empty());
        QCOMPARE(cells(QStringLiteral("0.5")), 0);
    }

    void theMapGoesToAPlace()
    {
        ElementMap map;
        map.resize(600, 300);
        map.setMatrix({1000, 300});
        QSignalSpy requested(&map, &ElementMap::windowRequested);
        map.goTo(999, 0);
        QCOMPARE(requested.count(), 1);
        const MatrixWindow expected{984, 16, 0, 16};
        QVERIFY(map.window() == expected);
        map.goTo(1000, 0); // not there
        QVERIFY(map.window() == expected);
    }
};

} // namespace wb

QTEST_MAIN(wb::TestElementViews)
#include "tst_elementviews.moc"
