#include "parse/login.h"

#include "tests/support/mudtest.h"

static struct mud_page_account look(const char *html, enum mud_page_asks asks,
                                    const char *rules,
                                    struct mud_parser *parser,
                                    struct mud_arena *arena)
{
    struct mud_error err = {0};
    struct mud_parsed parsed;
    struct mud_page_in in = {
        .bytes = mud_str_z(html),
        .url = MUD_STR("https://board.example/bbs/index.php"),
        .content_type = MUD_STR("text/html; charset=utf-8"),
        .status = 200,
        .fetched_at = INT64_C(1795309800000000),
        .asks = asks,
        .rules = mud_str_z(rules),
    };
    if (parser)
        assert_ok(mud_parser_page(parser, &parsed, &in, arena, &err), &err);
    else
        assert_ok(mud_parse_page(&parsed, &in, arena, &err), &err);
    return parsed.account;
}

static const char smf_form[] =
    "<html><body><form action=\"?action=other\"><input type=hidden name=no "
    "value=1></form><form action=\"https://board.example/bbs/index.php?"
    "action=login2\" id=\"frmLogin\" method=\"post\"><dl><dd><input type=\"text\""
    " name=\"user\"></dd></dl><input type=\"hidden\" name=\"c31f0a\" "
    "value=\"9&amp;9\"><table><tr><td><input type=hidden name=\"e77b\" "
    "value=\"\"></td></tr></table><input type=submit name=go></form></body>"
    "</html>";

/* Also through the worker process, whose records it must survive. */
static void test_login__copies_hidden_fields_of_any_name(void **state)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_parser *parsers[] = {NULL, mud_parser_new()};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct mud_page_account a =
            look(smf_form, MUD_ASKS_FORM, "smf", parsers[i], arena);
        assert_true(a.form);
        assert_text(a.rules, "smf");
        assert_int_equal(a.session, MUD_LOGGED_OUT);
        assert_text(a.action,
                    "https://board.example/bbs/index.php?action=login2");
        assert_int_equal(a.n_fields, 2);
        assert_text(a.fields[0].name, "c31f0a");
        assert_text(a.fields[0].value, "9&9");
        assert_text(a.fields[1].name, "e77b");
        assert_text(a.fields[1].value, "");
    }
    mud_parser_free(parsers[1]);
    mud_arena_free(arena);
}

static void test_login__tells_in_from_out(void **state)
{
    static const struct {
        const char *html;
        enum mud_logged session;
        const char *rules;
    } rows[] = {
        {"<body id=phpbb class=section-index><ul id=nav-main><li><a "
         "href=\"./ucp.php?mode=login\">Login</a></ul></body>",
         MUD_LOGGED_OUT,
         "phpbb"},
        {"<body id=phpbb class=section-index><ul id=nav-main><li><a "
         "href=\"./ucp.php?mode=logout&amp;sid=1\">Logout</a></ul></body>",
         MUD_LOGGED_IN,
         "phpbb"},
        /* a post that links to the way out makes nobody a member */
        {"<body id=phpbb class=section-viewtopic><ul id=nav-main><li><a "
         "href=\"./ucp.php?mode=login\">Login</a></ul><div class=content><a "
         "href=\"ucp.php?mode=logout\">x</a></div></body>",
         MUD_LOGGED_OUT,
         "phpbb"},
        {"<html id=XF data-app=public data-template=forum_list "
         "data-logged-in=\"true\"><body></body></html>",
         MUD_LOGGED_IN,
         "xenforo2"},
        {"<html id=XF data-app=public data-template=login "
         "data-logged-in=\"false\"><body></body></html>",
         MUD_LOGGED_OUT,
         "xenforo2"},
        {"<body><p>nothing that is known</p></body>", MUD_LOGGED_UNKNOWN, ""},
    };
    struct mud_arena *arena = mud_arena_new();

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct mud_page_account a =
            look(rows[i].html, MUD_ASKS_SESSION, "", NULL, arena);
        assert_int_equal(a.session, rows[i].session);
        assert_text(a.rules, rows[i].rules);
        assert_false(a.form);
    }
    mud_arena_free(arena);
}

