// The sandbox: honest programs pass, and each attack ends in a failure that touches nothing outside.
#include "core/base/file.h"
#include "core/eval/sandbox.h"
#include "tests/support/support.h"

#include <QtTest>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace wb;

class TestSandbox : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        prepareProcess();
        SandboxLimits limits;
        limits.wallClock = std::chrono::milliseconds(3000);
        limits.cpuSeconds = 2;
        auto found = Sandbox::find(limits);
        if (!found)
            QSKIP(sentence(found.error()).c_str()); // a container may forbid namespaces: then code never runs
        m_sandbox = *found;
        QVERIFY(m_sandbox->interpreter().starts_with("Python 3"));
    }

    void honestProgramsPass()
    {
        QVERIFY(run("def f(x):\n    return x + 1\nassert f(1) == 2").passed);
        QVERIFY(run("open('/tmp/a', 'w').write('x' * 1000)").passed);
        const SandboxRun failed = run("assert 1 == 2, 'no'");
        QVERIFY(!failed.passed);
        QCOMPARE(failed.reason.english(), std::string("AssertionError: no"));
        QVERIFY(run("x =").reason.english().find("SyntaxError") != std::string::npos);
    }

    void endingEarlyIsNoPass()
    {
        for (const char* program : {"import sys; sys.exit(0)", "import os; os._exit(0)", "raise SystemExit(0)", "exit(0) if 'exit' in dir(__builtins__) else 1/0",
                                    "import os; os.write(3, b'0' * 32); os._exit(0)", "import os; os.close(3)"})
            QVERIFY2(!run(program).passed, program);
    }

    void attacks_data()
    {
        QTest::addColumn<QByteArray>("program");
        const auto row = [](const char* name, const char* program) { QTest::newRow(name) << QByteArray(program); };
        row("home", "import os\nassert os.listdir('/root')");
        row("passwd", "open('/etc/passwd').read()");
        row("write to usr", "open('/usr/bin/x', 'w')");
        row("network", "import socket\nsocket.create_connection(('1.1.1.1', 80), 1)");
        row("fork bomb", "import os\nwhile True: os.fork()");
        row("memory bomb", "x = bytearray(4 << 30)");
        row("endless output", "while True: print('x' * 1000)");
        row("endless file", "f = open('/tmp/a', 'wb')\nwhile True: f.write(b'x' * 100000)");
        row("busy loop", "while True: pass");
        row("sleep", "import time\ntime.sleep(100)");
        row("killing the parent", "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\nos.kill(1, signal.SIGKILL)\nraise SystemExit");
        row("many descriptors", "fs = [open('/dev/null') for _ in range(100)]");
        row("environment", "import os\nassert 'HOME' in os.environ");
        row("thread that stays", "import threading, time\nthreading.Thread(target=time.sleep, args=(100,)).start()\n1/0");
    }
    void attacks()
    {
        QFETCH(QByteArray, program);
        const SandboxRun result = run(program.toStdString());
        QVERIFY2(!result.passed, result.reason.english().c_str());
        QVERIFY(!result.reason.empty()); // and it has come to an end
    }

    // A live listener on this machine's loopback is not reached.
    void loopbackIsAnother()
    {
        const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        QCOMPARE(::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
        QCOMPARE(::listen(listener, 1), 0);
        socklen_t size = sizeof address;
        QCOMPARE(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size), 0);
        const int port = ntohs(address.sin_port);
        QVERIFY(!run("import socket\nsocket.create_connection(('127.0.0.1', " + std::to_string(port) + "), 1)").passed);
        ::close(listener);
    }

    void stoppingKills()
    {
        Progress progress;
        progress.cancel();
        const auto result = m_sandbox->run("import time\ntime.sleep(100)", &progress);
        QVERIFY(result && !result->passed && result->seconds < 1);
        QCOMPARE(result->reason.english(), std::string("stopped"));
    }

private:
    SandboxRun run(const std::string& program) { return *m_sandbox->run(program); }
    std::optional<Sandbox> m_sandbox;
};

QTEST_APPLESS_MAIN(TestSandbox)
#include "tst_sandbox.moc"
