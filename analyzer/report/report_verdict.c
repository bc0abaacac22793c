#include "report/report_verdict.h"

#include "form/text_layout.h"

/* Where lines have no end; what is longer has a name that nobody reads to its end. */
#define COLUMNS_WITHOUT_END 1000u

/* Columns of a node's name that stay when nothing else can be left out. */
#define NAME_LEAST 12u

/* What is left out of a line that is too long, one after the other. */
enum short_of {
    SHORT_NOTHING,
    SHORT_POINTS,
    SHORT_WITNESSES, /* no " (seen by NODE1)" */
    SHORT_DOMAINS,   /* "NODE1" for "NODE1.example.org" */
    SHORT_SECONDS,
    SHORT_KIND,      /* "Q218922" for "KB article Q218922" */
    SHORT_WORDS,     /* "unexplained" for "no article explains it" */
    SHORT_NAMES,     /* "NODE1 and 3 more" */
    SHORT_ALL_NAMES, /* "4 nodes" */
    SHORT_CLOCK,
    SHORT_WORST
};

/* What a verdict is made of. */
struct saying {
    struct arena *arena;
    struct report_facts *facts;
    bool endless; /* its lines are wrapped by who shows them */
    unsigned columns;
    enum rule_level fail_level;
    const struct text *names; /* of the nodes that it is about */
    size_t name_count;
};

static bool fits(const struct saying *s, struct text line)
{
    return text_columns(line) <= s->columns;
}

static struct text cut(const struct saying *s, struct text line, unsigned columns)
{
    struct buf out;
    buf_init(&out);
    text_cut(&out, line, columns);
    struct text kept = text_keep(s->arena, buf_text(&out));
    buf_done(&out);
    return kept;
}

/* The first that fits; when none does, the last as far as it does. */
static struct text shortened(const struct saying *s, struct text (*line)(const struct saying *s, enum short_of less))
{
    struct text words = TEXT("");
    for (int less = SHORT_NOTHING; less <= SHORT_WORST; less++) {
        words = line(s, (enum short_of)less);
        if (fits(s, words))
            return words;
    }
    return cut(s, words, s->columns);
}

/* A sentence; of a run that was broken off, what is known so far. */
static struct text opened(const struct saying *s, struct text words)
{
    struct text kept = text_keep(s->arena, words);
    if (s->facts->interrupted)
        return WORDS(s->arena, TEXT("Interrupted: "), kept);
    if (kept.n && *kept.p >= 'a' && *kept.p <= 'z')
        *(char *)kept.p = (char)(*kept.p - 'a' + 'A');
    return kept;
}

/* Up to its first dot, unless it is an address. */
static struct text without_domain(struct text name)
{
    size_t n = text_find_char(name, '.');
    bool letters = false;
    for (size_t i = 0; i < n; i++)
        letters = letters || (ascii_lower(name.p[i]) >= 'a' && ascii_lower(name.p[i]) <= 'z');
    return letters ? (struct text){ name.p, n } : name;
}

static struct text *names_without_domains(const struct saying *s)
{
    struct text *names = ARENA_NEW_N(s->arena, struct text, s->name_count);
    for (size_t i = 0; i < s->name_count; i++)
        names[i] = without_domain(s->names[i]);
    return names;
}

/* " on NODE1", or nothing when there is no node to name. */
static struct text on_nodes(const struct saying *s, enum short_of less)
{
    const struct text *names = less >= SHORT_DOMAINS ? names_without_domains(s) : s->names;
    struct text words = words_of_names(s->arena, names, s->name_count);
    if (s->name_count == 0)
        return TEXT("");
    if (less >= SHORT_ALL_NAMES && s->name_count > 1)
        words = words_of_count(s->arena, s->name_count, "node", "nodes");
    else if (less >= SHORT_NAMES && s->name_count > 2)
        words = WORDS(s->arena, names[0], text_keep_format(s->arena, " and %zu more", s->name_count - 1));
    if (less == SHORT_WORST)
        words = cut(s, words, s->columns / 4 > NAME_LEAST ? s->columns / 4 : NAME_LEAST);
    return WORDS(s->arena, TEXT(" on "), words);
}

/* "1999-04-12 02:10:05 UTC", without its seconds or its clock. */
static struct text moment(const struct saying *s, const struct zone *z, uint64_t time, enum short_of less)
{
    const size_t day = 10, minute = 16, second = 19;
    struct text whole = words_of_time(s->arena, z, time);
    if (less < SHORT_SECONDS || whole.n <= second || time == 0 || time >= FILETIME_MAX)
        return whole;
    return WORDS(s->arena, (struct text){ whole.p, less >= SHORT_CLOCK ? day : minute }, text_from_index(whole, second));
}

