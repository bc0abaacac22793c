#!/usr/bin/python3
"""The HTML report in a real browser: run.py EVSCAN TEST_REPORT

Links lead somewhere, nothing is asked of any network, whatever a log says stays text, it fits a phone and a sheet of paper, and
without its script it says the same.  Exit status 77 where there is no Chromium.
"""

import copy
import itertools
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

from browser import Browser, find

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / 'tests' / 'writer'))
from description import load_description  # noqa: E402
from make_logs import make_log            # noqa: E402

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from checks import check, exit_status  # noqa: E402

# Whatever of these becomes an element, an attribute or a script that runs would be seen below.
HOSTILE = [
    '<script>window.hacked = 1</script>',
    '"><img src=x onerror="window.hacked = 2">',
    "' onmouseover='window.hacked = 3' x='",
    '</style><style>body { display: none }</style>',
    '</title></svg></script><script>window.hacked = 4</script>',
    '<iframe src="javascript:window.parent.hacked = 5"></iframe><base href="http://example.org/">',
    '--><svg onload="window.hacked = 6"><!--',
    'javascript:window.hacked = 7',
    '&lt;b&gt;&#60;b>&amp;',
    '\u202egnp.exe\u2066 \u05d0\u05d1\u05d2 \x1b[31m \x07\x9b2J',
    '<a href="http://example.org/?' + 'x' * 5000 + '">',
    '\u0000\ufeff\ud7ff\ufffe end',
]
TAGS = set('''html head meta title style body main header section nav article figure figcaption div p h1 h2 h3 h4 ul ol li span b i
              a q bdi time small code pre table thead tbody tr th td details summary label input svg g path rect text br script
              button pattern'''.split())
CENSUS = '''(() => {
  const found = {tags: [], on: [], urls: [], hacked: String(window.hacked), scripts: document.scripts.length,
                 styles: document.querySelectorAll('style').length};
  for (const e of document.querySelectorAll('*')) {
    const tag = e.tagName.toLowerCase();
    if (!found.tags.includes(tag)) found.tags.push(tag);
    for (const a of e.attributes) {
      if (a.name.startsWith('on') || a.name === 'style' && e.id !== 'tip' && !e.closest('svg')) found.on.push(tag + ' ' + a.name);
      if (['href', 'src', 'action', 'xlink:href'].includes(a.name) && !a.value.startsWith('#')) found.urls.push(a.value);
    }
  }
  return found;
})()'''
LINKS = '''(() => {
  const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
  const dead = [...document.querySelectorAll('[href]')].map(e => e.getAttribute('href')).filter(h => !ids.includes(h.slice(1)));
  return {dead, twice: ids.filter((id, i) => ids.indexOf(id) !== i), links: document.querySelectorAll('[href]').length};
})()'''
# Of every element that has a text of its own, against the page or the panel it stands on.
CONTRAST = '''(() => {
  const light = c => { const v = c.match(/[\\d.]+/g).slice(0, 3).map(x => { x /= 255; return x <= .03928 ? x / 12.92 :
    ((x + .055) / 1.055) ** 2.4; }); return .2126 * v[0] + .7152 * v[1] + .0722 * v[2]; };
  const paper = light(getComputedStyle(document.documentElement).backgroundColor);
  let worst = [99, ''];
  for (const e of document.querySelectorAll('main *')) {
    if (e.tagName === 'title' || ![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
    const style = getComputedStyle(e), ink = light(e.closest('svg') ? style.fill : style.color);
    const ratio = (Math.max(ink, paper) + .05) / (Math.min(ink, paper) + .05);
    if (ratio < worst[0]) worst = [ratio, e.outerHTML.slice(0, 80)];
  }
  return worst;
})()'''


