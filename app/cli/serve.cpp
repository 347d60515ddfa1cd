// wb serve PATH: the model with its staged edits behind the API that evaluation tools speak, on this machine's own address.
#include "app/cli/httpserver.h"

#include "app/cli/cli.h"
#include "app/cli/modelarguments.h"

#include "core/base/file.h"
#include "core/eval/serve/answerwriter.h"
#include "core/model/generationconfig.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <atomic>
#include <cstring>
#include <ctime>
#include <thread>

namespace wb::cli {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

struct Arguments {
    ModelArguments model;
    std::string host = "127.0.0.1", name;
    int port = 8000;
    std::size_t context = 0;
    SchedulerLimits limits;
    HttpLimits http;
    std::size_t bodyBytes = 0;
    unsigned timeout = 600; // seconds
};

void reply(httplib::Response& out, int status, const Json& body)
{
    out.status = status;
    out.set_content(dumpJson(body), "application/json");
}

void replyError(httplib::Response& out, const Error& error)
{
    const ErrorReply answer = errorReply(error);
    reply(out, answer.status, answer.body);
}

std::string event(const Json& json) { return "data: " + dumpJson(json) + "\n\n"; }

const char* statusText(int status)
{
    switch (status) {
    case 404: return "there is nothing at this path; there are /v1/models, /v1/completions and /v1/chat/completions";
    case 413: return "the body is longer than this server takes";
    case 414: return "the address is too long";
    case 415: return "the body must be application/json, not compressed";
    default: return "this is no request that can be answered";
    }
}

// The requests of one server.
class Service {
public:
    Service(const ServedModel& model, Scheduler& scheduler, unsigned timeout) : m_model(model), m_scheduler(scheduler), m_timeout(timeout) {}

    void end() { m_ending = true; }

    void models(httplib::Response& out) const { reply(out, 200, modelsJson(m_model, m_created)); }

    void oneModel(const httplib::Request& in, httplib::Response& out) const
    {
        constexpr std::size_t before = std::string_view("/v1/models/").size();
        if (in.path.substr(before) == m_model.name)
            return reply(out, 200, modelJson(m_model, m_created));
        replyError(out, {ErrorCode::BadArgument, "model", {fmt::format("there is no model {} here, only {}", in.path.substr(before, 200), m_model.name)}});
    }

    void complete(const httplib::Request& in, httplib::Response& out, bool chat)
    {
        const std::uint64_t number = ++m_requests; // also the seed where none is given: answers to a repeated request differ
        auto request = chat ? readChatRequest(in.body, m_model, number) : readCompletionRequest(in.body, m_model, number);
        if (!request)
            return replyError(out, request.error());
        auto asked = std::make_shared<Asked>(std::move(*request), m_model, AnswerHead{fmt::format("{}-{}", chat ? "chatcmpl" : "cmpl", number), std::time(nullptr)});
        asked->deadline = Clock::now() + std::chrono::seconds(m_timeout);
        asked->answer = m_scheduler.submit(asked->request);
        if (!asked->answer) {
            out.set_header("Retry-After", "1");
            return reply(out, m_ending ? 503 : 429, errorBody(m_ending ? "the server is ending" : "too many requests wait already; ask again later", "server_error", "", m_ending ? "ending" : "rate_limit_exceeded"));
        }
        if (asked->request->stream)
            return stream(asked, out);
        while (!asked->writer.finished() && advance(*asked, [] { return HttpServer::clientGone(); })) {
        }
        if (asked->problem)
            return reply(out, asked->problem->status, asked->problem->body);
        reply(out, 200, asked->writer.whole());
    }

private:
    struct Asked {
        Asked(CompletionRequest&& given, const ServedModel& model, AnswerHead head)
            : request(std::make_shared<const CompletionRequest>(std::move(given))), writer(*request, model, std::move(head))
        {
        }
        ~Asked()
        {
            if (answer)
                answer->cancel(); // nobody listens any more
        }
        Asked(const Asked&) = delete;
        Asked& operator=(const Asked&) = delete;

