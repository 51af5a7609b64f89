// Tells the board which rows are on the screen or within a screen of it: those are kept at full pace, the others change less often.
let table = null;
let told = [0, -1];
let waiting = false;

// Rows stand one below the other, so the first that ends below a height is found by halving.
function firstBelow(rows, y) {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle].getBoundingClientRect().bottom < y) { low = middle + 1; } else { high = middle; }
  }
  return low;
}

const within = (rows, margin) => [firstBelow(rows, -margin), Math.min(rows.length - 1, firstBelow(rows, innerHeight + margin))];

function look() {
  waiting = false;
  const rows = document.querySelectorAll('[data-row]');
  if (!table || rows.length === 0) { return; }
  // Told anew when less than half a screen is left on either side, so that ordinary scrolling finds its rows ready.
  const [first, last] = within(rows, innerHeight / 2);
  if (first >= told[0] && last <= told[1]) { return; }
  told = within(rows, innerHeight);
  // A row that comes near is made anew with its buttons: the focus it had goes with it.
  const focused = document.activeElement?.closest?.('[data-row]')?.dataset.release;
  table.invokeMethodAsync('Look', told[0], told[1]).then(() => {
    if (focused && document.activeElement === document.body) {
      document.querySelector(`[data-row][data-release="${focused}"]`)?.focus({ preventScroll: true });
    }
  }, () => { told = [0, -1]; });
}

function soon() {
  if (!waiting) {
    waiting = true;
    requestAnimationFrame(look);
  }
}

let timer = 0;

export function watch(reference) {
  table = reference;
  told = [0, -1];
  addEventListener('scroll', soon, { capture: true, passive: true });
  addEventListener('resize', soon);
  // Rows come, go and open without any scrolling.
  timer = setInterval(soon, 1000);
  soon();
}

export function unwatch() {
  table = null;
  clearInterval(timer);
  removeEventListener('scroll', soon, { capture: true });
  removeEventListener('resize', soon);
}