static struct text when(const struct saying *s, const struct diagnosis *d, enum short_of less)
{
    if (d->occurrences > 1)
        return WORDS(s->arena, text_keep_format(s->arena, ", %zu times from ", d->occurrences),
                     moment(s, s->facts->zone, d->first_seen, less));
    return d->first ? WORDS(s->arena, TEXT(", "), moment(s, s->facts->zone, d->first, less)) : TEXT("");
}

static struct text diagnosis_line(const struct saying *s, enum short_of less)
{
    const struct diagnosis *d = &s->facts->report->diagnoses->items[0];
    struct text points = text_keep_format(s->arena, " (%d of 100 points).", d->score);
    return WORDS(s->arena, opened(s, text_from(confidence_name(d->confidence))), on_nodes(s, less),
                 less >= SHORT_WITNESSES ? TEXT("") : words_of_witnesses(s->arena, d), when(s, d, less),
                 TEXT(": "), less >= SHORT_KIND ? d->article->id : words_of_article(s->arena, d->article->id),
                 less >= SHORT_POINTS ? TEXT(".") : points);
}

/* In the words that fit. */
static struct text what_broke(const struct saying *s, const struct article *article)
{
    const struct text ways[] = { text_trim(article->summary), text_trim(article->brief), text_trim(article->title) };
    struct text last = TEXT("");
    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        last = ways[i].n ? ways[i] : last;
        if (ways[i].n && fits(s, ways[i]))
            return ways[i];
    }
    return cut(s, last, s->columns);
}

static void say_diagnosis(struct saying *s)
{
    const struct diagnosis *d = &s->facts->report->diagnoses->items[0];
    s->names = d->troubled;
    s->name_count = d->troubled_count;
    s->facts->mood = MOOD_TROUBLE;
    s->facts->headline = shortened(s, diagnosis_line);
    s->facts->sentence = what_broke(s, d->article);
}

static void mark_node(const struct timeline *t, const struct hit *hit, bool *nodes)
{
    const struct node *node = hit_node_known(t, hit);
    if (node)
        nodes[node->index] = true;
}

/* The nodes of a finding: of a correlation, all that it rests on. */
static void mark_nodes(const struct timeline *t, const struct hit *hit, bool *nodes)
{
    mark_node(t, hit, nodes);
    for (size_t i = 0; hit->alert && i < hit->alert->hit_count; i++)
        mark_node(t, hit->alert->hits[i], nodes);
}

static void name_found_nodes(struct saying *s)
{
    const struct report *r = s->facts->report;
    const struct timeline *t = r->timeline;
    bool *has_finding = ARENA_NEW_N(s->arena, bool, t->node_count);
    struct text *names = ARENA_NEW_N(s->arena, struct text, t->node_count);
    s->names = names;
    for (size_t i = 0; i < t->hit_count; i++)
        if (hit_is_finding(r, &t->hits[i]) && !hit_is_explained(s->facts, i))
            mark_nodes(t, &t->hits[i], has_finding);
    for (size_t i = 0; i < t->node_count; i++)
        if (has_finding[i])
            names[s->name_count++] = t->nodes[i]->name;
}

/* The time of the gravest, where the line below it has no room for it. */
static struct text findings_line(const struct saying *s, enum short_of less)
{
    const struct report_facts *f = s->facts;
    const struct hit *hit = f->first_worst;
    struct text count = words_of_count(s->arena, f->findings, "finding", "findings");
    struct text time = moment(s, zone_of_hit(f->report, f->zone, hit), hit->event->key.time, less);
    bool timed = !s->endless;
    struct text it = f->findings == 1 ? TEXT("it.") : TEXT("them.");
    struct text why = less >= SHORT_WORDS  ? TEXT(", unexplained.")
                      : less >= SHORT_KIND ? WORDS(s->arena, TEXT("; no article explains "), it)
                                           : WORDS(s->arena, TEXT(", but no article that explains "), it);
    return WORDS(s->arena, opened(s, count), on_nodes(s, less), timed ? TEXT(", ") : TEXT(""), timed ? time : TEXT(""),
                 why);
}

/* "Gravest (high): The disk is full, NODE1, 1999-04-12 02:10:05 UTC." */
static struct text gravest_line(const struct saying *s, enum short_of less)
{
    const struct report_facts *f = s->facts;
    const struct hit *hit = f->first_worst;
    const char *name = *rule_level_name(f->worst) ? rule_level_name(f->worst) : "without level";
    /* A rule without a level counts as low. */
    enum rule_level worst = f->worst == RULE_LEVEL_NONE ? RULE_LOW : f->worst;
    struct text below = worst < s->fail_level ? TEXT(", below the level asked for") : TEXT("");
    struct text time = words_of_time(s->arena, zone_of_hit(f->report, f->zone, hit), hit->event->key.time);
    bool timed = s->endless, node = less < SHORT_NAMES && (s->name_count > 1 || timed);
    return WORDS(s->arena, TEXT("Gravest ("), text_from(name), below, TEXT("): "), hit_rule(f->report, hit)->title,
                 node ? TEXT(", ") : TEXT(""), node ? hit_node(f->report, hit) : TEXT(""), timed ? TEXT(", ") : TEXT(""),
                 timed ? time : TEXT(""), TEXT("."));
}