def complaints(browser):
    """What the browser logged or refused, and what it asked for beside the page itself."""
    wrong = []
    for event in browser.events:
        if event.get('method') in ('Log.entryAdded', 'Runtime.exceptionThrown'):
            wrong.append(json.dumps(event['params'])[:300])
        if event.get('method') == 'Network.requestWillBeSent' and event['params'].get('type') != 'Document':
            wrong.append(event['params']['request']['url'])
    return wrong


def sound(browser, name, page):
    """What holds for every page."""
    browser.size(1280, 900)
    browser.open(page)
    census, links = browser.value(CENSUS), browser.value(LINKS)
    check(f'{name}: the browser has no complaint and asks for nothing', not complaints(browser), complaints(browser))
    check(f'{name}: no script but its own ran', census['hacked'] == 'undefined' and census['scripts'] == 1, census)
    check(f'{name}: one style, no handler, no address', census['styles'] == 1 and not census['on'] and not census['urls'], census)
    check(f'{name}: no element that the report does not make', not set(census['tags']) - TAGS, set(census['tags']) - TAGS)
    check(f'{name}: {links["links"]} links lead somewhere', links['links'] > 7 and not links['dead'] and not links['twice'], links)
    bare = browser.value("[...document.querySelectorAll('h2, h3, h4, ul, ol')].filter(e => e.matches('ul, ol') ? !e.children.length :"
                         " !e.nextElementSibling || e.nextElementSibling.matches('h2, h4')).map(e => e.outerHTML)")
    check(f'{name}: no heading and no list of nothing', not bare, bare)
    for width in 1280, 390:
        browser.size(width, 900)
        wide = browser.value('document.documentElement.scrollWidth')
        check(f'{name}: fits {width} columns of pixels', wide <= width, wide)


def schemes(browser, page):
    browser.open(page)
    papers = set()
    for scheme in 'light', 'dark':
        browser.media(prefers_color_scheme=scheme)
        papers.add(browser.value('getComputedStyle(document.documentElement).backgroundColor'))
        ratio, where = browser.value(CONTRAST)
        check(f'{scheme}: texts are readable', ratio >= 4.5, f'{ratio:.2f} {where}')
    check('light and dark differ', len(papers) == 2, papers)
    browser.media(medium='print', prefers_color_scheme='dark')
    paper = browser.value('getComputedStyle(document.documentElement).backgroundColor')
    check('paper is white, also from a dark screen', paper == 'rgb(255, 255, 255)', paper)
    browser.media()


def paper(browser, page, folder):
    browser.open(page)
    sheet = folder / 'report.pdf'
    browser.paper(sheet)
    pages = len(re.findall(rb'/Type\s*/Page\b', sheet.read_bytes()))
    check('it prints', 2 <= pages <= 30, pages)


def nothing_is_lost_on_paper(browser, page):
    """Lists that are closed on the screen are printed, and evidence with its values; the script has no part in it."""
    browser.call('Emulation.setScriptExecutionDisabled', {'value': True})
    browser.open(page)
    seen = "[...document.querySelectorAll('{}')].map(e => e.checkVisibility())"
    closed = browser.value(seen.format('details td, details .columns li'))
    check('the screen begins with lists closed', closed and not any(closed), len(closed))
    browser.media(medium='print')
    for what in '.raw:not(.proof) td', '.quiet li':
        printed = browser.value(seen.format(what))
        check(f'not printed: {what}', printed and not any(printed), len(printed))
    for what in 'details:not(.raw, .quiet) td', '.proof td':
        printed = browser.value(seen.format(what))
        check(f'printed: {what}', printed and all(printed), len(printed))
    browser.media()
    browser.call('Emulation.setScriptExecutionDisabled', {'value': False})


def names_are_whole(browser, page):
    broken = """[...document.querySelectorAll('td .whole:not(.long), h1 .whole')].filter(e => e.checkVisibility() &&
      e.getBoundingClientRect().height > 1.9 * parseFloat(getComputedStyle(e).fontSize)).map(e => e.textContent)"""
    for width in 1280, 720, 390:
        browser.size(width, 900)
        browser.open(page)
        found = browser.value(broken)
        check(f'no name is broken at {width} pixels', not found, found)
    browser.size(1280, 900)


