(function () {
  'use strict';
  var root = document.documentElement;
  root.classList.add('has-js');

  /* An event that is linked to is opened. */
  function openTarget() {
    var target = location.hash && document.getElementById(location.hash.slice(1));
    if (target && target.tagName === 'DETAILS') { target.open = true; target.scrollIntoView(); }
  }
  window.addEventListener('hashchange', openTarget);
  openTarget();

  /* Paper has all but the values of most events; the style does it where it can. */
  if (!CSS.supports('selector(::details-content)')) {
    var opened = [];
    window.addEventListener('beforeprint', function () {
      opened = [].filter.call(document.querySelectorAll('details:not(.raw, .quiet), .proof'), function (d) { return !d.open; });
      opened.forEach(function (d) { d.open = true; });
    });
    window.addEventListener('afterprint', function () { opened.forEach(function (d) { d.open = false; }); });
  }

  function button(where, label, act) {
    var b = document.createElement('button');
    b.type = 'button';
    b.textContent = label;
    b.addEventListener('click', function () { act(b); });
    where.appendChild(b);
    return b;
  }

  /* The steps of one node as text. */
  function stepsOf(box) {
    var lines = [box.querySelector('bdi').textContent];
    box.querySelectorAll('li').forEach(function (li) {
      lines.push((li.querySelector('input').checked ? '[x] ' : '[ ] ') + li.querySelector('span').textContent);
    });
    return lines.join('\n') + '\n';
  }

  function copy(text, done) {
    function byHand() {
      var area = document.createElement('textarea');
      area.value = text;
      document.body.appendChild(area);
      area.select();
      var good = document.execCommand('copy');
      area.remove();
      done(good);
    }
    if (!navigator.clipboard) { byHand(); return; }
    navigator.clipboard.writeText(text).then(function () { done(true); }, byHand);
  }

  document.querySelectorAll('.copy').forEach(function (span) {
    button(span, 'Copy', function (b) {
      copy(stepsOf(span.closest('.steps')), function (good) {
        b.textContent = good ? 'Copied' : 'Not copied';
        setTimeout(function () { b.textContent = 'Copy'; }, 1500);
      });
    });
  });

  var tip = null;
  function hideTip() { if (tip) { tip.remove(); tip = null; } }
  function showTip(text, event) {
    if (!tip) { tip = document.createElement('div'); tip.id = 'tip'; document.body.appendChild(tip); }
    tip.textContent = text;
    tip.style.left = Math.max(4, Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8)) + 'px';
    tip.style.top = Math.max(4, Math.min(event.clientY + 16, innerHeight - tip.offsetHeight - 8)) + 'px';
  }

  var LETTER = 8.8; /* of the name of an incident, about */
  var STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800,
    1209600, 2592000, 7776000, 31536000];

  function pad(n) { return (n < 10 ? '0' : '') + n; }
  function clock(ms) {
    var d = new Date(ms);
    return d.getUTCFullYear() + '-' + pad(d.getUTCMonth() + 1) + '-' + pad(d.getUTCDate()) + ' ' + pad(d.getUTCHours()) + ':' +
      pad(d.getUTCMinutes()) + ':' + pad(d.getUTCSeconds());
  }

  function zoomable(svg) {
    var from = +svg.dataset.from, to = +svg.dataset.to, left = +svg.dataset.left, span = +svg.dataset.span;
    var height = svg.viewBox.baseVal.height, a = 0, b = 1, start = null, dragged = false;
    var axis = svg.querySelector('.axis'), brush = null, NS = svg.namespaceURI;
    var hair = document.createElementNS(NS, 'path');
    hair.setAttribute('class', 'hair');
    svg.insertBefore(hair, svg.querySelector('path.m') ? svg.querySelector('path.m').closest('svg > *') : null);
    svg.classList.add('zoomable');
    svg.querySelectorAll('title').forEach(function (t) {
      t.parentNode.dataset.words = t.textContent;
      t.remove();
    });

    function place(part) { return left + (part - a) / (b - a) * span; }
    function partOf(event) {
      var point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
      return Math.max(0, Math.min(1, a + (point.x - left) / span * (b - a)));
    }

    function drawAxis() {
      var range = (to - from) * (b - a) / 1000, first = from + (to - from) * a, step = STEPS.find(function (s) {
        return range / s <= 7;
      }) || STEPS[STEPS.length - 1];
      axis.replaceChildren();
      for (var t = Math.ceil(first / step / 1000) * step * 1000; t <= first + range * 1000; t += step * 1000) {
        var x = place((t - from) / (to - from)), g = document.createElementNS(NS, 'g');
        var line = document.createElementNS(NS, 'path'), words = document.createElementNS(NS, 'text');
        var midnight = Math.floor(t / 1000) % 86400 === 0;
        g.setAttribute('class', midnight ? 'tick day' : 'tick');
        line.setAttribute('d', 'M' + x + ' 22V' + (height - 26));
        words.setAttribute('x', Math.min(x, 966));
        words.setAttribute('y', height - 9);
        words.textContent = step >= 86400 || midnight ? clock(t).slice(0, 10) : clock(t).slice(11, step < 60 ? 19 : 16);
        g.append(line, words);
        axis.append(g);
      }
    }

    /* Of names that would stand on one another the best is seen, which is the last. */
    function crowd() {
      var taken = [];
      [].slice.call(svg.querySelectorAll('text.id')).reverse().forEach(function (e) {
        var left = +e.getAttribute('x'), right = left + LETTER * e.textContent.length;
        var free = e.style.display !== 'none' && taken.every(function (t) { return right <= t[0] || t[1] <= left; });
        e.classList.toggle('crowded', !free);
        if (free) taken.push([left, right]);
      });
    }

    function draw() {
      svg.querySelectorAll('[data-a]').forEach(function (e) {
        var p = Math.max(a, +e.dataset.a), q = Math.min(b, +e.dataset.b);
        e.style.display = q < p ? 'none' : '';
        e.setAttribute('x', place(p));
        e.setAttribute('width', Math.max(2, place(q) - place(p)));
      });
      svg.querySelectorAll('[data-t]').forEach(function (e) {
        var t = +e.dataset.t, x = place(t);
        e.style.display = t < a || t > b ? 'none' : '';
        if (e.dataset.y) e.setAttribute('transform', 'translate(' + x + ' ' + e.dataset.y + ')');
        else e.setAttribute('x', Math.min(x, 1000 - LETTER * e.textContent.length));
      });
      crowd();
      drawAxis();
    }

    function show(p, q) {
      var least = Math.min(1, 2000 / (to - from)), middle = (p + q) / 2, half = Math.max((q - p) / 2, least / 2);
      a = Math.max(0, middle - half);
      b = Math.min(1, middle + half);
      draw();
    }

    var controls = svg.closest('figure').querySelector('.zoom');
    button(controls, '+', function () { show(a + (b - a) / 4, b - (b - a) / 4); }).title = 'Zoom in';
    button(controls, '\u2212', function () { show(a - (b - a) / 2, b + (b - a) / 2); }).title = 'Zoom out';
    button(controls, '\u2190', function () { var d = Math.min(a, (b - a) / 3); show(a - d, b - d); }).title = 'Earlier';
    button(controls, '\u2192', function () { var d = Math.min(1 - b, (b - a) / 3); show(a + d, b + d); }).title = 'Later';
    button(controls, 'Whole', function () { show(0, 1); });
    controls.append(' Drag over the lanes to zoom in.');

    svg.addEventListener('pointerdown', function (e) {
      if (e.button || e.pointerType === 'touch') return;
      start = partOf(e);
      dragged = false;
    });
    svg.addEventListener('dragstart', function (e) { e.preventDefault(); });
    svg.addEventListener('pointermove', function (e) {
      var part = partOf(e), x = place(part), box = e.target.closest('[data-words]');
      hair.setAttribute('d', 'M' + x + ' 22V' + (height - 26));
      showTip((box ? box.dataset.words + '\n' : '') + clock(from + part * (to - from)) + ' ' + svg.dataset.zone, e);
      if (start === null || Math.abs(place(start) - x) < 4) return;
      dragged = true;
      if (!brush) { brush = document.createElementNS(NS, 'rect'); brush.setAttribute('class', 'brush'); svg.append(brush); }
      brush.setAttribute('x', Math.min(place(start), x));
      brush.setAttribute('y', 22);
      brush.setAttribute('width', Math.abs(place(start) - x));
      brush.setAttribute('height', height - 48);
    });
    function end(e) {
      if (start !== null && dragged) { var part = partOf(e); show(Math.min(start, part), Math.max(start, part)); }
      start = null;
      if (brush) { brush.remove(); brush = null; }
    }
    svg.addEventListener('pointerup', end);
    svg.addEventListener('pointerleave', function (e) { end(e); hideTip(); hair.removeAttribute('d'); });
    svg.addEventListener('click', function (e) { if (dragged) { e.preventDefault(); dragged = false; } }, true);
  }
  document.querySelectorAll('svg.lanes').forEach(zoomable);
})();
