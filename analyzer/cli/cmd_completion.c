/*
 * cmd_completion.c - `evscan completion SHELL`: what a shell completes, made of the pages of all commands.
 */
#include "cli/cmd.h"

#include "cli/exit.h"
#include "cli/knowledge.h"
#include "cli/output.h"
#include "cli/shipped.h"
#include "report/report.h"

static const char *const shells[] = { "bash", "zsh", "fish", NULL };

const struct page completion_page = {
    .name = "completion",
    .usages = { "completion bash|zsh|fish" },
    .about = "Prints a script by which the shell completes commands, options and their values.\n"
             "An installed evscan brings it along; otherwise, for example in ~/.bashrc:\n"
             "\n"
             "  eval \"$(evscan completion bash)\"\n",
    .end = "Exit status: 0; 64 usage, 73 no output.\n",
    .manual = "evscan-completion",
    .words = shells,
};

/* The pages behind a command that is a word before others. */
static const struct page *const nested[] = { &rules_check_page, &rules_test_page, &rules_list_page,
                                             &rules_explain_page, &rules_why_not_page, &rules_pack_page,
                                             &kb_why_not_page };

/* Commands that take names which evscan prints itself: the second word of each line. */
static const struct {
    const char *command, *printed_by;
    bool paths; /* it takes paths as well */
} named[] = {
    { "kb show", "kb list", false },
    { "kb why-not", "kb list", true },
    { "rules explain", "rules list", false },
    { "rules why-not", "rules list", true },
};

/* What is behind a long title stands in lines of its own, which begin with blanks. */
#define SECOND_WORDS "sed -n 's/^[a-z][a-z]*  *\\([^ ]*\\).*/\\1/p'"

struct visitor {
    struct buf *out;
    const struct page *page;
    const char *name; /* "show", "rules check", "scan" */
    const char *const *words; /* the first of its arguments; NULL: paths, or what nobody knows */
    void (*option)(const struct visitor *v, const struct option_spec *spec);
};

static void group_visit(const struct visitor *v, const struct option_group *g)
{
    for (size_t i = 0; i < g->count; i++)
        v->option(v, &g->specs[i]);
}

static void options_visit(const struct visitor *v)
{
    static const struct option_spec help = { "help", 'h', OPTION_FLAG, 0, NULL, "what the command does", NULL, 0, 0 };
    for (size_t g = 0; g < OPTION_GROUPS; g++)
        group_visit(v, &v->page->groups[g]);
    group_visit(v, &v->page->rare);
    v->option(v, &help);
}

/* What `explain` knows a provider by in one word; NULL for none. */
static const char *provider_word(const struct guide_event *e)
{
    if (text_find_char(e->provider, ' ') == e->provider.n)
        return e->provider.p;
    for (size_t i = 0; i < e->names.count; i++)
        if (text_find_char(e->names.items[i], ' ') == e->names.items[i].n)
            return e->names.items[i].p;
    return NULL;
}

/* Of all of them, NULL at the end; they live as long as the guide. */
static const char *const *provider_words(struct arena *arena, const struct guide *guide)
{
    const char **words = ARENA_NEW_N(arena, const char *, guide_count(guide) + 1);
    size_t count = 0;
    for (size_t i = 0; i < guide_count(guide); i++) {
        const struct guide_event *e = guide_event(guide, i);
        bool again = i > 0 && text_equal(e->provider, guide_event(guide, i - 1)->provider);
        words[count] = again ? NULL : provider_word(e);
        count += words[count] != NULL;
    }
    return words;
}

/* Calls `visit` for every page, those behind a command with words as well. */
static void pages_visit(struct buf *out, const char *const *providers, void (*visit)(struct visitor *v))
{
    for (const struct command *c = commands; c->name; c++)
        visit(&(struct visitor){ out, c->page, c->name, c->page == &explain_page ? providers : c->page->words, NULL });
    for (size_t i = 0; i < COUNT_OF(nested); i++)
        visit(&(struct visitor){ out, nested[i], nested[i]->name, nested[i]->words, NULL });
}

