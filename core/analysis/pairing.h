// Which tensor of one source is which of another, also when the two formats name and store the same weights differently.
#pragma once

#include "core/model/roles.h"
#include "core/tensor/floatview.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace wb {

// By name, or, where no name is on both sides, by role, layer and expert. The sources must outlive it.
class Pairing {
public:
    Pairing(const TensorSource& a, const TensorSource& b);

    // The tensor of b that is this one of a.
    [[nodiscard]] std::optional<std::size_t> other(std::size_t tensor) const;
    [[nodiscard]] bool byRole() const { return m_byRole; }
    // How the values of a tensor of a, or of b, are read so that both are those of Hugging Face.
    [[nodiscard]] StoredConversion readingOfA(std::size_t tensor) const { return readingOf(m_sideA, tensor); }
    [[nodiscard]] StoredConversion readingOfB(std::size_t tensor) const { return readingOf(m_sideB, tensor); }

private:
    struct Side {
        const TensorSource& source;
        std::vector<TensorRole> roles; // only when pairs are made by role
        bool isGguf = false;
    };
    [[nodiscard]] static StoredConversion readingOf(const Side& side, std::size_t tensor);

    Side m_sideA, m_sideB;
    bool m_byRole;
    std::map<std::string, std::size_t> m_places; // role, layer and expert → tensor of b
};

} // namespace wb
