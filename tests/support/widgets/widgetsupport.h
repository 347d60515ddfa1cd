// Helpers for the tests of the window. Nothing here sleeps: waiting ends with the event that is waited for.
#pragma once

#include "tests/support/support.h"
#include "widgets/document.h"

#include <QSemaphore>
#include <QTest>

namespace wb::test {

// Holds a job inside its function until the test lets it go.
class Gate {
public:
    // In the job: says that it has begun and waits.
    void pass()
    {
        m_begun.release();
        m_open.acquire();
    }
    void waitUntilBegun() { m_begun.acquire(); }
    void open(int times = 1) { m_open.release(times); }

private:
    QSemaphore m_begun, m_open;
};

// A checkpoint of 14 tensors: an embedding, and in each of four layers a norm (F32), down_proj and up_proj
// (BF16). The values of up_proj are NaN in one place of layer 3; one F8 tensor belongs to nothing.
class TinyModel {
public:
    TinyModel();
    [[nodiscard]] std::filesystem::path path() const { return m_folder / "model.safetensors"; }
    [[nodiscard]] std::shared_ptr<const Opened> opened() const;
    static constexpr const char* down1 = "model.layers.1.mlp.down_proj.weight";

private:
    TempFolder m_folder;
};

// An edit that is known to be possible; the selection is parsed.
[[nodiscard]] Edit makeEdit(const Operation& operation, const std::string& selection);

} // namespace wb::test
