// The advertised address, with STUN servers of our own on the loopback interface.

import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { findAdvertised } from './advertised.ts';
import { askStun, bindingRequest, readBindingAnswer } from './stun.ts';

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
});

// RFC 5769, 2.2 and 2.3: the answers of known good servers, without what authenticates them.
const id = Buffer.from('b7e7a701bc34d686fa87dfae', 'hex');
const vector4 = Buffer.from('0101000c2112a442b7e7a701bc34d686fa87dfae002000080001a147e112a643', 'hex');
const vector6 = Buffer.from('010100182112a442b7e7a701bc34d686fa87dfae002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9', 'hex');

test('[NA3] the answers of the RFC are read', () => {
  expect(readBindingAnswer(vector4, bindingRequest(id))).toBe('192.0.2.1');
  expect(readBindingAnswer(vector6, bindingRequest(id))).toBe('2001:db8:1234:5678:11:2233:4455:6677');
});

test('[NA3] an answer to somebody else, a request and cut ones are none, and no bytes throw', () => {
  const other = bindingRequest(Buffer.alloc(12, 1));
  expect(readBindingAnswer(vector4, other)).toBeUndefined();
  expect(readBindingAnswer(other, other)).toBeUndefined();
  for (let bytes = 0; bytes < vector6.length; bytes++) expect(readBindingAnswer(vector6.subarray(0, bytes), bindingRequest(id))).toBeUndefined();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      readBindingAnswer(Buffer.concat([vector4.subarray(0, 20), bytes]), bindingRequest(id));
    }),
  );
});

test('[NA3] a server that answers late, after a lost request or after forged answers is still heard', async () => {
  const url = await stunServer('203.0.113.77', { lost: 1, forged: true });
  expect(await askStun([url])).toEqual(['203.0.113.77']);
});

test('[NA3] `auto` is what the servers see, in whatever version of IP they answer', async () => {
  const [one, two, six] = [await stunServer('203.0.113.77'), await stunServer('203.0.113.77'), await stunServer('2001:db8::77')];
  expect(await findAdvertised('auto', [one, two])).toEqual({ ipv4: '203.0.113.77' });
  expect(await findAdvertised('auto', [one, six])).toEqual({ ipv4: '203.0.113.77', ipv6: '2001:db8::77' });
});

test('[NA3] servers that see different addresses, or none that answers, end the start with what to do', async () => {
  const [one, two] = [await stunServer('203.0.113.77'), await stunServer('203.0.113.78')];
  await expect(findAdvertised('auto', [one, two])).rejects.toThrow(/several \(203.0.113.77, 203.0.113.78\).*Set it to the right one/);
  const silent = await stunServer('203.0.113.77', { lost: 100 });
  await expect(findAdvertised('auto', [silent])).rejects.toThrow(/no STUN server answered \(stun:127.0.0.1:\d+\).*set advertiseAddress/);
  await expect(findAdvertised('auto', ['example.org'])).rejects.toThrow('stun:host:port');
});

test('[NA3] addresses are taken as they are, names are looked up', async () => {
  expect(await findAdvertised('203.0.113.9')).toEqual({ ipv4: '203.0.113.9' });
  expect(await findAdvertised(['203.0.113.9', '2001:db8::9'])).toEqual({ ipv4: '203.0.113.9', ipv6: '2001:db8::9' });
  expect((await findAdvertised('localhost')).ipv4 ?? '127.0.0.1').toBe('127.0.0.1');
  await expect(findAdvertised('no-such-host.invalid')).rejects.toThrow('no host of that name');
  await expect(findAdvertised([])).rejects.toThrow('is empty');
});

/** Answers with a fixed address, as a server outside would see it. @param lost requests that are not answered. */
async function stunServer(address: string, { lost = 0, forged = false } = {}): Promise<string> {
  const socket = createSocket('udp4');
  sockets.push(socket);
  let left = lost;
  socket.on('message', (request, from) => {
    if (left-- > 0) return;
    if (forged) socket.send(answerTo(Buffer.concat([request.subarray(0, 8), Buffer.alloc(12)]), '198.51.100.66'), from.port, from.address);
    socket.send(answerTo(request, address), from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return `stun:127.0.0.1:${(socket.address() as AddressInfo).port}`;
}

function answerTo(request: Buffer, address: string): Buffer {
  const words = address.includes(':') ? '20010db8000000000000000000000077' : Buffer.from(address.split('.').map(Number)).toString('hex');
  const value = Buffer.from(words, 'hex');
  for (let index = 0; index < value.length; index++) value[index] = (value[index] ?? 0) ^ (request[4 + index] ?? 0);
  const head = Buffer.from(request);
  head.writeUInt16BE(0x0101, 0);
  head.writeUInt16BE(8 + value.length, 2);
  return Buffer.concat([head, Buffer.from([0, 0x20, 0, 4 + value.length, 0, value.length === 4 ? 1 : 2, 0, 0]), value]);
}
