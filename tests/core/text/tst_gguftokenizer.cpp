// Tokenizers of GGUF give llama.cpp's ids on every case of tests/data/gguf-tokenizers; broken keys are refused.
#include "core/base/json.h"
#include "core/text/tokenizer.h"
#include "tests/support/ggufbuilder.h"
#include "tests/support/support.h"

#include <QtTest>
#include <nlohmann/json.hpp>

using namespace wb;
using namespace wb::test;

namespace {

const std::filesystem::path data = std::filesystem::path(WB_TEST_DATA) / "gguf-tokenizers";

constexpr std::uint32_t arrayType = 9, i32 = 5, f32 = 6, u32 = 4, boolean = 7;

// Keys of a byte-level vocabulary of three pieces; tests spoil one.
GgufBuilder honest()
{
    GgufBuilder file;
    file.text("general.architecture", "llama").text("tokenizer.ggml.model", "gpt2").text("tokenizer.ggml.pre", "gpt-2");
    file.texts("tokenizer.ggml.tokens", {"a", "b", "ab"}).texts("tokenizer.ggml.merges", {"a b"});
    file.tensor({.name = "output_norm.weight", .type = 0, .dims = {1}, .data = std::string(4, '\0')});
    return file;
}

} // namespace

class TestGgufTokenizer : public QObject {
    Q_OBJECT
    TempFolder m_folder;

    Result<TokenizerPtr> load(const GgufBuilder& file) const
    {
        writeFile(m_folder / "t.gguf", file.bytes());
        return loadTokenizer(m_folder / "t.gguf");
    }
    void refused(const GgufBuilder& file, ErrorCode code, const char* says) const
    {
        const auto tokenizer = load(file);
        QVERIFY2(!tokenizer.has_value(), says);
        const std::string text = sentence(tokenizer.error());
        QVERIFY2(tokenizer.error().code == code && text.find(says) != std::string::npos, text.c_str());
    }

private slots:
    void equalToLlamaCpp_data()
    {
        QTest::addColumn<QString>("name");
        for (const auto& entry : std::filesystem::directory_iterator(data))
            if (entry.path().extension() == ".gguf")
                QTest::newRow(entry.path().stem().c_str()) << QString::fromStdString(entry.path().stem().string());
    }
    void equalToLlamaCpp()
    {
        QFETCH(QString, name);
        const auto tokenizer = loadTokenizer(data / (name.toStdString() + ".gguf"));
        QVERIFY2(tokenizer.has_value(), tokenizer ? "" : sentence(tokenizer.error()).c_str());
        const auto file = readJson(data / (name.toStdString() + ".json"), false, 16U << 20);
        QVERIFY(file.has_value());
        int cases = 0;
        for (const Json& c : (*file)["cases"]) {
            for (const bool special : {false, true}) {
                const auto text = c["text"].get<std::string>();
                const auto encoded = (*tokenizer)->encode(text, special);
                QVERIFY(encoded.has_value());
                const Json wanted = c[special ? "ids_with_special" : "ids"];
                QVERIFY2(Json(encoded->ids) == wanted, (dumpJson(c["text"]) + dumpJson(Json(encoded->ids)) + dumpJson(wanted)).c_str());
            }
            ++cases;
        }
        qInfo("%d of %d cases equal", cases, cases);
        QVERIFY(cases >= 100);
    }

    void brokenKeysAreRefused()
    {
        QVERIFY(load(honest()).has_value());
        refused(honest().number("tokenizer.ggml.bos_token_id", u32, std::uint32_t{3}), ErrorCode::TokenizerInvalid, "3 of 3");
        refused(honest().text("tokenizer.ggml.eos_token_id", "x"), ErrorCode::TokenizerInvalid, "eos_token_id");
        refused(honest().number("tokenizer.ggml.add_bos_token", u32, std::uint32_t{1}), ErrorCode::TokenizerInvalid, "add_bos_token");
        const auto list = [](std::uint32_t type, std::uint64_t count, const std::string& bytes) {
            return GgufBuilder::raw(type) + GgufBuilder::raw(count) + bytes;
        };
        refused(honest().key("tokenizer.ggml.scores", arrayType, list(f32, 1, std::string(4, '\0'))), ErrorCode::TokenizerInvalid, "3 numbers");
        refused(honest().key("tokenizer.ggml.token_type", arrayType, list(boolean, 2, "ab")), ErrorCode::TokenizerInvalid, "3 numbers");
        const float nan = std::numeric_limits<float>::quiet_NaN();
        refused(honest().key("tokenizer.ggml.scores", arrayType, list(f32, 3, GgufBuilder::raw(1.0F) + GgufBuilder::raw(nan) + GgufBuilder::raw(1.0F))), ErrorCode::TokenizerInvalid, "token 1");
        QVERIFY(load(honest().key("tokenizer.ggml.token_type", arrayType, list(i32, 3, std::string(12, '\1')))).has_value());
    }

    void otherKindsAreRefusedByName()
    {
        GgufBuilder file;
        file.text("general.architecture", "llama");
        file.tensor({.name = "output_norm.weight", .type = 0, .dims = {1}, .data = std::string(4, '\0')});
        refused(file, ErrorCode::TokenizerMissing, "tokenizer");
        refused(GgufBuilder(file).text("tokenizer.ggml.model", "rwkv").texts("tokenizer.ggml.tokens", {"a"}), ErrorCode::TokenizerUnsupported, "rwkv");
        refused(GgufBuilder(file).text("tokenizer.ggml.model", "gpt2"), ErrorCode::TokenizerInvalid, "tokens");
        refused(GgufBuilder(file).text("tokenizer.ggml.model", "gpt2").text("tokenizer.ggml.pre", "morse").texts("tokenizer.ggml.tokens", {"a"}), ErrorCode::TokenizerUnsupported, "morse");
        refused(GgufBuilder(file).text("tokenizer.ggml.model", "gpt2").texts("tokenizer.ggml.tokens", {"a"}).texts("tokenizer.ggml.merges", {"a b"}), ErrorCode::TokenizerInvalid, "merge 0");
        refused(GgufBuilder(file).text("tokenizer.ggml.model", "llama").texts("tokenizer.ggml.tokens", {"a"}), ErrorCode::TokenizerInvalid, "scores");
        refused(GgufBuilder(file).text("tokenizer.ggml.model", "llama").texts("tokenizer.ggml.tokens", {"a", "\xC3"}), ErrorCode::TokenizerInvalid, "token 1");
    }
};

QTEST_APPLESS_MAIN(TestGgufTokenizer)
#include "tst_gguftokenizer.moc"
