// Keeps the page connected to its server: tries for ever with a growing pause, and reloads once the server is back without the page's state.
// While the connection is lost the whole page is marked as old (html[data-connection]) and says of when its values are.
const pause = attempt => Math.min(500 * 2 ** Math.min(attempt, 4), 5000);
const forEver = 1_000_000;
const root = document.documentElement;
const banner = document.getElementById('components-reconnect-modal');

function mark() {
  const classes = banner.classList;
  if (classes.contains('components-reconnect-rejected')) {
    location.reload();
    return;
  }
  const lost = ['components-reconnect-show', 'components-reconnect-retrying', 'components-reconnect-failed'].some(c => classes.contains(c));
  if (lost && root.dataset.connection !== 'lost') {
    const asOf = document.querySelector('[data-board-asof]')?.textContent;
    banner.querySelector('[data-lost-asof]').textContent = asOf || 'the last update';
  }
  root.dataset.connection = lost ? 'lost' : 'live';
}

if (banner) {
  new MutationObserver(mark).observe(banner, { attributes: true, attributeFilter: ['class'] });
  root.dataset.connection = 'live';
}

await Blazor.start({
  ssr: { disableDomPreservation: true },
  circuit: {
    // A connection that died without a word is noticed after this long.
    configureSignalR: builder => builder.withServerTimeout(15_000).withKeepAliveInterval(5_000),
    reconnectionOptions: { maxRetries: forEver, retryIntervalMilliseconds: (attempt, max) => (attempt >= max ? null : pause(attempt)) },
  },
});
