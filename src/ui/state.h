/* state.h - what is remembered between two sessions on one database. */
#ifndef UI_STATE_H
#define UI_STATE_H

struct host;

void state_restore(struct host *h);
void state_save(struct host *h);

#endif
