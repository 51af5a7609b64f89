// The unmodified OpenFeature server SDK with its OFREP provider from npm, as a service would use them: evaluates one flag for two contexts again and again
// and prints what the SDK returns whenever it changes. Ends when its input does.
const { OpenFeature } = require('@openfeature/server-sdk');
const { OFREPProvider } = require('@openfeature/ofrep-provider');

const [address, token, flag] = process.argv.slice(2);
const contexts = [{ targetingKey: 'user-1', plan: 'gold', app: { version: '2.15.0' } }, { targetingKey: 'user-2', plan: 'silver' }];

(async () => {
  await OpenFeature.setProviderAndWait(new OFREPProvider({ baseUrl: address, headers: [['Authorization', `Bearer ${token}`]] }));
  const client = OpenFeature.getClient();
  let before = '';
  let done = false;
  process.stdin.on('end', () => { done = true; }).resume();
  while (!done) {
    const answers = [];
    for (const context of contexts) {
      // The default in the code is what a kill must not depend on.
      const { value, reason, variant, errorCode, flagMetadata } = await client.getBooleanDetails(flag, true, context);
      answers.push({ value, reason, variant, errorCode, turnsOff: flagMetadata.turnsOff });
    }
    const line = JSON.stringify(answers);
    if (line !== before) { console.log(before = line); }
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  await OpenFeature.close();
})().catch(error => { console.error(error); process.exit(1); });
