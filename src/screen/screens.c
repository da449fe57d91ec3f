/* screens.c - the tabs, in the order of their keys. */
#include "screen/screens.h"

const struct view_class *const screen_tabs[TAB_COUNT] = {
    [TAB_MODELS] = &screen_models,
    [TAB_QUESTIONS] = &screen_questions,
    [TAB_NEAR] = &screen_near,
    [TAB_TRAIN] = &screen_train,
    [TAB_PROBE] = &screen_probe,
    [TAB_ROUTE] = &screen_route,
    [TAB_RUNS] = &screen_runs,
};
