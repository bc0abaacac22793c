#include "base/nearest.h"

/* A third of the letters and one more may be wrong: more is another word. */
struct nearest nearest_begin(struct text wanted)
{
    return (struct nearest){ wanted, TEXT(""), wanted.n < 4 ? 2 : wanted.n / 3 + 2 };
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static bool same(struct text a, size_t i, struct text b, size_t j)
{
    return ascii_lower(a.p[i]) == ascii_lower(b.p[j]);
}

/* Damerau's distance, where a letter takes part in one mistake at most; row i is in rows[i % 3]. */
static size_t distance(struct text a, struct text b)
{
    size_t rows[3][NEAREST_NAME + 1];
    for (size_t j = 0; j <= b.n; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a.n; i++) {
        size_t *row = rows[i % 3], *above = rows[(i - 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b.n; j++) {
            size_t changed = above[j - 1] + !same(a, i - 1, b, j - 1);
            row[j] = least(changed, least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && same(a, i - 1, b, j - 2) && same(a, i - 2, b, j - 1))
                row[j] = least(row[j], rows[(i - 2) % 3][j - 2] + 1);
        }
    }
    return rows[a.n % 3][b.n];
}

void nearest_try(struct nearest *n, struct text candidate)
{
    size_t a = n->wanted.n, b = candidate.n;
    if (a > NEAREST_NAME || b > NEAREST_NAME || (a > b ? a - b : b - a) >= n->distance)
        return;
    size_t d = distance(n->wanted, candidate);
    /* Where every letter would be wrong, nothing is left of what was typed: "x" is not meant to be "o". */
    if (d < n->distance && d < (a > b ? a : b)) {
        n->distance = d;
        n->best = candidate;
    }
}
