#include "core/base/file.h"

#include <CLI/CLI.hpp>

int main(int argc, char** argv)
{
    wb::prepareProcess();
    CLI::App app("Weightbench on the command line", "wb");
    app.set_version_flag("--version", "wb " WB_VERSION);
    CLI11_PARSE(app, argc, argv);
    return 0;
}
