#include "base/digits.h"

/* Without end marks: the arrays are just as long. */
const char digits_decimal[200] =
    "0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849"
    "5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899";

const char digits_hex[512] =
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f3031"
    "32333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f60616263"
    "6465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f909192939495"
    "969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7"
    "c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9"
    "fafbfcfdfeff";

static unsigned bits_of(uint64_t value)
{
    return 64u - (unsigned)__builtin_clzll(value | 1);
}

/* 1233 / 4096 is a little more than log10(2): the estimate is right or one too high. */
static size_t decimal_length(uint64_t value)
{
    static const uint64_t powers[DIGITS_ROOM] = {
        0, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000,
        1000000000000, 10000000000000, 100000000000000, 1000000000000000, 10000000000000000, 100000000000000000,
        1000000000000000000, 10000000000000000000u,
    };
    size_t estimate = bits_of(value) * 1233u >> 12;
    return estimate + 1 - (value < powers[estimate]);
}

size_t digits_put(char *out, uint64_t value)
{
    size_t n = decimal_length(value), at = n;
    for (; value >= 100; value /= 100)
        digits_put_two(out + (at -= 2), (unsigned)(value % 100));
    if (at == 2)
        digits_put_two(out, (unsigned)value);
    else
        *out = (char)('0' + value);
    return n;
}

size_t digits_put_hex(char *out, uint64_t value)
{
    size_t n = (bits_of(value) + 3) / 4, at = n;
    for (; at >= 2; value >>= 8)
        digits_put_byte(out + (at -= 2), (uint8_t)value);
    if (at)
        *out = digits_hex[value * 2 + 1];
    return n;
}
