// Keeps the page connected to its server: tries for ever with a growing pause, and reloads once the server is back without the page's state.
// While the connection is lost the whole page is marked as old (html[data-connection]) and says of when its values are.
import { keep, offer, tell } from './typed.js';
import './focus.js';
import './press.js';

const pause = attempt => Math.min(500 * 2 ** Math.min(attempt, 4), 5000);
const forEver = 1_000_000;
const root = document.documentElement;
const banner = document.getElementById('components-reconnect-modal');

function mark() {
  const classes = banner.classList;
  if (classes.contains('components-reconnect-rejected')) {
    again();
    return;
  }
  const lost = ['components-reconnect-show', 'components-reconnect-retrying', 'components-reconnect-failed'].some(c => classes.contains(c));
  if (lost) {
    lose();
  } else if (root.dataset.connection === 'lost') {
    root.dataset.connection = 'live';
    tell();
  }
}

function again() {
  keep();
  location.reload();
}

function lose() {
  if (root.dataset.connection === 'lost') { return; }
  const asOf = document.querySelector('[data-board-asof]')?.textContent;
  banner.querySelector('[data-lost-asof]').textContent = asOf || 'the last update';
  root.dataset.connection = 'lost';
}

// The page arrives as the server wrote it and comes alive when its circuit renders it again; until then it is not live, and says so.
// If that does not happen, the server went away in between: the page is marked as lost and loaded again once the server answers.
function awaitLife() {
  const alive = () => document.querySelector('[data-interactive=true]') !== null;
  const watch = new MutationObserver(() => {
    if (!alive()) { return; }
    watch.disconnect();
    clearTimeout(patience);
    clearInterval(retry);
    if (root.dataset.connection !== 'lost' || retry) { root.dataset.connection = 'live'; }
    offer();
  });
  let retry = 0;
  const patience = setTimeout(() => {
    lose();
    retry = setInterval(async () => {
      try {
        if ((await fetch('/health/live', { cache: 'no-store' })).ok) { again(); }
      } catch { /* still away */ }
    }, 3000);
  }, 10_000);
  root.dataset.connection = 'connecting';
  watch.observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ['data-interactive'] });
}

if (banner) {
  new MutationObserver(mark).observe(banner, { attributes: true, attributeFilter: ['class'] });
  if (document.querySelector('[data-interactive]')) { awaitLife(); }
}

await Blazor.start({
  ssr: { disableDomPreservation: true },
  circuit: {
    // A connection that died without a word is noticed after this long.
    configureSignalR: builder => builder.withServerTimeout(15_000).withKeepAliveInterval(5_000),
    reconnectionOptions: { maxRetries: forEver, retryIntervalMilliseconds: (attempt, max) => (attempt >= max ? null : pause(attempt)) },
  },
});
