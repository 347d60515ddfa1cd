// wb verify OUT: is an export still what it was? Exit code 1: no.
#include "app/cli/cli.h"

#include "core/recipe/verify.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace wb::cli {
namespace {

void printText(const ExportVerification& verification)
{
    for (const std::string& difference : verification.files.differences)
        fmt::print("{}\n", shownName(difference));
    for (const std::string& tensor : verification.differentTensors)
        fmt::print("{}: not what the recipe makes of the base\n", shownName(tensor));
    const std::size_t files = verification.files.manifest.files.size();
    if (verification.files.differences.empty())
        fmt::print("{} files, {}: every byte is as it was written.\n", files, bytesText(verification.files.bytes));
    switch (verification.replay) {
    case Replay::Equal: fmt::print("The recipe applied to the base again gives the same tensors.\n"); break;
    case Replay::Differs: fmt::print("The recipe applied to the base gives other tensors: the base has changed since.\n"); break;
    case Replay::BaseMissing: fmt::print("The base, or a checkpoint that a layer came from, is not at hand, so the recipe was not applied again.\n"); break;
    case Replay::BaseDiffers: fmt::print("Another model lies where the base, or a checkpoint that a layer came from, was, so the recipe was not applied again.\n"); break;
    case Replay::NotTried: fmt::print("The files differ, so the recipe was not applied again.\n"); break;
    }
}

} // namespace

Run addVerify(CLI::App& app, const Globals& globals)
{
    auto out = std::make_shared<std::string>();
    app.add_option("OUT", *out, "An export: its folder, or its file")->required();
    return [out, &globals]() -> Result<int> {
        Result<ExportVerification> verification;
        {
            ShownProgress progress(globals);
            verification = verifyExport(*out, progress);
        }
        if (!verification)
            return failure(verification);
        if (globals.json)
            printJson("verify", verification->toJson());
        else
            printText(*verification);
        return verification->ok() ? 0 : 1;
    };
}

} // namespace wb::cli
