// Jobs and JobSlot: who is told what, and when nobody is.
#include "tests/support/widgets/widgetsupport.h"
#include "widgets/jobslot.h"

#include <QSignalSpy>
#include <QtTest>

namespace wb {
namespace {

using test::Gate;

// A job that waits in the gate and answers with a number, or Cancelled when it was stopped meanwhile.
std::function<Result<int>(Progress&)> answering(Gate& gate, int number)
{
    return [&gate, number](Progress& progress) -> Result<int> {
        gate.pass();
        if (progress.cancelled()) return cancelledError();
        return number;
    };
}

Result<int> immediately(Progress&)
{
    return 7;
}

} // namespace

class TestJobs : public QObject {
    Q_OBJECT

private slots:
    void resultArrivesOnTheGuiThread()
    {
        Jobs jobs;
        QThread* worker = nullptr;
        QThread* receiver = nullptr;
        int value = 0;
        jobs.start<int>(
            QStringLiteral("answer"), this,
            [&](Progress&) -> Result<int> {
                worker = QThread::currentThread();
                return 42;
            },
            [&](Result<int> result) {
                receiver = QThread::currentThread();
                value = *result;
            });
        QTRY_COMPARE(value, 42);
        QCOMPARE(receiver, QThread::currentThread());
        QVERIFY(worker != receiver);
        QVERIFY(jobs.running().empty());
    }

    void deadGuardIsNotTold()
    {
        Jobs jobs;
        Gate gate;
        auto guard = std::make_unique<QObject>();
        bool told = false;
        jobs.start<int>({}, guard.get(), answering(gate, 1), [&](Result<int>) { told = true; });
        gate.waitUntilBegun();
        guard.reset();
        gate.open();
        QTRY_VERIFY(jobs.running().empty());
        QVERIFY(!told);
    }

    void outOfMemoryIsAnErrorValue()
    {
        Jobs jobs;
        std::optional<ErrorCode> code;
        jobs.start<int>(
            {}, this, [](Progress&) -> Result<int> { throw std::bad_alloc(); },
            [&](Result<int> result) { code = result.error().code; });
        QTRY_VERIFY(code.has_value());
        QCOMPARE(*code, ErrorCode::OutOfMemory);
    }

    void destructorCancelsAndWaits()
    {
        Gate gate;
        std::atomic<bool> cancelled = false;
        {
            Jobs jobs;
            jobs.start<int>(
                {}, this,
                [&](Progress& progress) -> Result<int> {
                    gate.pass();
                    while (progress.advance(1)) {
                    }
                    cancelled = true;
                    return cancelledError();
                },
                [](Result<int>) {});
            gate.waitUntilBegun();
            gate.open();
        }
        QVERIFY(cancelled);
    }

    void replaceDropsTheFormerResult()
    {
        Jobs jobs;
        JobSlot slot(jobs, JobSlot::Mode::Replace, nullptr);
        Gate gate;
        QList<int> results;
        const auto note = [&](Result<int> result) { results << result.value_or(-1); };
        slot.start<int>({}, answering(gate, 1), note);
        gate.waitUntilBegun();
        slot.start<int>({}, answering(gate, 2), note);
        gate.open(2);
        QTRY_VERIFY(jobs.running().empty());
        QCOMPARE(results, QList<int>{2});
        QVERIFY(!slot.busy());
    }

    void followFinishesAndThenRunsOnlyTheNewest()
    {
        Jobs jobs;
        JobSlot slot(jobs, JobSlot::Mode::Follow, nullptr);
        Gate gate;
        QList<int> results;
        const auto note = [&](Result<int> result) { results << result.value_or(-1); };
        for (int number = 1; number <= 5; ++number)
            slot.start<int>({}, answering(gate, number), note);
        gate.open(5);
        QTRY_COMPARE(results.size(), 2);
        QCOMPARE(results, (QList<int>{1, 5}));
    }

