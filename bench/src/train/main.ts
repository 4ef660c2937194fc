// `npm run train`: plays several kinds of games over several networks, counts the codec's symbols, and writes the static table of @tickwire/shared.
//
// The seeds are not those of any published benchmark. Training again changes the wire: raise `protocolVersion` in the same commit.

import { writeFileSync } from 'node:fs';
import { arenaTrace } from '../wire/arena-trace.ts';
import { bodiesTrace } from '../wire/bodies-trace.ts';
import { runBytes } from '../wire/byte-run.ts';
import { crowdTrace } from '../wire/crowd-trace.ts';
import { tickwire } from '../wire/tickwire-codec.ts';
import type { Trace } from '../wire/trace.ts';
import { SymbolCounts } from './count-symbols.ts';
import { makeTable } from './make-table.ts';
import { tableSource } from './table-source.ts';

const seed = 7001;
const counts = new SymbolCounts();
const traces: readonly (readonly [string, (seed: number) => Trace, number])[] = [
  ['arena', (s) => arenaTrace(s, 12), 1],
  ['crowd', (s) => crowdTrace(s, 5), 4],
  ['bodies', (s) => bodiesTrace(s, 4), 1],
];
for (const [name, make, clients] of traces) {
  for (let run = 0; run < 2; run++) {
    const trace = make(seed + run);
    for (const age of [1, 2, 3, 4, 6]) {
      for (const loss of [0, 0.05]) {
        counts.during(() => {
          const result = runBytes(tickwire, trace, { clients, ackAges: [age], loss, seed: seed + age, isVerified: false });
          process.stderr.write(`${name} age ${age} loss ${loss}: ${result.mean.toFixed(0)} bytes\n`);
        });
      }
    }
  }
}
writeFileSync(new URL('../../../packages/shared/src/codec/table.ts', import.meta.url), tableSource(makeTable(counts)));
