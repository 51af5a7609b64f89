// Opens boards without a browser: Blazor circuits over SignalR's blazorpack protocol, each acknowledging its render
// batches as a browser does. Measures how old a latency sample is when a batch that shows it arrives: its count, written
// in the cell's title, tells when it was recorded.
// usage: node circuit-load.cjs <address> <boards> <seconds> <origin ms> <count base>
'use strict';
const signalR = require('@microsoft/signalr');
const { MessagePackHubProtocol } = require('@microsoft/signalr-protocol-msgpack');

const [address, boards, seconds, origin, countBase] = [process.argv[2], ...process.argv.slice(3).map(Number)];
const WARM_MS = 8000;
const PAGE = '/';
const SHOWN = /p99 latency [^"]*?([\d,]{9,}) requests/g;

class BlazorPack extends MessagePackHubProtocol {
  constructor() {
    super();
    Object.defineProperty(this, 'name', { value: 'blazorpack' });
  }
}

let measuring = false;
let batches = 0;
let bytes = 0;
let errors = 0;
const ages = [];

// Signs in as a person would on the development sign-in page, and returns the cookies to send.
async function signIn() {
  const jar = new Map();
  const keep = (answer) => {
    for (const line of answer.headers.getSetCookie()) {
      const [pair] = line.split(';');
      jar.set(pair.slice(0, pair.indexOf('=')), pair);
    }
  };
  const page = await fetch(address + '/sign-in');
  keep(page);
  const token = (await page.text()).match(/name="__RequestVerificationToken"[^>]*value="([^"]+)"/);
  if (!token) throw new Error('The sign-in page has no form token.');
  const answer = await fetch(address + '/sign-in', {
    method: 'POST',
    redirect: 'manual',
    headers: { Cookie: [...jar.values()].join('; ') },
    body: new URLSearchParams({ __RequestVerificationToken: token[1], role: 'Viewer', name: 'board', returnUrl: PAGE }),
  });
  keep(answer);
  if (answer.status !== 302) throw new Error(`Signing in was answered with ${answer.status}.`);
  return [...jar.values()].join('; ');
}

// The newest sample that each release showed so far is found by the order of counts: they grow with time.
function arrivals(data, seen) {
  const now = Date.now();
  for (const [, count] of Buffer.from(data.buffer, data.byteOffset, data.length).toString('latin1').matchAll(SHOWN)) {
    const at = Number(count.replaceAll(',', ''));
    if (seen.has(at)) continue;
    seen.add(at);
    ages.push(now - (origin + at - countBase));
  }
}

async function open(cookie) {
  const html = await (await fetch(address + PAGE, { headers: { Cookie: cookie } })).text();
  const markers = [...html.matchAll(/<!--Blazor:(\{.*?\})-->/g)].map((m) => JSON.parse(m[1])).filter((m) => m.descriptor);
  const state = (html.match(/<!--Blazor-Server-Component-State:(.*?)-->/) || [])[1] || '';
  if (markers.length === 0) throw new Error('The page has no interactive components.');

  const circuit = new signalR.HubConnectionBuilder()
    .withUrl(address + '/_blazor', { headers: { Cookie: cookie } })
    .withHubProtocol(new BlazorPack())
    .configureLogging(signalR.LogLevel.Error)
    .build();
  const seen = new Set();
  circuit.on('JS.RenderBatch', (id, data) => {
    circuit.send('OnRenderCompleted', id, null);
    if (measuring) {
      batches++;
      bytes += data.length;
      arrivals(data, seen);
    }
  });
  circuit.on('JS.BeginInvokeJS', (id) => {
    if (id) circuit.send('EndInvokeJSFromDotNet', id, true, `[${id},true,null]`);
  });
  circuit.on('JS.Error', (error) => {
    errors++;
    console.log('error: ' + error);
  });
  for (const name of ['JS.AttachComponent', 'JS.EndUpdateRootComponents', 'JS.EndInvokeDotNet', 'JS.BeginTransmitStream', 'JS.SavePersistedState', 'JS.EndLocationChanging']) {
    circuit.on(name, () => {});
  }
  await circuit.start();
  if (!(await circuit.invoke('StartCircuit', address + '/', address + PAGE, '[]', ''))) throw new Error('No circuit was given.');
  const operations = markers.map((marker, k) => ({ type: 'add', ssrComponentId: k + 1, marker: { ...marker, uniqueId: k } }));
  await circuit.send('UpdateRootComponents', JSON.stringify({ batchId: 1, operations }), state);
  return circuit;
}

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;

(async () => {
  const cookie = await signIn();
  const open_ = [];
  for (let i = 0; i < boards; i++) open_.push(await open(cookie));
  await sleep(WARM_MS);
  console.log('measuring');
  measuring = true;
  const start = Date.now();
  await sleep(seconds * 1000);
  measuring = false;
  const took = (Date.now() - start) / 1000;
  ages.sort((a, b) => a - b);
  console.log('totals ' + JSON.stringify({
    circuits: open_.length,
    seconds: took,
    samples: ages.length,
    p50: quantile(ages, 0.5),
    p99: quantile(ages, 0.99),
    batchesPerSecond: batches / took / open_.length,
    kilobytesPerBatch: bytes / Math.max(1, batches) / 1024,
    errors,
  }));
  process.exit(0);
})().catch((error) => {
  console.log('failed: ' + (error.stack || error));
  process.exit(1);
});
