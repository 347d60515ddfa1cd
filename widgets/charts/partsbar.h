// Parts of a whole as one bar, with the words under it.
#pragma once

#include <QWidget>

#include <vector>

class QLabel;

namespace wb {

class PartsBar : public QWidget {
    Q_OBJECT
public:
    struct Part {
        QString name;
        double share = 0; // of 1
        QString detail;   // tool tip
    };
    explicit PartsBar(QWidget* parent = nullptr);
    void setParts(std::vector<Part> parts, const QString& remark = {});

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    [[nodiscard]] QColor colorOf(std::size_t part) const;

    std::vector<Part> m_parts;
    QLabel* m_words;
};

} // namespace wb
