// Helpers for the tests of the window. Nothing here sleeps: waiting ends with the event that is waited for.
#pragma once

#include <QSemaphore>
#include <QTest>

namespace wb::test {

// Holds a job inside its function until the test lets it go.
class Gate {
public:
    // In the job: says that it has begun and waits.
    void pass()
    {
        m_begun.release();
        m_open.acquire();
    }
    void waitUntilBegun() { m_begun.acquire(); }
    void open(int times = 1) { m_open.release(times); }

private:
    QSemaphore m_begun, m_open;
};

} // namespace wb::test