static void say_findings(struct saying *s)
{
    name_found_nodes(s);
    s->facts->mood = MOOD_FINDINGS;
    s->facts->headline = shortened(s, findings_line);
    s->facts->sentence = shortened(s, gravest_line);
}

/* Where no file was a log. */
static struct text unread_line(const struct saying *s)
{
    const struct report *r = s->facts->report;
    size_t files = r->partial->input_count + r->not_logs;
    if (s->facts->interrupted)
        return TEXT("Nothing was read until then.");
    if (files < 2)
        return files ? TEXT("What was given is no log that can be read.") : TEXT("There was no file at all.");
    return WORDS(s->arena, TEXT("None of "), words_of_number(s->arena, files), TEXT(" files is a log that can be read."));
}

/* Where that is known, those that could have matched; else those that are not for logs of other products. */
static size_t rules_apply(const struct report *r)
{
    return r->reach ? r->reach->able : ruleset_count(r->rules) - ruleset_not_applicable(r->rules);
}

/* "Read 1,234 events in 2 logs, 1999-04-01 to 1999-04-12; 83 of 90 rules apply." */
static struct text read_line(const struct saying *s, enum short_of less)
{
    const struct report_facts *f = s->facts;
    struct arena *a = s->arena;
    size_t all = ruleset_count(f->report->rules), apply = rules_apply(f->report);
    struct text events = words_of_count(a, f->total.decoded + f->total.partial, "event", "events");
    bool days = f->total.first && less < SHORT_NAMES;
    return WORDS(a, TEXT("Read "), events, TEXT(" in "), words_of_count(a, f->logs, "log", "logs"),
                 days ? TEXT(", ") : TEXT(""), days ? words_of_days(a, f->zone, f->total.first, f->total.last) : TEXT(""),
                 text_keep_format(a, "; %zu of %zu rules apply.", apply, all));
}

/* Why it says nothing that nothing was found; "" when it does say something. */
static struct text blind_reason(const struct report_facts *f)
{
    if (f->logs == 0)
        return TEXT("no event log was found, so nothing can be said.");
    if (f->report->outside)
        return TEXT("no event lies between --from and --to, so nothing can be said.");
    return report_is_blind(f->report) ? TEXT("no rule applies to what was read, so nothing can be said.") : TEXT("");
}

static struct text calm_line(const struct saying *s, enum short_of less)
{
    const struct report *r = s->facts->report;
    struct text part = s->facts->interrupted ? TEXT(" in the part that was read.")
                       : r->incomplete       ? TEXT(" in the part that could be read.")
                       : r->missing_count    ? TEXT(" in the logs that are there.")
                       : r->mistakes         ? TEXT(" by the rules that could be used.")
                                             : TEXT(".");
    bool fixed = r->diagnoses->closed.count > 0;
    return WORDS(s->arena, opened(s, fixed ? TEXT("nothing left to do") : TEXT("nothing wrong found")), on_nodes(s, less),
                 part);
}

static void say_nothing_found(struct saying *s)
{
    struct report_facts *f = s->facts;
    const struct timeline *t = f->report->timeline;
    struct text blind = blind_reason(f);
    struct text *names = ARENA_NEW_N(s->arena, struct text, t->node_count);
    s->names = names;
    for (size_t i = 0; i < t->node_count; i++)
        names[s->name_count++] = t->nodes[i]->name;
    f->sentence = f->logs ? shortened(s, read_line) : unread_line(s);
    f->fitting = words_of_reach(s->arena, f->report->reach);
    if (blind.n) {
        f->mood = MOOD_BLIND;
        f->headline = opened(s, blind);
        return;
    }
    f->mood = report_is_whole(f->report) && !f->report->mistakes ? MOOD_CALM : MOOD_FINDINGS;
    f->headline = shortened(s, calm_line);
}

void verdict_find(struct arena *a, struct report_facts *f, enum rule_level fail_level, unsigned columns)
{
    bool endless = columns == VERDICT_NO_END;
    struct saying s = { .arena = a, .facts = f, .endless = endless, .fail_level = fail_level,
                        .columns = endless ? COLUMNS_WITHOUT_END : columns };
    if (f->report->diagnoses->count > 0)
        say_diagnosis(&s);
    else if (f->findings > 0)
        say_findings(&s);
    else
        say_nothing_found(&s);
}