        std::shared_ptr<const CompletionRequest> request;
        AnswerWriter writer;
        AnswerPtr answer;
        Clock::time_point deadline;
        std::vector<Json> fresh; // to be sent
        std::optional<ErrorReply> problem;
    };

    // Takes what came within a moment; false when there is nothing to wait for any more.
    bool advance(Asked& asked, const std::function<bool()>& gone) const
    {
        if (auto part = asked.answer->next(milliseconds(50))) {
            asked.fresh = asked.writer.take(std::move(*part));
            if (asked.writer.error())
                asked.problem = errorReply(*asked.writer.error());
        } else if (Clock::now() > asked.deadline) {
            asked.problem = {504, errorBody(fmt::format("no answer within the {} seconds that a request may take", m_timeout), "timeout", "", "timeout")};
        } else if (gone()) {
            asked.problem = {503, errorBody("the client has gone", "server_error", "", "cancelled")};
        }
        return !asked.problem;
    }

    void stream(const std::shared_ptr<Asked>& asked, httplib::Response& out) const
    {
        out.set_header("Cache-Control", "no-cache");
        asked->fresh = asked->writer.opening();
        const auto send = [](httplib::DataSink& sink, const Json& json) {
            const std::string text = event(json);
            return sink.write(text.data(), text.size());
        };
        out.set_chunked_content_provider("text/event-stream", [this, asked, send](std::size_t, httplib::DataSink& sink) {
            for (const Json& json : std::exchange(asked->fresh, {}))
                if (!send(sink, json))
                    return false;
            if (!asked->writer.finished() && !asked->problem)
                return advance(*asked, [&] { return !sink.is_writable(); }) || send(sink, asked->problem->body);
            if (!asked->problem) {
                for (const Json& json : asked->writer.closing())
                    send(sink, json);
                sink.write("data: [DONE]\n\n", 14);
            }
            sink.done();
            return true;
        });
    }

    const ServedModel& m_model;
    Scheduler& m_scheduler;
    unsigned m_timeout;
    std::int64_t m_created = std::time(nullptr);
    std::atomic<std::uint64_t> m_requests{0};
    std::atomic<bool> m_ending{false};
};

// What may pass before a body is read. A page in a browser must not get here, neither under another name of this machine nor by a
// simple form; what would cost memory or time beyond the limits is not taken.
bool refused(const httplib::Request& in, httplib::Response& out, bool loopback)
{
    const auto say = [&](int status, const char* what) {
        reply(out, status, errorBody(what, "invalid_request_error", "", "refused"));
        return true;
    };
    if (loopback && !namesLoopback(in.get_header_value("Host")))
        return say(403, "this server answers under this machine's own name only");
    if (in.has_header("Origin") && !namesLoopback(in.get_header_value("Origin")))
        return say(403, "pages of other places may not use this server");
    if (in.method != "POST")
        return in.method != "GET" && in.method != "HEAD" ? say(405, "only GET and POST are answered") : false;
    const std::string type = in.get_header_value("Content-Type"), encoding = in.get_header_value("Content-Encoding");
    if (!type.starts_with("application/json") || !encoding.empty())
        return say(415, statusText(415));
    if (!in.has_header("Content-Length") && in.get_header_value("Transfer-Encoding") != "chunked")
        return say(411, "the length of the body is not given");
    return false;
}

class Command {
public:
    Command(Arguments& arguments, const Globals& globals) : m_arguments(arguments), m_globals(globals) {}