def drawing(browser, page):
    browser.open(page)
    looks = browser.value("""[...document.querySelectorAll('.legend .swatch rect')].map(e => { const s = getComputedStyle(e);
      return [s.fill, s.fillOpacity, s.stroke, s.strokeDasharray, e.getAttribute('height')].join(' '); })""")
    check('each swatch of the legend has its own look', len(looks) == len(set(looks)) == 5, looks)
    boxes = """[...document.querySelectorAll('svg.lanes')].map(svg => [...svg.querySelectorAll('text.id')]
      .filter(e => e.checkVisibility({visibilityProperty: true})).map(e => { const r = e.getBoundingClientRect(), s =
      svg.getBoundingClientRect(); return [r.left, r.right, s.right]; }))"""
    for when in 'as it is drawn', 'zoomed in':
        figures = browser.value(boxes)
        bad = [a for figure in figures for a in figure if a[1] > a[2]]
        bad += [pair for figure in figures for pair in itertools.combinations(figure, 2)
                if pair[0][0] < pair[1][1] and pair[1][0] < pair[0][1]]
        check(f'names of incidents do not cover each other, {when}', not bad, bad)
        browser.value("document.querySelector('.zoom button').click()")
    check('one of them is seen', any(browser.value(boxes)))


def reasons(browser, evscan, page):
    """Why rules were skipped, and what an error code is called."""
    browser.open(page)
    lists = browser.value("[...document.querySelectorAll('#rules summary')].map(e => [e.textContent, "
                          "e.parentNode.querySelectorAll('li').length])")
    counts = {words.split(' ', 1)[1]: (int(words.split()[0]), rows) for words, rows in lists if words[0].isdigit()}
    skipped = [words for words in counts if words.startswith('rules that were skipped: ')]
    read = json.loads(subprocess.run([evscan, '--format', 'json', ROOT / 'samples' / 'Q218922'], stdout=subprocess.PIPE,
                                     check=False, timeout=60).stdout)
    check('rules that were skipped are listed by reason', skipped and all(n == rows > 0 for n, rows in counts.values()), lists)
    check('... and are as many as cannot match', sum(counts[words][0] for words in skipped) ==
          read['eligible']['without_channel'] + read['eligible']['without_provider'] + read['knowledge']['rules_not_applicable'],
          (counts, read['eligible']))
    cells = browser.value("[...document.querySelectorAll('.raw td')].map(e => e.textContent).filter(t => t.startsWith('%%2'))")
    check('a value that is an error code has its name', cells and all('ERROR_FILE_NOT_FOUND' in c for c in cells), cells)


def script(browser, page):
    """Zoom, hover, copy."""
    browser.size(1280, 900)
    browser.open(page)
    place = "document.querySelector('svg.lanes path.m').getAttribute('transform')"
    press = "[...document.querySelector('.zoom').querySelectorAll('button')].find(b => b.textContent === '{}').click()"
    before = browser.value(place)
    browser.value(press.format('+'))
    near = browser.value(place)
    browser.value(press.format('Whole'))
    check('zooming moves the marks, and back', before != near and before.split()[1] == near.split()[1] and
          browser.value('+' + place + ".match(/[0-9.]+/)[0]") - float(re.search('[0-9.]+', before)[0]) < 0.1,
          (before, near, browser.value(place)))
    box = browser.value("(r => [r.x + r.width / 2, r.y + r.height / 2])(document.querySelector('svg.lanes path.m.l4')"
                        ".getBoundingClientRect())")
    browser.call('Input.dispatchMouseEvent', {'type': 'mouseMoved', 'x': box[0], 'y': box[1]})
    tip = browser.value("document.querySelector('#tip')?.textContent")
    check('hovering says which event it is', tip and 'ClusSvc' in tip and tip.endswith('UTC'), tip)
    copied = browser.value("""new Promise(done => {
        document.execCommand = () => { done(document.querySelector('textarea').value); return true; };
        Object.defineProperty(navigator, 'clipboard', {value: undefined});
        document.querySelector('.steps input').click();
        document.querySelector('.copy button').click(); })""")
    check('a checklist can be ticked and copied', copied.startswith('CLUS-A\n[x] 1. ') and '[ ] 2. ' in copied, copied)
    browser.value("new Promise(done => { addEventListener('hashchange', () => setTimeout(done, 50)); "
                  "location.hash = document.querySelector('details.raw').id; })")
    check('an event that is linked to is open', browser.value("document.querySelector('details.raw').open"))


