#include "nlp/counted.h"

#include <stdio.h>

#include "nlp/model.h"
#include "nlp/tally.h"

enum form {
    FORM_NUMBER,   /* "price 2" */
    FORM_CATEGORY, /* "bots 2" or "category bots" */
    FORM_HINT,
    FORM_DIRECTION,
    FORM_STATE
};

static const struct {
    uint8_t kind, form;
    const char *name; /* before the value, or NULL */
    int base;         /* added to numbers; behind names, when there is one */
} groups[MUD_COUNTED] = {
    [MUD_N_BIAS] = {MUD_F_BIAS, FORM_NUMBER, "bias", 0},
    [MUD_N_LENGTH] = {MUD_F_LENGTH, FORM_NUMBER, "log", 0},
    [MUD_N_PRICES] = {MUD_F_HAS, FORM_NUMBER, "price", 0},
    [MUD_N_CONTACT] = {MUD_F_HAS, FORM_NUMBER, "contact", 0},
    [MUD_N_PRODUCTS] = {MUD_F_HAS, FORM_NUMBER, "product", 0},
    [MUD_N_VICTIMS] = {MUD_F_HAS, FORM_NUMBER, "victims", 0},
    [MUD_N_CATEGORY] = {MUD_F_CATEGORY, FORM_CATEGORY, NULL, 1},
    [MUD_N_CATEGORY2] = {MUD_F_CATEGORY, FORM_CATEGORY, NULL, 2},
    [MUD_N_HINT] = {MUD_F_HINT, FORM_HINT, NULL, 1},
    [MUD_N_HINT2] = {MUD_F_HINT, FORM_HINT, NULL, 2},
    [MUD_N_HINT3] = {MUD_F_HINT, FORM_HINT, NULL, 3},
    [MUD_N_NEAR] = {MUD_F_NEAR, FORM_DIRECTION, NULL, 0},
    [MUD_N_EARLY] = {MUD_F_EARLY, FORM_DIRECTION, NULL, 0},
    [MUD_N_STATE] = {MUD_F_RULES, FORM_STATE, NULL, 0},
    [MUD_N_RULES_CATEGORY] = {MUD_F_RULES, FORM_CATEGORY, "category", 0},
    [MUD_N_RULES_SIDE] = {MUD_F_RULES, FORM_DIRECTION, "side", 0},
    [MUD_N_RULES_TALK] = {MUD_F_RULES, FORM_DIRECTION, "talk", 0},
    [MUD_N_SCORE] = {MUD_F_SCORE, FORM_NUMBER, "score", MUD_SCORE_LEAST},
    [MUD_N_BENIGN] = {MUD_F_SCORE, FORM_NUMBER, "benign", 0},
};

static const char *value_name(unsigned form, unsigned value)
{
    static const char *const states[MUD_STATES] = {
        "benign", "offer", "stopped"};

    if (form == FORM_STATE)
        return value < MUD_STATES ? states[value] : "";
    if (form == FORM_DIRECTION)
        return mud_direction_name((enum mud_direction)value);
    if (form == FORM_HINT && value == MUD_HINT_MARKET)
        return "market";
    if (form == FORM_HINT && value == MUD_HINT_CLEAN)
        return "clean";
    return mud_category_name((enum mud_category)value);
}

unsigned mud_counted_name(char *text, enum mud_counted group, unsigned value)
{
    unsigned form = groups[group].form;
    const char *name = groups[group].name;
    int base = groups[group].base;

    if (group == MUD_N_BIAS)
        (void)snprintf(text, MUD_COUNTED_TEXT, "%s", name);
    else if (form == FORM_NUMBER)
        (void)snprintf(
            text, MUD_COUNTED_TEXT, "%s %d", name, (int)value + base);
    else if (base > 0)
        (void)snprintf(
            text, MUD_COUNTED_TEXT, "%s %d", value_name(form, value), base);
    else
        (void)snprintf(text,
                       MUD_COUNTED_TEXT,
                       "%s%s%s",
                       name ? name : "",
                       name ? " " : "",
                       value_name(form, value));
    return groups[group].kind;
}
