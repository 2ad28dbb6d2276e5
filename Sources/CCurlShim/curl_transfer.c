#include "curl_transfer.h"

#include <curl/curl.h>
#include <string.h>

static size_t keep(char *data, size_t size, size_t count, void *context) {
    shrike_curl_body *body = context;
    size_t given = size * count;
    size_t room = sizeof body->bytes - body->count;
    size_t kept = given < room ? given : room;
    memcpy(body->bytes + body->count, data, kept);
    body->count += kept;
    return given;
}

void *shrike_curl_easy_new(void) { return curl_easy_init(); }
void shrike_curl_easy_free(void *easy) { curl_easy_cleanup(easy); }

int shrike_curl_set_long(void *easy, int option, long value) {
    return (int)curl_easy_setopt((CURL *)easy, (CURLoption)option, value);
}
int shrike_curl_set_text(void *easy, int option, const char *value) {
    return (int)curl_easy_setopt((CURL *)easy, (CURLoption)option, value);
}
int shrike_curl_set_blob(void *easy, int option, const void *bytes, size_t count) {
    struct curl_blob blob = {.data = (void *)bytes, .len = count, .flags = CURL_BLOB_COPY};
    return (int)curl_easy_setopt((CURL *)easy, (CURLoption)option, &blob);
}
int shrike_curl_set_post(void *easy, const void *bytes, size_t count) {
    CURLcode code = curl_easy_setopt((CURL *)easy, CURLOPT_POST, 1L);
    // The size comes first: the copy is made when the fields are set.
    if (code == CURLE_OK) {
        code = curl_easy_setopt((CURL *)easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)count);
    }
    if (code == CURLE_OK) code = curl_easy_setopt((CURL *)easy, CURLOPT_COPYPOSTFIELDS, bytes);
    return (int)code;
}
int shrike_curl_set_body(void *easy, shrike_curl_body *body) {
    CURLcode code = curl_easy_setopt((CURL *)easy, CURLOPT_WRITEFUNCTION, keep);
    if (code == CURLE_OK) code = curl_easy_setopt((CURL *)easy, CURLOPT_WRITEDATA, body);
    return (int)code;
}
int shrike_curl_set_headers(void *easy, void *list) {
    return (int)curl_easy_setopt((CURL *)easy, CURLOPT_HTTPHEADER, (struct curl_slist *)list);
}
int shrike_curl_set_error_buffer(void *easy, char *buffer) {
    return (int)curl_easy_setopt((CURL *)easy, CURLOPT_ERRORBUFFER, buffer);
}
int shrike_curl_set_tag(void *easy, void *tag) {
    return (int)curl_easy_setopt((CURL *)easy, CURLOPT_PRIVATE, tag);
}
int shrike_curl_set_timeouts(void *easy, long connect, long total) {
    CURLcode code = curl_easy_setopt((CURL *)easy, CURLOPT_CONNECTTIMEOUT_MS, connect);
    if (code == CURLE_OK) code = curl_easy_setopt((CURL *)easy, CURLOPT_TIMEOUT_MS, total);
    return (int)code;
}
int shrike_curl_set_defaults(void *easy) {
    CURLcode code = curl_easy_setopt((CURL *)easy, CURLOPT_PROTOCOLS_STR, "http,https");
    if (code == CURLE_OK) code = curl_easy_setopt((CURL *)easy, CURLOPT_FOLLOWLOCATION, 0L);
    if (code == CURLE_OK) code = curl_easy_setopt((CURL *)easy, CURLOPT_NOSIGNAL, 1L);
    if (code == CURLE_OK) code = curl_easy_setopt((CURL *)easy, CURLOPT_TCP_KEEPALIVE, 1L);
    return (int)code;
}
int shrike_curl_set_connection_only(void *easy) {
    CURLcode code = curl_easy_setopt((CURL *)easy, CURLOPT_CONNECT_ONLY, 1L);
    if (code == CURLE_OK) code = curl_easy_setopt((CURL *)easy, CURLOPT_FRESH_CONNECT, 1L);
    if (code == CURLE_OK) code = curl_easy_setopt((CURL *)easy, CURLOPT_PROXY, "");
    if (code == CURLE_OK) code = curl_easy_setopt((CURL *)easy, CURLOPT_SSL_ENABLE_ALPN, 0L);
    return (int)code;
}
ptrdiff_t shrike_curl_send(void *easy, const void *bytes, size_t count) {
    size_t sent = 0;
    CURLcode code = curl_easy_send((CURL *)easy, bytes, count, &sent);
    if (code == CURLE_AGAIN) return 0;
    return code == CURLE_OK ? (ptrdiff_t)sent : -1;
}
ptrdiff_t shrike_curl_receive(void *easy, void *bytes, size_t room) {
    size_t received = 0;
    CURLcode code = curl_easy_recv((CURL *)easy, bytes, room, &received);
    if (code == CURLE_AGAIN) return 0;
    if (code != CURLE_OK) return -2;
    // No bytes and no error is the end.
    return received > 0 ? (ptrdiff_t)received : -1;
}
int shrike_curl_socket(void *easy) {
    curl_socket_t found = CURL_SOCKET_BAD;
    if (curl_easy_getinfo((CURL *)easy, CURLINFO_ACTIVESOCKET, &found) != CURLE_OK) return -1;
    return found == CURL_SOCKET_BAD ? -1 : (int)found;
}

const char *shrike_curl_error_text(int code) { return curl_easy_strerror((CURLcode)code); }
int shrike_curl_is_timeout(int code) { return code == CURLE_OPERATION_TIMEDOUT; }

void *shrike_curl_list_append(void *list, const char *line) {
    return curl_slist_append((struct curl_slist *)list, line);
}
void shrike_curl_list_free(void *list) { curl_slist_free_all((struct curl_slist *)list); }

void *shrike_curl_multi_new(void) {
    // Once for the process; later calls only count.
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) return NULL;
    return curl_multi_init();
}
void shrike_curl_multi_free(void *multi) { curl_multi_cleanup((CURLM *)multi); }
int shrike_curl_multi_add(void *multi, void *easy) { return (int)curl_multi_add_handle((CURLM *)multi, (CURL *)easy); }
int shrike_curl_multi_remove(void *multi, void *easy) {
    return (int)curl_multi_remove_handle((CURLM *)multi, (CURL *)easy);
}
int shrike_curl_multi_perform(void *multi) {
    int running = 0;
    return (int)curl_multi_perform((CURLM *)multi, &running);
}
int shrike_curl_multi_next_done(void *multi, shrike_curl_result *result) {
    int left = 0;
    CURLMsg *message;
    while ((message = curl_multi_info_read((CURLM *)multi, &left)) != NULL) {
        if (message->msg != CURLMSG_DONE) continue;
        // The message dies with the next call on the handle.
        CURL *easy = message->easy_handle;
        curl_off_t retry_after = 0;
        result->code = (int)message->data.result;
        result->status = 0;
        result->tag = NULL;
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &result->status);
        curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &retry_after);
        curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&result->tag);
        result->retry_after = (int64_t)retry_after;
        return 1;
    }
    return 0;
}
