/* cli_train.h - training as one sees it from a shell. */
#ifndef CLI_CLI_TRAIN_H
#define CLI_CLI_TRAIN_H

#include <stdbool.h>

struct cli;
struct err;
struct train_options;

/* Train, telling the epochs on stderr and the result as facts. Stopped by ^C it is ERR_CANCELLED,
 * with the facts all the same. */
bool cli_train(struct cli *c, const struct train_options *o, struct err *e);

/* With every method; the result is the table of methods. */
bool cli_train_all(struct cli *c, const struct train_options *o, struct err *e);

#endif
