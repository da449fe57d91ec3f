/* keys.h - what one key does: in the prompt, in the view's text field, or as an action. */
#ifndef UI_KEYS_H
#define UI_KEYS_H

#include <stdint.h>

struct host;

void keys_press(struct host *h, uint32_t key);

#endif