static void words_put(struct buf *out, const char *const *words)
{
    for (size_t i = 0; words && words[i]; i++)
        buf_add_format(out, "%s%s", i ? " " : "", words[i]);
}

/* FORMAT:PATH: the formats are known, and what stands behind the colon is a file. */
static bool is_form_and_path(const struct option_spec *spec)
{
    return spec->value && strcmp(spec->value, "FORMAT:PATH") == 0;
}

static void commands_put(struct buf *out)
{
    for (const struct command *c = commands; c->name; c++)
        buf_add_format(out, "%s%s", c == commands ? "" : " ", c->name);
}

/* With a backslash in front of each of `special`. */
static void escaped_put(struct buf *out, const char *text, const char *special)
{
    for (; text && *text; text++) {
        if (*text == '\'') {
            buf_add_c(out, "'\\''");
            continue;
        }
        if (strchr(special, *text))
            buf_add_char(out, '\\');
        buf_add_char(out, *text);
    }
}

static void bash_name(const struct visitor *v, const struct option_spec *spec)
{
    buf_add_format(v->out, " --%s", spec->name);
    if (spec->letter)
        buf_add_format(v->out, " -%c", spec->letter);
}

static void bash_value(const struct visitor *v, const struct option_spec *spec)
{
    bool forms = is_form_and_path(spec);
    if (!spec->words && !forms)
        return;
    buf_add_format(v->out, "        '%s:--%s'", v->name, spec->name);
    if (spec->letter)
        buf_add_format(v->out, "|'%s:-%c'", v->name, spec->letter);
    buf_add_c(v->out, forms ? ") forms='" : ") values='");
    words_put(v->out, forms ? report_form_names : spec->words);
    buf_add_c(v->out, "' ;;\n");
}

static void bash_options(struct visitor *v)
{
    v->option = bash_name;
    buf_add_format(v->out, "        '%s') options='", v->name);
    options_visit(v);
    buf_add_c(v->out, "' words='");
    words_put(v->out, v->words);
    buf_add_c(v->out, "' ;;\n");
}

static void bash_values(struct visitor *v)
{
    v->option = bash_value;
    options_visit(v);
}

static void bash_named_put(struct buf *out)
{
    buf_add_c(out, "    local names= files=yes\n"
                   "    [ \"$COMP_CWORD\" -gt 2 ] && case \"$first ${COMP_WORDS[2]}\" in\n");
    for (size_t i = 0; i < COUNT_OF(named); i++)
        buf_add_format(out, "        '%s') names='%s'%s ;;\n", named[i].command, named[i].printed_by,
                       named[i].paths ? "" : " files=");
    buf_add_c(out, "    esac\n");
}

/* Bash takes = and a colon for words of their own, unless its COMP_WORDBREAKS was changed. */
static void bash_breaks_put(struct buf *out)
{
    buf_add_c(out, "    local forms= colon= at=$COMP_CWORD\n"
                   "    case $current in\n"
                   "        [:=]) current= ;;\n"
                   "        *) at=$((at - 1)) ;;\n"
                   "    esac\n"
                   "    if [ \"$at\" -gt 2 ] && [ \"${COMP_WORDS[at]}\" = : ]; then\n"
                   "        colon=yes at=$((at - 2))\n"
                   "    fi\n"
                   "    if [ \"$at\" -gt 1 ] && [ \"${COMP_WORDS[at]}\" = = ]; then\n"
                   "        at=$((at - 1))\n"
                   "    fi\n"
                   "    before=${COMP_WORDS[at]}\n");
}

/* A name may hold blanks: it is one line, and comes as it is typed, with backslashes or in an open quote. */
static void bash_files_put(struct buf *out)
{
    buf_add_c(out, "_evscan_files()\n"
                   "{\n"
                   "    local typed=${1#[\\'\\\"]}\n"
                   "    compgen ${2:+-P \"$2\"} -f -- \"${typed//\\\\/}\"\n"
                   "}\n");
}

