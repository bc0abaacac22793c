/*
 * limits.h - every bound that keeps hostile or endless input finite, with its reason.
 *
 * A limit that is reached is a notice, never silence.
 */
#ifndef EVSCAN_BASE_LIMITS_H
#define EVSCAN_BASE_LIMITS_H

/* Notices kept per code and input; more are counted only.  A shredded log would report each record. */
#define LIMIT_NOTICES_PER_CODE 16

/* BinXML inside BinXML: 2 in real files. */
#define LIMIT_BINXML_DEPTH 32

/* Elements inside elements: below 20 in real files. */
#define LIMIT_ELEMENT_DEPTH 256

/* Attributes of one element whose names are held against each other: below 10 in real files. */
#define LIMIT_TOLD_APART 64

/* UTF-8 bytes that one event may expand to.  The largest real record renders to less than 100 KiB. */
#define LIMIT_EVENT_BYTES (1u << 20)

/* Fields of one event.  An EVT record can promise 65535 strings. */
#define LIMIT_EVENT_FIELDS 65536u

/* Steps of the BinXML walker for one record: 65 KiB of tokens, each at most a few times. */
#define LIMIT_BINXML_WORK (1u << 20)

/* Template definitions remembered to repair lost ones; real files hold a few hundred of 1 to 4 KiB. */
#define LIMIT_TEMPLATE_BYTES (16u << 20)

/* Bytes of definitions read of one chunk in search of lost templates.  Real ones stand one behind the other and come to
 * less than twice the 64 KiB of a chunk; crafted ones may each reach to its end. */
#define LIMIT_FOREIGN_WORK (1u << 20)

/* Characters compared in search of the names of a chunk whose bytes were moved.  Those of a real one come to less than the
 * 64 KiB of a chunk; in a crafted one each byte may begin a name that reaches to its end. */
#define LIMIT_MOVED_WORK (1u << 18)

/* Their number and how many share the first four bytes of a GUID: 805 and 1 over 820 real files. */
#define LIMIT_TEMPLATES         16384u
#define LIMIT_TEMPLATE_VARIANTS 4u

/* Compiled templates of one decoder, thrown away and begun anew; all 805 known ones, with their names and literals ready
 * for XML and JSON, together take less than half of it. */
#define LIMIT_PLAN_BYTES (24u << 20)

/* Lines of one decoder that are known but for their values, thrown away and begun anew: those of all real logs at hand,
 * some 3000, take less than half of it. */
#define LIMIT_LAYOUT_BYTES (12u << 20)

/* A BinXML stream with its names inline (UTF-16).  A chunk has 64 KiB, and a name costs 9 bytes to repeat. */
#define LIMIT_FLAT_BYTES (128u << 10)

/* Steps of all records of one chunk together: real ones take less than 1 % of it. */
#define LIMIT_CHUNK_WORK (16u << 20)

/* The XML of one record from libevtx: an event's texts, each character perhaps a reference, and the names around them. */
#define LIMIT_LIBYAL_XML (8u * LIMIT_EVENT_BYTES)

/* Records of one file that are compared between the readers; 32 bytes each.  A log of 4 GB holds some six million. */
#define LIMIT_COMPARED (8u << 20)

/* One .evt record.  ReadEventLog fills a buffer of at most 0x7ffff bytes, so nothing on Windows could read a longer one;
 * real ones are below 64 KiB. */
#define LIMIT_EVT_RECORD (512u << 10)

/* Bytes in which the first chunk or record is looked for when a file begins with no header: is it a log at all? */
#define LIMIT_PROBE (16u << 20)

/* End-of-log records that are compared.  A log has one, and after a clearing perhaps one or two old ones. */
#define LIMIT_EVT_ENDS 8

/* File headers inside of a file that are looked into: logs that were joined, or headers in the data of records; in the
 * search for the end of one log, too.  And how often the bytes of a file are read at most to find where its logs end. */
#define LIMIT_EVT_JOINED 64u

/* A JSON report that is read again: all that evscan keeps of a run (LIMIT_HIT_BYTES), spelled out several times. */
#define LIMIT_REPORT_FILE (256u << 20)

/* How many times its bytes the tree of such a file may take.  Reports take four to seven times; nothing but empty maps
 * takes seventy times, and all memory there is. */
#define LIMIT_REPORT_TREE 10u

/* One rule or article file.  The largest published rule is below 100 KiB. */
#define LIMIT_YAML_BYTES (16u << 20)

