// The pages of singular values: gains are followed without a new decomposition, staged as one edit, counted after rounding; the table of all
// matrices comes back from disk; experts are mixed or refused with the reason.
#include "core/checkpoint/torchfile.h"
#include "core/recipe/expert.h"
#include "tests/support/modelcases.h"
#include "tests/support/widgets/widgetsupport.h"
#include "widgets/charts/gaineditor.h"
#include "widgets/jobs.h"
#include "widgets/numbertext.h"
#include "widgets/pages/expertspage.h"
#include "widgets/pages/spectrapage.h"
#include "widgets/pages/spectrumpage.h"
#include "widgets/selection.h"
#include "widgets/tensortext.h"

#include <QComboBox>
#include <QLabel>
#include <QSignalSpy>
#include <QTableWidget>
#include <QtTest>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace wb {

using test::TinyModel;

class TestSpectrumPages : public QObject {
    Q_OBJECT

private:
    TinyModel m_model;
    test::TempFolder m_folder;

    template <typename P>
    struct Bench {
        Jobs jobs;
        Document document{jobs};
        Selection selection;
        P page{document, jobs, selection};
        explicit Bench(const TinyModel& tiny)
        {
            document.adopt(tiny.opened());
            page.show();
        }
        void settle()
        {
            QTRY_VERIFY(jobs.running().empty());
        }
    };

    std::filesystem::path fusedModel(const char* name = "phi3") const
    {
        const test::ModelCase& model = test::modelCase(name);
        const std::filesystem::path folder = m_folder.path() / name;
        std::filesystem::create_directories(folder);
        test::writeFile(folder / "model.safetensors", test::safetensorsBytes(model.tensors));
        test::writeFile(folder / "config.json", dumpJson(*model.config));
        return folder;
    }

    std::size_t down1(const Document& document) const { return *document.original()->find(TinyModel::down1); }

    Expert expertOf(const Document& document) const
    {
        Expert expert{"tiny", "tiny", layoutFingerprint(*document.original()), ""};
        const TensorInfo& info = document.tensor(down1(document));
        for (std::uint64_t i = 0; i < std::min(info.shape[0], info.shape[1]); ++i)
            expert.vectors[info.name].push_back(i == 0 ? 2 : 1);
        return expert;
    }

private slots:
    void followsTheGainsAndStagesThem()
    {
        Bench<SpectrumPage> bench(m_model);
        bench.selection.select(down1(bench.document));
        QTRY_VERIFY(bench.page.isReady());
        QVERIFY(!bench.page.proposal());
        const auto before = bench.page.editedValues();
        QVERIFY(before.empty());
        bench.page.chooseRule(SpectrumPage::Rule::Rank, 1);
        const auto cut = bench.page.editedValues();
        QVERIFY(cut[0] > 0 && std::accumulate(cut.begin() + 1, cut.end(), 0.0) == 0);
        QTRY_VERIFY(bench.page.effect().contains(QStringLiteral("elements change after rounding")));
        bench.page.stage();
        QCOMPARE(bench.document.recipe()->size(), 1U);
        QVERIFY(std::holds_alternative<Svf>(bench.document.recipe()->at(0).operation));
        QVERIFY(!bench.page.proposal()); // ready for the next one
        bench.settle();
        // What is staged is what was seen.
        Progress progress;
        const auto spectrum = computeSpectrum(*bench.document.staged(), down1(bench.document), 0, {}, progress);
        QVERIFY(spectrum && std::abs(spectrum->values[0] - cut[0]) < 0.01 * cut[0] && spectrum->values[1] < 0.02 * cut[0]);
    }

    void dragsBarsAndCurves()
    {
        Bench<SpectrumPage> bench(m_model);
        bench.selection.select(down1(bench.document));
        QTRY_VERIFY(bench.page.isReady());
        bench.page.chooseRule(SpectrumPage::Rule::Bars, std::nullopt);
        bench.page.editor().drag(0, 0.5);
        auto svf = bench.page.proposal();
        QVERIFY(svf && std::holds_alternative<BandGains>(svf->gains));
        QCOMPARE(std::get<BandGains>(svf->gains).bands[0].first, 0U);
        bench.page.editor().drag(0, 1);
        QVERIFY(!bench.page.proposal());
        bench.page.chooseRule(SpectrumPage::Rule::Curve, std::nullopt);
        bench.page.editor().drag(1, 0);
        svf = bench.page.proposal();
        QVERIFY(svf && !std::get<CurveGains>(svf->gains).logarithmic); // a gain of 0 has no logarithm
        QCOMPARE(std::get<CurveGains>(svf->gains).points.back().gain, 0.0);
    }

