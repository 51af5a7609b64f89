// Opens and closes the browser's own modal dialog, which keeps the focus inside and closes on Esc.
const cameFrom = new WeakMap();

export function open(dialog) {
  if (dialog.open) { return; }
  const from = document.activeElement;
  cameFrom.set(dialog, { from, row: from?.closest?.('[data-release]')?.dataset.release });
  dialog.addEventListener('close', () => giveBack(dialog), { once: true });
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

// The button that opened the dialog may have been replaced meanwhile: its row is the next best place.
function giveBack(dialog) {
  const { from, row } = cameFrom.get(dialog) ?? {};
  const target = from?.isConnected ? from : row && document.querySelector(`[data-row][data-release="${row}"]`);
  target?.focus?.();
}
