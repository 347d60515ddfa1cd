#include "app/cli/httpserver.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstring>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace wb::cli {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t headBytes = 64U << 10; // request line and headers

bool waitFor(socket_t socket, short events, milliseconds wait)
{
    pollfd one{socket, events, 0};
    return ::poll(&one, 1, static_cast<int>(std::max<milliseconds::rep>(wait.count(), 0))) == 1;
}

// Closing with unread bytes would take the reply back from the client.
void drain(socket_t socket)
{
    std::vector<char> rest(65'536);
    for (int reads = 0; reads < 64 && waitFor(socket, POLLIN, milliseconds(20)); ++reads)
        if (::recv(socket, rest.data(), rest.size(), MSG_DONTWAIT) <= 0)
            break;
}

// One client. Reads through a buffer, no more than a request may hold and no longer than it may take.
class Connection final : public httplib::Stream {
public:
    Connection(socket_t socket, const HttpLimits& limits)
        : m_socket(socket), m_limits(limits), m_deadline(Clock::now() + limits.receive), m_left(limits.bodyBytes + headBytes)
    {
    }

    [[nodiscard]] bool is_readable() const override { return m_begin < m_end || waitFor(m_socket, POLLIN, milliseconds(0)); }
    [[nodiscard]] bool is_writable() const override { return waitFor(m_socket, POLLOUT, milliseconds(0)) && !gone(); }

    ssize_t read(char* out, std::size_t size) override
    {
        if (m_begin == m_end) {
            const auto left = std::chrono::duration_cast<milliseconds>(m_deadline - Clock::now());
            if (m_left == 0 || left.count() <= 0 || !waitFor(m_socket, POLLIN, left))
                return -1;
            const ssize_t got = ::recv(m_socket, m_buffer.data(), std::min(m_buffer.size(), m_left), 0);
            if (got <= 0)
                return got;
            m_begin = 0;
            m_end = static_cast<std::size_t>(got);
            m_left -= m_end;
        }
        const std::size_t count = std::min(size, m_end - m_begin);
        std::memcpy(out, m_buffer.data() + m_begin, count);
        m_begin += count;
        return static_cast<ssize_t>(count);
    }

    ssize_t write(const char* text, std::size_t size) override
    {
        return waitFor(m_socket, POLLOUT, m_limits.send) ? ::send(m_socket, text, size, MSG_NOSIGNAL) : -1;
    }

    void get_remote_ip_and_port(std::string& ip, int& port) const override { address(::getpeername, ip, port); }
    void get_local_ip_and_port(std::string& ip, int& port) const override { address(::getsockname, ip, port); }
    [[nodiscard]] socket_t socket() const override { return m_socket; }

    [[nodiscard]] bool gone() const
    {
        char byte = 0;
        const ssize_t got = ::recv(m_socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
        return got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
    }

private:
    void address(int (*ask)(int, sockaddr*, socklen_t*), std::string& ip, int& port) const
    {
        sockaddr_storage address{};
        socklen_t size = sizeof address;
        std::array<char, INET6_ADDRSTRLEN> text{};
        if (ask(m_socket, reinterpret_cast<sockaddr*>(&address), &size) != 0)
            return;
        if (address.ss_family == AF_INET6) {
            const auto* six = reinterpret_cast<const sockaddr_in6*>(&address);
            port = ntohs(six->sin6_port);
            ::inet_ntop(AF_INET6, &six->sin6_addr, text.data(), text.size());
        } else {
            const auto* four = reinterpret_cast<const sockaddr_in*>(&address);
            port = ntohs(four->sin_port);
            ::inet_ntop(AF_INET, &four->sin_addr, text.data(), text.size());
        }
        ip = text.data();
    }

    socket_t m_socket;
    const HttpLimits& m_limits;
    Clock::time_point m_deadline;
    std::size_t m_left; // bytes that may still come
    std::array<char, 16384> m_buffer{};
    std::size_t m_begin = 0, m_end = 0;
};

thread_local const Connection* current = nullptr; // of the request that this thread handles
thread_local bool full = false;                   // this thread turns connections away

// A thread a connection, up to a limit; what comes beyond it is turned away at once instead of waiting unseen.
class ConnectionThreads final : public httplib::TaskQueue {
public:
    explicit ConnectionThreads(std::size_t most) : m_most(most) {}

    void enqueue(std::function<void()> work) override
    {
        std::unique_lock lock(m_mutex);
        if (m_work.size() < m_idle || m_threads.size() < m_most) {
            m_work.push_back(std::move(work));
            if (m_work.size() > m_idle)
                m_threads.emplace_back([this] { loop(); });
            m_wake.notify_one();
            return;
        }
        lock.unlock();
        full = true;
        work();
        full = false;
    }

    void shutdown() override
    {
        {
            const std::lock_guard lock(m_mutex);
            m_ending = true;
        }
        m_wake.notify_all();
        for (std::thread& thread : m_threads)
            thread.join();
    }

private:
    void loop()
    {
        std::unique_lock lock(m_mutex);
        while (true) {
            ++m_idle;
            m_wake.wait(lock, [this] { return m_ending || !m_work.empty(); });
            --m_idle;
            if (m_work.empty())
                return;
            const std::function<void()> work = std::move(m_work.back());
            m_work.pop_back();
            lock.unlock();
            work();
            lock.lock();
        }
    }

    std::size_t m_most, m_idle = 0;
    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::vector<std::function<void()>> m_work;
    std::vector<std::thread> m_threads;
    bool m_ending = false;
};

} // namespace

HttpServer::HttpServer(HttpLimits limits, std::string refusal) : m_limits(limits), m_refusal(std::move(refusal))
{
    set_payload_max_length(limits.bodyBytes);
    // The library's own would let a second server listen on the same port and take half of the requests.
    set_socket_options([](socket_t socket) {
        const int yes = 1;
        ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
    set_tcp_nodelay(true);
    new_task_queue = [most = limits.connections] { return new ConnectionThreads(most); };
}

bool HttpServer::clientGone() { return current != nullptr && current->gone(); }

void HttpServer::refuse(socket_t socket) const
{
    const std::string reply = fmt::format("HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\nRetry-After: 1\r\n\r\n{}",
                                          m_refusal.size(), m_refusal);
    static_cast<void>(::send(socket, reply.data(), reply.size(), MSG_NOSIGNAL | MSG_DONTWAIT));
    ::shutdown(socket, SHUT_WR);
    drain(socket);
}

bool HttpServer::process_and_close_socket(socket_t socket)
{
    bool done = false;
    {
        const std::lock_guard lock(m_mutex);
        m_open.insert(socket);
        if (m_ending)
            ::shutdown(socket, SHUT_RDWR);
    }
    if (full) {
        refuse(socket);
    } else {
        Connection connection(socket, m_limits);
        current = &connection;
        bool closed = false;
        done = process_request(connection, true, closed, [](httplib::Request& request) { request.ranges.clear(); }); // a thousand overlapping ones would be a thousand bodies
        current = nullptr;
        ::shutdown(socket, SHUT_WR);
        drain(socket);
    }
    const std::lock_guard lock(m_mutex);
    m_open.erase(socket);
    ::close(socket);
    return done;
}

std::size_t HttpServer::openConnections()
{
    const std::lock_guard lock(m_mutex);
    return m_open.size();
}

void HttpServer::endConnections(milliseconds grace)
{
    for (const auto deadline = Clock::now() + grace; openConnections() != 0 && Clock::now() < deadline;)
        std::this_thread::sleep_for(milliseconds(10));
    const std::lock_guard lock(m_mutex);
    m_ending = true;
    for (const socket_t socket : m_open)
        ::shutdown(socket, SHUT_RDWR);
}

bool namesLoopback(const std::string& host)
{
    std::string name = host.substr(host.starts_with("http://") ? 7 : host.starts_with("https://") ? 8 : 0);
    if (name.starts_with("[::1]"))
        return name.size() == 5 || name[5] == ':';
    name = name.substr(0, name.find(':'));
    in_addr address{};
    return name == "localhost" || (::inet_pton(AF_INET, name.c_str(), &address) == 1 && (ntohl(address.s_addr) >> 24U) == 127);
}

} // namespace wb::cli