static void bash_forms_put(struct buf *out)
{
    buf_add_c(out, "    if [ -n \"$forms$colon\" ]; then\n"
                   "        case $colon$current in\n"
                   "            yes*) mapfile -t COMPREPLY < <(_evscan_files \"$current\") ;;\n"
                   "            *:*) mapfile -t COMPREPLY < <(_evscan_files \"${current#*:}\" \"${current%%:*}:\") ;;\n"
                   "            *) compopt +o filenames -o nospace 2>/dev/null\n"
                   "               COMPREPLY=($(compgen -S : -W \"$forms\" -- \"$current\")) ;;\n"
                   "        esac\n"
                   "        return\n"
                   "    fi\n");
}

static void bash_put(struct buf *out, const char *const *providers)
{
    buf_add_c(out, "# bash completion for evscan; made by evscan completion bash\n");
    bash_files_put(out);
    buf_add_c(out, "_evscan()\n"
                   "{\n"
                   "    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
                   "    local command=scan options= words= values= first=${COMP_WORDS[1]}\n"
                   "    case \" ");
    commands_put(out);
    buf_add_c(out, " \" in\n"
                   "        *\" $first \"*) command=$first ;;\n"
                   "    esac\n"
                   "    case \"$command ${COMP_WORDS[2]}\" in\n"
                   "        'rules '*|'kb why-not') [ \"$COMP_CWORD\" -gt 2 ] && command=\"$command ${COMP_WORDS[2]}\" ;;\n"
                   "    esac\n");
    bash_breaks_put(out);
    buf_add_c(out, "    case $command in\n");
    pages_visit(out, providers, bash_options);
    buf_add_c(out, "    esac\n    case $command:$before in\n");
    pages_visit(out, providers, bash_values);
    buf_add_c(out, "    esac\n    [ \"$COMP_CWORD\" -eq 1 ] && words='");
    commands_put(out);
    buf_add_c(out, "'\n    [ \"$COMP_CWORD\" -gt 2 ] && words=\n");
    bash_forms_put(out);
    bash_named_put(out);
    buf_add_c(out, "    if [ -n \"$values\" ]; then\n"
                   "        COMPREPLY=($(compgen -W \"$values\" -- \"$current\"))\n"
                   "    elif [ \"${current:0:1}\" = - ]; then\n"
                   "        COMPREPLY=($(compgen -W \"$options\" -- \"$current\"))\n"
                   "    else\n"
                   "        [ -n \"$names\" ] &&\n"
                   "            words=$(\"${COMP_WORDS[0]}\" $names 2>/dev/null | " SECOND_WORDS ")\n"
                   "        [ \"$command\" = completion ] && files=\n"
                   "        mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\"\n"
                   "            [ -z \"$files\" ] || _evscan_files \"$current\")\n"
                   "    fi\n"
                   "}\n"
                   "complete -o filenames -F _evscan evscan\n");
}

static void zsh_option(const struct visitor *v, const struct option_spec *spec)
{
    /* Its value may stand in the same word: --format=html, -ohtml. */
    const char *joined = spec->value ? "+" : "", *equals = spec->value ? "=" : "";
    buf_add_c(v->out, " \\\n            ");
    if (spec->letter)
        buf_add_format(v->out, "'(-%c --%s)'{-%c%s,--%s%s}'[", spec->letter, spec->name, spec->letter, joined,
                       spec->name, equals);
    else
        buf_add_format(v->out, "'%s--%s%s[", spec->kind == OPTION_LIST ? "*" : "", spec->name, equals);
    escaped_put(v->out, spec->help, "[]:\\");
    buf_add_char(v->out, ']');
    if (spec->value) {
        buf_add_char(v->out, ':');
        escaped_put(v->out, spec->value, "[]:\\");
        buf_add_char(v->out, ':');
    }
    if (spec->words) {
        buf_add_char(v->out, '(');
        words_put(v->out, spec->words);
        buf_add_char(v->out, ')');
    } else if (spec->value) {
        buf_add_c(v->out, is_form_and_path(spec) ? "_evscan_output" : "_files");
    }
    buf_add_char(v->out, '\'');
}

