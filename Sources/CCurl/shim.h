#pragma once
#include <curl/curl.h>

// libcurl's setters and getters take their value through `...`, which Swift does not import: one helper for each type.

static inline CURLcode mooring_curl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode mooring_curl_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}

// libcurl copies strings, except for CURLOPT_POSTFIELDS.
static inline CURLcode mooring_curl_set_string(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode mooring_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode mooring_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(handle, option, value);
}

// CURLOPT_WRITEFUNCTION and CURLOPT_HEADERFUNCTION have the same signature.
static inline CURLcode mooring_curl_set_sink(CURL *handle, CURLoption option, curl_write_callback value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode mooring_curl_get_long(CURL *handle, CURLINFO info, long *value) {
    return curl_easy_getinfo(handle, info, value);
}

static inline CURLcode mooring_curl_get_offset(CURL *handle, CURLINFO info, curl_off_t *value) {
    return curl_easy_getinfo(handle, info, value);
}

static inline CURLcode mooring_curl_get_string(CURL *handle, CURLINFO info, const char **value) {
    return curl_easy_getinfo(handle, info, value);
}

static inline CURLMcode mooring_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

// The result inside a message is a member of a union, which Swift reads only through its memory.
static inline CURLcode mooring_curl_message_result(const CURLMsg *message) { return message->data.result; }

// Macros with casts or shifts are not imported.
static const long mooring_curlauth_basic = (long)CURLAUTH_BASIC;
static const long mooring_curlauth_bearer = (long)CURLAUTH_BEARER;
static const long mooring_curl_global_default = (long)CURL_GLOBAL_DEFAULT;
static const long mooring_curl_tls_1_2 = (long)CURL_SSLVERSION_TLSv1_2;
