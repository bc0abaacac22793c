#include "report/cautions.h"

#include "corr/clock_stretch.h"
#include "form/text_layout.h"

/* Names of one kind, as many as are said. */
struct listed {
    struct text names[CAUTION_NAMES];
    size_t count; /* of all */
};

static void list_add(struct listed *l, struct text name)
{
    if (l->count < CAUTION_NAMES)
        l->names[l->count] = name;
    l->count++;
}

/* A name that nobody reads to its end keeps its beginning and its end. */
static struct text name_cut(struct arena *a, struct text name)
{
    struct buf cut;
    if (text_columns(name) <= CAUTION_COLUMNS)
        return name;
    buf_init(&cut);
    text_cut_middle(&cut, name, CAUTION_COLUMNS);
    struct text kept = text_keep(a, buf_text(&cut));
    buf_done(&cut);
    return kept;
}

/* "a.evt, b.evt and 3 more" */
static struct text list_words(struct arena *a, const struct listed *l)
{
    struct text words = TEXT("");
    size_t said = l->count < CAUTION_NAMES ? l->count : CAUTION_NAMES;
    for (size_t i = 0; i < said; i++) {
        struct text gap = i == 0 ? TEXT("") : i + 1 == l->count ? TEXT(" and ") : TEXT(", ");
        words = WORDS(a, words, gap, name_cut(a, l->names[i]));
    }
    if (said < l->count)
        words = WORDS(a, words, text_keep_format(a, " and %zu more", l->count - said));
    return words;
}

static void say(struct cautions *c, struct text words)
{
    c->items[c->count++] = words;
}

static void say_damaged(struct arena *a, const struct report_facts *f, struct cautions *c)
{
    const struct partial *p = f->report->partial;
    struct listed l = { .count = 0 };
    for (size_t i = 0; i < p->input_count; i++)
        if (input_is_damaged(p->inputs[i]))
            list_add(&l, p->inputs[i]->path);
    if (!l.count)
        return;
    struct text of = words_of_count(a, p->input_count, "input", "inputs");
    struct text what = f->interrupted ? TEXT(" were not read to the end") : TEXT(" could not be read whole");
    say(c, WORDS(a, words_of_number(a, l.count), TEXT(" of "), of, what, TEXT(": "), list_words(a, &l)));
    c->read_says_more = true;
}

/* Of no byte: a copy that failed looks like it.  A log without events is none of them. */
static void say_empty(struct arena *a, const struct report_facts *f, struct cautions *c)
{
    const struct partial *p = f->report->partial;
    struct listed l = { .count = 0 };
    for (size_t i = 0; i < p->input_count; i++)
        if (p->inputs[i]->notices.seen[NOTICE_INPUT_EMPTY] && !p->inputs[i]->format.n)
            list_add(&l, p->inputs[i]->path);
    if (l.count)
        say(c, WORDS(a, words_of_count(a, l.count, "file is", "files are"), TEXT(" empty, perhaps not copied whole: "),
                     list_words(a, &l)));
}

static void say_missing(struct arena *a, const struct report *r, struct cautions *c)
{
    struct listed l = { .count = 0 };
    for (size_t i = 0; i < r->missing_count; i++)
        list_add(&l, r->missing[i]);
    if (l.count)
        say(c, WORDS(a, TEXT("No log is there of "), words_of_count(a, l.count, "expected node", "expected nodes"),
                     TEXT(": "), list_words(a, &l)));
}

static bool is_missing(const struct report *r, struct text name)
{
    for (size_t i = 0; i < r->missing_count; i++)
        if (text_equal_nocase(r->missing[i], name))
            return true;
    return false;
}

/* Other nodes speak of them. */
static void say_unseen(struct arena *a, const struct report *r, struct cautions *c)
{
    struct listed l = { .count = 0 };
    for (size_t i = 0; i < r->diagnoses->unseen_count; i++)
        if (!is_missing(r, r->diagnoses->unseen[i].name))
            list_add(&l, r->diagnoses->unseen[i].name);
    if (l.count)
        say(c, WORDS(a, TEXT("No log was given of "), list_words(a, &l)));
}

static void say_packed(struct arena *a, const struct report *r, struct cautions *c)
{
    struct listed l = { .count = 0 };
    for (size_t i = 0; i < r->packed_count; i++)
        list_add(&l, r->packed[i]);
    if (l.count)
        say(c, WORDS(a, words_of_count(a, l.count, "file is", "files are"),
                     TEXT(" packed and not read; archives are not opened, unpack them first: "), list_words(a, &l)));
}

/* Written while a clock had lost its time, which nothing says how to correct. */
static bool is_out_of_time(const struct report *r, size_t at)
{
    const struct node *n = r->timeline->node_of[at];
    const struct event_key *key = &r->timeline->hits[at].event->key;
    size_t stretch = clock_stretch_of(n, key->channel, key->record_id, key->time);
    return stretch != STRETCH_UNKNOWN && n->stretches[stretch].lost && !n->stretches[stretch].ahead;
}

static void say_out_of_time(struct arena *a, const struct report *r, struct cautions *c)
{
    struct listed l = { .count = 0 };
    bool *met = ARENA_NEW_N(a, bool, r->timeline->node_count + 1);
    for (size_t i = 0; i < r->timeline->hit_count; i++) {
        const struct node *n = r->timeline->node_of[i];
        if (met[n->index] || !hit_is_finding(r, &r->timeline->hits[i]) || !is_out_of_time(r, i))
            continue;
        met[n->index] = true;
        list_add(&l, n->name);
    }
    if (l.count)
        say(c, WORDS(a, TEXT("The clock of "), list_words(a, &l),
                     TEXT(" had lost its time at a start; what it shows of then happened later, "
                          "and nothing says when")));
}

void cautions_find(struct arena *a, const struct report_facts *f, struct cautions *ret)
{
    *ret = (struct cautions){ .count = 0 };
    /* Where nothing at all could be read, the verdict says that. */
    if (f->mood != MOOD_BLIND || f->interrupted) {
        say_damaged(a, f, ret);
        say_empty(a, f, ret);
    }
    say_missing(a, f->report, ret);
    say_unseen(a, f->report, ret);
    say_packed(a, f->report, ret);
    say_out_of_time(a, f->report, ret);
}
