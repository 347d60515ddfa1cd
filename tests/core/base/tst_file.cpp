#include "core/base/file.h"
#include "tests/support/support.h"

#include <QtTest>

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

using namespace wb;
using namespace wb::test;

class TestFile : public QObject {
    Q_OBJECT

private slots:
    // Whoever reads sees one whole text, and every writer succeeds.
    void severalThreadsWriteOneFile()
    {
        constexpr int writers = 4, times = 25;
        TempFolder folder;
        const std::filesystem::path path = folder / "x";
        QVERIFY(writeTextAtomically(path, std::string(5000, 'z')));
        std::atomic<int> failed = 0, torn = 0;
        std::vector<std::thread> threads;
        for (int writer = 0; writer < writers; ++writer)
            threads.emplace_back([&, writer] {
                for (int i = 0; i < times; ++i) {
                    failed += writeTextAtomically(path, std::string(5000, static_cast<char>('a' + writer))) ? 0 : 1;
                    const auto text = readText(path, 1 << 20);
                    torn += text && text->size() == 5000 && std::ranges::all_of(*text, [&](char c) { return c == text->front(); }) ? 0 : 1;
                }
            });
        for (std::thread& thread : threads)
            thread.join();
        QCOMPARE(failed, 0);
        QCOMPARE(torn, 0);
        QCOMPARE(std::distance(std::filesystem::directory_iterator(folder.path()), std::filesystem::directory_iterator()), 1); // nothing left beside it
    }
};

QTEST_GUILESS_MAIN(TestFile)
#include "tst_file.moc"
