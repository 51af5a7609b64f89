// The keyboard: "/" search, j k rows, enter opens, p h r x ask for an action (its dialog opens, nothing acts at once), "?" shows all.
// Loaded twice over (by the page and by the component that listens): module state is shared through the one URL without a fingerprint.
const verbs = { p: 'promote', h: 'halt', r: 'rollback', x: 'kill' };
const shared = (globalThis.opsConsoleKeys ??= { desk: null, started: false, until: 0, button: null });

// On a slow line a dialog comes a while after it was asked for, and who asked types the reason already: until it is there, letters ask for nothing else.
const patience = 4000;
const asked = button => { Object.assign(shared, { until: performance.now() + patience, button }); };
const over = () => { Object.assign(shared, { until: 0, button: null }); };
// A button opens nothing where its rule said no meanwhile; the render that says so is the answer.
const waits = () => performance.now() < shared.until && !shared.button?.hasAttribute('aria-disabled');

export function listen(desk) { shared.desk = desk; }
export function unlisten() { shared.desk = null; }

const rows = () => [...document.querySelectorAll('[data-row]')];
const focusedRow = () => document.activeElement?.closest?.('[data-row]');

function move(by) {
  const all = rows();
  if (all.length === 0) { return; }
  const at = all.indexOf(focusedRow());
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + by))];
  next.focus();
  next.scrollIntoView({ block: 'nearest' });
}

function closeMenus(except) {
  let closed = false;
  for (const open of document.querySelectorAll('[data-menu][aria-expanded=true]')) {
    if (!except || !open.parentElement.contains(except)) {
      open.click();
      closed = true;
    }
  }
  return closed;
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) { return; }
  if (document.querySelector('dialog[open]')) { return; }
  // Esc takes the wait back.
  if (event.key === 'Escape') { over(); }
  if (waits()) { return; }
  const field = event.target.closest?.('input, textarea, select, [contenteditable]');
  if (event.key === 'Escape') {
    if (closeMenus(null)) { return; }
    if (field?.matches('[data-search]')) { field.blur(); }
    return;
  }
  if (field) { return; }
  if (event.key === '/') {
    const search = document.querySelector('[data-search]');
    if (search) { event.preventDefault(); search.focus(); search.select(); }
  } else if (event.key === 'j') { move(1); } else if (event.key === 'k') { move(-1); } else if (event.key === '?') {
    document.getElementById('shortcuts')?.showModal();
  } else if (event.key === 'Enter' && document.activeElement?.matches?.('[data-row]')) {
    document.activeElement.querySelector('[data-open]')?.click();
  } else if (verbs[event.key]) {
    const release = focusedRow()?.dataset.release ?? document.querySelector('[data-page-release]')?.dataset.pageRelease;
    if (release && shared.desk) {
      event.preventDefault();
      asked(null);
      shared.desk.invokeMethodAsync('Ask', verbs[event.key], release).then(comes => { if (!comes) { over(); } }, over);
    }
  }
}

if (!shared.started) {
  shared.started = true;
  document.addEventListener('keydown', onKey);
  document.addEventListener('close', over, true);
  document.addEventListener('click', event => {
    const button = event.target.closest?.('[data-verb]:not([aria-disabled])');
    if (button && document.documentElement.dataset.connection === 'live') { asked(button); }
    if (event.target.closest?.('[data-shortcuts]')) { document.getElementById('shortcuts')?.showModal(); }
    closeMenus(event.target);
  });
}
