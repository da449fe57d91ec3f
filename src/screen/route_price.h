/* route_price.h - typing the prices of a model on the Route screen. */
#ifndef SCREEN_ROUTE_PRICE_H
#define SCREEN_ROUTE_PRICE_H

struct catalog_model;
struct buf;
struct view;

/* What the field begins with: "0.8 2.4", or nothing. */
void route_price_print(const struct catalog_model *m, struct buf *out);
/* Writes what was typed, in dollars per million tokens: "IN OUT", or one number for both, and reads
 * the database again. What cannot be read is said. */
void route_price_set(struct view *v, const struct catalog_model *m, const char *text);

#endif
