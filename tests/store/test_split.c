#include "store/split.h"

#include "tests/support/mudtest.h"

/* Statements joined by "|", each with its line in front: "1:a|3:b". */
static struct mud_str parts(const char *sql)
{
    struct mud_split split = {.text = mud_str_z(sql), .line = 1};
    struct mud_buf out = {0};
    struct mud_str statement;
    unsigned line;

    while (mud_split_next(&split, &statement, &line))
        mud_buf_printf(
            &out, "%s%u:%.*s", out.n ? "|" : "", line, MUD_FMT(statement));
    const char *text = mudtest_text("%.*s", MUD_FMT(mud_buf_view(&out)));
    mud_buf_free(&out);
    return mud_str_z(text);
}

static void test_split__cuts_at_semicolons_that_end_statements(void **state)
{
    static const struct {
        const char *sql, *want;
    } rows[] = {
        {"", ""},
        {" \n;;\n ; ", ""},
        {"-- only a comment", ""},
        {"/* only ; one", ""},
        {"a", "1:a"},
        {"a;b;", "1:a|1:b"},
        {"a;\n\n  b\n;\nc", "1:a|3:b|5:c"},
        {"-- x;y\na;", "2:a"},
        {"/* ; /* ; */ ; */ a; b", "1:a|1:b"},
        {"a -- ;\n b;", "1:a -- ;\n b"},
        {"a /* ;\n */; b", "1:a /* ;\n */|2:b"},
        {"a ';' b;c", "1:a ';' b|1:c"},
        {"a 'it''s;' ;c", "1:a 'it''s;'|1:c"},
        {"a E'\\';' ;c", "1:a E'\\';'|1:c"},
        {"a 'c:\\';b", "1:a 'c:\\'|1:b"},
        {"type 'x\\';b", "1:type 'x\\'|1:b"},
        {"a \"x;\"\"y\";b", "1:a \"x;\"\"y\"|1:b"},
        {"f AS $$ a; b; $$;\nc", "1:f AS $$ a; b; $$|2:c"},
        {"f $x$ $$;$y$; $x$;c", "1:f $x$ $$;$y$; $x$|1:c"},
        {"f $1;g a$b$;h", "1:f $1|1:g a$b$|1:h"},
        {"f $1$;g", "1:f $1$|1:g"},
        {"a 'open;\nb", "1:a 'open;\nb"},
        {"f $$ open; b", "1:f $$ open; b"},
        {"a /", "1:a /"},
        {"a $", "1:a $"},
        {"a E'\\", "1:a E'\\"},
        {"值;'；;'", "1:值|1:'；;'"},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++)
        assert_text(parts(rows[i].sql), rows[i].want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_split__cuts_at_semicolons_that_end_statements),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
