"""What tests written in Python share: a line a check, and the exit status that they end with."""

failed = 0


def check(what, holds, detail=''):
    global failed
    print(f'{"ok" if holds else "FAILED"}: {what}{"" if holds else f": {detail}"}')
    failed += not holds


def exit_status():
    return 1 if failed else 0
