// The second half of the edit panel: what an edit is done to. This tensor, its role in all layers, its layer,
// or a selection that is typed; says how many tensors that is.
#pragma once

#include "core/recipe/selector.h"

#include <QWidget>

#include <optional>

class QComboBox;
class QLabel;
class QLineEdit;
class QMenu;
class QToolButton;

namespace wb {

class Document;

class TargetForm : public QWidget {
    Q_OBJECT
public:
    explicit TargetForm(const Document& document, QWidget* parent = nullptr);

    // Offers what can be said of this tensor; the kind of target stays if it is still there.
    void setTensor(std::optional<std::size_t> tensor);
    void setSelection(const std::string& text); // as if typed
    [[nodiscard]] Result<Selector> selector() const;
    [[nodiscard]] bool isOneTensor() const; // the one in view, and nothing else
    // How many tensors that is, or why it is none. A selection by statistic that was not `evaluated` is not counted.
    void showMatched(bool evaluated);

signals:
    void edited(); // by the user

private:
    enum class Kind { Tensor, Role, Layer, Typed };

    [[nodiscard]] Kind kind() const;
    void setKind(Kind kind);
    void fillSaved(QMenu& menu);
    void saveAs();
    void say(const QString& text, bool isError);

    const Document& m_document;
    std::optional<std::size_t> m_tensor;
    QComboBox* m_kind;
    QWidget* m_typedRow;
    QLineEdit* m_typed;
    QLabel* m_matched;
};

} // namespace wb