def without_script(browser, page):
    words = "document.querySelector('main').innerText.replace(/\\s+/g, ' ')"
    browser.call('Emulation.setScriptExecutionDisabled', {'value': True})
    browser.open(page)
    # Evaluated by the debugger, which may.
    plain = browser.value(words)
    check('without the script: nothing of it is seen', browser.value("!document.querySelector('button')"))
    check('without the script: the drawing is there', browser.value("document.querySelectorAll('svg.lanes path.m').length") > 5)
    check('without the script: marks say what they are', browser.value(
        "document.querySelector('svg.lanes path.m.l4 title').textContent").count(' · ') >= 3)
    check('without the script: all words are there', 'Let Option Pack setup finish' in plain and 'Evidence for it' in plain.replace(
        'EVIDENCE FOR IT', 'Evidence for it'), plain[:200])
    browser.call('Emulation.setScriptExecutionDisabled', {'value': False})


def many_nodes(browser, evscan, folder):
    """Those in trouble are drawn, whatever they are called; on paper each drawing fits a sheet."""
    calm, bad = (yaml.safe_load((ROOT / 'samples' / name / 'incident.yaml').read_text(encoding='utf-8'))['logs']
                 for name in ('healthy', 'Q218922'))
    logs = [dict(calm[0], computer=f'N{i:03}', file=f'n{i}.evt') for i in range(66)]
    logs += [dict(log, computer=f'ZZ-{i}', file=f'z{i}.evt') for i, log in enumerate(bad)]
    path = folder / 'many.yaml'
    path.write_text(yaml.safe_dump({'about': 'many', 'expect': [], 'logs': logs}), encoding='utf-8')
    names = []
    for log in load_description(str(path)):
        names.append(folder / log.file)
        names[-1].write_bytes(make_log(log).data)
    page = folder / 'many.html'
    subprocess.run([evscan, '--output', f'html:{page}', *names], stdout=subprocess.DEVNULL, check=False, timeout=60)
    browser.open(page)
    drawn = browser.value("""[...document.querySelectorAll('svg.lanes, svg.heat')].map(s => [s.closest('.dx') ? 'near' :
      s.classList[0], [...s.querySelectorAll('text.name')].map(t => t.lastChild.data)])""")
    for kind, count in ('lanes', 64), ('heat', 64), ('near', 2):
        nodes = [name for what, names in drawn for name in names if what == kind]
        check(f'{kind}: {count} of 68 nodes, those in trouble among them', len(set(nodes)) == count and
              {'ZZ-0', 'ZZ-1'} <= set(nodes), nodes)
    words = browser.value("document.querySelector('main').innerText")
    check('how many are not drawn is said', words.count('64 of 68 nodes are drawn') == 2 and '4 more are not' in words)
    tall = browser.value("[...document.querySelectorAll('.wide > svg')].map(s => s.viewBox.baseVal.height / "
                         "s.viewBox.baseVal.width)")
    check('no drawing is longer than a sheet', len(tall) == 4 and max(tall) < 1.35, tall)


