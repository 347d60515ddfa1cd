// The profile of one tensor: a statistic of its rows, columns, heads or experts, original and patched. A click tells the
// place, so that map and grid can go to it, and offers to edit that group alone. Computes while it is in front.
#pragma once

#include "core/analysis/profile.h"
#include "core/recipe/elementset.h"
#include "widgets/jobslot.h"

#include <QWidget>

#include <optional>

class QComboBox;
class QLabel;
class QToolButton;

namespace wb {

class Document;
class GroupChart;

class GroupProfile : public QWidget {
    Q_OBJECT
public:
    GroupProfile(Document& document, Jobs& jobs, QWidget* parent = nullptr);
    void setTensor(std::optional<std::size_t> tensor);
    void reload();                                     // the patched side changed
    void showPlace(std::uint64_t row, std::uint64_t col); // marks the group that holds it
    void setBlinking(bool blinking);
    void setKind(ProfileKind kind);
    [[nodiscard]] GroupChart& chart() { return *m_chart; }
    void choose(std::size_t group);

signals:
    void chosen(std::uint64_t row, std::uint64_t col); // the first element of the group
    void editRequested(const wb::Elements& elements);

protected:
    void showEvent(QShowEvent* event) override;

private:
    struct Both {
        Profile original;
        std::optional<Profile> patched;
    };
    void fillKinds();
    void beginAnew(); // of another kind
    void request();
    void fill();
    [[nodiscard]] ProfileKind kind() const;
    [[nodiscard]] std::optional<Grouping> grouping(ProfileKind kind) const;

    Document& m_document;
    std::optional<std::size_t> m_tensor;
    JobSlot m_job;
    bool m_stale = true;
    std::optional<Both> m_profiles;
    std::optional<std::size_t> m_group;
    QComboBox* m_kind;
    QComboBox* m_statistic;
    QLabel* m_message;
    QToolButton* m_edit;
    GroupChart* m_chart;
};

} // namespace wb
