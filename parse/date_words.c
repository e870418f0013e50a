#include "parse/date_scan.h"

/*
 * Words of dates in the languages of boards: names of months as their language
 * packs (phpBB, MyBB, SMF, XenForo) print them, stretches of time, days.
 */

#define DAY    INT64_C(86400) /* seconds */

#define MONTHS 12

/* Written in lower case. */
static const char *const months[MONTHS] = {
    "jan янв january января januar январь janvier janv enero ene janeiro "
    "gennaio stycznia sty ocak oca січня січ januari",
    "feb фев february февраля februar февр февраль février févr fév febrero "
    "fevereiro fev febbraio lutego lut şubat şub Şubat Şub лютого лют februari",
    "mar мар march марта märz mär март mars marzo março marca mart березня бер "
    "maart mrt",
    "apr апр april апреля апрель avril avr abril abr aprile kwietnia kwi nisan "
    "nis квітня кві",
    "may май мая mai mayo maio maggio maja mayıs травня тра mei",
    "jun июн june июня juni июнь juin junio junho giugno giu czerwca cze "
    "haziran haz червня чер",
    "jul июл july июля juli июль juillet juil julio julho luglio lug lipca "
    "temmuz липня лип",
    "aug авг august августа август août aoû agosto sierpnia ağustos ağu серпня "
    "сер augustus",
    "sep сен september сентября сент сентябрь sept septembre septiembre "
    "setembro settembre września wrz eylül eyl вересня вер",
    "oct окт october октября oktober okt октябрь octobre octubre outubro "
    "ottobre ott października paź ekim жовтня жов",
    "nov ноя november ноября нояб ноябрь novembre noviembre novembro "
    "listopada kasım листопада лис",
    "dec дек december декабря dezember dez декабрь décembre déc diciembre "
    "dezembro dicembre grudnia gru aralık грудня гру",
};

/* Words of other languages as well. */
static const char *const short_months[MONTHS] = {
    "gen",
    "",
    "",
    "",
    "mag",
    "",
    "lip tem",
    "ago sie",
    "set",
    "out eki",
    "lis kas",
    "dic ara",
};

static bool in_list(const struct mud_date_scan *scan, size_t i,
                    const char *list)
{
    struct mud_str rest = mud_str_z(list), word;
    char text[40];
    while (mud_str_cut(&rest, ' ', &word) || word.n) {
        if (word.n && word.n < sizeof(text)) {
            memcpy(text, word.s, word.n);
            text[word.n] = 0;
            if (mud_date_word(scan, i, text))
                return true;
        }
        if (!rest.n)
            break;
    }
    return false;
}

int mud_date_month(const struct mud_date_scan *scan, size_t i, bool year)
{
    if (mud_date_token(scan, i)->kind != MUD_DATE_WORD)
        return 0;
    for (int m = 0; m < MONTHS; m++)
        if (in_list(scan, i, months[m]) ||
            (year && in_list(scan, i, short_months[m])))
            return m + 1;
    return 0;
}

static const struct unit {
    const char *words; /* Latin and Cyrillic */
    int64_t seconds;
    enum mud_precision precision;
    const char *han[7];
} units[] = {
    {"second seconds sec секунд секунды секунду sekunden segundos secondes",
     1,
     MUD_TO_SECOND,
     {"秒"}},
    {"minute minutes min mins minuten минут минуты минуту мин minuto minutos "
     "dakika хвилин хвилини",
     60,
     MUD_TO_MINUTE,
     {"分钟", "分鐘", "分"}},
    {"hour hours h hr hrs stunde stunden час часа часов heure heures hora "
     "horas saat годин години",
     3600,
     MUD_TO_HOUR,
     {"小时", "小時", "个小时", "個小時", "个钟头", "時間", "钟头"}},
    {"day days tag tagen день дня дней jour jours día días dia dias gün дні "
     "днів",
     DAY,
     MUD_TO_DAY,
     {"天", "日"}},
    {"week weeks woche wochen неделю недели недель semaine semaines semana "
     "semanas hafta",
     7 * DAY,
     MUD_TO_MONTH,
     {"周", "週", "星期", "个星期", "個星期", "个礼拜", "礼拜"}},
    {"month months monat monaten месяц месяца месяцев mois mes meses mês ay",
     30 * DAY,
     MUD_TO_MONTH,
     {"个月", "個月", "月"}},
    {"year years jahr jahren год года лет ans an año años ano anos yıl",
     365 * DAY,
     MUD_TO_YEAR,
     {"年"}},
};

size_t mud_date_unit(const struct mud_date_scan *scan, size_t i,
                     int64_t *seconds, enum mud_precision *precision)
{
    for (size_t k = 0; k < sizeof(units) / sizeof(units[0]); k++) {
        size_t n = in_list(scan, i, units[k].words) ? 1 : 0;
        for (size_t h = 0; h < 7 && units[k].han[h] && !n; h++)
            n = mud_date_han(scan, i, units[k].han[h]);
        if (!n)
            continue;
        *seconds = units[k].seconds;
        *precision = units[k].precision;
        return n;
    }
    return 0;
}

size_t mud_date_day(const struct mud_date_scan *scan, size_t i, int *back)
{
    static const struct {
        const char *words, *han[4];
        int back;
    } days[] = {
        {"today сегодня heute сьогодні hoy hoje oggi bugün dzisiaj vandaag",
         {"今天", "今日"},
         0},
        {"yesterday вчера gestern вчора hier ayer ontem ieri dün wczoraj "
         "gisteren",
         {"昨天", "昨日"},
         1},
        {"позавчера vorgestern позавчора anteayer anteontem", {"前天"}, 2},
    };

    for (size_t k = 0; k < sizeof(days) / sizeof(days[0]); k++) {
        size_t n = in_list(scan, i, days[k].words) ? 1 : 0;
        for (size_t h = 0; h < 4 && days[k].han[h] && !n; h++)
            n = mud_date_han(scan, i, days[k].han[h]);
        *back = days[k].back;
        if (n)
            return n;
    }
    return 0;
}

size_t mud_date_weekday(const struct mud_date_scan *scan, size_t i)
{
    static const char *const names[] = {"星期", "周", "週", "礼拜"};
    static const char days[] = "一二三四五六日天";
    size_t open = mud_date_mark(scan, i, "(") || mud_date_mark(scan, i, "（");
    for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
        size_t n = mud_date_han(scan, i + open, names[k]);
        struct mud_str day = mud_date_token(scan, i + open + n)->text;
        if (n && day.n == 3 && mud_str_find(mud_str_z(days), day) != MUD_NPOS)
            return open + n + 1 + open;
    }
    /* "(水)", "(Wed)" */
    return open && (mud_date_mark(scan, i + 2, ")") ||
                    mud_date_mark(scan, i + 2, "）"))
               ? 3
               : 0;
}

int mud_date_numeral(const struct mud_date_scan *scan, size_t i)
{
    static const struct {
        const char *text;
        int value;
    } rows[] = {{"一", 1},
                {"二", 2},
                {"两", 2},
                {"兩", 2},
                {"三", 3},
                {"四", 4},
                {"五", 5},
                {"六", 6},
                {"七", 7},
                {"八", 8},
                {"九", 9},
                {"十", 10}};

    for (size_t k = 0; k < sizeof(rows) / sizeof(rows[0]); k++)
        if (mud_date_mark(scan, i, rows[k].text))
            return rows[k].value;
    return 0;
}
