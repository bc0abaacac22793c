#include "kb/nearest.h"

/* A third of the letters and one more may be wrong (two letters in the wrong order are two): more is another word. */
struct nearest nearest_begin(struct text wanted)
{
    return (struct nearest){ wanted, TEXT(""), wanted.n < 4 ? 2 : wanted.n / 3 + 2 };
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Levenshtein distance, one row at a time. */
static size_t distance(struct text a, struct text b)
{
    size_t row[NEAREST_NAME + 1];
    for (size_t j = 0; j <= b.n; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.n; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.n; j++) {
            size_t above = row[j];
            size_t changed = diagonal + (ascii_lower(a.p[i - 1]) != ascii_lower(b.p[j - 1]));
            row[j] = least(changed, least(above, row[j - 1]) + 1);
            diagonal = above;
        }
    }
    return row[b.n];
}

void nearest_try(struct nearest *n, struct text candidate)
{
    size_t a = n->wanted.n, b = candidate.n;
    if (a > NEAREST_NAME || b > NEAREST_NAME || (a > b ? a - b : b - a) >= n->distance)
        return;
    size_t d = distance(n->wanted, candidate);
    if (d < n->distance) {
        n->distance = d;
        n->best = candidate;
    }
}
