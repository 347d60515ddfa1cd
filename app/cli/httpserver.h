// The HTTP side of wb serve: cpp-httplib's server with what it leaves open closed. One request a connection; a bounded number of
// connections, each with a bounded time and size for its request; all of them can be ended at once.
#pragma once

#include <httplib.h>

#include <chrono>
#include <mutex>
#include <set>

namespace wb::cli {

struct HttpLimits {
    std::size_t connections = 64;
    std::size_t bodyBytes = std::size_t{8} << 20;
    std::chrono::milliseconds receive{30'000}; // of a whole request
    std::chrono::milliseconds send{30'000};    // of one write
};

class HttpServer : public httplib::Server {
public:
    // `refusal`: the body, JSON, that says that there are too many connections.
    HttpServer(HttpLimits limits, std::string refusal);

    // Has the client of the request that this thread handles gone away?
    [[nodiscard]] static bool clientGone();
    // Ends every connection; waits up to `grace` for those that finish by themselves. From any thread.
    void endConnections(std::chrono::milliseconds grace);

private:
    bool process_and_close_socket(socket_t socket) override;
    void refuse(socket_t socket) const;
    [[nodiscard]] std::size_t openConnections();

    HttpLimits m_limits;
    std::string m_refusal;
    std::mutex m_mutex;
    std::set<socket_t> m_open;
    bool m_ending = false;
};

// Is the address that a Host header or an Origin names this machine's own? "localhost:8000", "http://127.0.0.1".
[[nodiscard]] bool namesLoopback(const std::string& host);

} // namespace wb::cli
