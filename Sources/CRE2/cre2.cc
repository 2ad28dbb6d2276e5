#include "cre2.h"

#include <re2/re2.h>

#include <algorithm>
#include <cstring>

// No exception may cross into Swift, which can't unwind: what allocates catches everything.

struct shrike_regex {
    re2::RE2 expression;

    shrike_regex(re2::StringPiece pattern, const re2::RE2::Options &options) : expression(pattern, options) {}
};

static void set_message(shrike_regex_failure *failure, const char *text, size_t length) {
    size_t count = std::min(length, sizeof failure->message - 1);
    std::memcpy(failure->message, text, count);
    failure->message[count] = '\0';
}

static void explain(const re2::RE2 &expression, re2::StringPiece pattern, shrike_regex_failure *failure) {
    const std::string &error = expression.error();
    const std::string &part = expression.error_arg();
    set_message(failure, error.data(), error.size());
    size_t offset = part.empty() ? re2::StringPiece::npos : pattern.find(part);
    if (offset != re2::StringPiece::npos) {
        failure->offset = offset;
        failure->length = part.size();
    }
}

extern "C" shrike_regex *shrike_regex_compile(
    const uint8_t *pattern, size_t length, shrike_regex_failure *failure
) {
    *failure = shrike_regex_failure{};
    try {
        re2::RE2::Options options(re2::RE2::POSIX);
        options.set_log_errors(false);
        re2::StringPiece text(reinterpret_cast<const char *>(pattern), length);
        auto *regex = new shrike_regex(text, options);
        if (regex->expression.ok()) return regex;
        explain(regex->expression, text, failure);
        delete regex;
    } catch (...) {
        static const char message[] = "out of memory";
        set_message(failure, message, sizeof message - 1);
    }
    return nullptr;
}

extern "C" bool shrike_regex_matches(const shrike_regex *regex, const uint8_t *text, size_t length) {
    try {
        re2::StringPiece piece(reinterpret_cast<const char *>(text), length);
        return regex->expression.Match(piece, 0, length, re2::RE2::ANCHOR_BOTH, nullptr, 0);
    } catch (...) {
        return false;
    }
}

extern "C" void shrike_regex_free(shrike_regex *regex) { delete regex; }
