#include "state/memory.h"

#include "base/limits.h"

/* The place of the first input whose path is not before this one. */
static size_t input_place(const struct memory *m, struct text path)
{
    size_t low = 0, high = m->input_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (text_compare(m->inputs[middle]->path, path) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct known_input *memory_input(const struct memory *m, struct text path)
{
    size_t at = input_place(m, path);
    return at < m->input_count && text_equal(m->inputs[at]->path, path) ? m->inputs[at] : NULL;
}

void memory_input_add(struct memory *m, struct known_input *input)
{
    size_t at = input_place(m, input->path);
    m->inputs = arena_grow(m->arena, m->inputs, m->input_count, &m->input_capacity, sizeof(struct known_input *));
    memmove(&m->inputs[at + 1], &m->inputs[at], (m->input_count - at) * sizeof(struct known_input *));
    m->inputs[at] = input;
    m->input_count++;
}

void memory_evidence_add(struct memory *m, struct evidence_row row)
{
    m->evidence = arena_grow(m->arena, m->evidence, m->evidence_count, &m->evidence_capacity, sizeof *m->evidence);
    m->evidence[m->evidence_count++] = row;
}

void memory_trouble_add(struct memory *m, struct trouble *trouble)
{
    m->troubles =
        arena_grow(m->arena, m->troubles, m->trouble_count, &m->trouble_capacity, sizeof(struct trouble *));
    m->troubles[m->trouble_count++] = trouble;
}

void memory_happening_add(struct memory *m, struct happening happening)
{
    if (m->happened_count == LIMIT_HAPPENED)
        return;
    m->happened = arena_grow(m->arena, m->happened, m->happened_count, &m->happened_capacity, sizeof *m->happened);
    m->happened[m->happened_count++] = happening;
}