    // Gains that rest are previewed by every view; a preview of another form is not ended.
    void previewsEverywhere()
    {
        Bench<SpectrumPage> bench(m_model);
        bench.selection.select(down1(bench.document));
        QTRY_VERIFY(bench.page.isReady());
        bench.page.chooseRule(SpectrumPage::Rule::Rank, 1);
        QTRY_VERIFY(bench.document.isPreviewing());
        Progress progress;
        const auto seen = computeSpectrum(*bench.document.patched(), down1(bench.document), 0, {}, progress);
        QVERIFY(seen && seen->values[1] < 0.02 * seen->values[0]);
        QCOMPARE(bench.document.recipe()->size(), 0U);
        bench.page.chooseRule(SpectrumPage::Rule::Bars, std::nullopt);
        QVERIFY(!bench.document.isPreviewing());
        bench.page.editor().drag(0, 0.5);
        QTRY_VERIFY(bench.document.isPreviewing());
        Edit other;
        other.operation = Scale{2};
        other.select = *Selector::parse("role=down_proj");
        QVERIFY(bench.document.setPreview(bench.document.recipe()->with(other)));
        const auto theirs = bench.document.previewed();
        bench.page.editor().drag(0, 1); // neutral: ours ends
        QVERIFY(theirs && bench.document.previewed() == theirs);
    }

    void saysWhyThereIsNothing()
    {
        Bench<SpectrumPage> bench(m_model);
        for (std::size_t tensor = 0; tensor < bench.document.original()->tensors().size(); ++tensor) {
            bench.selection.select(tensor);
            bench.settle();
            const bool matrix = hasSpectrum(bench.document.tensor(tensor));
            if (!matrix) QVERIFY(!bench.page.isReady());
        }
        bench.document.close();
        QVERIFY(!bench.page.isReady());
    }

    void theTableIsFilledWhenItIsLookedAt()
    {
        Jobs jobs;
        Document document(jobs);
        Selection selection;
        SpectraPage page(document, jobs, selection);
        document.adopt(m_model.opened());
        const auto* table = page.findChild<QTableWidget*>();
        QCOMPARE(table->rowCount(), 0);
        page.show();
        QVERIFY(table->rowCount() > 4);
        QVERIFY(!selection.tensor());
        QTRY_VERIFY(jobs.running().empty());
    }

    void whatIsStoredFusedHasRowsOfItsOwn()
    {
        Jobs jobs;
        Document document(jobs);
        Selection selection;
        SpectraPage page(document, jobs, selection);
        document.adopt(openForWindow(fusedModel()).value());
        page.show();
        QTRY_VERIFY(jobs.running().empty());
        page.compute();
        QTRY_VERIFY(jobs.running().empty());
        const QStringList lines = page.asText(QLatin1Char(',')).split(QLatin1Char('\n'));
        const std::string name = "model.layers.1.self_attn.qkv_proj.weight";
        const std::size_t tensor = *document.original()->find(name);
        const FusedParts fused(*document.original(), document.content()->roles);
        QCOMPARE(fused.of(tensor).size(), std::size_t{3});
        for (const FusedPart& part : fused.of(tensor)) {
            const QString begin = QString::fromStdString(name + "," + part.role + ",");
            const auto line = std::ranges::find_if(lines, [&](const QString& one) { return one.startsWith(begin); });
            QVERIFY2(line != lines.end(), qPrintable(begin));
            Progress progress;
            const auto alone = computeSpectrum(*document.original(), tensor, part, {}, progress);
            QVERIFY(alone);
            QCOMPARE(line->split(QLatin1Char(','))[2].toULongLong(), alone->rows);
            QCOMPARE(line->split(QLatin1Char(','))[7].toDouble(), alone->spectral);
        }
    }

