"""A headless Chromium, spoken to through pipes (the DevTools protocol): no port, no network, no further package."""

import base64
import json
import os
import shutil
import subprocess
import tempfile
import time

PROGRAMS = ('chromium', 'chromium-browser', 'google-chrome')
SECONDS = 60


def find():
    """The browser's path, or None."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


class Browser:
    """with Browser() as b: page = b.open(path)"""

    def __init__(self, *switches):
        self.switches = switches

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix='evscan-browser-')
        theirs_in, self.out = os.pipe()
        self.into, theirs_out = os.pipe()
        # The browser reads commands from 3 and writes to 4.
        def place():
            a, b = os.dup(theirs_in), os.dup(theirs_out)
            os.dup2(a, 3)
            os.dup2(b, 4)
        command = [find(), '--headless=new', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--no-first-run',
                   '--disable-background-networking', '--remote-debugging-pipe', f'--user-data-dir={self.folder}',
                   *self.switches, 'about:blank']
        self.process = subprocess.Popen(command, preexec_fn=place, close_fds=False, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(theirs_in)
        os.close(theirs_out)
        os.set_blocking(self.into, False)
        self.number, self.rest, self.events = 0, b'', []
        target = self.call('Target.createTarget', {'url': 'about:blank'})['targetId']
        self.session = self.call('Target.attachToTarget', {'targetId': target, 'flatten': True})['sessionId']
        for domain in 'Page', 'Runtime', 'Log', 'Network':
            self.call(f'{domain}.enable')
        return self

    def __exit__(self, *_):
        os.close(self.out)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.into)
        shutil.rmtree(self.folder, ignore_errors=True)

    def message(self, until):
        while b'\0' not in self.rest:
            if time.monotonic() > until or self.process.poll() is not None:
                raise TimeoutError('the browser does not answer')
            try:
                self.rest += os.read(self.into, 1 << 20)
            except BlockingIOError:
                time.sleep(0.005)
        one, self.rest = self.rest.split(b'\0', 1)
        return json.loads(one)

    def call(self, method, parameters=None):
        self.number += 1
        command = {'id': self.number, 'method': method, 'params': parameters or {}}
        if hasattr(self, 'session'):
            command['sessionId'] = self.session
        os.write(self.out, json.dumps(command).encode() + b'\0')
        until = time.monotonic() + SECONDS
        while True:
            answer = self.message(until)
            if answer.get('id') == self.number:
                if 'error' in answer:
                    raise RuntimeError(f'{method}: {answer["error"]}')
                return answer['result']
            self.events.append(answer)

    def wait(self, method):
        until = time.monotonic() + SECONDS
        while not any(e.get('method') == method for e in self.events):
            self.events.append(self.message(until))

    def open(self, path, fragment=''):
        self.events = []
        self.call('Page.navigate', {'url': f'file://{os.path.abspath(path)}{fragment}'})
        self.wait('Page.loadEventFired')

    def value(self, expression):
        """What a JavaScript expression gives."""
        got = self.call('Runtime.evaluate', {'expression': expression, 'returnByValue': True, 'awaitPromise': True})
        if 'exceptionDetails' in got:
            raise RuntimeError(got['exceptionDetails'])
        return got['result'].get('value')

    def media(self, **features):
        medium = features.pop('medium', '')
        self.call('Emulation.setEmulatedMedia', {'media': medium, 'features': [
            {'name': name.replace('_', '-'), 'value': value} for name, value in features.items()]})

    def size(self, width, height):
        self.call('Emulation.setDeviceMetricsOverride', {'width': width, 'height': height, 'deviceScaleFactor': 1,
                                                         'mobile': False})

    def picture(self, path, selector=None):
        """Of the whole page, or of one element."""
        box = self.value(f'(e => {{ const r = e.getBoundingClientRect(); return [r.x + scrollX, r.y + scrollY, r.width, '
                         f'r.height]; }})(document.querySelector({json.dumps(selector or "html")}))')
        clip = dict(zip(('x', 'y', 'width', 'height'), box), scale=1)
        shot = self.call('Page.captureScreenshot', {'clip': clip, 'captureBeyondViewport': True})
        with open(path, 'wb') as file:
            file.write(base64.b64decode(shot['data']))

    def paper(self, path):
        sheet = self.call('Page.printToPDF', {'preferCSSPageSize': True, 'printBackground': True})
        with open(path, 'wb') as file:
            file.write(base64.b64decode(sheet['data']))
