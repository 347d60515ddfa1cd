// Scored points of a sweep or a search, kept as they come: a stopped run takes them up and goes on. One file of JSON lines: the
// key, then the points. Points of unlike keys are never mixed.
#pragma once

#include "core/base/appendfile.h"
#include "core/base/json.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace wb {

class KeptPoints {
public:
    // `key`: all that decides a score but the knobs' values. BadArgument when the file is of another key or another process
    // writes it. Lines from the first damaged one on are dropped.
    [[nodiscard]] static Result<KeptPoints> open(const std::filesystem::path& path, const Json& key);

    // Scores of the items at these values; null when they are not known.
    [[nodiscard]] const std::vector<double>* find(const std::vector<double>& values) const;
    [[nodiscard]] Result<void> add(const std::vector<double>& values, const std::vector<double>& scores);
    [[nodiscard]] std::size_t size() const { return m_points.size(); }

private:
    explicit KeptPoints(AppendFile file) : m_file(std::move(file)) {}
    AppendFile m_file;
    std::map<std::vector<double>, std::vector<double>> m_points;
};

} // namespace wb
