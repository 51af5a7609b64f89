// Where the focus goes when what had it is taken away: to what stands in its place, at last to the page's title, never to the top of the document without a word.
const able = 'a[href], button:not(:disabled), input:not(:disabled, [type=hidden]), select:not(:disabled), textarea:not(:disabled), summary, [tabindex]';
const text = 'input, textarea';

// A title can be gone to by a script alone. Fields come last: on a phone each brings up its keyboard.
function places(there) {
  if (!there) { return []; }
  const title = there.querySelector('h1, h2, h3');
  if (title && !title.hasAttribute('tabindex')) { title.tabIndex = -1; }
  const inside = [...there.querySelectorAll(able)];
  return [there, title, ...inside.filter(e => !e.matches(text)), ...inside];
}

/** Remembers where an element stands; the answer gives the focus back to it, or to the next best place. */
export function remember(element) {
  const release = element?.closest?.('[data-release]')?.dataset.release;
  const path = [];
  for (let at = element; at?.parentElement && at !== document.body; at = at.parentElement) {
    path.push({ within: at.parentElement, place: [...at.parentElement.children].indexOf(at) });
  }
  return () => {
    const lost = path.find(step => step.within.isConnected && step.within !== document.body);
    const there = lost?.within.children[Math.min(lost.place, lost.within.children.length - 1)];
    const row = release && document.querySelector(`[data-row][data-release="${release}"]`);
    for (const place of [element, row, ...places(there), document.querySelector('#main h1')]) {
      if (!place?.isConnected || !place.matches(able)) { continue; }
      place.focus();
      if (document.activeElement === place) { return; }
    }
  };
}

// What had the focus last: taken away or disabled by a render, not left by the person.
let held = null;
const lost = () => held && document.activeElement === document.body && held.path === location.pathname;

// The page gives the focus to its title when it comes alive or is gone to. On a slow line that comes late: who went to something else on the same page by then stays there.
let pressed = false;
document.addEventListener('pointerdown', () => { pressed = true; }, true);
for (const over of ['pointerup', 'pointercancel']) { document.addEventListener(over, () => { pressed = false; }, true); }
const tooLate = (title, from) => !pressed && title.matches('h1') && from?.isConnected && held?.element === from && held.path === location.pathname;

// Not even for a moment: a date of which a part is typed begins anew at its first part when the focus comes back, and is silently another one.
const { focus } = HTMLElement.prototype;
HTMLHeadingElement.prototype.focus = function (options) {
  if (!tooLate(this, document.activeElement)) { focus.call(this, options); }
};

document.addEventListener('focusin', event => {
  if (tooLate(event.target, event.relatedTarget)) {
    event.relatedTarget.focus();
  } else {
    held = { element: event.target, path: location.pathname, back: remember(event.target) };
  }
});
document.addEventListener('focusout', event => setTimeout(() => {
  if (held?.element === event.target && document.activeElement !== event.target && event.target.isConnected && !event.target.disabled) { held = null; }
}));
new MutationObserver(() => {
  if (lost() && !(held.element.isConnected && held.element.disabled)) { held.back(); }
}).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ['disabled'] });
