// What Oniguruma means by its classes, as the tokenizers library finds it, character by character.
#include "core/text/textpattern.h"
#include "core/text/unicode.h"

#include <QtTest>

using namespace wb;

namespace {

std::string matched(const std::string& regex, const std::string& text)
{
    const auto pattern = TextPattern::compile(regex, "t.json");
    if (!pattern)
        return sentence(pattern.error());
    std::vector<TextPattern::Match> matches;
    if (const auto done = pattern->findAll(text, matches); !done)
        return sentence(done.error());
    std::string out;
    for (const auto& match : matches)
        out += "[" + text.substr(match.begin, match.end - match.begin) + "]";
    return out;
}

} // namespace

class TestOniguruma : public QObject {
    Q_OBJECT
private slots:
    void classes()
    {
        QCOMPARE(matched("\\s", "a\xC2\x85" "b\xE2\x80\x8B\xE3\x80\x80"), std::string("[\xC2\x85][\xE3\x80\x80]"));
        QCOMPARE(matched("\\w+", "a_1\xC2\xB2 \xE0\xA5\x8D-"), std::string("[a_1\xC2\xB2][\xE0\xA5\x8D]"));
        QCOMPARE(matched("[^\\s\\w]+", "a !?\xC2\xB2"), std::string("[!?\xC2\xB2]")); // inside a class a raised two is no word
        QCOMPARE(matched("\\h+", "xBEEFx"), std::string("[BEEF]"));
        QCOMPARE(matched("[a[bc]d]+", "abcdx"), std::string("[abcd]"));
        QCOMPARE(matched("[[:space:][:digit:]]+", "a 1\t2b"), std::string("[ 1\t2]"));
        QCOMPARE(matched("[]a]+", "a]b"), std::string("[a]]"));
    }

    void linesAndOptions()
    {
        QCOMPARE(matched("^a|b$", "a\nab\nb"), std::string("[a][a][b][b]"));
        QCOMPARE(matched("a.b", "a\nb"), std::string());
        QCOMPARE(matched("(?m)a.b", "a\nb"), std::string("[a\nb]"));
        QCOMPARE(matched("(?i:'s)", "'S'\xC5\xBF"), std::string("['S]['\xC5\xBF]"));
        QCOMPARE(matched("\\u0061+", "aab"), std::string("[aa]"));
    }

    void emptyMatchesSplitToo()
    {
        QCOMPARE(matched("(?=b)", "abab"), std::string("[][]"));
        QCOMPARE(matched("a*", "baa"), std::string("[][aa]"));
    }
};

QTEST_APPLESS_MAIN(TestOniguruma)
#include "tst_oniguruma.moc"
