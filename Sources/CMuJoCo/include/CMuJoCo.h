/// MuJoCo, and the calls of it that could end the process. Debian's 2.2.2: the layout of its structures changes between
/// versions, so header and library belong together.
///
/// MuJoCo ends the process when it meets an error, and writes a file when it warns. Here both handlers are ours: a
/// warning says nothing, and an error comes back as false or NULL with MuJoCo's words in `text`, which has room for
/// `cmujoco_text_size` bytes. After an error the data must not be used again.
#pragma once
#include <mujoco/mujoco.h>
#include <stdbool.h>
#include <stddef.h>

enum { cmujoco_text_size = 1024 };

/// Reads and compiles MJCF. One thread at a time: MuJoCo keeps the last one in a global variable.
mjModel *cmujoco_load(const char *mjcf, size_t count, char *text);
mjData *cmujoco_make_data(const mjModel *model, char *text);
/// `into` may be NULL for new memory.
mjData *cmujoco_copy_data(mjData *into, const mjModel *model, const mjData *from, char *text);
/// After masses have been changed: whatever follows from them.
bool cmujoco_set_constants(mjModel *model, mjData *data, char *text);

/// Position, velocity and unconstrained acceleration, and the inverse of the mass matrix (nv x nv) from `identity`.
bool cmujoco_prepare(const mjModel *model, mjData *data, const mjtNum *identity, mjtNum *mobility, char *text);
/// Contacts and limits for the unconstrained acceleration that stands in the data.
bool cmujoco_constrain(const mjModel *model, mjData *data, char *text);
/// Positions and energies of the data's state.
bool cmujoco_look(const mjModel *model, mjData *data, char *text);

/// Everything that follows from the data's state, and so many steps on from it by MuJoCo's own integrator.
bool cmujoco_forward(const mjModel *model, mjData *data, char *text);
bool cmujoco_step(const mjModel *model, mjData *data, int steps, char *text);
