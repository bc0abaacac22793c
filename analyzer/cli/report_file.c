#include "cli/report_file.h"

#include <string.h>
#include <unistd.h>

#include "cli/exit.h"
#include "cli/output.h"

struct text report_file_text(const struct yaml_node *map, const char *key)
{
    const struct yaml_node *node = yaml_get(map, key);
    return node && node->kind == YAML_SCALAR ? node->text : TEXT("");
}

const struct yaml_node *report_file_list(const struct yaml_node *map, const char *key)
{
    static const struct yaml_node none = { .kind = YAML_SEQUENCE };
    const struct yaml_node *node = yaml_get(map, key);
    return node && node->kind == YAML_SEQUENCE ? node : &none;
}

/* `\uD83D`: half of a character beyond U+FFFF.  0: it is none. */
static uint32_t half_at(struct text t, size_t at)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    uint32_t code = 0;
    if (t.n < 6 || at > t.n - 6 || t.p[at] != '\\' || t.p[at + 1] != 'u')
        return 0;
    for (size_t i = at + 2; i < at + 6; i++) {
        const char *digit = t.p[i] ? strchr(digits, t.p[i]) : NULL;
        if (!digit)
            return 0;
        code = code << 4 | ((uint32_t)(digit - digits) & 15);
    }
    return code >= 0xD800 && code <= 0xDFFF ? code : 0;
}

/* An escape of JSON at `at`, as YAML has it; returns its bytes there. */
static size_t escape_put(struct buf *out, struct text json, size_t at)
{
    uint32_t high = half_at(json, at), low = half_at(json, at + 6);
    if (high && high < 0xDC00 && low >= 0xDC00) {
        buf_add_format(out, "\\U%08x", (unsigned)(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)));
        return 12;
    }
    size_t n = json.n - at < 2 ? json.n - at : 2;
    buf_add(out, (struct text){ json.p + at, n });
    return n;
}

/* JSON is YAML but for two things that any log can bring: halves of characters, and U+FFFE and U+FFFF as they are. */
static struct text yaml_of_json(struct arena *arena, struct text json)
{
    struct buf yaml;
    buf_init(&yaml);
    for (size_t at = 0; at < json.n;) {
        struct text rest = text_from_index(json, at);
        bool is_none = text_starts_with(rest, TEXT("\xEF\xBF\xBE")) || text_starts_with(rest, TEXT("\xEF\xBF\xBF"));
        if (is_none)
            buf_add_c(&yaml, rest.p[2] == '\xBE' ? "\\uFFFE" : "\\uFFFF");
        else if (*rest.p != '\\')
            buf_add_char(&yaml, *rest.p);
        at += is_none ? 3 : *rest.p == '\\' ? escape_put(&yaml, json, at) : 1;
    }
    struct text kept = text_keep(arena, buf_text(&yaml));
    buf_done(&yaml);
    return kept;
}

static const struct yaml_node *tree_read(struct arena *arena, const char *path, struct diags *diags)
{
    struct yaml_file file;
    if (!yaml_source_read(arena, path, diags, &file) ||
        !yaml_parse(arena, file.path, yaml_of_json(arena, file.source), diags, &file))
        return NULL;
    const struct yaml_node *report = file.count == 1 ? file.documents[0] : NULL;
    bool is_report = report && report->kind == YAML_MAP && yaml_get(report, "evscan") && yaml_get(report, "findings") &&
                     yaml_get(report, "diagnoses");
    return is_report ? report : NULL;
}

static void diags_say(const struct diags *diags)
{
    struct buf out;
    buf_init(&out);
    diags_print(diags, &out);
    output_message(buf_text(&out));
    buf_done(&out);
}

int report_file_read(struct arena *arena, const char *path, const struct yaml_node **ret)
{
    struct diags diags;
    diags_init(&diags, arena);
    *ret = tree_read(arena, path, &diags);
    if (*ret)
        return 0;
    diags_say(&diags);
    if (access(path, R_OK) != 0)
        return EXIT_NO_INPUT;
    output_error("%s: no report; evscan --format json makes one", path);
    return EXIT_NO_DATA;
}