static void zsh_page(struct visitor *v)
{
    v->option = zsh_option;
    buf_add_format(v->out, "        '%s') _arguments -s", v->name);
    options_visit(v);
    if (v->words) {
        buf_add_c(v->out, " \\\n            '1:word:(");
        words_put(v->out, v->words);
        buf_add_c(v->out, ")'");
    }
    buf_add_c(v->out, v->page == &completion_page ? " ;;\n" : " \\\n            '*:file:_evscan_rest' ;;\n");
}

static void zsh_output_put(struct buf *out)
{
    buf_add_c(out, "_evscan_output()\n"
                   "{\n"
                   "    if compset -P '*:'; then _files; else compadd -S : ");
    words_put(out, report_form_names);
    buf_add_c(out, "; fi\n}\n");
}

static void zsh_rest_put(struct buf *out)
{
    buf_add_c(out, "_evscan_rest()\n"
                   "{\n"
                   "    local names= files=yes\n"
                   "    case $behind in\n");
    for (size_t i = 0; i < COUNT_OF(named); i++)
        buf_add_format(out, "        '%s') names='%s'%s ;;\n", named[i].command, named[i].printed_by,
                       named[i].paths ? "" : " files=");
    buf_add_c(out, "    esac\n"
                   "    [[ -n $names ]] && compadd -- $($program ${=names} 2>/dev/null | " SECOND_WORDS ")\n"
                   "    [[ -n $files ]] && _files\n"
                   "}\n");
}

static void zsh_put(struct buf *out, const char *const *providers)
{
    buf_add_c(out, "#compdef evscan\n"
                   "# made by evscan completion zsh\n");
    zsh_output_put(out);
    zsh_rest_put(out);
    buf_add_c(out, "_evscan()\n"
                   "{\n"
                   "    local command=scan program=$words[1] behind=\"$words[2] $words[3]\"\n"
                   "    local -a commands\n"
                   "    commands=(");
    commands_put(out);
    buf_add_c(out, ")\n"
                   "    if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then\n"
                   "        compadd -a commands\n"
                   "        _files\n"
                   "        return\n"
                   "    fi\n"
                   "    if (( ${commands[(Ie)$words[2]]} )); then\n"
                   "        command=$words[2]\n"
                   "        shift words; (( CURRENT-- ))\n"
                   "    fi\n"
                   "    if [[ $command == rules || \"$command $words[2]\" == 'kb why-not' ]] && (( CURRENT > 2 )); then\n"
                   "        command=\"$command $words[2]\"\n"
                   "        shift words; (( CURRENT-- ))\n"
                   "    fi\n"
                   "    case $command in\n");
    pages_visit(out, providers, zsh_page);
    buf_add_c(out, "    esac\n}\n"
                   "if [ \"$funcstack[1]\" = _evscan ]; then _evscan; else compdef _evscan evscan; fi\n");
}

/* "show" is the first word behind evscan; "rules check" are the first two. */
static void fish_condition(const struct visitor *v)
{
    buf_add_format(v->out, "complete -c evscan -n '__evscan_is %s'", v->name);
}

static void fish_option(const struct visitor *v, const struct option_spec *spec)
{
    fish_condition(v);
    if (spec->letter)
        buf_add_format(v->out, " -s %c", spec->letter);
    buf_add_format(v->out, " -l %s", spec->name);
    if (spec->words) {
        buf_add_c(v->out, " -x -a '");
        words_put(v->out, spec->words);
        buf_add_char(v->out, '\'');
    } else if (is_form_and_path(spec)) {
        buf_add_c(v->out, " -x -a '(__evscan_output)'");
    } else if (spec->value) {
        buf_add_c(v->out, " -r");
    }
    buf_add_c(v->out, " -d '");
    for (const char *c = spec->help; c && *c; c++) {
        if (*c == '\'' || *c == '\\')
            buf_add_char(v->out, '\\');
        buf_add_char(v->out, *c);
    }
    buf_add_c(v->out, "'\n");
}

