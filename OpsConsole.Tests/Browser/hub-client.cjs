// An unmodified @microsoft/signalr client, as a wallboard or a bot would use it: prints each message's name and size of news, ends after three.
const { HubConnectionBuilder, LogLevel } = require('@microsoft/signalr');

const [address, token] = process.argv.slice(2);
const connection = new HubConnectionBuilder()
  .withUrl(`${address}/hubs/board`, { accessTokenFactory: () => token })
  .configureLogging(LogLevel.Error)
  .build();
let left = 3;
const take = name => message => {
  if (left === 0) return; // came while the connection was being ended
  console.log(JSON.stringify({ name, version: message.version, services: message.releases.map(r => r.service) }));
  if (--left === 0) { connection.stop().then(() => process.exit(0)); }
};
connection.on('board', take('board'));
connection.on('releases', take('releases'));
connection.start().catch(error => { console.error(String(error)); process.exit(1); });
setTimeout(() => { console.error('too few messages'); process.exit(2); }, 30_000);
