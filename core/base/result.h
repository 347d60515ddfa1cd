// A value or a typed reason. Everything in core that the world can make fail returns one.
#pragma once

#include "core/base/error.h"

#include <tl/expected.hpp>

#include <string>
#include <type_traits>
#include <utility>

namespace wb {

template <typename T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
public:
    using tl::expected<T, Error>::expected;
};

template <typename Arg>
void addArgument(Error& error, Arg&& argument)
{
    if constexpr (std::is_same_v<std::remove_cvref_t<Arg>, Sentence>) {
        error.args.push_back(argument.english());
        error.told.emplace_back(error.args.size() - 1, std::forward<Arg>(argument));
    } else {
        error.args.emplace_back(std::forward<Arg>(argument));
    }
}

// return fail(ErrorCode::ShortRead, path, "100", "64"); words are a Sentence, which the window translates.
template <typename... Args>
[[nodiscard]] tl::unexpected<Error> fail(ErrorCode code, std::string where, Args&&... args)
{
    Error error{code, std::move(where), {}};
    (addArgument(error, std::forward<Args>(args)), ...);
    return tl::unexpected<Error>(std::move(error));
}

// Passes the reason of another result on.
template <typename T>
[[nodiscard]] tl::unexpected<Error> failure(const Result<T>& result)
{
    return tl::unexpected<Error>(result.error());
}

} // namespace wb