    // One of q, k and v: chart, control, words and edit are of its rows alone.
    void showsAndEditsAPart()
    {
        Jobs jobs;
        Document document(jobs);
        Selection selection;
        SpectrumPage page(document, jobs, selection);
        document.adopt(openForWindow(fusedModel()).value());
        page.show();
        const std::string name = "model.layers.1.self_attn.qkv_proj.weight";
        const std::size_t tensor = *document.original()->find(name), other = *document.original()->find("model.layers.1.self_attn.o_proj.weight");
        auto* part = page.findChild<QComboBox*>(QStringLiteral("fusedPart"));
        QVERIFY(part != nullptr);
        selection.select(other);
        QTRY_VERIFY(jobs.running().empty());
        QVERIFY(!part->isVisibleTo(&page));
        selection.select(tensor);
        QTRY_VERIFY(jobs.running().empty());
        QVERIFY(part->isVisibleTo(&page));
        QCOMPARE(part->count(), 4);
        part->setCurrentIndex(2);
        emit part->activated(2);
        QTRY_VERIFY(jobs.running().empty());
        page.chooseRule(SpectrumPage::Rule::Rank, 2);
        const auto cut = page.editedValues();
        QCOMPARE(cut.size(), std::size_t{16}); // of k, and not the 32 of the whole
        QTRY_VERIFY2(page.effect().contains(QStringLiteral("of 512 elements change")), qPrintable(page.effect()));
        page.stage();
        const Edit& edit = document.recipe()->at(0);
        QCOMPARE(edit.elements.part, std::string("k_proj"));
        QCOMPARE(editText(edit), QStringLiteral("singular values: rank 2 on layer 1 self_attn.qkv_proj, part k_proj"));
        QTRY_VERIFY(jobs.running().empty());
        const FusedParts fused(*document.original(), document.content()->roles);
        Progress progress;
        for (const FusedPart& one : fused.of(tensor)) {
            const auto before = computeSpectrum(*document.original(), tensor, one, {}, progress), after = computeSpectrum(*document.staged(), tensor, one, {}, progress);
            QVERIFY(before && after);
            if (one.role == "k_proj") QVERIFY(std::abs(after->values[0] - cut[0]) < 0.01 * cut[0] && after->values[2] < 0.02 * cut[0]);
            else QCOMPARE(after->values, before->values);
        }
        QCOMPARE(part->currentIndex(), 2); // the part stays in front after it was staged
        selection.select(other);
        selection.select(tensor);
        QCOMPARE(part->currentIndex(), 0);
    }

    // GPT-2 stores (in, out): what writes into the stream are the columns, which a square matrix does not show.
    void readsTheSideInTheStreamOfTurnedMatrices_data()
    {
        QTest::addColumn<std::string>("name");
        QTest::addColumn<bool>("outputs"); // U's vectors are in the stream
        QTest::addColumn<QString>("says");
        QTest::newRow("c_attn") << std::string("h.1.attn.c_attn.weight") << true << QStringLiteral("listens for");
        QTest::newRow("square") << std::string("h.1.attn.c_proj.weight") << false << QStringLiteral("writes into the stream");
        QTest::newRow("c_fc") << std::string("h.1.mlp.c_fc.weight") << true << QStringLiteral("listens for");
        QTest::newRow("c_proj") << std::string("h.1.mlp.c_proj.weight") << false << QStringLiteral("writes into the stream");
    }
    void readsTheSideInTheStreamOfTurnedMatrices()
    {
        QFETCH(std::string, name);
        QFETCH(bool, outputs);
        QFETCH(QString, says);
        Jobs jobs;
        Document document(jobs);
        Selection selection;
        SpectrumPage page(document, jobs, selection);
        document.adopt(openForWindow(fusedModel("gpt2")).value());
        page.show();
        const auto find = [&](const std::string& end) { return *std::ranges::find_if(document.content()->order, [&](std::size_t i) { return document.tensor(i).name.ends_with(end); }); };
        selection.select(find(name));
        QTRY_VERIFY(jobs.running().empty() && page.isReady());
        const auto labels = page.findChildren<QLabel*>();
        QVERIFY(std::ranges::any_of(labels, [&](const QLabel* label) { return label->text().contains(says); }));
        Progress progress;
        const auto vector = singularVector(*document.original(), find(name), 0, 0, outputs);
        const auto reading = readThroughVocabulary(*document.original(), find("wte.weight"), *vector, 1, progress);
        const auto tables = page.findChildren<QTableWidget*>();
        QVERIFY(std::ranges::any_of(tables, [&](const QTableWidget* table) {
            return table->columnCount() == 4 && table->rowCount() > 0 && table->item(0, 1) != nullptr && table->item(0, 1)->text() == shortText(reading->along[0].cosine);
        }));
    }

