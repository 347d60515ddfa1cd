// Vocabulary files of SentencePiece and tiktoken give the ids of these libraries on every case of tests/data/vocabularies; broken ones are refused.
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/text/tokenizer.h"
#include "tests/support/support.h"

#include <QtTest>
#include <nlohmann/json.hpp>

#include <random>

using namespace wb;
using namespace wb::test;

namespace {

const std::filesystem::path data = std::filesystem::path(WB_TEST_DATA) / "vocabularies";

} // namespace

class TestVocabularyFile : public QObject {
    Q_OBJECT
    TempFolder m_folder;

    void refused(const std::string& bytes, const char* says) const
    {
        writeFile(m_folder / "tokenizer.model", bytes);
        const auto tokenizer = loadTokenizer(m_folder.path());
        QVERIFY2(!tokenizer.has_value(), says);
        const std::string text = sentence(tokenizer.error());
        QVERIFY2(text.find(says) != std::string::npos, text.c_str());
    }

private slots:
    void equalToTheLibraries_data()
    {
        QTest::addColumn<QString>("name");
        for (const char* name : {"bpe", "bpe-noprefix", "bpe-unknown", "unigram", "qwen"})
            QTest::newRow(name) << QString(name);
    }
    void equalToTheLibraries()
    {
        QFETCH(QString, name);
        const auto golden = readJson(data / (name.toStdString() + ".json"), false, 16U << 20);
        QVERIFY(golden.has_value());
        const auto tokenizer = loadTokenizer(data / (*golden)["file"].get<std::string>());
        QVERIFY2(tokenizer.has_value(), tokenizer ? "" : sentence(tokenizer.error()).c_str());
        for (const Json& c : (*golden)["cases"]) {
            const auto text = c["text"].get<std::string>();
            const auto encoded = (*tokenizer)->encode(text, false);
            QVERIFY(encoded.has_value());
            if (text.find("<s>") == std::string::npos) // a special token is found in the text, as transformers does, not cut up
                QVERIFY2(Json(encoded->ids) == c["ids"], (dumpJson(c["text"]) + dumpJson(Json(encoded->ids)) + dumpJson(c["ids"])).c_str());
            const auto ids = c["ids"].get<std::vector<TokenId>>();
            const bool unknown = (name == "unigram" && std::ranges::count(ids, 2U) != 0) || (name == "bpe-unknown" && std::ranges::count(ids, 0U) != 0);
            if (!unknown) // SentencePiece writes ⁇ for the unknown
                QCOMPARE((*tokenizer)->decode(ids, false), c["back"].get<std::string>());
        }
        const auto special = (*tokenizer)->encode("a", true);
        const auto wanted = (*golden)["special"].get<std::vector<TokenId>>();
        const auto plain = (*tokenizer)->encode("a", false);
        QCOMPARE(special->ids.size(), plain->ids.size() + wanted.size());
        if (!wanted.empty())
            QCOMPARE(name == "unigram" ? special->ids.back() : special->ids.front(), wanted.front());
    }

    void aFolderSaysWhatItAdds()
    {
        std::filesystem::copy_file(data / "bpe.model", m_folder / "tokenizer.model", std::filesystem::copy_options::overwrite_existing);
        writeFile(m_folder / "tokenizer_config.json", R"({"add_bos_token":false,"add_eos_token":true,"eos_token":"<|end|>",
            "added_tokens_decoder":{"0":{"content":"<unk>","special":true},"700":{"content":"<|end|>","special":true},"701":{"content":"<tool>"}}})");
        const auto tokenizer = loadTokenizer(m_folder.path());
        QVERIFY2(tokenizer.has_value(), tokenizer ? "" : sentence(tokenizer.error()).c_str());
        const auto encoded = (*tokenizer)->encode("a<tool>b", true);
        QCOMPARE(encoded->ids.back(), 700U);
        QVERIFY(std::ranges::count(encoded->ids, 701U) == 1 && std::ranges::count(encoded->ids, 1U) == 0);
        std::filesystem::remove(m_folder / "tokenizer_config.json");
    }

    void brokenFilesAreRefused()
    {
        const std::string good = *readText(data / "bpe.model", 1 << 20);
        refused("", "it is no model of SentencePiece");
        refused("{}", "it is no model of SentencePiece");
        refused(good.substr(0, good.size() - 40), "ends in the middle");
        refused(std::string("\x0A\x02\x10", 3) + "x", "no proper text or score");
        refused("YQ== 0\nYg== x\n", "line 2 is not a piece in base64 and its rank");
        refused("YQ== 0\nYQ== 1\n", "line 2 repeats a piece or a rank");
        refused("YQ== 0\nYg== 9999999\n", "line 2 is not");
        refused("YQ== 0\n", "the byte 0 is no piece of it");
        std::mt19937 random(3);
        for (int i = 0; i < 2000; ++i) { // spoilt at random: an answer, never a crash
            std::string bytes = good;
            for (int k = 0; k < 1 + i % 4; ++k)
                bytes[random() % bytes.size()] = static_cast<char>(random());
            writeFile(m_folder / "tokenizer.model", bytes.substr(0, random() % 3 == 0 ? random() % bytes.size() : bytes.size()));
            const auto tokenizer = loadTokenizer(m_folder.path());
            if (!tokenizer) {
                QVERIFY(tokenizer.error().code == ErrorCode::TokenizerInvalid || tokenizer.error().code == ErrorCode::TokenizerUnsupported);
                continue;
            }
            if (const auto encoded = (*tokenizer)->encode("some text", true))
                for (const TokenId id : encoded->ids)
                    QVERIFY(id < (*tokenizer)->size());
        }
    }
};

QTEST_APPLESS_MAIN(TestVocabularyFile)
#include "tst_vocabularyfile.moc"
