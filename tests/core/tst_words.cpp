// What an error tells in words is a Sentence marked for translation: in Russian no English clause stands in the middle. Only wb serve speaks
// English to programs.
#include "tests/support/support.h"

#include <QtTest>

#include <algorithm>
#include <regex>

namespace {

// From the opening bracket at `at` to its closing one; brackets within literals do not count.
std::string statementAt(const std::string& text, std::size_t at)
{
    int depth = 0;
    bool literal = false;
    for (std::size_t i = at; i < text.size(); ++i) {
        if (literal && text[i] == '\\')
            ++i;
        else if (text[i] == '"')
            literal = !literal;
        else if (!literal && text[i] == '(')
            ++depth;
        else if (!literal && text[i] == ')' && --depth == 0)
            return text.substr(at, i - at + 1);
    }
    return "";
}

// Three words of a literal in a row.
bool tellsInWords(const std::string& statement)
{
    static const std::regex words("[a-z]+ [a-z]+ [a-z]+");
    for (std::size_t at = statement.find('"'); at != std::string::npos;) {
        std::size_t end = at + 1;
        while (statement[end] != '"')
            end += statement[end] == '\\' ? 2 : 1;
        if (std::regex_search(statement.substr(at + 1, end - at - 1), words))
            return true;
        at = statement.find('"', end + 1);
    }
    return false;
}

} // namespace

class TestWords : public QObject {
    Q_OBJECT
private slots:
    void errorsTellInSentences()
    {
        const std::regex marked("CORE_TEXT\\(\"reasons\", \"(?:[^\"\\\\]|\\\\.)*\"\\)");
        int statements = 0, sentences = 0;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(std::filesystem::path(WB_SOURCE_DIR) / "core")) {
            if (entry.path().extension() != ".cpp" || entry.path().parent_path().filename() == "serve")
                continue;
            const std::string text = wb::test::readFile(entry.path());
            for (std::size_t at = text.find("fail(ErrorCode::"); at != std::string::npos; at = text.find("fail(ErrorCode::", at + 1), ++statements) {
                const std::string statement = statementAt(text, at + 4), rest = std::regex_replace(statement, marked, "");
                sentences += rest != statement ? 1 : 0;
                QVERIFY2(!tellsInWords(rest), qPrintable(QString::fromStdString(entry.path().string() + ": " + statement)));
            }
        }
        QVERIFY(statements > 200);
        QVERIFY(sentences > 100);
    }
};

QTEST_APPLESS_MAIN(TestWords)
#include "tst_words.moc"
