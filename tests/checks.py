"""What tests written in Python share: a line a check, and the exit status that they end with."""

failed = 0


def check(what, holds, detail=''):
    global failed
    print(f'{"ok" if holds else "FAILED"}: {what}{"" if holds else f": {detail}"}')
    failed += not holds


def exit_status():
    return 1 if failed else 0


def is_sanitized(binary):
    """The sanitizers reserve terabytes and keep shadow memory: limits and peaks of memory say nothing about evscan."""
    with open(binary, 'rb') as file:
        program = file.read()
    return b'__asan_init' in program or b'__tsan_init' in program
