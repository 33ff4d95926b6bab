/// What Linux offers and Swift cannot import: variadic calls, macros built with _IOR, structures of two headers that
/// exclude each other. Every function answers a number of at least zero, or the negated errno.
#pragma once
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The monotonic clock. Swift reads it in `MonotonicInstant` and nowhere else.
int64_t clinux_monotonic_nanoseconds(void);

/// Waits until one of `events` (POLLIN, POLLOUT) or a hang-up is there and answers what is there; 0 when `until` passed
/// first. Signals do not end it.
int clinux_wait(int descriptor, int events, int64_t until_nanoseconds);
/// Sleeps. Signals do not end it.
void clinux_sleep(int64_t until_nanoseconds);

int64_t clinux_read(int descriptor, uint8_t *bytes, size_t count);
int64_t clinux_write(int descriptor, const uint8_t *bytes, size_t count);
/// Like `clinux_write` for sockets: a peer that is gone is an errno and not a signal that ends the process.
int64_t clinux_send(int descriptor, const uint8_t *bytes, size_t count);
int clinux_close(int descriptor);

/// Opens a terminal for both directions: not the controlling one, not blocking, closed in child programs.
int clinux_open_terminal(const char *path);
/// Makes a pseudo terminal and answers its master; `number` becomes the N of /dev/pts/N.
int clinux_open_master(uint32_t *number);
/// Bytes as they are, eight bits, no echo, no signals.
int clinux_make_raw(int descriptor);
/// Throws away what was received and not read, and what was written and not sent.
int clinux_flush(int descriptor);

/// Takes the terminal for this open file, as far as others ask; -EBUSY when another one has it.
int clinux_lock(int descriptor);
/// From now on nobody but root can open the terminal: TIOCEXCL.
int clinux_exclude_others(int descriptor);
void clinux_admit_others(int descriptor);
int clinux_is_exclusive(int descriptor);

/// Any rate at all, through termios2; the driver may choose a near one, so read it back.
int clinux_set_baud(int descriptor, uint32_t bits_per_second);
/// The rate the driver really runs at.
int clinux_get_baud(int descriptor, uint32_t *bits_per_second);

/// Whether the driver hands bytes on at once (ASYNC_LOW_LATENCY): 1 or 0.
int clinux_low_latency(int descriptor);
int clinux_set_low_latency(int descriptor);

/// Whether the open file and the path name the same device: 1 or 0.
int clinux_is_same_device(int descriptor, const char *path);

int clinux_socket_pair(int *near, int *far);
int clinux_connect(const char *path);
int clinux_listen(const char *path);
/// -EAGAIN when nobody is waiting.
int clinux_accept(int descriptor);

/// Takes the terminal for pictures and keys: its other screen, no cursor, no echo, no waiting for the end of a line.
/// From now on a crash of the process gives it back too. -EBUSY when it is taken already.
int clinux_enter_console(int descriptor);
/// Gives it back as it was; nothing when it is not taken.
void clinux_leave_console(void);
int clinux_console_size(int descriptor, uint16_t *columns, uint16_t *rows);
/// Like `clinux_listen`, for a service: a longer queue, and nobody can connect before owner and mode are set. Whoever
/// calls it holds the lock of the path, so a name that is there is left over. -1 leaves an owner as it is.
int clinux_serve(const char *path, uint32_t mode, int64_t owner, int64_t group);
/// Opens the file, makes it when it is missing, and locks it; -EBUSY when another process has the lock.
int clinux_lock_file(const char *path);
/// Who connected: the kernel's word, from the moment of the connect.
int clinux_peer(int descriptor, int32_t *process, uint32_t *user, uint32_t *group);
/// The supplementary groups that the peer's process had then; how many there are, which may be more than fit.
int clinux_peer_groups(int descriptor, uint32_t *groups, int capacity);
/// The groups that the system's data give a user, `group` among them; how many there are, which may be more than fit.
/// -ENOENT when the data do not know the user.
int clinux_user_groups(uint32_t user, uint32_t group, uint32_t *groups, int capacity);
/// Waits for any of many; signals do not end it. Answers how many entries have something.
int clinux_wait_any(struct pollfd *entries, size_t count, int64_t until_nanoseconds);
/// A descriptor that becomes readable when `clinux_ring` is called, until `clinux_silence` is.
int clinux_bell(void);
void clinux_ring(int bell);
void clinux_silence(int bell);

/// The calling thread goes before all ordinary ones (SCHED_FIFO); -EPERM where it may not.
int clinux_run_first(int priority);
/// Keeps all memory of the process out of the swap, also what comes later.
int clinux_keep_memory(void);
/// At most 15 bytes.
int clinux_name_thread(const char *name);
void clinux_touch_stack(void);
