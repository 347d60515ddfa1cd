// Pages that answer one question from several sides, under one tab with tabs of its own.
#pragma once

#include "widgets/pages/page.h"

class QTabWidget;

namespace wb {

class PageGroup : public Page {
    Q_OBJECT
public:
    PageGroup(const QString& title, Document& document, Jobs& jobs, Selection& selection);
    [[nodiscard]] QString title() const override { return m_title; }
    void add(Page* page);
    bool bringUp(Page* page); // to the front of the group; false when it is in another
    void setBlinking(bool blinking) override;

private:
    QString m_title;
    QTabWidget* m_tabs;
};

} // namespace wb
