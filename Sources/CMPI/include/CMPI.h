/// Several processes that work on one thing, as Open MPI starts and joins them: a few plain functions over its library.
///
/// The library is opened when a process was started by `mpirun`, and only then: who learns on one machine needs none.
/// One thread calls all of it. Every function but the first expects that `cmpi_join` has succeeded.
#pragma once

#include <stddef.h>

/// Whether somebody has started this process as one of several.
int cmpi_is_launched(void);

/// Joins the others, which all do the same, and says who this is and how many they are. NULL, or why it cannot be.
const char *cmpi_join(int *own, int *count);

/// Begins to send; the bytes stay where they are until `cmpi_is_sent` says so. 0, or an error of the library.
int cmpi_send(const void *bytes, size_t size, int to);

/// 1 when what was sent last is on its way and its bytes are free again, 0 while not; below 0 an error.
int cmpi_is_sent(void);

/// How many bytes wait that this one has sent; -1 while there are none, below that an error.
long cmpi_waiting(int from);

/// Takes what waits: exactly as many bytes.
int cmpi_receive(void *bytes, size_t size, int from);

/// Waits for everybody to leave as well.
void cmpi_leave(void);

/// Ends all of them, for when one is lost.
void cmpi_abandon(int status);
