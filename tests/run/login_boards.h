/*
 * What boards show of their log-in, made up after reference pages and the public
 * source of the engines: the form, where it is sent, what must be sent, and how
 * it is refused.
 */
#ifndef MUD_TESTS_RUN_LOGIN_BOARDS_H
#define MUD_TESTS_RUN_LOGIN_BOARDS_H

#define PASSWORD     "geheim&5e55wort"
#define PASSWORD_URL "geheim%265e55wort"
#define PASSWORD_MD5 "92b812d6b0361a36adb6a297dea4af2c"
#define USER_UTF8    "%E5%BC%A0%E4%B8%89"
#define USER_GBK     "%D5%C5%C8%FD"

struct board {
    const char *name;  /* of its source and account */
    const char *page;  /* sample page, below samples/parse */
    const char *start; /* its address here */
    const char *charset;
    const char *login;          /* address of the form */
    const char *target;         /* of the POST, query and all */
    const char *form;           /* the page at login */
    const char *out[2], *in[2]; /* replaced in pages of strangers, of members */
    const char *sent;           /* the body that must come */
    const char *header;         /* that must come too, or NULL */
    const char *ok, *wrong;     /* what the form is answered with */
    bool moved;                 /* ok is a redirect to the start */
};

static const struct board boards[] = {
    {"discuz",
     "discuz/board.html",
     "/forum.php",
     "gbk",
     "/member.php?mod=logging&action=login",
     "/member.php?mod=logging&action=login&loginsubmit=yes&loginhash=LabC1&"
     "inajax=1",
     "<html><head><meta name=generator content=\"Discuz! X3.4\"></head><body "
     "id=nv_member class=pg_logging><form method=post name=login "
     "id=loginform_LabC1 action=\"member.php?mod=logging&amp;action=login&amp;"
     "loginsubmit=yes&amp;loginhash=LabC1\"><input type=hidden name=formhash "
     "value=0a1b2c3d><input type=hidden name=referer value=\"./\"><select "
     "name=loginfield><option value=username></select><input name=username>"
     "<input type=password name=password></form></body></html>",
     {NULL, NULL},
     {"id=\"lsform\"", "id=\"none\""},
     "formhash=0a1b2c3d&referer=.%2F&loginfield=username&username=" USER_GBK
     "&password=" PASSWORD_URL "&questionid=0&answer=&cookietime=2592000",
     NULL,
     "<?xml version=\"1.0\" encoding=\"gbk\"?><root><![CDATA[<script>"
     "succeedhandle_login('./', '', {});</script>]]></root>",
     /* 登录失败，您还可以尝试 4 次 */
     "<?xml version=\"1.0\" encoding=\"gbk\"?><root><![CDATA[<script>"
     "errorhandle_login('\xb5\xc7\xc2\xbc\xca\xa7\xb0\xdc\xa3\xac\xc4\xfa\xbb"
     "\xb9\xbf\xc9\xd2\xd4\xb3\xa2\xca\xd4 4 \xb4\xce', {});</script>]]>"
     "</root>",
     false},
    {"phpbb",
     "phpbb/board.html",
     "/viewforum.php?f=3",
     "utf-8",
     "/ucp.php?mode=login",
     "/ucp.php?mode=login",
     "<html><body id=phpbb><form action=\"./ucp.php?mode=login\" method=post "
     "id=login><input name=username><input type=password name=password><input "
     "type=checkbox name=autologin><input type=hidden name=redirect "
     "value=\"./index.php\"><input type=hidden name=creation_time "
     "value=1795309800><input type=hidden name=form_token value=7f00aa><input "
     "type=hidden name=sid value=5e55><input type=submit name=login "
     "value=Login></form></body></html>",
     {"section-viewforum ltr\">",
      "section-viewforum ltr\"><ul id=nav-main><li><a "
      "href=\"./ucp.php?mode=login\">x</a></ul>"},
     {NULL, NULL},
     "redirect=.%2Findex.php&creation_time=1795309800&form_token=7f00aa&sid="
     "5e55&username=" USER_UTF8 "&password=" PASSWORD_URL
     "&autologin=on&login=Login",
     NULL,
     "",
     "<html><body id=phpbb><form id=login><div class=error>You have specified "
     "an incorrect password.</div></form></body></html>",
     true},
    {"mybb",
     "mybb/board.html",
     "/forum-4.html",
     "utf-8",
     "/member.php?action=login",
     "/member.php",
     "<html><body><div id=panel><form action=\"http://other.example/member.php"
     "\"><input type=hidden name=quick_login value=1></form></div><form "
     "action=\"member.php\" method=post><table><tr><td><input name=username>"
     "</td></tr></table><input type=password name=password><input type=hidden "
     "name=action value=do_login><input type=hidden name=url "
     "value=\"/index.php\"><input name=my_post_key type=hidden value=a1b2>"
     "</form></body></html>",
     {"<body>", "<body><div id=quick_login></div>"},
     {"<body>",
      "<body><div id=panel><a href=\"member.php?action=logout&amp;logoutkey=1\">"
      "x</a></div>"},
     "action=do_login&url=%2Findex.php&my_post_key=a1b2&username=" USER_UTF8
     "&password=" PASSWORD_URL "&remember=yes&submit=Login",
     NULL,
     "",
     "<html><body><div class=error>You have entered an invalid "
     "username/password combination.</div></body></html>",
     true},
    {"smf",
     "smf/board.html",
     "/index.php?board=3.0",
     "utf-8",
     "/index.php?action=login",
     "/index.php?action=login2",
     "<html><body><form id=frmLogin method=post action=\"/index.php?action="
     "login2\"><dl><dd><input name=user></dd><dd><input type=password "
     "name=passwrd></dd></dl><input type=hidden name=c31f0a value=f9f9><input "
     "type=hidden name=e77b01 value=\"x y\"></form></body></html>",
     {"<body>", "<body><form action=\"?action=login2\"></form>"},
     {"<body>", "<body><a href=\"?action=logout;c31f0a=f9f9\">x</a>"},
     "c31f0a=f9f9&e77b01=x+y&user=" USER_UTF8 "&passwrd=" PASSWORD_URL
     "&cookielength=3600",
     NULL,
     "",
     "<html><body><p class=errorbox>Password incorrect</p></body></html>",
     true},
    {"fluxbb",
     "fluxbb/board.html",
     "/viewforum.php?id=3",
     "utf-8",
     "/login.php",
     "/login.php?action=in",
     "<html><body><div id=punlogin><div id=brdmain><form id=login method=post "
     "action=\"login.php?action=in\"><input type=hidden name=form_sent value=1>"
     "<input type=hidden name=redirect_url value=index.php><input type=hidden "
     "name=csrf_token value=77aa></form></div></div></body></html>",
     {"<body>", "<body><ul><li id=navlogin><a href=login.php>x</a></ul>"},
     {"<body>", "<body><ul><li id=navlogout><a href=x>x</a></ul>"},
     "form_sent=1&redirect_url=index.php&csrf_token=77aa&req_username=" USER_UTF8
     "&req_password=" PASSWORD_URL "&save_pass=1&login=Login",
     "/login.php\r\n", /* the end of its Referer */
     "<html><body>Logged in successfully.</body></html>",
     "<html><body>Wrong username and/or password.</body></html>",
     false},
    {"xiuno",
     "xiuno/board.html",
     "/?forum-3.htm",
     "utf-8",
     "/?user-login.htm",
     "/?user-login.htm",
     "<html><body><form action=\"?user-login.htm\" method=post id=form><input "
     "name=email><input type=password name=password></form></body></html>",
     {NULL, NULL},
     {"?user-login.htm", "?user-logout.htm"},
     "email=" USER_UTF8 "&password=" PASSWORD_MD5,
     "X-Requested-With: XMLHttpRequest\r\n",
     "{\"code\":0,\"message\":\"ok\"}",
     "{\"code\":\"password\",\"message\":\"\"}",
     false},
    {"nodebb",
     "nodebb/board.html",
     "/",
     "utf-8",
     "/api/config",
     "/login",
     "{\"loggedIn\":false,\"csrf_token\":\"tok-77\",\"relative_path\":\"\"}",
     {NULL, NULL},
     {"user-guest\">", "user-member\"><i component=\"user/logout\"></i>"},
     "username=" USER_UTF8 "&password=" PASSWORD_URL
     "&remember=on&noscript=false",
     "x-csrf-token: tok-77\r\n",
     "{\"next\":\"/\"}",
     "[[error:invalid-login-credentials]]",
     false},
    {"vbulletin",
     "vbulletin4/board.html",
     "/forumdisplay.php?f=4",
     "utf-8",
     "/",
     "/login.php?s=&do=login",
     "<html id=vbulletin_html><body><form id=navbar_loginform action=\"login."
     "php?s=&amp;do=login\" method=post><input name=vb_login_username><input "
     "type=password name=vb_login_password><input type=hidden name=s value=\"\">"
     "<input type=hidden name=securitytoken value=guest><input type=hidden "
     "name=do value=login><input type=hidden name=vb_login_md5password><input "
     "type=hidden name=vb_login_md5password_utf></form></body></html>",
     {"<body>", "<body><form><input name=vb_login_username></form>"},
     {"<body>", "<body><a href=\"login.php?do=logout&amp;logouthash=1\">x</a>"},
     "s=&securitytoken=guest&do=login&vb_login_username=" USER_UTF8
     "&vb_login_password=&vb_login_md5password=" PASSWORD_MD5
     "&vb_login_md5password_utf=" PASSWORD_MD5 "&cookieuser=1",
     NULL,
     "<html><body>Thank you for logging in</body></html>",
     "<html><body>You have entered an invalid username or password.</body>"
     "</html>",
     false},
    {"xenforo",
     "xenforo2/board.html",
     "/index.php?forums/trade.4/",
     "utf-8",
     "/index.php?login/",
     "/index.php?login/login",
     "<html id=XF data-app=public data-template=login data-logged-in=\"false\">"
     "<body><form action=\"/index.php?login/login\" method=post><input "
     "name=login><input type=password name=password><input type=hidden "
     "name=_xfToken value=\"1,aa\"><input type=hidden name=_xfRedirect "
     "value=\"/\"></form></body></html>",
     {NULL, NULL},
     {"data-logged-in=\"false\"", "data-logged-in=\"true\""},
     "_xfToken=1%2Caa&_xfRedirect=%2F&login=" USER_UTF8
     "&password=" PASSWORD_URL "&remember=1",
     NULL,
     "",
     "<html id=XF><body>Incorrect password. Please try again.</body></html>",
     true},
};

#endif
