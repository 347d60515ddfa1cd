// What pages share that run the model over a text and show what they saw: the form, the job, and that a quick measurement
// follows the edits while a long one says that they have changed since.
#pragma once

#include "widgets/jobslot.h"
#include "widgets/pages/page.h"
#include "widgets/readingform.h"

#include <QTimer>

#include <optional>

class QStackedWidget;
class QVBoxLayout;

namespace wb {

class Banner;
class StateView;

class ReadingPage : public Page, public KeepsState {
    Q_OBJECT
public:
    [[nodiscard]] ReadingForm& form() { return *m_form; }
    void start();
    void stop();
    [[nodiscard]] std::any kept() const override;
    void take(const std::any& state) override;

protected:
    // `invitation` is said while nothing is open. The derived page fills column() and calls showOpened() when it is built.
    ReadingPage(Document& document, Jobs& jobs, Selection& selection, const QString& invitation, int tokens, int mostTokens);
    [[nodiscard]] QVBoxLayout& column() { return *m_column; }
    void showOpened();
    [[nodiscard]] bool isStale() const { return m_stale; } // edits were made since
    [[nodiscard]] bool isBusy() const { return m_job.busy(); }
    void ended(const Error* error); // when the job has delivered
    void say(const Error& error);

    virtual void run(const ReadingRequest& request, JobSlot& job) = 0;
    virtual void forget() = 0; // another checkpoint
    // What was measured, for a successor in another language; empty: nothing. The taker shows nothing yet.
    [[nodiscard]] virtual std::any keptResult() const = 0;
    virtual void takeResult(const std::any& result) = 0;
    virtual void showResult() = 0;
    // Of the last measurement and, where both sides were read, of both; none before the first.
    [[nodiscard]] virtual std::optional<double> secondsTaken() const = 0;

    void showEvent(QShowEvent* event) override;

private:
    void followEdits();

    JobSlot m_job;
    QTimer m_delay;
    bool m_stale = false;
    QString m_invitation;
    Banner* m_banner;
    QStackedWidget* m_stack;
    StateView* m_state;
    QVBoxLayout* m_column;
    ReadingForm* m_form;
};

} // namespace wb