    void cancelFromTheBarFreesTheSlotAndSaysSo()
    {
        Jobs jobs;
        JobSlot slot(jobs, JobSlot::Mode::Follow, nullptr);
        Gate gate;
        QList<int> results;
        const auto note = [&](Result<int> result) { results << result.value_or(-1); };
        slot.start<int>({}, answering(gate, 1), note);
        slot.start<int>({}, answering(gate, 2), note); // waits; goes with the running one
        gate.waitUntilBegun();
        jobs.cancel(jobs.running().front().id);
        QCOMPARE(results, QList<int>{-1}); // before the job itself has noticed
        QVERIFY(!slot.busy());
        gate.open();
        QTRY_VERIFY(jobs.running().empty());
        QCOMPARE(results, QList<int>{-1});
        slot.start<int>({}, immediately, note);
        QTRY_COMPARE(results, (QList<int>{-1, 7}));
    }

    void cancelBySlotDeliversNothing()
    {
        Jobs jobs;
        JobSlot slot(jobs, JobSlot::Mode::Replace, nullptr);
        Gate gate;
        bool told = false;
        slot.start<int>({}, answering(gate, 1), [&](Result<int>) { told = true; });
        gate.waitUntilBegun();
        slot.cancel();
        gate.open();
        QTRY_VERIFY(jobs.running().empty());
        QVERIFY(!told);
    }

    void partialResultsComeInOrderBeforeTheResult()
    {
        Jobs jobs;
        JobSlot slot(jobs, JobSlot::Mode::Replace, nullptr);
        QStringList log;
        slot.start<int, int>(
            {},
            [](Progress&, const Relay<int>& relay) -> Result<int> {
                for (int part = 1; part <= 3; ++part)
                    relay(part);
                return 9;
            },
            [&](int part) { log << QString::number(part); },
            [&](Result<int> result) { log << QStringLiteral("done %1").arg(*result); });
        QTRY_COMPARE(log.size(), 4);
        QCOMPARE(log.join(QLatin1Char(' ')), QStringLiteral("1 2 3 done 9"));
    }

    void partialResultsOfAFormerRequestAreDropped()
    {
        Jobs jobs;
        JobSlot slot(jobs, JobSlot::Mode::Replace, nullptr);
        Gate gate;
        QList<int> parts;
        slot.start<int, int>(
            {},
            [&](Progress&, const Relay<int>& relay) -> Result<int> {
                gate.pass();
                relay(1);
                return 1;
            },
            [&](int part) { parts << part; }, [](Result<int>) {});
        gate.waitUntilBegun();
        bool done = false;
        slot.start<int>({}, immediately, [&](Result<int>) { done = true; });
        gate.open();
        QTRY_VERIFY(jobs.running().empty());
        QVERIFY(done);
        QVERIFY(parts.isEmpty());
    }

    void deletingTheSlotInItsOwnDeliveryIsFine()
    {
        Jobs jobs;
        auto slot = std::make_unique<JobSlot>(jobs, JobSlot::Mode::Follow, nullptr);
        slot->start<int>({}, immediately, [&](Result<int>) { slot.reset(); });
        QTRY_VERIFY(!slot);
        QVERIFY(jobs.running().empty());
    }

    void progressIsPolledWhileAJobRuns()
    {
        Jobs jobs;
        Gate gate;
        QSignalSpy changes(&jobs, &Jobs::changed);
        jobs.start<int>(
            QStringLiteral("count"), this,
            [&](Progress& progress) -> Result<int> {
                progress.begin(ProgressStage::Reading, ProgressUnit::Bytes, 100);
                progress.advance(40);
                gate.pass();
                return 1;
            },
            [](Result<int>) {});
        gate.waitUntilBegun();
        QVERIFY(changes.wait());
        QCOMPARE(jobs.running().size(), std::size_t{1});
        QCOMPARE(jobs.running().front().title, QStringLiteral("count"));
        QCOMPARE(jobs.running().front().seen.done, std::uint64_t{40});
        QCOMPARE(jobs.running().front().seen.total, std::uint64_t{100});
        gate.open();
        QTRY_VERIFY(jobs.running().empty());
    }
};

} // namespace wb

QTEST_GUILESS_MAIN(wb::TestJobs)
#include "tst_jobs.moc"
