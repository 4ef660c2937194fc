// Asking STUN servers under which address the world sees this machine (RFC 8489: one request, one answer, no authentication).
//
// Owns its sockets and closes them. Invariant: an answer counts only with the random transaction id of our request, so that nobody who cannot read our
// packets can tell us an address; any bytes are read without a throw. Units: milliseconds.

import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { isIPv6 } from 'node:net';

/** The addresses that the servers see, without repetition: none when none answered in time. @param urls `stun:host:port` */
export async function askStun(urls: readonly string[], patienceMs: number = PATIENCE_MS): Promise<string[]> {
  const seen = await Promise.all(urls.map((url) => askServer(url, patienceMs)));
  return [...new Set(seen.flat())];
}

/** In each version of IP in which the server has an address. */
async function askServer(url: string, patienceMs: number): Promise<string[]> {
  const [, bracketed, plain, port = '3478'] = STUN_URL.exec(url) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined) throw new Error(`'${url}' is no STUN server. Write it as stun:host:port.`);
  const addresses = await lookup(host, { all: true }).catch(() => []);
  const targets = [4, 6].map((family) => addresses.find((address) => address.family === family)?.address);
  const seen = await Promise.all(targets.map((target) => (target === undefined ? undefined : askAddress(target, Number(port), patienceMs))));
  return seen.filter((address) => address !== undefined);
}

function askAddress(target: string, port: number, patienceMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket(isIPv6(target) ? 'udp6' : 'udp4');
    const request = bindingRequest(randomBytes(ID_BYTES));
    const timers = [setTimeout(() => end(undefined), patienceMs)];
    const end = (address: string | undefined): void => {
      for (const timer of timers) clearTimeout(timer);
      socket.removeAllListeners().on('error', () => {});
      socket.close();
      resolve(address);
    };
    socket.on('error', () => end(undefined));
    socket.on('message', (answer) => {
      const address = readBindingAnswer(answer, request);
      if (address !== undefined) end(address);
    });
    // An error of sending (no route in this version of IP) is told here, and the patience is not needed.
    const send = (): void => socket.send(request, port, target, (error) => error && end(undefined));
    for (const pauseMs of RESEND_MS) timers.push(setTimeout(send, pauseMs));
    send();
  });
}

export function bindingRequest(id: Uint8Array): Buffer {
  const request = Buffer.alloc(HEAD_BYTES);
  request.writeUInt16BE(BINDING_REQUEST, 0);
  request.writeUInt32BE(COOKIE, 4);
  request.set(id, 8);
  return request;
}

/** The address in an answer to this request; undefined for anything else. Never throws. */
export function readBindingAnswer(answer: Buffer, request: Buffer): string | undefined {
  if (answer.length < HEAD_BYTES || answer.readUInt16BE(0) !== BINDING_ANSWER || !answer.subarray(4, HEAD_BYTES).equals(request.subarray(4)))
    return undefined;
  let plain: string | undefined;
  for (let at = HEAD_BYTES; at + 4 <= answer.length; ) {
    const [type, bytes] = [answer.readUInt16BE(at), answer.readUInt16BE(at + 2)];
    const value = answer.subarray(at + 4, at + 4 + bytes);
    if (type === XOR_MAPPED_ADDRESS) return readAddress(value, answer.subarray(4, HEAD_BYTES));
    if (type === MAPPED_ADDRESS) plain = readAddress(value, Buffer.alloc(HEAD_BYTES));
    at += 4 + bytes + (-bytes & 3);
  }
  return plain;
}

/** @param mask what the address is combined with: routers rewrite plain addresses in packets. */
function readAddress(value: Buffer, mask: Buffer): string | undefined {
  const bytes = value[1] === 1 ? 4 : value[1] === 2 ? 16 : 0;
  if (bytes === 0 || value.length < 4 + bytes) return undefined;
  const parts = Array.from({ length: bytes }, (_, index) => (value[4 + index] ?? 0) ^ (mask[index] ?? 0));
  if (bytes === 4) return parts.join('.');
  const words = Array.from({ length: 8 }, (_, index) => (((parts[2 * index] ?? 0) << 8) | (parts[2 * index + 1] ?? 0)).toString(16));
  return new URL(`http://[${words.join(':')}]`).hostname.slice(1, -1);
}

const STUN_URL = /^stun:(?:\[([\da-fA-F:]+)\]|([^:[\]/?]+))(?::(\d+))?$/;

const BINDING_REQUEST = 0x0001;
const BINDING_ANSWER = 0x0101;
const MAPPED_ADDRESS = 0x0001;
const XOR_MAPPED_ADDRESS = 0x0020;
const COOKIE = 0x2112a442;
const ID_BYTES = 12;
const HEAD_BYTES = 20;

/** Twice as long each time, as the RFC asks for; patience ends in the middle of the next pause. */
const RESEND_MS = [500, 1500, 3500];
const PATIENCE_MS = 5000;