static void fish_page(struct visitor *v)
{
    v->option = fish_option;
    options_visit(v);
    if (!v->words)
        return;
    fish_condition(v);
    buf_add_c(v->out, v->page == &completion_page ? " -f -a '" : " -a '");
    words_put(v->out, v->words);
    buf_add_c(v->out, "'\n");
}

static void fish_output_put(struct buf *out)
{
    buf_add_c(out, "function __evscan_output\n"
                   "    set -l current (commandline -ct)\n"
                   "    set -l form (string match -r '^[^:]*:' -- $current)\n"
                   "    if test -n \"$form\"\n"
                   "        __fish_complete_path (string replace -r '^[^:]*:' '' -- $current) |\n"
                   "            string replace -r '^' $form\n"
                   "    else\n"
                   "        printf '%s:\\n' ");
    words_put(out, report_form_names);
    buf_add_c(out, "\n    end\nend\n");
}

static void fish_named_put(struct buf *out)
{
    buf_add_c(out, "function __evscan_behind\n"
                   "    set -l words (commandline -opc)\n"
                   "    test \"$words[2..3]\" = \"$argv\"\n"
                   "end\n"
                   "function __evscan_names\n"
                   "    set -l words (commandline -opc)\n"
                   "    command $words[1] $argv 2>/dev/null | string replace -rf '^[a-z]+ +(\\S+) +(.*)' '$1\\t$2'\n"
                   "end\n");
    for (size_t i = 0; i < COUNT_OF(named); i++)
        buf_add_format(out, "complete -c evscan -n '__evscan_behind %s'%s -a '(__evscan_names %s)'\n",
                       named[i].command, named[i].paths ? "" : " -f", named[i].printed_by);
}

static void fish_put(struct buf *out, const char *const *providers)
{
    buf_add_c(out, "# fish completion for evscan; made by evscan completion fish\n"
                   "function __evscan_is\n"
                   "    set -l words (commandline -opc)\n"
                   "    set -l command scan\n"
                   "    contains -- \"$words[2]\" ");
    commands_put(out);
    buf_add_c(out, "; and set command $words[2]\n"
                   "    test \"$command\" = rules; and set -q words[3]; and set command rules $words[3]\n"
                   "    test \"$command $words[3]\" = 'kb why-not'; and set command kb why-not\n"
                   "    test \"$command\" = \"$argv\"\n"
                   "end\n"
                   "complete -c evscan -n __fish_use_subcommand -a '");
    commands_put(out);
    buf_add_c(out, "'\n");
    fish_output_put(out);
    fish_named_put(out);
    pages_visit(out, providers, fish_page);
}

static int script_print(struct arena *arena, size_t shell)
{
    static void (*const put[])(struct buf *out, const char *const *providers) = { bash_put, zsh_put, fish_put };
    struct diags diags;
    struct buf out;
    buf_init(&out);
    diags_init(&diags, arena); /* whoever uses the files tells of their mistakes */
    struct guide *guide = shipped_guide(arena, &diags);
    put[shell](&out, provider_words(arena, guide));
    int status = output_write(buf_text(&out)) ? EXIT_NOTHING_FOUND : EXIT_NO_OUTPUT;
    guide_free(guide);
    buf_done(&out);
    return status;
}

int cmd_completion(int argc, char **argv)
{
    struct arena arena;
    struct option_list rest;
    arena_init(&arena);
    int status = page_parse(&arena, &completion_page, NULL, argc, argv, &rest);
    size_t shell = 0;
    while (status == PAGE_GO_ON && rest.count && shells[shell] && strcmp(shells[shell], rest.items[0]) != 0)
        shell++;
    if (status == PAGE_GO_ON && rest.count > 1)
        status = page_mistake(&completion_page, TEXT("one shell at a time; for example: evscan completion bash"));
    else if (status == PAGE_GO_ON && (!rest.count || !shells[shell]))
        status = page_word_mistake(&completion_page, rest.count ? rest.items[0] : NULL);
    else if (status == PAGE_GO_ON)
        status = script_print(&arena, shell);
    arena_done(&arena);
    return status;
}
