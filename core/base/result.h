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

// return fail(ErrorCode::ShortRead, path, "100", "64");
template <typename... Args>
[[nodiscard]] tl::unexpected<Error> fail(ErrorCode code, std::string where, Args&&... args)
{
    return tl::unexpected<Error>(Error{code, std::move(where), {std::string(std::forward<Args>(args))...}});
}

// Passes the reason of another result on.
template <typename T>
[[nodiscard]] tl::unexpected<Error> failure(const Result<T>& result)
{
    return tl::unexpected<Error>(result.error());
}

} // namespace wb