/* Nodes of one YAML file and their nesting.  libyaml does not bound the depth by itself. */
#define LIMIT_YAML_NODES 1000000u
#define LIMIT_YAML_DEPTH 64

/* Trees of rule files kept between runs: bytes of one folder of rules (2,909 published rules: 20 MiB), and folders. */
#define LIMIT_CACHE_BYTES (64 << 20)
#define LIMIT_CACHE_FILES 32

/* Mistakes kept of one file (and as many warnings), mistakes and warnings of all files, and bytes of the source line
 * of each, and of what is said of it.  A file of 16 MiB can hold a million, or one name that is as long. */
#define LIMIT_DIAGS_PER_FILE 100u
#define LIMIT_DIAGS 10000u
#define LIMIT_DIAG_LINE 512u
#define LIMIT_DIAG_TEXT 2048u

/* Texts that one value of a rule may stand for: the product of its placeholders, or of its dashes; and their bytes, on
 * the way as well, of all values: published rules make a few KiB, and compiled a text takes ten times as much. */
#define LIMIT_EXPANSION 4096u
#define LIMIT_EXPANSION_BYTES (16u << 20)

/* Memory of all compiled rules: 2,909 published ones take some 20 MiB. */
#define LIMIT_RULES_BYTES (1024u << 20)

/* Different fields of one rule: published rules use nine at most.  Each is looked up in every event that the rule is
 * looked at for. */
#define LIMIT_RULE_FIELDS 256u

/* Modifiers of one field: published rules use three at most. */
#define LIMIT_MODIFIERS 16

/* Characters between two stars of a pattern with `?` or dashes: such a run is searched place by place. */
#define LIMIT_PATTERN_RUN 4096u

/* Words of the conditions of a rule and what their `x of` select, their parentheses; search identifiers of a rule (45
 * at most in published rules); and names that patterns of all conditions are held against. */
#define LIMIT_CONDITION_TERMS 65536u
#define LIMIT_CONDITION_WORK 20000000u
#define LIMIT_CONDITION_DEPTH 64
#define LIMIT_SELECTIONS 4096u

/* Values of all rules that templates make (`action: global` and `repeat`), of which the same text makes a rule again
 * and again: some 100 bytes each. */
#define LIMIT_RULE_WORK 1200000u

/* Filter documents, each held against every rule; and the values of a filter times the rules that it is for, in all:
 * a hundred filters of ten values for all published rules are three million. */
#define LIMIT_FILTERS 4096u
#define LIMIT_FILTER_WORK 20000000u

/* Correlation documents, each worked out over all hits of its rules; what one of them names; and how many may stand on
 * each other (published ones: 2). */
#define LIMIT_CORRELATIONS 4096u
#define LIMIT_CORRELATION_RULES 256u
#define LIMIT_CORRELATION_FIELDS 16u
#define LIMIT_CORRELATION_DEPTH 32

/* Fields that correlations read of one rule, for hits that are kept with these only (published ones: 3). */
#define LIMIT_READ_FIELDS 32u

/* What one correlation is worked out over: matches, some 150 bytes each, and all its memory.  LIMIT_HIT_BYTES and
 * LIMIT_THIN_BYTES together allow some 200,000 of the smallest hits. */
#define LIMIT_CORRELATION_MATCHES 262144u
#define LIMIT_CORRELATION_BYTES (96u << 20)

/* Steps that --clock-tolerance may cost one correlation: each moment is compared with all others that near. */
#define LIMIT_CORRELATION_WORK 50000000u

/* Alerts kept of one correlation, and the bytes of all. */
#define LIMIT_ALERTS 10000u
#define LIMIT_ALERT_BYTES (16u << 20)

/* Tests that `rules check` compares, in one rule and in all, to find what excludes each other: a fraction of a second,
 * and some seconds.  What is beyond is not looked at.  All published rules take 12,000 of them. */
#define LIMIT_SUSPECT_WORK 1000000u
#define LIMIT_SUSPECT_WORK_ALL 50000000u

/* Event IDs that one rule is listed under; a rule that names more is looked at for every ID. */
#define LIMIT_RULE_IDS 4096u

/* Steps in search of texts that rules cannot match without: a fraction of a second.  Rules behind them are looked at for
 * every event. */
#define LIMIT_GATE_WORK 20000000u

/* Texts of two or three bytes, which are looked for one by one in the values of their field; the published rules have 80.
 * Rules with more of them are looked at for every event. */
#define LIMIT_SHORT_TEXTS 256u

