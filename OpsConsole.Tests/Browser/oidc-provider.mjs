// A real OpenID Connect provider for one test. The test names its port, its certificate and where its client comes back to, and says by /test who is in which groups.
import fs from 'node:fs';
import https from 'node:https';
import Provider from 'oidc-provider';

const { PORT, CERTIFICATE, KEY, CONSOLE } = process.env;
const issuer = `https://localhost:${PORT}`;
const groups = new Map();

const provider = new Provider(issuer, {
  clients: [{
    client_id: 'ops',
    client_secret: 'ops-secret-ops-secret-ops-secret',
    redirect_uris: [`${CONSOLE}/sign-in/callback`],
    post_logout_redirect_uris: [`${CONSOLE}/sign-in`],
    response_types: ['code'],
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: 'client_secret_post',
  }],
  pkce: { required: () => true },
  scopes: ['openid', 'profile', 'offline_access', 'groups'],
  claims: { openid: ['sub'], profile: ['preferred_username'], groups: ['groups'] },
  conformIdTokenClaims: false,
  rotateRefreshToken: true,
  features: { devInteractions: { enabled: true } },
  findAccount: async (_, id) => ({ accountId: id, claims: async () => ({ sub: id, preferred_username: id, groups: groups.get(id) ?? [] }) }),
  cookies: { keys: ['one test only'] },
});
const answer = provider.callback();

https.createServer({ key: fs.readFileSync(KEY), cert: fs.readFileSync(CERTIFICATE) }, (request, response) => {
  const address = new URL(request.url, issuer);
  if (address.pathname === '/test') {
    groups.set(address.searchParams.get('person'), address.searchParams.getAll('group'));
    response.end();
    return;
  }
  answer(request, response);
}).listen(Number(PORT), () => console.log('ready'));
