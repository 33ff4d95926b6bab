// The errors of MuJoCo, caught. Its handler must not return, so it leaves by longjmp; the frames between are MuJoCo's
// own C, which owns nothing but its stack inside mjData.
#include "CMuJoCo.h"
#include <pthread.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

static _Thread_local jmp_buf landing;
static _Thread_local bool has_landing;
static _Thread_local char *words;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_mutex_t loading = PTHREAD_MUTEX_INITIALIZER;

static void say(const char *text) {
    strncpy(words, text, cmujoco_text_size - 1);
    words[cmujoco_text_size - 1] = 0;
}

static void on_error(const char *text) {
    // An error outside of our calls would be one of a caller that is not there.
    if (!has_landing) abort();
    say(text);
    longjmp(landing, 1);
}

static void on_warning(const char *text) { (void)text; }

static void install(void) {
    mju_user_error = on_error;
    mju_user_warning = on_warning;
}

static void begin(char *text) {
    pthread_once(&once, install);
    words = text;
    text[0] = 0;
    has_landing = true;
}

#define GUARDED(failure)                                                                                               \
    begin(text);                                                                                                       \
    if (setjmp(landing)) {                                                                                             \
        has_landing = false;                                                                                           \
        return failure;                                                                                                \
    }

static mjModel *load(const char *mjcf, size_t count, char *text) {
    // Two megabytes of names: too much for a stack.
    mjVFS *files = malloc(sizeof(mjVFS));
    if (files == NULL) return NULL;
    mj_defaultVFS(files);
    mjModel *model = NULL;
    if (mj_makeEmptyFileVFS(files, "body.xml", (int)count) == 0) {
        memcpy(files->filedata[mj_findFileVFS(files, "body.xml")], mjcf, count);
        model = mj_loadXML("body.xml", files, text, cmujoco_text_size);
    }
    mj_deleteVFS(files);
    free(files);
    return model;
}

mjModel *cmujoco_load(const char *mjcf, size_t count, char *text) {
    pthread_mutex_lock(&loading);
    begin(text);
    mjModel *model = NULL;
    if (setjmp(landing) == 0) model = load(mjcf, count, text);
    has_landing = false;
    pthread_mutex_unlock(&loading);
    return model;
}

mjData *cmujoco_make_data(const mjModel *model, char *text) {
    GUARDED(NULL)
    mjData *data = mj_makeData(model);
    has_landing = false;
    return data;
}

mjData *cmujoco_copy_data(mjData *into, const mjModel *model, const mjData *from, char *text) {
    GUARDED(NULL)
    mjData *data = mj_copyData(into, model, from);
    has_landing = false;
    return data;
}

bool cmujoco_set_constants(mjModel *model, mjData *data, char *text) {
    GUARDED(false)
    mj_setConst(model, data);
    has_landing = false;
    return true;
}

bool cmujoco_prepare(const mjModel *model, mjData *data, const mjtNum *identity, mjtNum *mobility, char *text) {
    GUARDED(false)
    mj_fwdPosition(model, data);
    mj_fwdVelocity(model, data);
    mj_fwdAcceleration(model, data);
    mj_solveM(model, data, mobility, identity, model->nv);
    has_landing = false;
    return true;
}

bool cmujoco_constrain(const mjModel *model, mjData *data, char *text) {
    GUARDED(false)
    // The solvers want the forces that belong to this acceleration as well.
    mj_mulM(model, data, data->qfrc_smooth, data->qacc_smooth);
    mj_fwdConstraint(model, data);
    mju_copy(data->qacc_warmstart, data->qacc, model->nv);
    has_landing = false;
    return true;
}

bool cmujoco_look(const mjModel *model, mjData *data, char *text) {
    GUARDED(false)
    mj_fwdPosition(model, data);
    mj_energyPos(model, data);
    mj_energyVel(model, data);
    has_landing = false;
    return true;
}

bool cmujoco_forward(const mjModel *model, mjData *data, char *text) {
    GUARDED(false)
    mj_forward(model, data);
    has_landing = false;
    return true;
}

bool cmujoco_step(const mjModel *model, mjData *data, int steps, char *text) {
    GUARDED(false)
    for (int step = 0; step < steps; step++) mj_step(model, data);
    has_landing = false;
    return true;
}
