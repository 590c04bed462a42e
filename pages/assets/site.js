/* Enhancements only: everything works without. Remembers mode and region in this browser, no cookies. */
(function () {
  'use strict';
  var root = document.documentElement;
  root.classList.add('js');
  function get(k) { try { return localStorage.getItem(k); } catch (e) { return null; } }
  function set(k, v) { try { localStorage.setItem(k, v); } catch (e) { /* private mode: not remembered */ } }
  if (location.pathname === '/' && get('mode') === 'elder') { location.replace('/e'); return; }
  var at = location.pathname.match(/^(?:\/e)?\/r\/([^/]+)/);
  var brand = document.querySelector('.brand-region');
  if (at && brand) set('region', JSON.stringify({ code: decodeURIComponent(at[1]), name: brand.textContent }));
  var last = document.querySelector('[data-last-region]'), kept = get('region');
  if (last && kept) {
    try {
      var r = JSON.parse(kept), link = last.querySelector('a');
      if (document.querySelector('.region-list a[href$="/r/' + CSS.escape(r.code) + '"]')) {
        link.href = (root.classList.contains('elder') ? '/e' : '') + '/r/' + encodeURIComponent(r.code);
        link.textContent = r.name;
        last.hidden = false;
      }
    } catch (e) { /* an old note of ours: ignored */ }
  }
  document.addEventListener('click', function (ev) {
    var mode = ev.target.closest('[data-mode]');
    if (mode) set('mode', mode.dataset.mode);
    if (ev.target.closest('[data-print]')) window.print();
  });
  var closed = [];
  addEventListener('beforeprint', function () {
    closed = Array.prototype.slice.call(document.querySelectorAll('details:not([open])'));
    closed.forEach(function (d) { d.open = true; });
  });
  addEventListener('afterprint', function () { closed.forEach(function (d) { d.open = false; }); });
  var focus = document.querySelector('[data-focus]');
  if (focus) focus.focus();
})();