def heat(browser, evscan, page):
    """The strip counts every event that was read."""
    browser.open(page)
    read = json.loads(subprocess.run([evscan, '--format', 'json', ROOT / 'samples' / 'Q218922'], stdout=subprocess.PIPE,
                                     check=False, timeout=60).stdout)
    drawn = browser.value("[...document.querySelectorAll('svg.heat rect title')].map(t => +t.textContent.match(/: (\\d+) event/)[1])"
                          ".reduce((a, b) => a + b, 0)")
    check('the heat strip has all events', drawn == sum(i['records']['decoded'] for i in read['inputs']) > 0, drawn)


def hostile_logs(folder):
    """A sample with names and values that try to be something else."""
    source = yaml.safe_load((ROOT / 'samples' / 'Q218922' / 'incident.yaml').read_text(encoding='utf-8'))
    bad = copy.deepcopy(source)
    for index, log in enumerate(bad['logs']):
        log['computer'] = ['<b>A</b>"\'&', 'B</title><script>window.hacked = 8</script>'][index]
        for event in log['events']:
            if event['id'] == 1058:
                event['strings'] = event['strings'] + HOSTILE
    path = folder / 'incident.yaml'
    path.write_text(yaml.safe_dump(bad, allow_unicode=False), encoding='utf-8')
    names = []
    for log in load_description(str(path)):
        names.append(folder / f'<img src=x onerror=alert(1)>{log.file}')
        names[-1].write_bytes(make_log(log).data)
    return names


def hostile(browser, evscan, folder):
    logs = hostile_logs(folder)
    page = folder / 'hostile.html'
    subprocess.run([evscan, '--output', f'html:{page}', *logs], stdout=subprocess.DEVNULL, check=False, timeout=60)
    sound(browser, 'hostile logs', page)
    browser.open(page)
    browser.value("document.querySelectorAll('details').forEach(d => d.open = true)")
    words = browser.value("document.body.textContent")
    for text in HOSTILE[:9]:
        check(f'it stays text: {text[:40]}', text in words)
    check('what turns or hides text is shown as a code', '\\u202egnp.exe' in words and '\u202e' not in words and '\\x1b' in words)
    check('the letters of other scripts stay', '\u05d0\u05d1\u05d2' in words)
    check('a text that is too long is cut, and says so', 'long values are cut here' in words)
    says = browser.value("[...document.querySelectorAll('.evidence q')].map(q => q.textContent)")
    check('evidence shows the beginning of long values', max(map(len, says)) < 700 and
          any(re.search('\u2026 [0-9,]+ more characters', q) for q in says), max(says, key=len)[-200:])


def main():
    if not find():
        print('skipped: there is no Chromium here')
        return 77
    evscan, fixture = sys.argv[1:3]
    with tempfile.TemporaryDirectory(prefix='evscan-html-') as name, Browser() as browser:
        folder = Path(name)
        for sample in 'Q218922', 'healthy-2019', 'Q317232', 'Q223397', 'Q262832':
            subprocess.run([evscan, '--output', f'html:{folder / sample}.html', ROOT / 'samples' / sample], check=False,
                           stdout=subprocess.DEVNULL, timeout=60)
            sound(browser, sample, folder / f'{sample}.html')
        for what in 'hostile', 'huge', 'healthy':
            page = folder / f'fixture-{what}.html'
            page.write_bytes(subprocess.run([fixture, f'{what}-html'], stdout=subprocess.PIPE, check=True).stdout)
            check(f'{what}: bounded', page.stat().st_size < 1 << 20, page.stat().st_size)
            sound(browser, f'fixture {what}', page)
        sample = folder / 'Q218922.html'
        schemes(browser, sample)
        paper(browser, sample, folder)
        nothing_is_lost_on_paper(browser, sample)
        names_are_whole(browser, sample)
        drawing(browser, folder / 'Q223397.html')
        reasons(browser, evscan, sample)
        heat(browser, evscan, sample)
        script(browser, sample)
        without_script(browser, sample)
        hostile(browser, evscan, folder)
        many_nodes(browser, evscan, folder)
    return exit_status()


if __name__ == '__main__':
    sys.exit(main())
