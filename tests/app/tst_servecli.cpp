// wb serve as a client meets it, over a socket: honest requests, staged edits, and everything that must not work.
#include "core/base/json.h"
#include "tests/support/support.h"

#include <nlohmann/json.hpp>

#include <QElapsedTimer>
#include <QProcess>
#include <QtTest>

#include <arpa/inet.h>
#include <csignal>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <future>
#include <thread>

using namespace wb;
using namespace wb::test;

namespace {

const QString sample = QStringLiteral(WB_SOURCE_DIR "/resources/sample/");

// A running server; ends with the object.
class Server {
public:
    explicit Server(const QStringList& arguments)
    {
        m_process.start(QStringLiteral(WB_BINARY), QStringList{"--json", "serve", "--port", "0"} + arguments);
        m_process.waitForReadyRead(30'000);
        if (const auto json = parseJson(m_process.readLine().toStdString(), "stdout"))
            about = *json;
    }
    ~Server()
    {
        m_process.kill();
        m_process.waitForFinished();
    }

    // Sends bytes and gives what comes until the server closes.
    [[nodiscard]] std::string exchange(const std::string& bytes) const
    {
        const int socket = connected();
        static_cast<void>(::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL));
        std::string got;
        std::array<char, 65536> some{};
        for (ssize_t n = 0; (n = ::recv(socket, some.data(), some.size(), 0)) > 0;)
            got.append(some.data(), static_cast<std::size_t>(n));
        ::close(socket);
        return got;
    }
    [[nodiscard]] int connected() const
    {
        const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(about["port"].get<std::uint16_t>());
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        timeval patience{60, 0};
        ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        if (::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
            qWarning("no connection");
        return socket;
    }
    [[nodiscard]] static std::string post(const std::string& path, const std::string& body, const std::string& more = "")
    {
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + more + "\r\n" + body;
    }
    [[nodiscard]] std::pair<int, Json> ask(const std::string& bytes) const
    {
        const std::string got = exchange(bytes);
        const std::size_t body = got.find("\r\n\r\n");
        if (body == std::string::npos || got.size() < 12)
            return {0, nullptr};
        auto json = parseJson(got.substr(body + 4), "body");
        return {std::stoi(got.substr(9, 3)), json ? std::move(*json) : Json()};
    }
    [[nodiscard]] QProcess& process() { return m_process; }

    Json about;

private:
    QProcess m_process;
};

} // namespace

class TestServeCli : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        m_server = std::make_unique<Server>(QStringList{sample + "original", "--queue", "40", "--max-body", "64K"});
        QCOMPARE(m_server->about["schema"], Json("wb.serve/1"));
        QCOMPARE(m_server->about["model"], Json("original"));
    }
    void cleanupTestCase() { m_server.reset(); }

    void listsTheModel()
    {
        const auto [status, list] = m_server->ask("GET /v1/models HTTP/1.1\r\nHost: 127.0.0.1:1\r\n\r\n");
        QVERIFY(status == 200 && list["data"].size() == 1 && list["data"][0]["id"] == "original");
        QCOMPARE(m_server->ask("GET /v1/models HTTP/1.1\r\nHost: localhost\r\nRange: bytes=0-,0-,0-\r\n\r\n").second, list); // once, and whole
        QCOMPARE(m_server->ask("GET /v1/models/original HTTP/1.1\r\nHost: localhost\r\n\r\n").first, 200);
        QCOMPARE(m_server->ask("GET /v1/models/gpt-5 HTTP/1.1\r\nHost: localhost\r\n\r\n").first, 404);
    }

    void completes()
    {
        const auto [status, answer] = m_server->ask(Server::post("/v1/completions", R"({"model":"original","prompt":["2+3=","79-48="],"max_tokens":8,"temperature":0,"stop":"\n"})"));
        QCOMPARE(status, 200);
        QCOMPARE(answer["choices"][0]["text"], Json("5"));
        QCOMPARE(answer["choices"][1]["text"], Json("31"));
        QCOMPARE(answer["choices"][1]["finish_reason"], Json("stop"));
    }

    void streams()
    {
        const std::string got = m_server->exchange(Server::post("/v1/completions", R"({"prompt":"79-48=","max_tokens":8,"temperature":0,"stop":"\n","stream":true,"stream_options":{"include_usage":true}})"));
        QVERIFY(got.find("Content-Type: text/event-stream") != std::string::npos);
        std::string text;
        std::size_t usages = 0;
        for (std::size_t at = got.find("data: {"); at != std::string::npos; at = got.find("data: {", at + 1)) {
            const auto json = parseJson(got.substr(at + 6, got.find('\n', at) - at - 6), "event");
            QVERIFY(json);
            for (const Json& choice : (*json)["choices"])
                text += choice["text"].get<std::string>();
            usages += json->contains("usage") ? 1 : 0;
        }
        QCOMPARE(text, std::string("31"));
        QCOMPARE(usages, std::size_t{1});
        QVERIFY(got.find("data: [DONE]\n\n") != std::string::npos);
    }

    void stagedEditsAnswer()
    {
        TempFolder folder;
        writeFile(folder / "repair.json", R"({"format":"weightbench.recipe/1","edits":[{"op":"scale","select":"name=model.layers.1.mlp.down_proj.weight","factor":0.0625}]})");
        const Server edited({sample + "damaged", "--recipe", QString::fromStdString((folder / "repair.json").string())}), damaged({sample + "damaged"});
        QCOMPARE(edited.about["model"], Json("damaged+repair"));
        const std::string request = Server::post("/v1/completions", R"({"prompt":"79-48=","max_tokens":8,"temperature":0,"stop":"\n"})");
        QCOMPARE(edited.ask(request).second["choices"][0]["text"], Json("31"));
        QVERIFY(damaged.ask(request).second["choices"][0]["text"] != "31");
    }

    void badRequestsAreAnswered_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("status");
        const auto row = [](const char* name, const std::string& bytes, int status) { QTest::newRow(name) << QByteArray(bytes.data(), static_cast<int>(bytes.size())) << status; };
        const std::string good = R"({"prompt":"a","max_tokens":1})";
        row("no JSON", Server::post("/v1/completions", "{"), 400);
        row("unknown field", Server::post("/v1/completions", R"({"prompt":"a","x":1})"), 400);
        row("unknown model", Server::post("/v1/completions", R"({"prompt":"a","model":"b"})"), 404);
        row("too long for the context", Server::post("/v1/completions", R"({"prompt":"a","max_tokens":512,"echo":true,"n":1,"stop":"q","prompt":"b"})"), 400);
        row("another path", "GET /etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n", 404);
        row("up the tree", "GET /v1/../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n", 404);
        row("completions by GET", "GET /v1/completions HTTP/1.1\r\nHost: localhost\r\n\r\n", 404);
        row("another method", "DELETE /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n", 405);
        row("no such method", "BREW /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n", 400);
        row("another name", "GET /v1/models HTTP/1.1\r\nHost: evil.example\r\n\r\n", 403);
        row("no name", "GET /v1/models HTTP/1.1\r\n\r\n", 403);
        row("a page of another place", Server::post("/v1/completions", good, "Origin: https://evil.example\r\n"), 403);
        row("a form", "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}", 415);
        row("compressed", Server::post("/v1/completions", good, "Content-Encoding: gzip\r\n"), 415);
        row("no length", "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\r\n{}", 411);
        row("a long body", Server::post("/v1/completions", std::string(70'000, ' ')), 413);
        row("a long address", "GET /" + std::string(9000, 'a') + " HTTP/1.1\r\nHost: localhost\r\n\r\n", 414);
        row("no HTTP", std::string("\x16\x03\x01\x00\r\n\r\n", 8), 400);
    }

    void badRequestsAreAnswered()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, status);
        const auto [got, body] = m_server->ask(bytes.toStdString());
        QCOMPARE(got, status);
        QVERIFY(body.is_object() && body["error"]["message"].is_string() && !body["error"]["message"].get<std::string>().empty());
        completes(); // and the next one is
    }

    void manyAtOnceAreAllAnswered()
    {
        std::vector<std::future<int>> answers;
        for (int i = 0; i < 30; ++i)
            answers.push_back(std::async(std::launch::async, [this, i] {
                const auto [status, body] = m_server->ask(Server::post("/v1/completions", R"({"prompt":")" + std::to_string(i) + R"(+1=","max_tokens":6,"temperature":0,"stop":"\n"})"));
                return status == 200 ? std::atoi(body["choices"][0]["text"].get<std::string>().c_str()) : -status;
            }));
        int right = 0;
        for (int i = 0; i < 30; ++i)
            right += answers[static_cast<std::size_t>(i)].get() == i + 1 ? 1 : 0;
        QVERIFY2(right > 20, qPrintable(QString::number(right))); // the small model adds most of them well
    }

    void whoGoesAwayIsNotWaitedFor()
    {
        // A request of 40 waiting texts is full; its client leaves; another one is taken.
        const std::string big = Server::post("/v1/completions", R"({"prompt":"a","n":20,"max_tokens":500,"ignore_eos":true})");
        std::vector<int> gone;
        for (int i = 0; i < 3; ++i) {
            gone.push_back(m_server->connected());
            static_cast<void>(::send(gone.back(), big.data(), big.size(), MSG_NOSIGNAL));
        }
        QCOMPARE(m_server->ask(big.substr(0, big.size() - 1) + " ").first, 400); // not JSON; answered beside them
        for (const int socket : gone)
            ::close(socket);
        QTRY_COMPARE_WITH_TIMEOUT(m_server->ask(Server::post("/v1/completions", R"({"prompt":"2+3=","max_tokens":2,"temperature":0})")).first, 200, 30'000);
    }

    void aFullQueueSaysSo()
    {
        const std::string big = Server::post("/v1/completions", R"({"prompt":"a","n":20,"max_tokens":400,"ignore_eos":true})");
        std::vector<std::future<int>> answers;
        for (int i = 0; i < 6; ++i)
            answers.push_back(std::async(std::launch::async, [&] { return m_server->ask(big).first; }));
        int taken = 0, full = 0;
        for (auto& answer : answers) {
            const int status = answer.get();
            taken += status == 200 ? 1 : 0;
            full += status == 429 ? 1 : 0;
        }
        QVERIFY(taken >= 1 && full >= 1 && taken + full == 6);
    }

    void endsSoonWhateverIsGoingOn()
    {
        Server server({sample + "original"});
        const std::string request = Server::post("/v1/completions", R"({"prompt":"a","n":20,"max_tokens":500,"ignore_eos":true})");
        std::vector<int> sockets;
        for (int i = 0; i < 3; ++i)
            sockets.push_back(server.connected());
        static_cast<void>(::send(sockets[0], request.data(), request.size(), MSG_NOSIGNAL));
        static_cast<void>(::send(sockets[1], request.data(), 40, MSG_NOSIGNAL)); // never finished; the third says nothing
        QTest::qWait(100);
        ::kill(static_cast<pid_t>(server.process().processId()), SIGINT);
        QVERIFY(server.process().waitForFinished(10'000)); // idle clients would hold it for 30 seconds
        QCOMPARE(server.process().exitCode(), 0);
        for (const int socket : sockets)
            ::close(socket);
    }

    void portsAndMemoryThatCannotBe()
    {
        QProcess second;
        second.start(QStringLiteral(WB_BINARY), {"--json", "serve", sample + "original", "--port", QString::number(m_server->about["port"].get<int>())});
        QVERIFY(second.waitForFinished(30'000));
        QCOMPARE(second.exitCode(), 2); // a second one on the same port would take half of the requests
        QProcess small;
        small.start(QStringLiteral(WB_BINARY), {"--json", "--memory", "20M", "serve", sample + "original", "--parallel", "256", "--context", "4096", "--port", "0"});
        QVERIFY(small.waitForFinished(30'000));
        QCOMPARE(small.exitCode(), 6);
    }

private:
    std::unique_ptr<Server> m_server;
};

QTEST_GUILESS_MAIN(TestServeCli)
#include "tst_servecli.moc"
