/* The desk by keyboard, gaps while ticking, a viewer for pictures. Everything works without it. */
(function () {
  'use strict';
  var find = document.getElementById('find'), rows = document.querySelectorAll('[data-queue] tbody tr'), at = -1;
  function go(to) {
    if (!rows.length) return;
    at = Math.max(0, Math.min(rows.length - 1, to));
    rows.forEach(function (r, i) { r.classList.toggle('is-here', i === at); });
    rows[at].querySelector('a').focus();
    rows[at].scrollIntoView({ block: 'nearest' });
  }
  document.addEventListener('keydown', function (ev) {
    if (ev.ctrlKey || ev.altKey || ev.metaKey || ev.target.closest('input:not([type="checkbox"]), select, textarea, dialog')) return;
    if (ev.key === '/' && find) { ev.preventDefault(); find.focus(); find.select(); }
    if (ev.key === 'j') go(at + 1);
    if (ev.key === 'k') go(at - 1);
    if (ev.key === 'x' && at >= 0) { var box = rows[at].querySelector('input[type="checkbox"]'); if (box) box.checked = !box.checked; }
  });
  document.addEventListener('click', function (ev) {
    var row = ev.target.closest('[data-queue] tbody tr');
    if (row && !ev.target.closest('a, input') && !String(getSelection())) row.querySelector('a').click();
  });

  /* Ask for the gaps as they would be with these ticks. The newest answer wins. */
  var form = document.querySelector('[data-case]'), asked = 0;
  if (form && document.getElementById('gaps')) form.addEventListener('change', function (ev) {
    if (!/^(material|note)\./.test(ev.target.name)) return;
    if (ev.target.tagName === 'SELECT') ev.target.className = 'state state-' + ev.target.value;
    var mine = ++asked;
    fetch(form.getAttribute('action'), { method: 'POST', body: new URLSearchParams(new FormData(form)) })
      .then(function (r) { return r.ok ? r.text() : ''; })
      .then(function (html) {
        var next = html && new DOMParser().parseFromString(html, 'text/html').getElementById('gaps');
        if (next && mine === asked) document.getElementById('gaps').replaceWith(next);
      }).catch(function () { /* the button still asks */ });
  });

  /* Pictures: zoom and turn. */
  var viewer = document.getElementById('viewer'), picture = viewer && viewer.querySelector('img'), scale = 1, turn = 0;
  function draw() {
    var stage = viewer.querySelector('.viewer-stage'), box = viewer.querySelector('.viewer-box'), side = turn % 180 !== 0;
    var w = picture.naturalWidth || 1, h = picture.naturalHeight || 1;
    var fit = scale * Math.min(1, (stage.clientWidth - 16) / (side ? h : w), (stage.clientHeight - 16) / (side ? w : h));
    picture.style.width = w * fit + 'px';
    picture.style.transform = 'translate(-50%, -50%) rotate(' + turn + 'deg)';
    box.style.width = (side ? h : w) * fit + 'px';
    box.style.height = (side ? w : h) * fit + 'px';
  }
  if (picture) picture.addEventListener('load', draw);
  document.addEventListener('click', function (ev) {
    var file = ev.target.closest('[data-zoom]'), view = ev.target.closest('[data-view]');
    if (file && viewer && viewer.showModal) {
      ev.preventDefault();
      scale = 1; turn = 0;
      viewer.showModal();
      picture.src = file.href;
      draw();
    }
    if (!view) return;
    var what = view.dataset.view;
    if (what === 'close') viewer.close();
    if (what === 'in') scale = Math.min(6, scale * 1.25);
    if (what === 'out') scale = Math.max(.25, scale / 1.25);
    if (what === 'left') turn -= 90;
    if (what === 'right') turn += 90;
    draw();
  });
})();
