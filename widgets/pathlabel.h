// The dotted parts of a tensor's name, the last one in bold. Too long for its place, the beginning goes
// first: what a tensor is stands at the end.
#pragma once

#include <QWidget>

namespace wb {

class PathLabel : public QWidget {
    Q_OBJECT
public:
    using QWidget::QWidget;
    void setPath(const QString& name);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return {60, sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    [[nodiscard]] QFont bold() const;

    QString m_name;
    QString m_folders; // "model ▸ layers ▸ 1 ▸ "
    QString m_last;
};

} // namespace wb
