// A WebSocket by hand: the upgrade and frames of any kind, well or badly made, over a socket with an address of its own.
//
// Invariant: it reads the server's frames only as far as the code with which it is closed. Units: milliseconds, bytes.

import { randomBytes } from 'node:crypto';
import { createConnection, type Socket } from 'node:net';
import { codeOfSocketClose, SOCKET_PATH, SOCKET_PROTOCOL } from '@tickwire/shared';

export const opcodes = { text: 1, binary: 2, ping: 9 } as const;

export interface HostileSocket {
  /** Sends a frame. @returns whether the socket took it. */
  send(opcode: number, bytes: Uint8Array, isFinal?: boolean): boolean;
  /** The code with which the server closed it, `gone` without one, undefined while it lives. */
  readonly ended: string | undefined;
  /** The connection itself is over. */
  readonly isCut: boolean;
  readonly raw: Socket;
}

/** More than this waits in the socket already: the server reads no more. */
const backlogBytes = 4_000_000;

/** Opens one. @returns undefined when the server answers anything but 101. */
export function openHostileSocket(url: URL, localAddress: string, authorization: string): Promise<HostileSocket | undefined> {
  return new Promise((resolve) => {
    const raw = createConnection({ host: url.hostname, port: Number(url.port), localAddress });
    let ended: string | undefined;
    let head = '';
    raw.on('error', () => {});
    raw.once('close', () => {
      ended ??= 'gone';
      resolve(undefined);
    });
    raw.on('data', (bytes: Buffer) => {
      if (!head.includes('\r\n\r\n')) {
        head += bytes.toString('latin1');
        if (!head.includes('\r\n\r\n')) return;
        resolve(head.startsWith('HTTP/1.1 101') ? socketOf() : undefined);
      } else if (bytes[0] === 0x88 && bytes.length >= 4) ended ??= codeOfSocketClose(bytes.readUInt16BE(2)) ?? `${bytes.readUInt16BE(2)}`;
    });
    raw.once('connect', () => {
      const protocols = `Sec-WebSocket-Protocol: ${SOCKET_PROTOCOL}, ${authorization}`;
      const key = `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}`;
      raw.write(`GET ${SOCKET_PATH} HTTP/1.1\r\nHost: ${url.host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${key}\r\n${protocols}\r\n\r\n`);
    });
    function socketOf(): HostileSocket {
      return {
        raw,
        get ended() {
          return ended;
        },
        get isCut() {
          return raw.destroyed;
        },
        send(opcode, bytes, isFinal = true) {
          if (raw.destroyed || !raw.writable || raw.writableLength > backlogBytes) return false;
          raw.write(frameOf(opcode, bytes, isFinal));
          return true;
        },
      };
    }
  });
}

/** A masked frame; the mask is zeros, which masks nothing. */
function frameOf(opcode: number, bytes: Uint8Array, isFinal: boolean): Buffer {
  const { length } = bytes;
  const head = length < 126 ? [length] : length < 65_536 ? [126, length >>> 8, length & 0xff] : [127, 0, 0, 0, 0, ...uint32(length)];
  head[0] = 0x80 | (head[0] as number);
  return Buffer.concat([Uint8Array.of((isFinal ? 0x80 : 0) | opcode, ...head, 0, 0, 0, 0), bytes]);
}

function uint32(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
}
