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

size_t digits_put(char *out, uint64_t value)
{
    char digits[DIGITS_ROOM];
    size_t at = sizeof digits;
    for (; value >= 100; value /= 100)
        digits_put_two(digits + (at -= 2), (unsigned)(value % 100));
    if (value >= 10)
        digits_put_two(digits + (at -= 2), (unsigned)value);
    else
        digits[--at] = (char)('0' + value);
    memcpy(out, digits + at, sizeof digits - at);
    return sizeof digits - at;
}

size_t digits_put_hex(char *out, uint64_t value)
{
    char digits[16];
    size_t at = sizeof digits;
    for (; value >= 16; value >>= 8)
        digits_put_byte(digits + (at -= 2), (uint8_t)value);
    if (value || at == sizeof digits)
        digits[--at] = digits_hex[value * 2 + 1];
    memcpy(out, digits + at, sizeof digits - at);
    return sizeof digits - at;
}
