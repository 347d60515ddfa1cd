// Headers that are large by intent: refused or opened in bounded memory.
#include "core/checkpoint/open.h"
#include "tests/support/safetensorsbuilder.h"
#include "tests/support/support.h"

#include <QtTest>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

using namespace wb;
using namespace wb::test;

class TestLargeHeaders : public QObject {
    Q_OBJECT
private:
    TempFolder m_folder;

    static long peakMiB()
    {
#ifdef __SANITIZE_ADDRESS__
        constexpr long quarantine = 256; // where the address sanitizer keeps what was freed
#else
        constexpr long quarantine = 0;
#endif
        rusage usage{};
        ::getrusage(RUSAGE_SELF, &usage);
        return usage.ru_maxrss / 1024 - quarantine;
    }

private slots: // what takes more memory comes later
    void aTerabyteOfHoles() // ST-03
    {
        const std::uint64_t length = 100'000'001;
        writeFile(m_folder / "x.safetensors", std::string(reinterpret_cast<const char*>(&length), 8));
        const int descriptor = ::open((m_folder / "x.safetensors").c_str(), O_WRONLY | O_CLOEXEC);
        const bool grown = ::ftruncate(descriptor, off_t{1} << 40) == 0;
        ::close(descriptor);
        if (!grown)
            QSKIP("this file system has no sparse files of 1 TB");
        QVERIFY(openCheckpoint(m_folder / "x.safetensors").error().code == ErrorCode::HeaderTooLarge);
        QVERIFY2(peakMiB() < 100, std::to_string(peakMiB()).c_str());
    }

    void ninetyMillionBrackets() // ST-06
    {
        writeFile(m_folder / "x.safetensors", safetensorsBytes(std::string(45'000'000, '['), ""));
        QVERIFY(openCheckpoint(m_folder / "x.safetensors").error().code == ErrorCode::HeaderInvalid);
        QVERIFY2(peakMiB() < 200, std::to_string(peakMiB()).c_str());
    }

    void ninetyMillionBlanks() // ST-06
    {
        writeFile(m_folder / "x.safetensors", safetensorsBytes(std::string(45'000'000, ' ') + "{}", ""));
        QCOMPARE((*openCheckpoint(m_folder / "x.safetensors"))->tensors().size(), 0U);
        QVERIFY2(peakMiB() < 200, std::to_string(peakMiB()).c_str());
    }

    void aMillionTensorsAndOne() // ST-15
    {
        std::string header = "{";
        header.reserve(62'000'000);
        for (int i = 0; i <= 1'000'000; ++i)
            header += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}";
        header += "}";
        const std::uint64_t length = header.size();
        writeFile(m_folder / "x.safetensors", std::string(reinterpret_cast<const char*>(&length), 8) + header);
        header = std::string();
        QVERIFY(openCheckpoint(m_folder / "x.safetensors").error().code == ErrorCode::HeaderLimit);
        QVERIFY2(peakMiB() < 250, std::to_string(peakMiB()).c_str()); // the test itself holds the header twice
    }
};

QTEST_APPLESS_MAIN(TestLargeHeaders)
#include "tst_largeheaders.moc"