/* Log sources that a site adds to those of Windows; each unknown name is compared with all. */
#define LIMIT_SITE_SOURCES 1000u

/* Different regular expressions of all rules (published ones: 174), characters of one, and the compiled code of all:
 * a few KiB each, but twenty characters can make ten times as much. */
#define LIMIT_REGEXES 10000u
#define LIMIT_REGEX_PATTERN 65536u
#define LIMIT_REGEX_BYTES (128u << 20)

/* Steps of pcre2 in `rules check` to find expressions that give up, of all together: some seconds. */
#define LIMIT_REGEX_TRIALS 200000000u

/* pcre2: steps, backtracking depth and heap for one match.  A field value is at most LIMIT_EVENT_BYTES long. */
#define LIMIT_REGEX_MATCH 1000000u
#define LIMIT_REGEX_DEPTH 10000u
#define LIMIT_REGEX_HEAP_KIB 4096u

/* Text that a regular expression looks at: a search that fails can take the square of it.  Values of real records
 * are below 64 KiB.  And the stack of JIT code. */
#define LIMIT_REGEX_SUBJECT 65536u
#define LIMIT_REGEX_STACK (1u << 20)

/* Steps of a comparison of two fields that hold many values each: a pair of values and 16 bytes of them are one. */
#define LIMIT_FIELD_WORK (1u << 20)

/* (provider, channel, event ID) whose rules a matcher remembers; a real log has some hundred. */
#define LIMIT_SCREEN_KEYS 4096u
#define LIMIT_SCREEN_BYTES (8u << 20)

/* Pairs of provider and channel that are remembered of an input, and the bytes of their names; the System log of a
 * cluster node has some hundred. */
#define LIMIT_SEEN 1024u
#define LIMIT_SEEN_BYTES (256u << 10)

/* Hits kept: of one rule in one input (so that a noisy log does not silence the others), and their bytes in one run.
 * A rule that fires on every record of a 4 GB log must not fill the memory. */
#define LIMIT_HITS_PER_RULE 10000u
#define LIMIT_HIT_BYTES (24u << 20)

/* Hits beyond these limits of which correlations are to know: heads of events and a few values, some 400 bytes each, so
 * that a burst behind 10,000 hits is still seen: 80,000 of them in one run. */
#define LIMIT_THIN_BYTES (32u << 20)

/* Bytes of hits kept of one batch before it is merged; an event expands to at most LIMIT_EVENT_BYTES. */
#define LIMIT_BATCH_HITS (4u << 20)

/* Output made of one batch before it is written.  64 KiB of real records make less than 1 MiB. */
#define LIMIT_BATCH_TEXT (8u << 20)

/* A saved partial, unpacked, and what reading it may take: LIMIT_HIT_BYTES and LIMIT_THIN_BYTES of hits are less than two
 * thirds of either, and 100,000 inputs some 30 MB and 150 MB. */
#define LIMIT_PARTIAL_BYTES  (96u << 20)
#define LIMIT_PARTIAL_MEMORY (256u << 20)

/* Rules that a saved partial names, each looked for among those of this run: a large set has some thousand. */
#define LIMIT_PARTIAL_RULES 65536u

/* Text kept of one field of a hit. */
#define LIMIT_HIT_TEXT 4096u

/* Diagnoses of one article in one run: each asks of every node's logs what they cover, and names can be made up. */
#define LIMIT_DIAGNOSES 1000u

/* Roles of one article: incidents know two or three parts that a node can play. */
#define LIMIT_ROLES 8u

/* Nodes that the anchors of one episode name for a role, and anchors whose values are compared: clusters have 64 nodes. */
#define LIMIT_CAST 64u

/* Questions of articles in a run, and hits that are looked at one by one for them: some seconds. */
#define LIMIT_EVIDENCE_WORK 50000000u

/* Events that all diagnoses of a run together explain, 4 bytes each; and diagnoses that can explain others: the best. */
#define LIMIT_EXPLAINED 4000000u
#define LIMIT_CAUSES    256u

/* Things that one diagnosis says were out of service. */
#define LIMIT_OUTAGES 64u

/* Steps of one incident's story: beyond them it is no story any more. */
#define LIMIT_STORY_STEPS 256u

/* Records listed for one item of evidence: more say nothing new to the reader. */
#define LIMIT_EVIDENCE_HITS 64u

/* Pairs of node and hour that are counted of an input, and drawn in all: seven years of one node, a month of 90; 40 bytes each. */
#define LIMIT_HOURS 65536u

