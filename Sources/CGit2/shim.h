#pragma once
#include <git2.h>
#include <git2/sys/transport.h>
// What is in a pack is deflated; libgit2 brings zlib with it and keeps it to itself.
#include <zlib.h>

// libgit2 finds its callbacks at the start of these and hands the same pointer back; what follows is ours.
typedef struct {
    git_smart_subtransport parent;
    void *connection;
} mooring_subtransport;

typedef struct {
    git_smart_subtransport_stream parent;
    void *connection;
} mooring_stream;

// `git_libgit2_opts` takes any arguments, which Swift cannot call: one function for each option that is set.
static inline int mooring_set_search_path(int level, const char *path) {
    return git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, path);
}

static inline int mooring_set_cache_bytes(ssize_t bytes) {
    return git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, bytes);
}

static inline int mooring_set_pack_objects(size_t objects) {
    return git_libgit2_opts(GIT_OPT_SET_PACK_MAX_OBJECTS, objects);
}

static inline int mooring_set_owner_validation(int enabled) {
    return git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, enabled);
}
