// What core tells in words is marked for translation (CORE_TEXT), so that in Russian no English clause stands in the middle. Only wb serve
// speaks English to programs.
#include "tests/support/support.h"

#include <QtTest>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>
#include <regex>
#include <string_view>

namespace {

struct Literal {
    std::string text;
    bool marked = false; // inside of CORE_TEXT
    bool told = false;   // inside of said
};

// The literals of a source file in their order. Comments, raw literals (programs and pages) and static_assert hold none.
class Literals {
public:
    explicit Literals(std::string_view source) : m_source(source)
    {
        while (m_at < m_source.size())
            step();
    }

    std::vector<Literal> all;

private:
    [[nodiscard]] static bool inWord(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }
    [[nodiscard]] bool inside(std::string_view call) const { return std::ranges::find(m_open, call) != m_open.end(); }

    void step()
    {
        const char c = m_source[m_at], before = m_at == 0 ? ' ' : m_source[m_at - 1];
        const bool blank = std::isspace(static_cast<unsigned char>(c)) != 0;
        if (m_source.substr(m_at, 2) == "//")
            m_at = std::min(m_source.find('\n', m_at), m_source.size());
        else if (c == '"' && m_word == "R")
            skipRaw();
        else if (c == '"' || (c == '\'' && !inWord(before)))
            quoted(c);
        else
            bracket(c);
        if (!blank)
            m_word = !inWord(c) ? "" : inWord(before) ? m_word + c : std::string(1, c);
    }
    void skipRaw()
    {
        const std::size_t open = m_source.find('(', m_at);
        const std::string end = ")" + std::string(m_source.substr(m_at + 1, open - m_at - 1)) + "\"";
        m_at = m_source.find(end, open) + end.size();
    }
    void quoted(char quote)
    {
        const std::size_t begin = ++m_at;
        while (m_source[m_at] != quote)
            m_at += m_source[m_at] == '\\' ? 2 : 1;
        if (quote == '"' && !inside("static_assert"))
            all.push_back({std::string(m_source.substr(begin, m_at - begin)), inside("CORE_TEXT"), inside("said")});
        ++m_at;
    }
    void bracket(char c)
    {
        if (c == '(')
            m_open.push_back(m_word);
        else if (c == ')' && !m_open.empty())
            m_open.pop_back();
        ++m_at;
    }

    std::string_view m_source;
    std::size_t m_at = 0;
    std::string m_word; // before `m_at`; blanks between it and a bracket do not count
    std::vector<std::string> m_open;
};

// Three words in a row, or an article or the like and a word; within a sentence two words.
bool tellsInWords(const Literal& literal)
{
    static const std::regex three("[a-z]+ [a-z]+ [a-z]+|^(a|an|the|it|its|there|no) [a-z]+"), two("[a-z]{2,} [a-z]{2,}");
    return std::regex_search(literal.text, literal.told ? two : three);
}

// Lines of wb, and what is kept in files and on the page of a result: they are English.
constexpr std::string_view english[] = {
    "NaN or infinities among the changed ones", "a text of {} bytes", " bytes and not ", ": its bytes are not those that were written", "control: random, of the same norm",
    "{} {} of {} (seed {}) before each item", "{}: the solution fails: {}", "{}{}: a broken program passes", "{} items say little", "No difference was seen",
    "{}Scoring the same model twice", "sign flips of shares, exact", "Control, a random edit of equal norm", "</table>\\n<h2>How it was scored", "sign flips of the share of right answers",
    "{}\\nimport os as _os", "items of their own", "cross-validated: each tenth", "a third of the items", "OpenBLAS cannot be used"};

} // namespace

class TestWords : public QObject {
    Q_OBJECT
private slots:
    void literalsAreRead()
    {
        const Literals read("a(\"one\"); // \"none\"\nb(CORE_TEXT(\"x\", \"t\\\"wo\"), '\"', 1'000); R\"(\"none\")\"; static_assert(c, \"none\"); said (\"three\")");
        std::string found;
        for (const Literal& literal : read.all)
            found += literal.text + (literal.marked ? "+" : literal.told ? "." : "") + " ";
        QCOMPARE(QString::fromStdString(found), QStringLiteral("one x+ t\\\"wo+ three. "));
    }

    void coreTellsInSentences()
    {
        std::map<std::string_view, int> met;
        int marked = 0;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(std::filesystem::path(WB_SOURCE_DIR) / "core")) {
            if ((entry.path().extension() != ".cpp" && entry.path().extension() != ".h") || entry.path().parent_path().filename() == "serve")
                continue;
            const std::string source = wb::test::readFile(entry.path());
            for (const Literal& literal : Literals(source).all) {
                marked += literal.marked ? 1 : 0;
                if (literal.marked || !tellsInWords(literal))
                    continue;
                const auto* allowed = std::ranges::find_if(english, [&](std::string_view begin) { return literal.text.starts_with(begin); });
                QVERIFY2(allowed != std::end(english), qPrintable(QString::fromStdString(entry.path().string() + ": \"" + literal.text + "\" is not marked with CORE_TEXT")));
                ++met[*allowed];
            }
        }
        for (const std::string_view begin : english)
            QVERIFY2(met[begin] == 1, std::string(begin).c_str());
        QVERIFY(marked > 1000);
    }
};

QTEST_APPLESS_MAIN(TestWords)
#include "tst_words.moc"
