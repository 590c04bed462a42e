/* What is typed is kept whatever way the page is left: sent quietly when the page hides or after a pause. */
(function () {
  'use strict';
  var form = document.querySelector('form[data-autosave]');
  if (!form || !navigator.sendBeacon) return;
  var sent = '', submitting = false, timer = 0;
  function body() {
    var data = new URLSearchParams(new FormData(form));
    data.append('autosave', '1');
    return data;
  }
  function save() {
    var data = body(), text = data.toString();
    if (submitting || text === sent) return;
    if (navigator.sendBeacon(form.action, data)) sent = text;
  }
  sent = body().toString();
  form.addEventListener('submit', function () { submitting = true; clearTimeout(timer); });
  form.addEventListener('input', function () { clearTimeout(timer); timer = setTimeout(save, 4000); });
  document.addEventListener('visibilitychange', function () { if (document.visibilityState === 'hidden') save(); });
  addEventListener('pagehide', save);
  addEventListener('pageshow', function () { submitting = false; });
})();