    Result<int> run()
    {
        if (auto done = load(); !done)
            return failure(done);
        Scheduler scheduler(m_loaded.model, m_served.tokenizer, m_served.precision, m_arguments.limits);
        Service service(m_served, scheduler, m_arguments.timeout);
        m_arguments.http.bodyBytes = m_arguments.bodyBytes != 0 ? m_arguments.bodyBytes : m_arguments.http.bodyBytes;
        HttpServer server(m_arguments.http, dumpJson(errorBody("too many connections; ask again later", "server_error", "", "rate_limit_exceeded")));
        addRoutes(server, service);
        const int port = m_arguments.port == 0 ? server.bind_to_any_port(m_arguments.host) : server.bind_to_port(m_arguments.host, m_arguments.port) ? m_arguments.port : -1;
        if (port <= 0)
            return fail(ErrorCode::BadArgument, "--port", fmt::format("{} port {} cannot be listened on: {}", m_arguments.host, m_arguments.port, systemMessage(errno)));
        ShownProgress progress(m_globals); // Ctrl-C cancels it
        std::atomic<bool> listening{true};
        std::thread thread([&] {
            server.listen_after_bind();
            listening = false;
        });
        tell(port);
        const Progress& asked = progress;
        while (!asked.cancelled() && listening)
            std::this_thread::sleep_for(milliseconds(20));
        const bool ended = asked.cancelled();
        service.end();
        scheduler.stop();
        server.endConnections(milliseconds(300));
        server.stop();
        thread.join();
        if (!ended)
            return fail(ErrorCode::BadArgument, "--port", "the port was lost while it was listened on");
        return 0;
    }

private:
    Result<void> load()
    {
        auto opened = open(m_arguments.model.source, m_globals);
        if (!opened)
            return failure(opened);
        m_loaded.opened = std::move(*opened);
        auto tokenizer = tokenizerOf(m_loaded);
        if (!tokenizer)
            return failure(tokenizer);
        ModelOptions options{m_loaded.opened.checkpoint->root().string(), m_globals.memory, nullptr, {}};
        options.runBytes = [this](const ModelConfig& config) { return Scheduler::bytesFor(config, m_arguments.limits.running, contextOf(config)); };
        ShownProgress progress(m_globals);
        auto model = Model::load(*m_loaded.opened.source, options, progress);
        if (!model)
            return failure(model);
        m_loaded.model = std::move(*model);
        auto generation = readGenerationConfig(*m_loaded.opened.checkpoint, tokenizer->get());
        if (!generation)
            return failure(generation);
        m_served = {nameOf(), *tokenizer, nullptr, {}, generation->endTokens, m_loaded.model->config().vocabulary, contextOf(m_loaded.model->config()), m_arguments.limits.waiting / 2,
                    m_arguments.model.chosen(Precision::F32)};
        if (auto chat = loadChatTemplate(*m_loaded.opened.checkpoint, **tokenizer))
            m_served.chat = *chat;
        else
            m_served.noChat = chat.error();
        return {};
    }

    // Asked for, else what the model was trained on; never more than it has positions for.
    [[nodiscard]] std::size_t contextOf(const ModelConfig& config) const
    {
        std::size_t context = m_arguments.context;
        if (context == 0) {
            constexpr std::size_t usual = 4096;
            const Json* json = m_loaded.opened.source->config();
            if (json != nullptr && json->contains("text_config"))
                json = &(*json)["text_config"];
            const Json trained = json != nullptr && json->is_object() ? json->value("max_position_embeddings", Json()) : Json();
            context = trained.is_number_unsigned() ? std::clamp<std::size_t>(trained.get<std::size_t>(), 2, usual) : usual;
        }
        return config.maxPositions != 0 ? std::min<std::size_t>(context, config.maxPositions) : context;
    }

    // The folder or file, and what edits it: the name in the API tells which weights answered.
    [[nodiscard]] std::string nameOf() const
    {
        if (!m_arguments.name.empty())
            return m_arguments.name;
        const std::filesystem::path path = std::filesystem::weakly_canonical(m_arguments.model.source.path);
        std::string name = path.filename().string();
        for (const std::string& recipe : m_arguments.model.source.recipes)
            name += "+" + std::filesystem::path(recipe).stem().string();
        return name;
    }

