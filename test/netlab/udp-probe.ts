// A program for the lab that sends datagrams from one socket to mirrors, and prints what came back as JSON: who answered, how it saw us, and when.
//
// usage: udp-probe.ts PORT COUNT ADDRESS... - COUNT datagrams to each address, 5 ms apart. Units: milliseconds since the first datagram.

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { pause } from '../e2e/child.ts';

export interface Answer {
  readonly from: string;
  /** Whether it came from the port that was sent to. */
  readonly isExpected: boolean;
  readonly seen: { readonly address: string; readonly port: number };
  readonly atMs: number;
}

const [port = 0, count = 0] = process.argv.slice(2, 4).map(Number);
const answers: Answer[] = [];
const socket = createSocket('udp4');
socket.bind(0);
await once(socket, 'listening');
const startMs = performance.now();
socket.on('message', (message, from) => {
  answers.push({ from: from.address, isExpected: from.port === port, seen: JSON.parse(String(message)), atMs: performance.now() - startMs });
});
for (let number = 0; number < count; number++) {
  for (const address of process.argv.slice(4)) socket.send('who am I?', port, address);
  if (count > 1) await pause(5);
}
await pause(500);
console.log(JSON.stringify(answers));
socket.close();
