#pragma once
// libcurl for Swift: curl_easy_setopt and curl_easy_getinfo are variadic, and its callbacks write into C memory.
#include <stddef.h>
#include <stdint.h>

/// What a finished transfer gave.
typedef struct shrike_curl_result {
    /// The CURLcode, 0 for success.
    int code;
    /// The HTTP status, 0 when no answer came.
    long status;
    /// Seconds of a Retry-After header, which may be a number or a date; 0 without one.
    int64_t retry_after;
    /// The pointer that `shrike_curl_set_tag` gave the transfer.
    void *tag;
} shrike_curl_result;

/// The first bytes of an answer's body; the rest is read and forgotten.
typedef struct shrike_curl_body {
    size_t count;
    char bytes[4096];
} shrike_curl_body;

/// A handle that serves one request at a time; NULL without memory.
void *shrike_curl_easy_new(void);
void shrike_curl_easy_free(void *easy);
/// curl_easy_setopt(3) with a number, a text that libcurl copies, bytes that libcurl copies. Give the CURLcode.
int shrike_curl_set_long(void *easy, int option, long value);
int shrike_curl_set_text(void *easy, int option, const char *value);
int shrike_curl_set_blob(void *easy, int option, const void *bytes, size_t count);
/// The body of a POST, copied.
int shrike_curl_set_post(void *easy, const void *bytes, size_t count);
/// Where the answer's body goes, the headers to send, the text of errors (CURL_ERROR_SIZE bytes), the transfer's tag. All
/// must outlive the transfer.
int shrike_curl_set_body(void *easy, shrike_curl_body *body);
int shrike_curl_set_headers(void *easy, void *list);
int shrike_curl_set_error_buffer(void *easy, char *buffer);
int shrike_curl_set_tag(void *easy, void *tag);
/// The time in which a connection must stand and the time in which a whole request must be done, in milliseconds.
int shrike_curl_set_timeouts(void *easy, long connect, long total);
/// What every transfer here needs whatever the configuration: HTTP and HTTPS only, no redirects, no signals.
int shrike_curl_set_defaults(void *easy);
/// Makes the handle a connection without requests: after the transfer's success, while it stays in its group, bytes go both
/// ways by the functions below, over TCP for an http URL and over TLS for an https one. No proxy, no ALPN.
int shrike_curl_set_connection_only(void *easy);
/// Sends bytes without waiting: how many were taken, 0 when there is no room, -1 when the connection is lost. After a 0 or
/// less than all the same bytes must be given again at the same place (SSL_write(3)).
ptrdiff_t shrike_curl_send(void *easy, const void *bytes, size_t count);
/// Takes bytes without waiting: how many came, 0 when there are none now, -1 when the peer has closed, -2 when the
/// connection is lost.
ptrdiff_t shrike_curl_receive(void *easy, void *bytes, size_t room);
/// The socket of such a connection; -1 without one.
int shrike_curl_socket(void *easy);
/// A bare text of a CURLcode.
const char *shrike_curl_error_text(int code);
/// Whether the code is that of a time limit.
int shrike_curl_is_timeout(int code);

/// A list of header lines: NULL is the empty one. NULL without memory.
void *shrike_curl_list_append(void *list, const char *line);
void shrike_curl_list_free(void *list);

/// Several transfers at once; NULL without memory.
void *shrike_curl_multi_new(void);
void shrike_curl_multi_free(void *multi);
int shrike_curl_multi_add(void *multi, void *easy);
int shrike_curl_multi_remove(void *multi, void *easy);
/// Goes on with all transfers, never waiting.
int shrike_curl_multi_perform(void *multi);
/// The next transfer that has come to its end: 1, or 0 when there is none.
int shrike_curl_multi_next_done(void *multi, shrike_curl_result *result);
