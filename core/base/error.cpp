#include "core/base/error.h"

#include <array>

namespace wb {
namespace {

using enum ErrorCategory;
using C = ErrorCode;

// In the order of ErrorCode. %1 … are Error::args.
constexpr std::array table = {
    ErrorText{C::FileNotFound, "file_not_found", BadFile, 0, CORE_TEXT("errors", "there is no such file or folder"),
              CORE_TEXT("errors", "Check the path")},
    ErrorText{C::CannotOpen, "cannot_open", BadFile, 1, CORE_TEXT("errors", "it cannot be opened: %1"),
              CORE_TEXT("errors", "Check that it is a regular file and that you may read it")},
    ErrorText{C::NotACheckpoint, "not_a_checkpoint", BadFile, 1,
              CORE_TEXT("errors", "this is not a checkpoint we can read: %1"),
              CORE_TEXT("errors", "Give a folder with safetensors, a .safetensors, a model.safetensors.index.json, a .gguf, a file of torch.save or an .npz")},
    ErrorText{C::FileTooLarge, "file_too_large", BadFile, 2,
              CORE_TEXT("errors", "it has %1 bytes and %2 is the most that is read"),
              CORE_TEXT("errors", "Check that it is the file you mean")},
    ErrorText{C::ShortRead, "short_read", BadFile, 3,
              CORE_TEXT("errors", "%1 bytes were wanted at offset %2 but only %3 could be read"),
              CORE_TEXT("errors", "The file was shortened or the device fails; fetch it again")},
    ErrorText{C::SourceChanged, "source_changed", BadFile, 0,
              CORE_TEXT("errors", "the file was changed by another program after it was opened"),
              CORE_TEXT("errors", "Open it again")},
    ErrorText{C::SourceReplaced, "source_replaced", BadFile, 2,
              CORE_TEXT("errors", "another file of this name took its place after it was opened (%1 bytes then, %2 now)"),
              CORE_TEXT("errors", "Open it again")},
    ErrorText{C::HeaderTooSmall, "header_too_small", BadFile, 1,
              CORE_TEXT("errors", "the file has %1 bytes and a safetensors file begins with 8 bytes of header length"),
              CORE_TEXT("errors", "Fetch it again")},
    ErrorText{C::HeaderTooLarge, "header_too_large", BadFile, 2,
              CORE_TEXT("errors", "the header claims %1 bytes and %2 is the most that is allowed"),
              CORE_TEXT("errors", "This is not a safetensors file, or it is damaged")},
    ErrorText{C::HeaderPastEnd, "header_past_end", BadFile, 2,
              CORE_TEXT("errors", "the header claims %1 bytes but the file has %2"),
              CORE_TEXT("errors", "The file is truncated; fetch it again")},
    ErrorText{C::HeaderInvalid, "header_invalid", BadFile, 1, CORE_TEXT("errors", "the header is not valid: %1"),
              CORE_TEXT("errors", "The file is damaged; fetch it again")},
    ErrorText{C::HeaderDuplicateKey, "header_duplicate_key", BadFile, 1,
              CORE_TEXT("errors", "the header names %1 twice"),
              CORE_TEXT("errors", "Its writer is broken; make the file again")},
    ErrorText{C::HeaderEntryInvalid, "header_entry_invalid", BadFile, 2,
              CORE_TEXT("errors", "the header entry of %1 is not valid: %2"),
              CORE_TEXT("errors", "The file is damaged; fetch it again")},
    ErrorText{C::HeaderLimit, "header_limit", BadFile, 3,
              CORE_TEXT("errors", "%1 is %2 and the limit for files we trust is %3"),
              CORE_TEXT("errors", "If you trust the file, lift the limits with --no-limits")},
    ErrorText{C::SizeOverflow, "size_overflow", BadFile, 2,
              CORE_TEXT("errors", "the size of %1 with shape %2 does not fit 64 bits"),
              CORE_TEXT("errors", "The file is damaged or hostile")},
    ErrorText{C::SubByteAlignment, "sub_byte_alignment", BadFile, 2,
              CORE_TEXT("errors", "%1 has %2 bits, which is not a whole number of bytes"),
              CORE_TEXT("errors", "Its writer is broken; make the file again")},
    ErrorText{C::TensorSizeMismatch, "tensor_size_mismatch", BadFile, 3,
              CORE_TEXT("errors", "%1 has %2 bytes by its shape and type but %3 by its place in the file"),
              CORE_TEXT("errors", "The file is damaged; fetch it again")},
    ErrorText{C::TensorOverlap, "tensor_overlap", BadFile, 3,
              CORE_TEXT("errors", "%1 begins at byte %2 inside the tensor that ends at byte %3"),
              CORE_TEXT("errors", "The file is damaged or hostile")},
    ErrorText{C::TensorGap, "tensor_gap", BadFile, 3,
              CORE_TEXT("errors", "%1 begins at byte %2 but the tensor before it ends at byte %3"),
              CORE_TEXT("errors", "The file is damaged; fetch it again")},
    ErrorText{C::DataTruncated, "data_truncated", BadFile, 2,
              CORE_TEXT("errors", "the tensors end at byte %1 but the file has %2 bytes"),
              CORE_TEXT("errors", "The file is truncated; fetch it again")},
    ErrorText{C::TrailingBytes, "trailing_bytes", BadFile, 1,
              CORE_TEXT("errors", "%1 bytes after the last tensor belong to nothing"),
              CORE_TEXT("errors", "An export leaves them out")},
    ErrorText{C::IndexInvalid, "index_invalid", BadFile, 1, CORE_TEXT("errors", "the index is not valid: %1"),
              CORE_TEXT("errors", "Fetch it again")},
    ErrorText{C::IndexShardPath, "index_shard_path", BadFile, 1,
              CORE_TEXT("errors", "the index names the shard %1, which is not a file inside the folder"),
              CORE_TEXT("errors", "The index is damaged or hostile")},
    ErrorText{C::IndexTensorMissing, "index_tensor_missing", BadFile, 2,
              CORE_TEXT("errors", "the index promises %1 in %2, which does not hold it"),
              CORE_TEXT("errors", "Index and shards are of different exports; fetch both again")},
    ErrorText{C::IndexTensorUnlisted, "index_tensor_unlisted", BadFile, 2,
              CORE_TEXT("errors", "%2 holds %1, which the index does not name"),
              CORE_TEXT("errors", "They are listed; index and shards may be of different exports")},
    ErrorText{C::IndexTensorCopy, "index_tensor_copy", BadFile, 2,
              CORE_TEXT("errors", "%2 holds another copy of %1"),
              CORE_TEXT("errors", "The copy is not read")},
    ErrorText{C::IndexTotalSize, "index_total_size", BadFile, 2,
              CORE_TEXT("errors", "the index says %1 bytes in all but the tensors have %2"),
              CORE_TEXT("errors", "The tensors are read as they are")},
    ErrorText{C::ShardMissing, "shard_missing", BadFile, 2,
              CORE_TEXT("errors", "the shard %1 is missing and with it %2 tensors"),
              CORE_TEXT("errors", "Fetch it; until then these tensors are absent and nothing can be exported")},
    ErrorText{C::ShardInvalid, "shard_invalid", BadFile, 2, CORE_TEXT("errors", "the shard %1 cannot be read: %2"),
              CORE_TEXT("errors", "Fetch it again; until then its tensors are absent and nothing can be exported")},
    ErrorText{C::TensorUnreadable, "tensor_unreadable", BadFile, 1, CORE_TEXT("errors", "a tensor cannot be read: %1"),
              CORE_TEXT("errors", "It is absent, and nothing can be exported until the file is saved without it or with it in another form")},
    ErrorText{C::ValuesLeftOut, "values_left_out", BadFile, 2,
              CORE_TEXT("errors", "%1 values in it are not tensors of numbers and are left out, the first: %2"),
              CORE_TEXT("errors", "The tensors are read as they are")},
    ErrorText{C::ReadAsBfloat16, "read_as_bfloat16", BadFile, 1,
              CORE_TEXT("errors", "%1 arrays in it are of 2 bytes without a type (V2), which is how numpy stores bfloat16"),
              CORE_TEXT("errors", "They are read as BF16; if they are something else, their numbers mean nothing")},
    ErrorText{C::WeightsLeftOut, "weights_left_out", BadFile, 1,
              CORE_TEXT("errors", "other weights lie in the folder and are left out: %1"),
              CORE_TEXT("errors", "Open such a file by its own name to see it")},
    ErrorText{C::ConfigInvalid, "config_invalid", BadFile, 1, CORE_TEXT("errors", "the model's config is not valid: %1"),
              CORE_TEXT("errors", "The tensors are read without it")},
    ErrorText{C::ConfigMisfit, "config_misfit", BadFile, 3,
              CORE_TEXT("errors", "config says %1 = %2 but the tensors say %3"),
              CORE_TEXT("errors", "The tensors are read as they are")},
    ErrorText{C::TokenizerMissing, "tokenizer_missing", Misfit, 0, CORE_TEXT("errors", "no tokenizer lies beside the weights"),
              CORE_TEXT("errors", "Put the model's tokenizer.json into the folder")},
    ErrorText{C::TokenizerInvalid, "tokenizer_invalid", BadFile, 1, CORE_TEXT("errors", "the tokenizer is not valid: %1"),
              CORE_TEXT("errors", "Fetch it again")},
    ErrorText{C::TokenizerUnsupported, "tokenizer_unsupported", Misfit, 1,
              CORE_TEXT("errors", "the tokenizer asks for %1, which we cannot do"),
              CORE_TEXT("errors", "Give ids instead of text")},
    ErrorText{C::TextNotEncodable, "text_not_encodable", Usage, 1, CORE_TEXT("errors", "the text cannot be tokenized: %1"),
              CORE_TEXT("errors", "Give another text")},
    ErrorText{C::TemplateMissing, "template_missing", Misfit, 0, CORE_TEXT("errors", "the model comes without a chat template"),
              CORE_TEXT("errors", "Give it a plain prompt")},
    ErrorText{C::TemplateInvalid, "template_invalid", BadFile, 1, CORE_TEXT("errors", "the chat template is not valid: %1"),
              CORE_TEXT("errors", "Give it a plain prompt")},
    ErrorText{C::TemplateUnsupported, "template_unsupported", Misfit, 1,
              CORE_TEXT("errors", "the chat template uses %1, which we cannot do"),
              CORE_TEXT("errors", "Give it a plain prompt")},
    ErrorText{C::TemplateRefused, "template_refused", Usage, 1, CORE_TEXT("errors", "the chat template does not take this conversation: %1"),
              CORE_TEXT("errors", "Change the conversation")},
    ErrorText{C::JsonInvalid, "json_invalid", BadFile, 1, CORE_TEXT("errors", "this is not valid JSON: %1"),
              CORE_TEXT("errors", "Correct the file")},
    ErrorText{C::RecipeInvalid, "recipe_invalid", BadFile, 1, CORE_TEXT("errors", "the recipe is not valid: %1"),
              CORE_TEXT("errors", "Correct the recipe")},
    ErrorText{C::SelectorSyntax, "selector_syntax", Usage, 2,
              CORE_TEXT("errors", "the selection is not valid at character %1: %2"),
              CORE_TEXT("errors", "Write for example role=q_proj layer=10-27")},
    ErrorText{C::BadArgument, "bad_argument", Usage, 1, CORE_TEXT("errors", "%1"),
              CORE_TEXT("errors", "See --help")},
    ErrorText{C::DestinationIsSource, "destination_is_source", Usage, 1,
              CORE_TEXT("errors", "%1"),
              CORE_TEXT("errors", "Choose another place")},
    ErrorText{C::DestinationExists, "destination_exists", Usage, 0,
              CORE_TEXT("errors", "the destination exists already"),
              CORE_TEXT("errors", "Choose another name, or name it with --replace")},
    ErrorText{C::DestinationNotOurs, "destination_not_ours", Usage, 1,
              CORE_TEXT("errors", "it cannot be replaced: %1"),
              CORE_TEXT("errors", "Choose another name")},
    ErrorText{C::DestinationBusy, "destination_busy", Usage, 1,
              CORE_TEXT("errors", "another export is writing there (%1)"),
              CORE_TEXT("errors", "Wait for it or choose another name")},
    ErrorText{C::RecipeBaseMismatch, "recipe_base_mismatch", Misfit, 2,
              CORE_TEXT("errors", "the recipe was made for the model with fingerprint %1 and this one has %2"),
              CORE_TEXT("errors", "Open the model it was made for, or change its base")},
    ErrorText{C::SelectionEmpty, "selection_empty", Misfit, 2,
              CORE_TEXT("errors", "the selection %1 matches none of the %2 tensors"),
              CORE_TEXT("errors", "List the tensors and correct it")},
    ErrorText{C::EditNotPossible, "edit_not_possible", Misfit, 3,
              CORE_TEXT("errors", "%1 cannot be done on %2: %3"), CORE_TEXT("errors", "Choose another edit or tensor")},
    ErrorText{C::TensorNotFound, "tensor_not_found", Misfit, 2,
              CORE_TEXT("errors", "there is no tensor %1 among the %2"), CORE_TEXT("errors", "List the tensors")},
    ErrorText{C::TensorAbsent, "tensor_absent", Misfit, 2,
              CORE_TEXT("errors", "%1 tensors or shards are absent, as they cannot be read, the first: %2"),
              CORE_TEXT("errors", "Do first what the warnings say")},
    ErrorText{C::ModelUnsupported, "model_unsupported", Misfit, 2,
              CORE_TEXT("errors", "the engine does not run models with %1 = %2"),
              CORE_TEXT("errors", "The tensors can be looked at and edited all the same")},
    ErrorText{C::ModelTensorMissing, "model_tensor_missing", Misfit, 2,
              CORE_TEXT("errors", "a model of the family %1 needs the tensor %2, which is not stored"),
              CORE_TEXT("errors", "Check that all files of the checkpoint are there and that its config belongs to them")},
    ErrorText{C::ModelTensorShape, "model_tensor_shape", Misfit, 3,
              CORE_TEXT("errors", "%1 has the shape %2 and the config asks for %3"),
              CORE_TEXT("errors", "Check that the config belongs to these files")},
    ErrorText{C::ActivationsNotQuantised, "activations_not_quantised", Misfit, 1,
              CORE_TEXT("errors", "config asks for quantised activations (%1), and the engine does not round them"),
              CORE_TEXT("errors", "Scores may differ a little from those of programs that round them")},
    ErrorText{C::ContextFull, "context_full", Misfit, 2,
              CORE_TEXT("errors", "%1 tokens do not fit the %2 positions that the model has learned"),
              CORE_TEXT("errors", "Use a shorter text")},
    ErrorText{C::TokenOutOfRange, "token_out_of_range", Misfit, 2,
              CORE_TEXT("errors", "the token %1 is not in the vocabulary of %2 tokens"),
              CORE_TEXT("errors", "Check that the tokenizer belongs to the model")},
    ErrorText{C::LogitsNotFinite, "logits_not_finite", Misfit, 1,
              CORE_TEXT("errors", "the model's logits after token %1 are NaN or infinite"),
              CORE_TEXT("errors", "Scan the weights for NaN and infinite values")},
    ErrorText{C::TaskInvalid, "task_invalid", BadFile, 1, CORE_TEXT("errors", "this is not an item of a task: %1"),
              CORE_TEXT("errors", "Give JSON lines with prompt and answer, prompt and choices, HumanEval's or GSM8K's keys")},
    ErrorText{C::SandboxMissing, "sandbox_missing", Remote, 1,
              CORE_TEXT("errors", "generated programs cannot be run safely here: %1"),
              CORE_TEXT("errors", "Install bubblewrap and python3 and allow user namespaces; until then programs are not run")},
    ErrorText{C::OpaqueDtype, "opaque_dtype", Misfit, 2,
              CORE_TEXT("errors", "the type %2 of %1 is listed and copied but not read as numbers"),
              CORE_TEXT("errors", "Choose another tensor")},
    ErrorText{C::NotFinite, "not_finite", Misfit, 2,
              CORE_TEXT("errors", "%1 would hold %2 new values that are NaN or infinite; nothing was written"),
              CORE_TEXT("errors", "Look at the edit that makes them, or allow them with --allow-nonfinite")},
    ErrorText{C::OutOfMemory, "out_of_memory", Resource, 1, CORE_TEXT("errors", "%1 bytes of memory are not to be had"),
              CORE_TEXT("errors", "Close other programs or use a smaller selection")},
    ErrorText{C::MemoryLimit, "memory_limit", Resource, 2,
              CORE_TEXT("errors", "%1 bytes are needed and --memory allows %2"),
              CORE_TEXT("errors", "Give more memory or a shorter text")},
    ErrorText{C::DiskFull, "disk_full", Resource, 2,
              CORE_TEXT("errors", "%1 bytes are needed and %2 are free on that device"),
              CORE_TEXT("errors", "Free some space or choose another place; the destination is as it was before")},
    ErrorText{C::CannotCreate, "cannot_create", Resource, 1, CORE_TEXT("errors", "it cannot be created: %1"),
              CORE_TEXT("errors", "Choose a folder you may write to")},
    ErrorText{C::WriteFailed, "write_failed", Resource, 1, CORE_TEXT("errors", "writing failed: %1"),
              CORE_TEXT("errors", "The destination is as it was before; try another place")},
    ErrorText{C::SyncFailed, "sync_failed", Resource, 1,
              CORE_TEXT("errors", "the device did not confirm what was written: %1"),
              CORE_TEXT("errors", "The destination is as it was before; check the device")},
    ErrorText{C::VerifyFailed, "verify_failed", No, 1, CORE_TEXT("errors", "what was written is not what was meant: %1"),
              CORE_TEXT("errors", "Do not use it; check the device and export again")},
    ErrorText{C::Cancelled, "cancelled", Cancelled, 0, CORE_TEXT("errors", "cancelled"),
              CORE_TEXT("errors", "Nothing was changed")},
};

static_assert(table.size() == static_cast<std::size_t>(C::Cancelled) + 1, "every code has a text");
static_assert(
    [] {
        for (std::size_t i = 0; i < table.size(); ++i)
            if (static_cast<std::size_t>(table[i].code) != i)
                return false;
        return true;
    }(),
    "texts stand in the order of the codes");

} // namespace

std::span<const ErrorText> errorTexts() { return table; }

const ErrorText& errorText(ErrorCode code) { return table[static_cast<std::size_t>(code)]; }

std::string fillTemplate(const std::string& text, const std::vector<std::string>& args)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool placeholder = text[i] == '%' && i + 1 < text.size() && text[i + 1] >= '1' && text[i + 1] <= '9';
        if (!placeholder) {
            out += text[i];
            continue;
        }
        const auto argument = static_cast<std::size_t>(text[++i] - '1');
        out += argument < args.size() ? args[argument] : "?";
    }
    return out;
}

namespace {

// Text that came from a file must not break the line or drive a terminal.
std::string onOneLine(std::string line)
{
    for (char& c : line)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
            c = ' ';
    return line;
}

} // namespace

Sentence reasonOf(const Error& error)
{
    if (!error.told.empty())
        return error.told.front().second;
    return {"%1", {error.args.empty() ? sentence(error) : error.args.front()}};
}

std::string errorMessage(const Error& error)
{
    const ErrorText& row = errorText(error.code);
    return onOneLine(fillTemplate(row.text, error.args) + ". " + row.advice + ".");
}

std::string sentence(const Error& error)
{
    return error.where.empty() ? errorMessage(error) : onOneLine(error.where) + ": " + errorMessage(error);
}

int exitCode(ErrorCode code)
{
    switch (errorText(code).category) {
    case No: return 1;
    case Usage: return 2;
    case BadFile: return 3;
    case Misfit: return 4;
    case Remote: return 5;
    case Resource: return 6;
    case Cancelled: return 130;
    }
    return 1;
}

} // namespace wb
