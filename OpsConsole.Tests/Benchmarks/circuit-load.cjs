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
const JS_OBJECT_REFERENCE = 1;
// "p99 latency 246 ms, limit 400 ms, 1,023,434 requests, 0 s old": found in the bytes as they are, because making text of every batch would be most of the client's work.
const SIGNAL = 'p99 latency ';
const SENTENCE = 120;
const COUNT = /^[^"]*?([\d,]{9,}) requests/;

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

// A batch shows the same sample again when its row changes for another reason: only the first showing counts.
function arrivals(data, seen) {
  const now = Date.now();
  const batch = Buffer.from(data.buffer, data.byteOffset, data.length);
  for (let i = batch.indexOf(SIGNAL); i >= 0; i = batch.indexOf(SIGNAL, i + SIGNAL.length)) {
    const count = COUNT.exec(batch.latin1Slice(i, i + SENTENCE));
    const at = count ? Number(count[1].replaceAll(',', '')) : NaN;
    if (!count || seen.has(at)) continue;
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
  // Every script call succeeds; one that wants a reference to an object (an imported module) gets one.
  circuit.on('JS.BeginInvokeJS', (id, identifier, args, resultType) => {
    const result = resultType === JS_OBJECT_REFERENCE ? { __jsObjectId: 1 } : null;
    if (id) circuit.send('EndInvokeJSFromDotNet', id, true, JSON.stringify([id, true, result]));
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
  const circuits = [];
  for (let i = 0; i < boards; i++) circuits.push(await open(cookie));
  await sleep(WARM_MS);
  console.log('measuring');
  measuring = true;
  const start = Date.now();
  const cpu = process.cpuUsage();
  await sleep(seconds * 1000);
  measuring = false;
  const took = (Date.now() - start) / 1000;
  const used = process.cpuUsage(cpu);
  ages.sort((a, b) => a - b);
  console.log('totals ' + JSON.stringify({
    circuits: circuits.length,
    seconds: took,
    samples: ages.length,
    clientCores: (used.user + used.system) / 1e6 / took,
    p50: quantile(ages, 0.5),
    p99: quantile(ages, 0.99),
    batchesPerSecond: batches / took / circuits.length,
    kilobytesPerBatch: bytes / Math.max(1, batches) / 1024,
    errors,
  }));
  process.exit(0);
})().catch((error) => {
  console.log('failed: ' + (error.stack || error));
  process.exit(1);
});
