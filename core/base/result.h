// A value or a typed reason. Everything in core that the world can make fail returns one.
#pragma once

#include "core/base/error.h"

#include <tl/expected.hpp>

#include <string>
#include <utility>

namespace wb {

template <typename T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
public:
    using tl::expected<T, Error>::expected;
};

// errorOf(ErrorCode::ShortRead, path, 100, 64); words are a Sentence, which the window translates, in the place of `where` too.
template <typename Where, typename... Args>
[[nodiscard]] Error errorOf(ErrorCode code, const Where& where, const Args&... args)
{
    Error error{code, "", {}};
    if constexpr (std::is_same_v<Where, Sentence>) {
        error.where = where.english();
        error.place = where;
    } else {
        error.where = where;
    }
    (addArgument(error, args), ...);
    return error;
}

// return fail(ErrorCode::ShortRead, path, 100, 64);
template <typename Where, typename... Args>
[[nodiscard]] tl::unexpected<Error> fail(ErrorCode code, const Where& where, const Args&... args)
{
    return tl::unexpected<Error>(errorOf(code, where, args...));
}

// Passes the reason of another result on.
template <typename T>
[[nodiscard]] tl::unexpected<Error> failure(const Result<T>& result)
{
    return tl::unexpected<Error>(result.error());
}

} // namespace wb
