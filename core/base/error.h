// What can go wrong, as data: a code, the place, and the numbers. The sentence a person reads is made from one
// table (error.cpp), so that every code has a text, a category and advice, and the window can translate it.
#pragma once

#include "core/base/sentence.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace wb {

enum class ErrorCode : std::uint8_t {
    FileNotFound,
    CannotOpen,
    NotACheckpoint,
    FileTooLarge,
    ShortRead,
    SourceChanged,
    SourceReplaced,
    HeaderTooSmall,
    HeaderTooLarge,
    HeaderPastEnd,
    HeaderInvalid,
    HeaderDuplicateKey,
    HeaderEntryInvalid,
    HeaderLimit,
    SizeOverflow,
    SubByteAlignment,
    TensorSizeMismatch,
    TensorOverlap,
    TensorGap,
    DataTruncated,
    TrailingBytes,
    IndexInvalid,
    IndexShardPath,
    IndexTensorMissing,
    IndexTensorUnlisted,
    IndexTensorCopy,
    IndexTotalSize,
    ShardMissing,
    ShardInvalid,
    TensorUnreadable,
    ValuesLeftOut,
    ReadAsBfloat16,
    WeightsLeftOut,
    ConfigInvalid,
    ConfigMisfit,
    TokenizerMissing,
    TokenizerInvalid,
    TokenizerUnsupported,
    TextNotEncodable,
    TemplateMissing,
    TemplateInvalid,
    TemplateUnsupported,
    TemplateRefused,
    JsonInvalid,
    RecipeInvalid,
    SelectorSyntax,
    BadArgument,
    DestinationIsSource,
    DestinationExists,
    DestinationNotOurs,
    DestinationBusy,
    RecipeBaseMismatch,
    SelectionEmpty,
    EditNotPossible,
    TensorNotFound,
    TensorAbsent,
    ModelUnsupported,
    ModelTensorMissing,
    ModelTensorShape,
    ActivationsNotQuantised,
    ContextFull,
    TokenOutOfRange,
    LogitsNotFinite,
    TaskInvalid,
    SandboxMissing,
    OpaqueDtype,
    NotFinite,
    OutOfMemory,
    MemoryLimit,
    DiskFull,
    CannotCreate,
    WriteFailed,
    SyncFailed,
    VerifyFailed,
    Cancelled,
};

// Decides the exit code of wb and how loudly the window speaks.
enum class ErrorCategory : std::uint8_t { No, Usage, BadFile, Misfit, Remote, Resource, Cancelled };

struct Error {
    ErrorCode code = ErrorCode::Cancelled;
    std::string where;             // path, tensor or field
    std::vector<std::string> args; // the numbers; fill %1, %2, … of the template
    std::vector<std::pair<std::size_t, Sentence>> told = {}; // args that are sentences, by position: args hold their English
    Sentence place = {}; // `where` when it is words: "edit 3"
};

// One row of the table.
struct ErrorText {
    ErrorCode code;
    const char* name; // stable, appears in JSON
    ErrorCategory category;
    int placeholders;   // how many of %1 … the template holds
    const char* text;   // English; what is wrong, with the numbers
    const char* advice; // English; what to do
};

[[nodiscard]] std::span<const ErrorText> errorTexts();
[[nodiscard]] const ErrorText& errorText(ErrorCode code);

// The sentence among the args of an error, to be told as the reason of another one.
[[nodiscard]] Sentence reasonOf(const Error& error);

// "<what is wrong, with the numbers>. <what to do>", English, one line, without `where`.
[[nodiscard]] std::string errorMessage(const Error& error);
// "<where>: <what is wrong, with the numbers>. <what to do>"
[[nodiscard]] std::string sentence(const Error& error);

// Exit code of wb: No 1, Usage 2, BadFile 3, Misfit 4, Remote 5, Resource 6, Cancelled 130.
[[nodiscard]] int exitCode(ErrorCode code);

} // namespace wb
