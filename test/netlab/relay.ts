// The lab's relay: coturn, as a STUN and TURN server whose credentials a shared secret makes.
//
// Invariant: it relays to the game server's network only, as one that is open to the world must.

import { join } from 'node:path';
import { pause } from '../e2e/child.ts';
import type { Lab } from './lab.ts';

export const RELAY_SECRET = 'a secret of the lab';

/** Starts it, and waits until it answers. */
export async function startRelay(lab: Lab): Promise<void> {
  const address = lab.relayAddress;
  const folder = lab.folder();
  const relay = lab.runInRelay([
    'turnserver',
    '-n',
    `--listening-ip=${address}`,
    `--relay-ip=${address}`,
    '--listening-port=3478',
    '--min-port=50000',
    '--max-port=50999',
    '--realm=lab',
    '--use-auth-secret',
    `--static-auth-secret=${RELAY_SECRET}`,
    '--fingerprint',
    '--no-tls',
    '--no-dtls',
    '--no-cli',
    '--denied-peer-ip=0.0.0.0-255.255.255.255',
    `--allowed-peer-ip=${lab.serverAddress}`,
    `--pidfile=${join(folder, 'pid')}`,
    `--userdb=${join(folder, 'users')}`,
    '--log-file=stdout',
  ]);
  for (const endMs = performance.now() + 5000; !/SQLite DB connection success/.test(relay.out); await pause(10)) {
    if (performance.now() > endMs) throw new Error(`coturn does not listen:\n${relay.out}${relay.errors}`);
  }
}
