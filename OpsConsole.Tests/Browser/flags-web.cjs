// The unmodified OpenFeature web SDK with its OFREP provider from npm, as an installed web app would use them, asking again every 100 ms:
// prints what the SDK returns when it is ready and at each change event, and at the end how each question was answered. Ends when its input does
// and a question was answered with nothing new.
const { OpenFeature, ProviderEvents } = require('@openfeature/web-sdk');
const { OFREPWebProvider } = require('@openfeature/ofrep-web-provider');

const [address, token, flag] = process.argv.slice(2);
const statuses = {};
let unchanged;
const onceUnchanged = new Promise(resolve => { unchanged = resolve; });
const asked = async request => {
  const response = await fetch(request);
  statuses[response.status] = (statuses[response.status] ?? 0) + 1;
  if (response.status === 304) unchanged();
  return response;
};

(async () => {
  const client = OpenFeature.getClient();
  const print = (event, flagsChanged) => {
    const { value, reason, variant, errorCode } = client.getBooleanDetails(flag, true);
    console.log(JSON.stringify({ event, flagsChanged, value, reason, variant, errorCode }));
  };
  client.addHandler(ProviderEvents.ConfigurationChanged, details => print('changed', details.flagsChanged));
  await OpenFeature.setContext({ targetingKey: 'device-1', plan: 'gold' });
  await OpenFeature.setProviderAndWait(new OFREPWebProvider({
    baseUrl: address, headers: [['X-API-Key', token]], pollInterval: 100, changeDetection: 'polling', cacheMode: 'disabled', fetchImplementation: asked,
  }));
  print('ready');
  process.stdin.on('end', async () => {
    await onceUnchanged;
    await OpenFeature.close();
    console.log(JSON.stringify({ event: 'end', statuses }));
    process.exit(0);
  }).resume();
})().catch(error => { console.error(error); process.exit(1); });