static void test_login__says_why_it_is_refused(void **state)
{
    static const struct {
        const char *rules, *answer;
        enum mud_login_says says;
    } rows[] = {
        {"discuz",
         "<?xml version=\"1.0\" encoding=\"utf-8\"?><root><![CDATA[<script>"
         "errorhandle_login('登录失败，您还可以尝试 4 次', {'loginperm':'4'});"
         "</script>]]></root>",
         MUD_LOGIN_SAYS_WRONG},
        {"discuz",
         "<root><![CDATA[抱歉，验证码填写错误]]></root>",
         MUD_LOGIN_SAYS_CAPTCHA},
        {"discuz",
         "<root><![CDATA[密码错误次数过多，请 15 分钟后重新登录]]></root>",
         MUD_LOGIN_SAYS_TRIES},
        {"discuz",
         "<root><![CDATA[请选择安全提问以及填写正确的答案]]></root>",
         MUD_LOGIN_SAYS_QUESTION},
        {"discuz",
         "<root><![CDATA[欢迎您回来]]></root>",
         MUD_LOGIN_SAYS_NOTHING},
        {"xiuno",
         "{\"code\":\"password\",\"message\":\"密码错误\"}",
         MUD_LOGIN_SAYS_WRONG},
        {"nodebb", "[[error:invalid-login-credentials]]", MUD_LOGIN_SAYS_WRONG},
        {"phpbb",
         "<body id=phpbb><form id=login><div class=error>You have specified an "
         "incorrect password.</div></form></body>",
         MUD_LOGIN_SAYS_WRONG},
        /* a form that was too early says nothing of the password */
        {"phpbb",
         "<body id=phpbb><form id=login><div class=error>The submitted form was "
         "invalid. Try submitting again.</div></form></body>",
         MUD_LOGIN_SAYS_NOTHING},
        {"phpbb",
         "<body id=phpbb><form id=login><div class=error>incorrect password "
         "</div><input name=confirm_code></form></body>",
         MUD_LOGIN_SAYS_CAPTCHA},
    };
    struct mud_arena *arena = mud_arena_new();

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(
            look(rows[i].answer, MUD_ASKS_ANSWER, rows[i].rules, NULL, arena)
                .says,
            rows[i].says);
    mud_arena_free(arena);
}

/* The words of every refusal may stand in the page of the form. */
static void test_login__a_form_is_judged_by_its_fields(void **state)
{
    struct mud_arena *arena = mud_arena_new();

    (void)state;
    assert_int_equal(
        look("<form name=login action=\"member.php?mod=logging&amp;action=login"
             "\"></form><p>验证码 登录失败</p>",
             MUD_ASKS_FORM,
             "discuz",
             NULL,
             arena)
            .says,
        MUD_LOGIN_SAYS_NOTHING);
    assert_int_equal(
        look("<form name=login action=\"member.php?mod=logging&amp;action=login"
             "\"><input name=seccodeverify></form>",
             MUD_ASKS_FORM,
             "discuz",
             NULL,
             arena)
            .says,
        MUD_LOGIN_SAYS_CAPTCHA);
    mud_arena_free(arena);
}

static void test_login__takes_a_token_where_there_is_no_form(void **state)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_page_account a =
        look("{\"loggedIn\":false,\"csrf_token\":\"ab-12\",\"relative_path\":"
             "\"\"}",
             MUD_ASKS_FORM,
             "nodebb",
             NULL,
             arena);

    (void)state;
    assert_true(a.form);
    assert_text(a.token, "ab-12");
    assert_int_equal(a.session, MUD_LOGGED_OUT);
    mud_arena_free(arena);
}

static void test_login__refuses_slips_of_the_pen(void **state)
{
    static const char *const texts[] = {
        "[login]\npage = a\ntarget = b\nform = form\nsend = a b\n",
        "[login]\npage = a\ntarget = b\nsend = a b\nin = a\n",
        "[login]\npage = a\ntarget = b\nform = form[\nsend = a b\nin = a\n",
        "[login]\npage = a\ntarget = b\nform = form\nsend = a b\nin = a\nwait "
        "= 99\n",
        "[login]\npage = a\ntarget = b\nform = form\nsend = a b\nin = a\nsnd = "
        "x\n",
    };
    struct mud_arena *arena = mud_arena_new();

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct mud_engine *engine;
        struct mud_error err = {0};
        assert_fails(mud_engine_read(
                         &engine, "x.engine", mud_str_z(texts[i]), arena, &err),
                     &err,
                     MUD_EINPUT,
                     "x.engine");
    }
    mud_arena_free(arena);
}

/* A description whose form leads elsewhere than it says would send nothing. */
static void test_login__every_description_with_a_form_has_all_it_needs(
    void **state)
{
    size_t n = 0;

    (void)state;
    for (const struct mud_engine *const *e = mud_engines(); *e; e++) {
        const struct mud_login_rules *rules = (*e)->login;
        bool password = false;
        if (!rules)
            continue;
        n++;
        for (size_t i = 0; i < rules->n_sends; i++)
            password |= mud_str_find(rules->sends[i].value, MUD_STR("{md5")) !=
                            MUD_NPOS ||
                        mud_str_eqz(rules->sends[i].value, "{password}");
        assert_true(password);
        assert_true(rules->n_refusals > 0 && rules->n_outs > 0);
        assert_ptr_equal(mud_engine_file((*e)->file), *e);
    }
    assert_int_equal(n, 12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_login__copies_hidden_fields_of_any_name),
        cmocka_unit_test(test_login__tells_in_from_out),
        cmocka_unit_test(test_login__says_why_it_is_refused),
        cmocka_unit_test(test_login__a_form_is_judged_by_its_fields),
        cmocka_unit_test(test_login__takes_a_token_where_there_is_no_form),
        cmocka_unit_test(test_login__refuses_slips_of_the_pen),
        cmocka_unit_test(
            test_login__every_description_with_a_form_has_all_it_needs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
