// What a person types is theirs: it outlives the moment in which the page comes alive, a lost connection, and a console that was started anew.
// It never leaves this tab. Passwords are not kept, nor what is typed to confirm (data-not-kept): that is done anew each time.
const store = 'opsconsole-typed';
const typed = new Map();
// A text that nobody took up by then belongs to something that is over.
const lapse = 15 * 60_000;
let offered = {};
let last = null;

const isText = field => field?.matches?.('textarea, input:not([type=password], [type=checkbox], [type=radio], [type=file], [type=hidden])');

// By page, in a dialog by what it is about (a reason for one release is none for another), and by the field's own name.
// A dialog that does not say what it is about keeps nothing.
function nameOf(field) {
  const own = field.id || field.name;
  const dialog = field.closest('dialog');
  const about = dialog ? dialog.dataset.typedFor : '-';
  return own && about && !field.matches('[data-not-kept]') ? [location.pathname, about, own].join('\n') : null;
}

const offerOf = text => ({ text, until: Date.now() + lapse });

function note(field) {
  if (!isText(field)) { return; }
  const name = nameOf(field);
  typed.set(field, name);
  last = { name, from: field.selectionStart, to: field.selectionEnd };
  delete offered[name];
}

function put(field, name) {
  const { text } = offered[name];
  delete offered[name];
  field.closest('details')?.setAttribute('open', '');
  if (field.value !== text) { field.value = text; }
  typed.set(field, name);
  tellOne(field);
  if (last?.name === name && (document.activeElement === document.body || document.activeElement?.matches('h1'))) { goOn(field); }
}

// Who was typing goes on where they were.
function goOn(field) {
  field.focus();
  try { field.setSelectionRange(last.from, last.to); } catch { /* numbers and dates have no caret to set */ }
}

function tellOne(field) {
  field.dispatchEvent(new Event('input', { bubbles: true }));
  field.dispatchEvent(new Event('change', { bubbles: true }));
}

function fill() {
  if (document.documentElement.dataset.connection !== 'live') { return; }
  for (const name of Object.keys(offered)) {
    if (!(offered[name].until > Date.now())) {
      delete offered[name];
      continue;
    }
    const own = CSS.escape(name.split('\n').at(-1));
    const field = [...document.querySelectorAll(`#${own}, [name="${own}"]`)].find(f => isText(f) && !f.disabled && !f.readOnly && nameOf(f) === name);
    if (field) { put(field, name); }
  }
}

/** The page came alive: what was typed before is put into the fields that took the place of the first ones. */
export function offer() {
  for (const [field, name] of typed) {
    if (!field.isConnected) {
      typed.delete(field);
      if (name && field.value) { offered[name] = offerOf(field.value); }
    }
  }
  fill();
}

/** The connection is back: what was typed while it was lost never reached the server, and is told now. */
export function tell() {
  for (const field of typed.keys()) {
    if (field.isConnected) { tellOne(field); } else { typed.delete(field); }
  }
}

/** The page has to be loaded anew: what stands in it is kept for the next one. */
export function keep() {
  const texts = { ...offered };
  for (const [field, name] of typed) {
    if (name && field.isConnected && field.value) { texts[name] = offerOf(field.value); }
  }
  try { sessionStorage.setItem(store, JSON.stringify({ texts, last })); } catch { return; }
  // Nothing is lost by leaving, so that nobody has to be asked.
  addEventListener('beforeunload', event => event.stopImmediatePropagation(), { capture: true, once: true });
}

try {
  ({ texts: offered, last } = JSON.parse(sessionStorage.getItem(store)) ?? { texts: {}, last: null });
  sessionStorage.removeItem(store);
} catch { offered = {}; }
document.addEventListener('input', event => { if (event.isTrusted) { note(event.target); } }, true);
// This comes after the page's own text: on a slow line somebody has typed by then. What the server wrote is the default.
for (const field of document.querySelectorAll('input, textarea')) {
  if (field.value !== field.defaultValue) { note(field); }
}
new MutationObserver(() => { if (Object.keys(offered).length > 0) { fill(); } }).observe(document.body, { childList: true, subtree: true });
