// The parts of an answer as the JSON of the API: one object at the end, or the objects of a stream as they come.
#pragma once

#include "core/base/json.h"
#include "core/eval/serve/scheduler.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace wb {

struct AnswerHead {
    std::string id;            // "cmpl-7"
    std::int64_t created = 0;  // seconds since 1970
};

class AnswerWriter {
public:
    // Both must outlive it.
    AnswerWriter(const CompletionRequest& request, const ServedModel& model, AnswerHead head);

    // Takes a part up. Of a streamed request: the objects to send for it, possibly none.
    [[nodiscard]] std::vector<Json> take(AnswerPart part);
    [[nodiscard]] bool finished() const { return m_open == 0 || m_error; }
    [[nodiscard]] const std::optional<Error>& error() const { return m_error; } // of any of its sequences

    [[nodiscard]] Json whole() const;               // of a request that is not streamed, when it is finished
    [[nodiscard]] std::vector<Json> opening() const; // of a stream
    [[nodiscard]] std::vector<Json> closing() const;

private:
    struct TokenRow {
        std::string token;
        std::optional<double> logprob;
        std::vector<std::pair<std::string, double>> top; // most likely first, each text once
        std::size_t offset = 0;                          // characters of the text before it
        std::optional<double> temperature;               // by which it was drawn, where a rule gives each its own
    };
    struct Choice {
        std::string text;            // all that is known
        std::size_t sent = 0;        // bytes of it that were told
        std::size_t echoed = 0;      // bytes of it that are the prompt
        std::size_t characters = 0;  // of the text before the next token
        std::vector<TokenRow> rows;  // not told yet
        std::size_t tokens = 0;      // made
        std::string finish;          // "stop", "length"; empty while it goes on
    };

    void echoPrompt(Choice& choice, const ServedPrompt& prompt, std::vector<ScoredToken> scores) const;
    [[nodiscard]] TokenRow row(TokenId id, std::optional<double> logprob, const std::vector<Candidate>& candidates) const;
    [[nodiscard]] std::string tokenText(TokenId id) const;
    [[nodiscard]] std::size_t certainBytes(const Choice& choice) const;
    [[nodiscard]] Json object(Json choices, bool chunk) const;
    [[nodiscard]] Json choiceJson(std::size_t index, const std::string& text, const std::vector<TokenRow>& rows, const std::string& finish, bool chunk) const;
    [[nodiscard]] Json logprobsJson(const std::vector<TokenRow>& rows) const;
    [[nodiscard]] Json usage() const;

    const CompletionRequest& m_request;
    const ServedModel& m_model;
    AnswerHead m_head;
    std::vector<Choice> m_choices;
    std::size_t m_open;
    std::optional<Error> m_error;
};

// {"error": {"message", "type", "param", "code"}} and the status that goes with it.
struct ErrorReply {
    int status = 400;
    Json body;
};
[[nodiscard]] ErrorReply errorReply(const Error& error);
[[nodiscard]] Json errorBody(const std::string& message, const char* type, const std::string& param, const char* code);

// GET /v1/models and /v1/models/NAME.
[[nodiscard]] Json modelJson(const ServedModel& model, std::int64_t created);
[[nodiscard]] Json modelsJson(const ServedModel& model, std::int64_t created);

} // namespace wb
