// A double click is one press: its second click may come before the page knows that it was pressed, or meet the button that took the first one's place.
// Only a press that did something makes the next click one too many: neither one on a disabled button nor one on a page that was not live yet does.
// What stops is never held back (a second halt is answered with the first), and the dialog of actions sends once by itself.
const doubleClick = 500;
let pressed = null;

document.addEventListener('click', event => {
  if (event.detail <= 1) { pressed = null; }
  const button = event.target.closest?.('button.go:not(#action-send)');
  if (!button) { return; }
  if (pressed !== null && event.timeStamp - pressed < doubleClick) {
    event.preventDefault();
    event.stopImmediatePropagation();
  } else if (!button.disabled && document.documentElement.dataset.connection === 'live') {
    pressed = event.timeStamp;
  }
}, true);
