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
    const char *name; /* before the value, or NULL */
    int base;         /* added to numbers; behind names, when there is one */
    uint8_t kind, form;
} groups[MUD_COUNTED] = {
    [MUD_N_BIAS] = {"bias", 0, MUD_F_BIAS, FORM_NUMBER},
    [MUD_N_LENGTH] = {"log", 0, MUD_F_LENGTH, FORM_NUMBER},
    [MUD_N_PRICES] = {"price", 0, MUD_F_HAS, FORM_NUMBER},
    [MUD_N_CONTACT] = {"contact", 0, MUD_F_HAS, FORM_NUMBER},
    [MUD_N_PRODUCTS] = {"product", 0, MUD_F_HAS, FORM_NUMBER},
    [MUD_N_VICTIMS] = {"victims", 0, MUD_F_HAS, FORM_NUMBER},
    [MUD_N_CATEGORY] = {NULL, 1, MUD_F_CATEGORY, FORM_CATEGORY},
    [MUD_N_CATEGORY2] = {NULL, 2, MUD_F_CATEGORY, FORM_CATEGORY},
    [MUD_N_HINT] = {NULL, 1, MUD_F_HINT, FORM_HINT},
    [MUD_N_HINT2] = {NULL, 2, MUD_F_HINT, FORM_HINT},
    [MUD_N_HINT3] = {NULL, 3, MUD_F_HINT, FORM_HINT},
    [MUD_N_NEAR] = {NULL, 0, MUD_F_NEAR, FORM_DIRECTION},
    [MUD_N_EARLY] = {NULL, 0, MUD_F_EARLY, FORM_DIRECTION},
    [MUD_N_STATE] = {NULL, 0, MUD_F_RULES, FORM_STATE},
    [MUD_N_RULES_CATEGORY] = {"category", 0, MUD_F_RULES, FORM_CATEGORY},
    [MUD_N_RULES_SIDE] = {"side", 0, MUD_F_RULES, FORM_DIRECTION},
    [MUD_N_RULES_TALK] = {"talk", 0, MUD_F_RULES, FORM_DIRECTION},
    [MUD_N_SCORE] = {"score", MUD_SCORE_LEAST, MUD_F_SCORE, FORM_NUMBER},
    [MUD_N_BENIGN] = {"benign", 0, MUD_F_SCORE, FORM_NUMBER},
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