    // A job that was under way on a page behind others has nothing to say of a checkpoint that was closed.
    void outlivesItsCheckpointUnseen()
    {
        Jobs jobs;
        Document document(jobs);
        Selection selection;
        SpectrumPage page(document, jobs, selection);
        document.adopt(openForWindow(m_model.path()).value());
        page.show();
        selection.select(down1(document));
        page.hide();
        document.close();
        QTRY_VERIFY(jobs.running().empty());
        QCoreApplication::processEvents();
        QVERIFY(!page.isReady());
    }

    void aRowOfTheTableOpensItsPart()
    {
        Jobs jobs;
        Document document(jobs);
        Selection selection;
        SpectrumPage page(document, jobs, selection);
        SpectraPage table(document, jobs, selection);
        document.adopt(openForWindow(fusedModel()).value());
        table.show();
        QTRY_VERIFY(jobs.running().empty());
        auto* rows = table.findChild<QTableWidget*>();
        const auto* part = page.findChild<QComboBox*>(QStringLiteral("fusedPart"));
        const QSignalSpy opened(&table, &SpectraPage::matrixOpened);
        int parts = 0;
        for (int row = 0; row < rows->rowCount(); ++row) {
            const QString name = rows->item(row, 0)->text();
            rows->setCurrentCell(row, 0);
            const QString role = name.contains(QStringLiteral(" · ")) ? name.section(QStringLiteral(" · "), 1) : QString();
            parts += role.isEmpty() ? 0 : 1;
            QCOMPARE(part->currentIndex() == 0 ? QString() : part->currentText(), role);
        }
        QCOMPARE(parts, 10); // two layers of q, k, v, gate and up
        emit rows->cellActivated(0, 0);
        QCOMPARE(opened.count(), 1);
    }

    void comesBackFromDisk()
    {
        QString text;
        {
            Bench<SpectraPage> bench(m_model);
            bench.settle();
            bench.page.compute();
            bench.settle();
            text = bench.page.asText(QLatin1Char(','));
            QVERIFY(text.contains(QString::fromUtf8(TinyModel::down1)));
        }
        Bench<SpectraPage> again(m_model);
        again.settle();
        QCOMPARE(again.page.asText(QLatin1Char(',')), text);
    }

    void mixesExperts()
    {
        Bench<ExpertsPage> bench(m_model);
        const Expert expert = expertOf(bench.document);
        QVERIFY(saveExpert(expert, m_folder / "e.safetensors"));
        bench.page.add(QString::fromStdString((m_folder / "e.safetensors").string()));
        QTRY_COMPARE(bench.page.count(), 1U);
        bench.page.setWeight(0, 0.5);
        bench.page.stage();
        QCOMPARE(bench.document.recipe()->size(), 1U);
        const auto& svf = std::get<Svf>(bench.document.recipe()->at(0).operation);
        QCOMPARE(std::get<MixedGains>(svf.gains).parts[0].weight, 0.5);
        QVERIFY(svf.keepNuclearNorm);
    }

    void refusesExpertsOfOtherModels()
    {
        Bench<ExpertsPage> bench(m_model);
        Expert other = expertOf(bench.document);
        other.modelFingerprint = "0123456789abcdef";
        QVERIFY(saveExpert(other, m_folder / "o.safetensors"));
        bench.page.add(QString::fromStdString((m_folder / "o.safetensors").string()));
        QTRY_COMPARE(bench.page.count(), 1U);
        QVERIFY2(bench.page.said().contains(QStringLiteral("a transfer must be asked for")), qPrintable(bench.page.said()));
        bench.page.add(QString::fromStdString((m_folder / "nowhere.safetensors").string()));
        bench.settle();
        QVERIFY(bench.page.said().contains(QStringLiteral("nowhere")));
    }

    // Files without names wait for the answer.
    void asksBeforeItTakesTorchFiles()
    {
        Bench<ExpertsPage> bench(m_model);
        const TensorInfo& info = bench.document.tensor(down1(bench.document));
        test::writeFile(m_folder / "named.pt", torchFileOf({{info.name, std::vector<float>(std::min(info.shape[0], info.shape[1]), 0.1F)}}));
        bool answer = false;
        int asked = 0;
        bench.page.setAsk([&](const ExpertMapping&) { return ++asked, answer; });
        const QString path = QString::fromStdString((m_folder / "named.pt").string());
        bench.page.add(path);
        QTRY_COMPARE(asked, 1);
        QCOMPARE(bench.page.count(), 0U);
        answer = true;
        bench.page.add(path);
        QTRY_COMPARE(bench.page.count(), 1U);
    }
};

} // namespace wb

QTEST_MAIN(wb::TestSpectrumPages)
#include "tst_spectrumpages.moc"