/* Pairs of node and channel in one input.  A collector of a large site holds some hundred nodes; names can be made
 * up, one a record. */
#define LIMIT_COVERAGE 4096u

/* Kinds of events that are counted apart, some 100 bytes each, and the bytes of their names: a busy site has some
 * thousand, and names can be made up, one a record. */
#define LIMIT_TALLY_ROWS  200000u
#define LIMIT_TALLY_BYTES (32u << 20)

/* Runs of records without a hole, starts of the machine, and steps of its clock that are kept of one such pair, 72, 32 and
 * 24 bytes each, and runs of one input.  Whole logs have one or two runs (the corpus: at most 11, of exported ones). */
#define LIMIT_COVERAGE_RUNS     64u
#define LIMIT_COVERAGE_STARTS   64u
#define LIMIT_COVERAGE_STEPS    16u
#define LIMIT_COVERAGE_ALL_RUNS 16384u

/* Times between two steps of a node's clock that are told apart, and of all nodes that are compared, each with each.  A clock
 * that is set more often is no clock. */
#define LIMIT_CLOCK_STRETCHES 16u
#define LIMIT_CLOCK_RUNS      128u

/* Names of fields that are told to somebody who asked for another one.  All that Windows' own events of a node have are some
 * thousand. */
#define LIMIT_FIELD_NAMES 4096u
#define LIMIT_FIELD_NAME  256u

/* Events kept of those in front of a match that may come: 1000 of real size are less than 2 MiB. */
#define LIMIT_CONTEXT_BYTES (32u << 20)

/* Lines of a timeline that are kept in memory before a temporary file is used, and nodes whose clocks are told apart,
 * and names of logs: Windows has some thousand. */
#define LIMIT_ROWS_MIB       32u
#define LIMIT_TIMELINE_NODES 4096u
#define LIMIT_TIMELINE_LOGS  4096u

/* What is copied from a pipe or a device into a temporary file: 16 times the largest log that Windows' own tools
 * write.  Some devices never end. */
#define LIMIT_SPOOL_BYTES (64ull << 30)

/* What is remembered of a log: runs of record numbers (a log that was never damaged nor filtered is one run), records to
 * know it again by, and generations.  And logs in the inputs of one run: a collector of a large site holds thousands. */
#define LIMIT_ID_RUNS     1024u
#define LIMIT_MARKS       192u
#define LIMIT_GENERATIONS 8u
#define LIMIT_LOG_PARTS   16384u

/* Logs of one node that are called after files, and looked at for a name that is not known: nodes have a few. */
#define LIMIT_LOG_NAMES 64u

/* Logs that are remembered: those that were read last.  A log can claim a name for each of its records. */
#define LIMIT_KNOWN_LOGS 65536u

/* Days that a log is remembered of which nothing new came: nodes that are exported once a year are known again.  And what
 * happened to logs, the newest: of a year of nights in which a few are rotated. */
#define LIMIT_LOG_DAYS 400u
#define LIMIT_HAPPENED 2000u

/* One value of the memory between runs: packed evidence is the largest.  And all that is read of it: whoever can write to
 * the file can make it as large as the disk. */
#define LIMIT_STORE_VALUE  ((int)LIMIT_PARTIAL_BYTES + (1 << 20))
#define LIMIT_STORE_MEMORY ((uint64_t)512 << 20)

/* What is remembered between runs: packed evidence of all earlier runs, runs (three years of nights), and what was told and
 * is over. */
#define LIMIT_EVIDENCE_BYTES (256u << 20) /* --keep-size says how much of it, 64 MiB when not given */
#define LIMIT_RUNS           1100u
#define LIMIT_TROUBLES       10000u

/* Each is held against all news. */
#define LIMIT_SUPPRESSIONS 10000u

/* Clusters of one configuration, and options or folders of one: each cluster has a copy of the options for all. */
#define LIMIT_CONFIG_CLUSTERS 10000u
#define LIMIT_CONFIG_WORDS    1000u

/* Folders inside folders, and symbolic links, when inputs are collected. */
#define LIMIT_FOLDER_DEPTH 64

/* Records that `show --unique` remembers: 32 bytes each, twice as many places, and as much again while they grow. */
#define LIMIT_SHOW_UNIQUE (4u << 20)

/* The same, to count duplicates when nobody asked to leave them out: 64 MiB at most. */
#define LIMIT_SHOW_COUNTED (1u << 20)

#endif
