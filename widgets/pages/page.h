// One tab of the window. A page is given the three words that all pages share, follows their signals and
// never reads a tensor itself: it asks a JobSlot for a report and shows it. Its own errors appear in a banner
// of its own.
#pragma once

#include <QWidget>

namespace wb {

class Document;
class Jobs;
class Selection;

class Page : public QWidget {
    Q_OBJECT
public:
    Page(Document& document, Jobs& jobs, Selection& selection)
        : m_document(document)
        , m_jobs(jobs)
        , m_selection(selection)
    {
    }
    [[nodiscard]] virtual QString title() const = 0;
    // A click on a tensor's name leads to the first page that shows one tensor, unless such a page is in
    // front.
    [[nodiscard]] virtual bool showsOneTensor() const { return false; }
    // True while the blink key is held: the original in the place of the patched.
    virtual void setBlinking(bool) {}

protected:
    Document& m_document;
    Jobs& m_jobs;
    Selection& m_selection;
};

} // namespace wb
