/* test.h - what every unit test includes first: cmocka, which wants these headers before it. */
#ifndef UNIT_TEST_H
#define UNIT_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* TEST(name) { ... } defines a test; list it as cmocka_unit_test(name). */
#define TEST(name) static void name(void **state __attribute__((unused)))

#endif
