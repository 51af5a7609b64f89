// Opens and closes the browser's own modal dialog, which keeps the focus inside and closes on Esc.
import { remember } from './focus.js';

export function open(dialog) {
  if (dialog.open) { return; }
  // What opened the dialog may be gone when it closes: a token that was revoked has no button any more.
  const giveBack = remember(document.activeElement);
  dialog.addEventListener('close', giveBack, { once: true });
  dialog.showModal();
}

// What is to be filled in comes after the dialog itself: the briefing is read first.
export function begin(dialog) {
  const first = dialog.querySelector('textarea:not(:disabled)');
  if (first && !['TEXTAREA', 'INPUT'].includes(document.activeElement?.tagName)) { first.focus(); }
}

export function close(dialog) {
  if (dialog.open) { dialog.close(); }
}
