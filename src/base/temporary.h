/* temporary.h - files that become another by rename, and are gone with the process that wrote them. */
#ifndef BASE_TEMPORARY_H
#define BASE_TEMPORARY_H

struct stat;

/* A new file beside `path`, locked while it is open, with the mode and, where that may be, the owner
 * of `old`, the file it will replace; where that is NULL, with the mode that the umask gives. What a
 * process that died has left for the same path goes. Returns the descriptor and *name, mem_free; -1
 * with errno. */
int temporary_open(const char *path, const struct stat *old, char **name);
/* It has its own name now, and stays. */
void temporary_keep(const char *name);
void temporary_remove(const char *name);

/* The signals that end a process, where nobody has said otherwise, and die() take the files of this
 * process along. */
void temporary_on_signals(void);
/* As a handler of `sig` that ends the process. Safe in signal handlers. */
void temporary_end(int sig);

#endif
