#include "rule/describe.h"

#include <arpa/inet.h>

void describe_quoted(struct text t, struct buf *out)
{
    buf_add_char(out, '"');
    buf_add(out, t);
    buf_add_char(out, '"');
}

/* Marks as the wildcards that they came from. */
static void add_segment(struct buf *out, struct text bytes)
{
    for (size_t i = 0; i < bytes.n; i++) {
        if (bytes.p[i] == MARK_ONE)
            buf_add_char(out, '?');
        else if (bytes.p[i] == MARK_DASH)
            buf_add_c(out, "[any dash or /]");
        else
            buf_add_char(out, bytes.p[i]);
    }
}

static void add_pattern_text(struct buf *out, const struct pattern *p, bool stars)
{
    buf_add_char(out, '"');
    buf_add_c(out, stars && p->open_start ? "*" : "");
    for (uint32_t i = 0; i < p->count; i++) {
        buf_add_c(out, i ? "*" : "");
        add_segment(out, p->segments[i].bytes);
    }
    buf_add_c(out, stars && p->open_end && p->count ? "*" : "");
    buf_add_char(out, '"');
}

static void add_pattern(struct buf *out, const struct pattern *p)
{
    bool plain = p->count == 1 && !p->segments[0].marked;
    if (!plain)
        buf_add_c(out, "is like ");
    else if (p->open_start && p->open_end)
        buf_add_c(out, "contains ");
    else
        buf_add_c(out, p->open_start ? "ends with " : p->open_end ? "starts with " : "is ");
    add_pattern_text(out, p, !plain);
    buf_add_c(out, p->cased ? " (case matters)" : "");
}

static const char *const comparisons[] = { "is", "is less than", "is at most", "is more than", "is at least" };
static const char *const parts[] = { "minute", "hour", "day", "week", "month", "year" };

static void add_number(struct buf *out, const struct test *t)
{
    const struct number *n = &t->as.number.value;
    if (t->kind == TEST_TIME)
        buf_add_format(out, "has a date whose %s ", parts[t->as.number.part]);
    buf_add_c(out, comparisons[t->as.number.compare]);
    if (n->exact)
        buf_add_format(out, " the number %s%llu", n->negative ? "-" : "", (unsigned long long)n->magnitude);
    else
        buf_add_format(out, " the number %g", n->value);
}

static void add_regex(struct buf *out, const struct ruleset *rules, const pcre2_code *code)
{
    buf_add_c(out, "matches the expression ");
    for (size_t i = 0; i < rules->regex_count; i++)
        if (rules->regexes[i].code == code)
            describe_quoted(rules->regexes[i].text, out);
}

static void add_network(struct buf *out, const struct network *net)
{
    char address[INET6_ADDRSTRLEN] = "";
    inet_ntop(net->v6 ? AF_INET6 : AF_INET, net->address, address, sizeof address);
    buf_add_format(out, "is in the network %s/%u", address, net->prefix);
}

static void add_other(struct buf *out, const struct ruleset *rules, const struct test *t)
{
    bool start = t->as.other.open_start, end = t->as.other.open_end;
    buf_add_c(out, start && end ? "contains" : start ? "ends with" : end ? "starts with" : "is");
    buf_add_c(out, " what stands in ");
    buf_add(out, rules->fields[t->as.other.field].name.text);
}

static void add_tests(struct buf *out, const struct ruleset *rules, const struct test *tests, size_t count,
                      bool all, size_t most);

/* Depth: a group holds no groups. */
static void add_test(struct buf *out, const struct ruleset *rules, const struct test *t, size_t most)
{
    switch (t->kind) {
    case TEST_PATTERN:
        add_pattern(out, &t->as.pattern);
        return;
    case TEST_NUMBER:
    case TEST_TIME:
        add_number(out, t);
        return;
    case TEST_NULL:
        buf_add_c(out, "is absent or empty");
        return;
    case TEST_EXISTS:
        buf_add_c(out, t->as.exists ? "is present" : "is absent");
        return;
    case TEST_REGEX:
        add_regex(out, rules, t->as.regex);
        return;
    case TEST_NETWORK:
        add_network(out, &t->as.network);
        return;
    case TEST_FIELD:
        add_other(out, rules, t);
        return;
    case TEST_GROUP:
        add_tests(out, rules, t->as.group.tests, t->as.group.count, false, most);
        return;
    }
}

static void add_tests(struct buf *out, const struct ruleset *rules, const struct test *tests, size_t count,
                      bool all, size_t most)
{
    for (size_t i = 0; i < count && i < most; i++) {
        buf_add_c(out, i == 0 ? "" : all ? " and " : " or ");
        add_test(out, rules, &tests[i], most);
    }
    if (count > most)
        buf_add_format(out, " %s %zu more", all ? "and" : "or", count - most);
}

void describe_item(const struct ruleset *rules, const struct item *item, size_t most, struct buf *out)
{
    if (item->negate)
        buf_add_c(out, "not: ");
    if (item->field == FIELD_KEYWORDS)
        buf_add_c(out, "some value of the event");
    else
        buf_add(out, rules->fields[item->field].name.text);
    buf_add_char(out, ' ');
    add_tests(out, rules, item->tests, item->count, item->all, most);
}

void describe_source(const struct ruleset *rules, const struct rule *rule, struct buf *out)
{
    const struct source *s = &rules->sources[rule->source];
    buf_add(out, rule->product.n ? rule->product : TEXT("any product"));
    if (rule->category.n)
        buf_add_format(out, ", category %.*s", TEXT_ARG(rule->category));
    if (rule->service.n)
        buf_add_format(out, ", service %.*s", TEXT_ARG(rule->service));
    if (rule->applicable && !s->category && !s->service)
        buf_add_c(out, ", every log");
}
