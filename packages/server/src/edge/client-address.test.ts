import type { IncomingMessage } from 'node:http';
import fastify from 'fastify';
import { expect, test } from 'vitest';
import { clientAddress, type TrustProxy } from './client-address.ts';

const trusts: TrustProxy[] = [false, true, '127.0.0.1', 'loopback', ['loopback', '10.0.0.0/8'], 'loopback, uniquelocal', '203.0.113.9'];
const forwarded = [
  undefined,
  '',
  '198.51.100.1',
  '198.51.100.1, 10.0.0.7',
  '198.51.100.1, 203.0.113.5, 10.0.0.7',
  '2001:db8::1,::1',
  'nonsense, 10.0.0.7',
];

test('[HO7] behind a proxy, an upgrade has the address that any other request has', async () => {
  for (const trustProxy of trusts) {
    const app = fastify({ trustProxy });
    app.get('/', (request, reply) => reply.send({ ip: request.ip }));
    for (const header of forwarded) {
      const headers: Record<string, string> = header === undefined ? {} : { 'x-forwarded-for': header };
      const { ip } = (await app.inject({ url: '/', headers, remoteAddress: '127.0.0.1' })).json<{ ip: string }>();
      const upgrade = { headers, socket: { remoteAddress: '127.0.0.1' } } as unknown as IncomingMessage;
      expect(clientAddress(trustProxy)(upgrade), JSON.stringify([trustProxy, header])).toBe(ip);
    }
    await app.close();
  }
});
