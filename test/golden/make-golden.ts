// Makes the golden messages from the real writers; run by itself, it writes them into this folder:
//
//   npx tsx --conditions=@tickwire/source test/golden/make-golden.ts
//
// Invariant: no clock, no dice: two runs give the same files. When the bytes of a stored file change, `protocolVersion` is raised in the same commit.

import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Golden } from './golden.ts';
import { joinMessages } from './join-messages.ts';
import { sessionMessages } from './session-messages.ts';
import { snapshotMessages } from './snapshot-messages.ts';

export async function makeGolden(): Promise<Golden[]> {
  return [...(await joinMessages()), ...sessionMessages(), ...snapshotMessages()];
}

export function goldenFile(name: string): URL {
  return new URL(`./${name}.json`, import.meta.url);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const golden of await makeGolden()) {
    writeFileSync(goldenFile(golden.name), `${JSON.stringify(golden, null, 2)}\n`);
    console.log(`${golden.name}: ${golden.hex.length / 2} bytes`);
  }
}