    void addRoutes(HttpServer& server, Service& service) const
    {
        const bool loopback = namesLoopback(m_arguments.host.find(':') == std::string::npos ? m_arguments.host : "[" + m_arguments.host + "]");
        server.set_pre_routing_handler([loopback](const httplib::Request& in, httplib::Response& out) {
            return refused(in, out, loopback) ? httplib::Server::HandlerResponse::Handled : httplib::Server::HandlerResponse::Unhandled;
        });
        server.Get("/v1/models", [&service](const httplib::Request&, httplib::Response& out) { service.models(out); });
        server.Get("/v1/models/.+", [&service](const httplib::Request& in, httplib::Response& out) { service.oneModel(in, out); });
        server.Post("/v1/completions", [&service](const httplib::Request& in, httplib::Response& out) { service.complete(in, out, false); });
        server.Post("/v1/chat/completions", [&service](const httplib::Request& in, httplib::Response& out) { service.complete(in, out, true); });
        server.set_error_handler([](const httplib::Request&, httplib::Response& out) {
            if (out.body.empty())
                reply(out, out.status, errorBody(statusText(out.status), "invalid_request_error", "", "refused"));
        });
        server.set_exception_handler([](const httplib::Request&, httplib::Response& out, const std::exception_ptr&) { // std::bad_alloc
            out.status = 503;
            out.set_content(R"({"error":{"message":"out of memory","type":"server_error","param":null,"code":"out_of_memory"}})", "application/json");
        });
    }

    void tell(int port) const
    {
        const std::string shownHost = m_arguments.host.find(':') == std::string::npos ? m_arguments.host : "[" + m_arguments.host + "]";
        const std::string url = fmt::format("http://{}:{}/v1", shownHost, port);
        if (m_globals.json)
            printJson("serve", {{"url", url}, {"port", port}, {"model", m_served.name}, {"precision", precisionName(m_served.precision)}, {"context", m_served.context},
                                {"parallel", m_arguments.limits.running}, {"chat", m_served.chat != nullptr}});
        std::fflush(stdout);
        if (m_globals.quiet)
            return;
        fmt::print(stderr, "wb: {} is served on {} ({}, {} texts of up to {} tokens at once{}); Ctrl-C ends it\n", shownName(m_served.name), url, precisionName(m_served.precision),
                   m_arguments.limits.running, m_served.context, m_served.chat ? "" : ", no chat template");
        if (!namesLoopback(shownHost))
            fmt::print(stderr, "wb: whoever reaches {} may use it: there is neither a password nor encryption\n", url);
    }

    Arguments& m_arguments;
    const Globals& m_globals;
    LoadedModel m_loaded;
    ServedModel m_served;
};

} // namespace

Run addServe(CLI::App& app, const Globals& globals)
{
    auto arguments = std::make_shared<Arguments>();
    arguments->model.add(app, "f32");
    app.add_option("--port", arguments->port, "Where to listen; 0: any free port (default 8000)")->check(CLI::Range(0, 65535));
    app.add_option("--host", arguments->host, "Address to listen on (default 127.0.0.1: only programs on this machine)");
    app.add_option("--name", arguments->name, "Of the model in the API (default: the folder, and the recipes)");
    app.add_option("--context", arguments->context, "Tokens of prompt and answer together at most (default: the model's, at most 4096)")->check(CLI::Range(2, 1 << 24));
    app.add_option("--parallel", arguments->limits.running, "Texts that go on at once (default 8)")->check(CLI::Range(1, 256));
    app.add_option("--queue", arguments->limits.waiting, "Texts that may wait for their turn (default 256)")->check(CLI::Range(2, 1 << 16));
    app.add_option("--timeout", arguments->timeout, "Seconds that a request may take (default 600)")->check(CLI::Range(1, 1 << 20));
    app.add_option_function<std::string>(
           "--max-body",
           [raw = arguments.get()](const std::string& text) {
               if (const std::string problem = readBytes(text, raw->bodyBytes); !problem.empty())
                   throw CLI::ValidationError("--max-body", problem);
           },
           "Bytes of a request at most, with K, M or G (default 8M)");
    return [arguments, &globals] { return Command(*arguments, globals).run(); };
}

} // namespace wb::cli
