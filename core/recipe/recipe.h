// An ordered, immutable list of edits for one base. Changing a recipe makes a new one that shares its edits, so undo is
// two pointers. JSON form (recipejson.h): "weightbench.recipe/1" of the command-line contract, read strictly.
#pragma once

#include "core/base/result.h"
#include "core/recipe/edit.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace wb {

struct BaseIdentity {
    std::string name;
    std::string fingerprint; // layoutFingerprint; empty = not bound to a layout
    std::uint64_t tensors = 0;
    bool operator==(const BaseIdentity&) const = default;
};

class Recipe;
using RecipePtr = std::shared_ptr<const Recipe>;

class Recipe {
public:
    explicit Recipe(BaseIdentity base = {}, std::vector<std::shared_ptr<const Edit>> edits = {});

    [[nodiscard]] const BaseIdentity& base() const { return m_base; }
    [[nodiscard]] std::size_t size() const { return m_edits.size(); }
    [[nodiscard]] bool empty() const { return m_edits.empty(); }
    [[nodiscard]] const Edit& at(std::size_t index) const { return *m_edits[index]; }
    [[nodiscard]] std::size_t enabledCount() const;

    [[nodiscard]] RecipePtr with(Edit edit) const;                       // appended
    [[nodiscard]] RecipePtr without(std::size_t index) const;
    [[nodiscard]] RecipePtr replaced(std::size_t index, Edit edit) const;
    [[nodiscard]] RecipePtr moved(std::size_t from, std::size_t to) const; // `to`: its index afterwards
    [[nodiscard]] RecipePtr first(std::size_t count) const;
    [[nodiscard]] RecipePtr joined(const Recipe& next) const;            // these edits, then those; this base
    [[nodiscard]] RecipePtr withBase(BaseIdentity base) const;
    bool operator==(const Recipe& other) const; // by value

private:
    BaseIdentity m_base;
    std::vector<std::shared_ptr<const Edit>> m_edits;
};

// RecipeBaseMismatch when the recipe is bound to another layout.
[[nodiscard]] Result<void> checkFits(const Recipe& recipe, const TensorSource& base);

} // namespace wb
