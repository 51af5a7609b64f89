// Keeps every age on the page true without asking the server: <time data-at> grows, <time data-until> shrinks.
// Only the text node that is there is changed, because the framework holds on to it.
const stamp = Number(document.querySelector('meta[name=server-time]')?.content);
const skew = Number.isFinite(stamp) && stamp > 0 ? stamp - Date.now() : 0;
const two = n => String(n).padStart(2, '0');

export function span(milliseconds) {
  const s = Math.max(0, Math.floor(milliseconds / 1000));
  if (s < 60) { return `${s} s`; }
  if (s < 3600) { return `${Math.floor(s / 60)} m ${two(s % 60)} s`; }
  if (s < 86400) { return `${Math.floor(s / 3600)} h ${two(Math.floor((s % 3600) / 60))} m`; }
  return `${Math.floor(s / 86400)} d ${Math.floor((s % 86400) / 3600)} h`;
}

function write(time) {
  const node = time.firstChild;
  if (!node) { return; }
  const now = Date.now() + skew;
  const { at, until, over, suffix, lead } = time.dataset;
  const text = until ? (until > now ? (lead ? `${lead} ${span(until - now)}` : `${span(until - now)} left`) : over ?? 'hold over') : span(now - at) + (suffix ?? '');
  if (node.nodeValue !== text) { node.nodeValue = text; }
}

function writeAll(within) {
  for (const time of within.querySelectorAll('time[data-at], time[data-until]')) { write(time); }
}

setInterval(() => writeAll(document), 1000);
new MutationObserver(changes => {
  for (const change of changes) {
    for (const node of change.addedNodes) {
      if (node.nodeType !== Node.ELEMENT_NODE) { continue; }
      if (node.matches('time[data-at], time[data-until]')) { write(node); } else { writeAll(node); }
    }
    if (change.type === 'attributes') { write(change.target); }
  }
}).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ['data-at', 'data-until'] });
writeAll(document);
