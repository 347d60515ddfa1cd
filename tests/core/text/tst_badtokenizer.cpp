// Hostile and broken tokenizer.json: each its one sentence, never a hang, a crash, or memory without end.
#include "core/text/loadtokenizer.h"
#include "core/text/textpattern.h"
#include "tests/support/support.h"

#include <QtTest>

using namespace wb;

// Before the texts: moc does not see a class behind a raw string with quotes.
class TestBadTokenizer : public QObject {
    Q_OBJECT
private slots:
    void refusedByName_data();
    void refusedByName();
    void patternsGiveUp();
    void textsDoNotGrowWithoutEnd();
    void longWordsTakeNoSquareOfTime();
    void textsThatAreNotUtf8AreRefusedWithTheirPlace();
    void ofARepeatedPieceTheLastCounts();
};

namespace {

// A BPE with these parts put in.
std::string with(const std::string& parts, const std::string& model = R"("vocab":{"a":0,"b":1,"ab":2},"merges":["a b"])")
{
    return "{" + parts + (parts.empty() ? "" : ",") + R"("model":{"type":"BPE",)" + model + "}}";
}

std::string normalizer(const std::string& json) { return with(R"("normalizer":)" + json); }
std::string splitAt(const std::string& regex)
{
    return with(R"("pre_tokenizer":{"type":"Split","pattern":{"Regex":")" + regex + R"("},"behavior":"Isolated"})");
}

void refused(const std::string& json, ErrorCode code, const char* says)
{
    const auto tokenizer = tokenizerOfText(json, "t.json");
    QVERIFY2(!tokenizer.has_value(), json.substr(0, 200).c_str());
    const std::string text = sentence(tokenizer.error());
    QVERIFY2(tokenizer.error().code == code, text.c_str());
    QVERIFY2(text.find(says) != std::string::npos, text.c_str());
    QVERIFY2(text.size() < 600 && text.find('\n') == std::string::npos, text.c_str());
}

} // namespace

void TestBadTokenizer::refusedByName_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<int>("code");
    QTest::addColumn<QByteArray>("says");
    const auto add = [](const char* name, const std::string& json, ErrorCode code, const char* says) {
        QTest::newRow(name) << QByteArray::fromStdString(json) << static_cast<int>(code) << QByteArray(says);
    };
    constexpr auto invalid = ErrorCode::TokenizerInvalid, unsupported = ErrorCode::TokenizerUnsupported;
    add("not JSON", "{", invalid, "at byte 2");
    add("a list", "[]", invalid, "not an object");
    add("no model", "{}", invalid, "no model");
    add("not UTF-8", "{\"model\":\"\xC3(\"}", invalid, "UTF-8");
    add("deep", std::string(100, '['), invalid, "32 deep");
    add("key twice", R"({"model":{"type":"BPE","type":"BPE"}})", invalid, "stands twice");
    add("piece twice", with("", R"("vocab":{"a":0,"a":1})"), invalid, "stands twice");
    add("id twice", with("", R"("vocab":{"a":0,"b":0})"), invalid, "two pieces");
    add("huge id", with("", R"("vocab":{"a":4294967296})"), invalid, "larger than");
    add("negative id", with("", R"("vocab":{"a":-1})"), invalid, "-1");
    add("id is a text", with("", R"("vocab":{"a":"0"})"), invalid, "a text");
    add("vocabulary is a number", with("", R"("vocab":7)"), invalid, "neither");
    add("no vocabulary", with("", R"("vocab":{})"), invalid, "empty");
    add("score is missing", R"({"model":{"type":"Unigram","vocab":[["a"]]}})", invalid, "1 parts");
    add("scores of BPE", R"({"model":{"type":"BPE","vocab":[["a",0]]}})", invalid, "has scores");
    add("huge score", R"({"model":{"type":"Unigram","vocab":[["a",1e999]]}})", invalid, "at byte");
    add("unk_id outside", R"({"model":{"type":"Unigram","unk_id":5,"vocab":[["a",0]]}})", invalid, "5 of 1");
    add("merge of one", with("", R"("vocab":{"a":0},"merges":["a"])"), invalid, "merge 0");
    add("merge of three", with("", R"("vocab":{"a":0},"merges":[["a","a","a"]])"), invalid, "merges");
    add("merge of the unknown", with("", R"("vocab":{"a":0,"aa":1},"merges":["a a","aa b"])"), invalid, "merge 1");
    add("merge without result", with("", R"("vocab":{"a":0},"merges":["a a"])"), invalid, "the piece aa");
    add("merges are an object", with("", R"("vocab":{"a":0},"merges":{})"), invalid, "not a list");
    add("unknown model", R"({"model":{"type":"Morse","vocab":{"a":0}}})", unsupported, "Morse");
    add("dropout", with("", R"("dropout":0.1,"vocab":{"a":0})"), unsupported, "dropout");
    add("unknown switch", with("", R"("backwards":true,"vocab":{"a":0})"), unsupported, "backwards");
    add("flag is a text", with("", R"("fuse_unk":"yes","vocab":{"a":0})"), invalid, "fuse_unk");
    add("unknown normalizer", normalizer(R"({"type":"Rot13"})"), unsupported, "Rot13");
    add("normalizer without type", normalizer(R"({})"), invalid, "type");
    add("replace without pattern", normalizer(R"({"type":"Replace","content":"x"})"), invalid, "pattern");
    add("table is not base64", normalizer(R"({"type":"Precompiled","precompiled_charsmap":"*"})"), invalid, "base64");
    add("table is short", normalizer(R"({"type":"Precompiled","precompiled_charsmap":"AAAA"})"), invalid, "bytes");
    add("table claims too much", normalizer(R"({"type":"Precompiled","precompiled_charsmap":"/////wAAAAA="})"), invalid, "claims");
    add("unknown pre-tokenizer", with(R"("pre_tokenizer":{"type":"UnicodeScripts"})"), unsupported, "UnicodeScripts");
    add("unknown behavior", with(R"("pre_tokenizer":{"type":"Punctuation","behavior":"Doubled"})"), unsupported, "Doubled");
    add("unknown decoder", with(R"("decoder":{"type":"CTC"})"), unsupported, "CTC");
    add("unknown processor", with(R"("post_processor":{"type":"Sign"})"), unsupported, "Sign");
    add("template without text", with(R"("post_processor":{"type":"TemplateProcessing","single":[],"special_tokens":{}})"), unsupported, "without the text");
    add("template without ids", with(R"("post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"x"}}],"special_tokens":{}})"), invalid, "no ids");
    add("template id outside", with(R"("post_processor":{"type":"BertProcessing","cls":["x",7],"sep":["y",0]})"), invalid, "7");
    add("added id taken", with(R"("added_tokens":[{"id":1,"content":"x"}])"), invalid, "another piece's");
    add("added token too long", with(R"("added_tokens":[{"id":9,"content":")" + std::string(2000, 'x') + R"("}])"), invalid, "2000 bytes");
    add("pattern is wrong", splitAt("a("), invalid, "pattern a(");
    add("class in a class", splitAt("[a[^b]]"), unsupported, "negated class");
    add("intersection", splitAt("[a&&b]"), unsupported, "intersection");
    add("recursion", splitAt("(?<x>a)\\\\g<x>"), unsupported, "group");
    add("too many stages", normalizer(R"({"type":"Sequence","normalizers":[)" + [] {
            std::string list = R"({"type":"NFC"})";
            for (int i = 0; i < 100; ++i)
                list += R"(,{"type":"NFC"})";
            return list;
        }() + "]}"), invalid, "stages");
}
void TestBadTokenizer::refusedByName()
{
    QFETCH(QByteArray, json);
    QFETCH(int, code);
    QFETCH(QByteArray, says);
    refused(json.toStdString(), static_cast<ErrorCode>(code), says.constData());
}

