// One row of the wire suite: a codec on a trace at one ack age, and how it is shown.
//
// Units: bytes of payload and microseconds of CPU per client per snapshot; a figure that was not measured is null.

import { type Column, rounded } from '../report.ts';
import type { TraceName } from './trace.ts';

export interface WireRow {
  readonly trace: TraceName;
  readonly codec: string;
  /** What the clients see: the same, what is near each, or everything but one entity, another for each. */
  readonly views: 'all' | 'near' | 'own';
  /** Snapshots until the server hears what became of one; a list is clients at different distances. */
  readonly ackAge: string;
  readonly bytesMean: number | null;
  readonly bytesP95: number | null;
  readonly bytesMax: number | null;
  readonly packets: number | null;
  readonly joinBytes: number | null;
  /** At 5 % loss, and against none. */
  readonly lossBytesMean: number | null;
  readonly lossRatio: number | null;
  readonly serverUs: number | null;
  readonly encodeUs: number | null;
  readonly decodeUs: number | null;
  readonly heapBytes: number | null;
  /** Whether the receivers had the truth within the required precision wherever it was looked at. */
  readonly check: string;
}

export const wireColumns: readonly Column<WireRow>[] = [
  { heading: 'trace', text: ({ trace }) => trace },
  { heading: 'views', text: ({ views }) => views },
  { heading: 'codec', text: ({ codec }) => codec },
  { heading: 'ack age', text: ({ ackAge }) => ackAge },
  figure('mean B', 'bytesMean'),
  figure('p95', 'bytesP95'),
  figure('max', 'bytesMax'),
  figure('packets', 'packets'),
  figure('join B', 'joinBytes'),
  figure('5% loss B', 'lossBytesMean'),
  figure('x', 'lossRatio'),
  figure('server us', 'serverUs'),
  figure('(encode)', 'encodeUs'),
  figure('decode us', 'decodeUs'),
  figure('heap B', 'heapBytes'),
  { heading: 'check', text: ({ check }) => check },
];

type FigureName = { [Name in keyof WireRow]: WireRow[Name] extends number | null ? Name : never }[keyof WireRow];

function figure(heading: string, name: FigureName): Column<WireRow> {
  return { heading, text: (row) => rounded(row[name] ?? Number.NaN) };
}
