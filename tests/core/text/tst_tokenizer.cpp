// Ids and texts equal those of the tokenizers library on every case of tests/data/tokenizers, both ways.
#include "core/base/json.h"
#include "core/text/tokenizer.h"
#include "tests/support/support.h"

#include <QtTest>
#include <nlohmann/json.hpp>

#include <thread>

namespace {

struct Counted {
    int cases = 0, equal = 0;
    std::string first; // that differs
};

std::string inFull(const std::vector<wb::TokenId>& ids) { return wb::dumpJson(wb::Json(ids)); }

// All answers of one case; "" when they are equal.
std::string difference(const wb::TokenizerPtr& tokenizer, const wb::Json& c)
{
    const auto text = c["text"].get<std::string>();
    for (const bool special : {false, true}) {
        const auto wanted = c[special ? "ids_with_special" : "ids"].get<std::vector<wb::TokenId>>();
        const auto encoded = tokenizer->encode(text, special);
        if (!encoded)
            return wb::sentence(encoded.error());
        if (encoded->ids != wanted)
            return inFull(encoded->ids) + " and not " + inFull(wanted);
        if (encoded->ranges.size() != wanted.size())
            return "ranges";
        for (const wb::ByteRange& range : encoded->ranges)
            if (range.begin > range.end || range.end > text.size())
                return "a range outside of the text";
        const auto decoded = tokenizer->decode(wanted, false);
        if (decoded != c[special ? "decoded_with_special" : "decoded"].get<std::string>())
            return "decoded " + decoded;
        wb::StreamingDecoder stream(tokenizer, false);
        std::string streamed;
        for (const wb::TokenId id : wanted)
            streamed += stream.push(id);
        streamed += stream.finish();
        if (streamed != decoded)
            return "streamed " + streamed + " and not " + decoded;
        if (special && tokenizer->decode(wanted, true) != c["decoded_without_special"].get<std::string>())
            return "decoded without special tokens";
    }
    return {};
}

Counted compare(const std::filesystem::path& folder)
{
    Counted counted;
    const auto tokenizer = wb::loadTokenizer(folder);
    if (!tokenizer) {
        counted.first = wb::sentence(tokenizer.error());
        return counted;
    }
    const auto file = wb::readJson(folder / "cases.json", false, 16U << 20);
    if (!file) {
        counted.first = wb::sentence(file.error());
        return counted;
    }
    for (const wb::Json& c : (*file)["cases"]) {
        ++counted.cases;
        const std::string problem = difference(*tokenizer, c);
        counted.equal += problem.empty() ? 1 : 0;
        if (!problem.empty() && counted.first.empty())
            counted.first = wb::dumpJson(c["text"]) + ": " + problem;
    }
    return counted;
}

} // namespace

class TestTokenizer : public QObject {
    Q_OBJECT
private slots:
    void equalToTheReference_data()
    {
        QTest::addColumn<QString>("folder");
        for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(WB_TEST_DATA) / "tokenizers"))
            QTest::newRow(entry.path().filename().c_str()) << QString::fromStdString(entry.path().string());
    }
    void equalToTheReference()
    {
        QFETCH(QString, folder);
        const Counted counted = compare(folder.toStdString());
        qInfo("%d of %d cases equal", counted.equal, counted.cases);
        QVERIFY2(counted.cases >= 100 && counted.equal == counted.cases, counted.first.c_str());
    }

    void manyThreadsAtOnce()
    {
        for (const char* kind : {"llama3", "unigram", "wordpiece"}) {
            std::vector<Counted> counted(4);
            std::vector<std::thread> threads;
            const auto tokenizer = wb::loadTokenizer(std::filesystem::path(WB_TEST_DATA) / "tokenizers" / kind);
            QVERIFY(tokenizer.has_value());
            const auto file = wb::readJson(std::filesystem::path(WB_TEST_DATA) / "tokenizers" / kind / "cases.json", false, 16U << 20);
            QVERIFY(file.has_value());
            for (Counted& each : counted)
                threads.emplace_back([&] {
                    for (const wb::Json& c : (*file)["cases"])
                        each.equal += difference(*tokenizer, c).empty() ? 1 : 0;
                });
            for (std::thread& thread : threads)
                thread.join();
            for (const Counted& each : counted)
                QCOMPARE(each.equal, 115);
        }
    }

    void bytesThatAreNoTextDoNotHoldUpAStream()
    {
        const auto tokenizer = wb::loadTokenizer(std::filesystem::path(WB_TEST_DATA) / "tokenizers" / "llama2");
        QVERIFY(tokenizer.has_value());
        wb::StreamingDecoder stream(*tokenizer, true);
        const auto byte = [&](const char* piece) { return *(*tokenizer)->find(piece); };
        std::string text = stream.push(byte("<0xC3>"));
        QCOMPARE(text, std::string());
        text += stream.push(byte("<0xA9>"));
        QCOMPARE(text, std::string("\xC3\xA9"));
        std::size_t shown = 0;
        for (int i = 0; i < 1000; ++i)
            shown += stream.push(byte("<0x80>")).size();
        QVERIFY(shown > 2000); // 3 bytes each, the last ones still wait
        shown += stream.finish().size();
        QCOMPARE(shown, std::size_t{3000});
        QCOMPARE(stream.push(*(*tokenizer)->find("<s>")), std::string()); // special tokens are left out
    }

    void rangesPointIntoTheText()
    {
        const std::filesystem::path folder = std::filesystem::path(WB_TEST_DATA) / "tokenizers";
        const auto rangesOf = [&](const char* kind, const std::string& text, bool special) {
            const auto encoded = (*wb::loadTokenizer(folder / kind))->encode(text, special);
            std::string out;
            for (const wb::ByteRange& range : encoded->ranges)
                out += "[" + text.substr(range.begin, range.end - range.begin) + "]";
            return out;
        };
        QCOMPARE(rangesOf("wordpiece", "The caf\xC3\x89", true).substr(0, 7), std::string("[][The]"));
        const std::string accent = rangesOf("wordpiece", "caf\xC3\x89", false);
        QVERIFY2(accent.ends_with("\xC3\x89]"), accent.c_str()); // the e without its accent comes from the whole character
        const std::string bytes = rangesOf("llama2", "\xF0\x9F\xA6\x84", false);
        QVERIFY2(bytes.ends_with("[\xF0\x9F\xA6\x84][\xF0\x9F\xA6\x84]"), bytes.c_str());
        QCOMPARE(rangesOf("gpt2", "", false), std::string());
    }
};

QTEST_APPLESS_MAIN(TestTokenizer)
#include "tst_tokenizer.moc"