void TestBadTokenizer::patternsGiveUp()
{
    for (const std::string regex : {"(a+)+$b", "(a|aa)+$b", "(.*)*x", "((a*)*)*b", "(a*a*a*a*a*a*)b"}) {
        const auto tokenizer = tokenizerOfText(splitAt(regex), "t.json");
        QVERIFY2(tokenizer.has_value(), regex.c_str());
        const auto encoded = (*tokenizer)->encode(std::string(200'000, 'a'), false);
        if (!encoded)
            QCOMPARE(encoded.error().code, ErrorCode::TextNotEncodable);
    }
}

void TestBadTokenizer::textsDoNotGrowWithoutEnd()
{
    const std::string ten = R"({"type":"Replace","pattern":{"String":"a"},"content":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"})";
    const auto tokenizer = tokenizerOfText(normalizer(R"({"type":"Sequence","normalizers":[)" + ten + "," + ten + "," + ten + "," + ten + "," + ten + "," + ten + "]}"), "t.json");
    QVERIFY2(tokenizer.has_value(), "six honest stages");
    const auto encoded = (*tokenizer)->encode(std::string(1000, 'a'), false);
    QVERIFY(!encoded.has_value());
    QCOMPARE(encoded.error().code, ErrorCode::TextNotEncodable);
    const auto decoder = tokenizerOfText(with(R"("decoder":{"type":"Sequence","decoders":[)" + ten + "," + ten + "," + ten + "," + ten + "," + ten + "," + ten + "]}"), "t.json");
    QVERIFY(!decoder.has_value());
    QCOMPARE(decoder.error().code, ErrorCode::TokenizerInvalid);
}

void TestBadTokenizer::longWordsTakeNoSquareOfTime()
{
    const auto tokenizer = tokenizerOfText(with(""), "t.json");
    QVERIFY(tokenizer.has_value());
    std::string text;
    for (int i = 0; i < 500'000; ++i)
        text += "ab";
    const auto encoded = (*tokenizer)->encode(text, false);
    QVERIFY(encoded.has_value());
    QCOMPARE(encoded->ids.size(), std::size_t{500'000});
}

void TestBadTokenizer::textsThatAreNotUtf8AreRefusedWithTheirPlace()
{
    const auto tokenizer = tokenizerOfText(with(""), "t.json");
    for (const std::string bad : {"ab\x80", "ab\xC3", "ab\xED\xA0\x80", "ab\xF5\x80\x80\x80", "ab\xC0\xAF"}) {
        const auto encoded = (*tokenizer)->encode(bad, false);
        QVERIFY(!encoded.has_value());
        QVERIFY(sentence(encoded.error()).find("byte 2 ") != std::string::npos);
    }
}

void TestBadTokenizer::ofARepeatedPieceTheLastCounts()
{
    const auto tokenizer = tokenizerOfText(R"({"model":{"type":"Unigram","vocab":[["a",-1],["b",-1],["a",-2]]}})", "t.json");
    QVERIFY(tokenizer.has_value());
    QCOMPARE((*tokenizer)->encode("aba", false)->ids, (std::vector<TokenId>{2, 1, 2}));
    QCOMPARE((*tokenizer)->piece(0), std::optional<std::string_view>("a"));
    const auto unknown = (*tokenizer)->encode("abc", false); // there is no unknown token
    QVERIFY(!unknown.has_value());
    QCOMPARE(unknown.error().code, ErrorCode::TextNotEncodable);
}

QTEST_APPLESS_MAIN(TestBadTokenizer)
#include "tst_badtokenizer.moc"
