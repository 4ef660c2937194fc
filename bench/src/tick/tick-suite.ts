// The tick suite: a real server and real WebRTC bots, one row for each number of players and each rate.
//
// Gates are what is exact or nearly so on any machine: everyone joined, no tick left out, payload bytes; and late ticks where the load is light.
// Invariant: cells run one after the other, each against a fresh server. Units: bytes a client and second; per cent.

import { watchEnvironment } from '../environment.ts';
import { choosePinning } from '../pinning.ts';
import { ProcessGroup } from '../process-group.ts';
import { type Gate, gateLines, judge, type Report, tableLines } from '../report.ts';
import { longestMs, runTickCell, type TickCell } from './tick-cell.ts';
import { clientColumns, type TickRow, timeColumns } from './tick-row.ts';

export interface TickReport extends Report {
  readonly suite: 'tick';
  readonly rows: readonly TickRow[];
}

/** Payload sent to a client in a second of seed 1's fight at 60 and 20 Hz: measured, plus 15 % for what no two runs share. */
const downBytesBudget: { readonly [players: number]: number } = { 10: 2050, 50: 6500 };
/** The server's own native threads cost it about 1 % on a shared core; a tenth of the time is somebody else. */
const coreWaitNotePercent = 10;
/** Up to this many players the server is lightly loaded on any core that we know. */
const lightPlayers = 10;

/** @param signal ends the run: its processes are killed and it rejects. @param tell told of progress. */
export async function runTickSuite(cells: readonly TickCell[], signal: AbortSignal, tell: (progress: string) => void): Promise<TickReport> {
  const processes = new ProcessGroup();
  const pinning = choosePinning();
  const environment = watchEnvironment(pinning);
  const rows: TickRow[] = [];
  const kill = (): void => processes.kill();
  signal.addEventListener('abort', kill, { once: true });
  const overdue = setTimeout(
    kill,
    cells.map(longestMs).reduce((sum, ms) => sum + ms, 0),
  );
  try {
    for (const cell of cells) {
      signal.throwIfAborted();
      const title = `${cell.players} players, ${cell.tickHz} Hz`;
      rows.push(await runTickCell(cell, { processes, pinning, signal }, (progress) => tell(`${title}: ${progress}`)));
    }
    return { suite: 'tick', seed: cells[0]?.seed ?? 0, environment: environment(), rows, gates: rows.flatMap(gatesOf) };
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    clearTimeout(overdue);
    kill();
  }
}

/** Lines for a terminal. */
export function tickLines({ rows, gates }: TickReport): string[] {
  const notes = rows.flatMap(({ players, generatorLimit, serverCoreWaitPercent }) => [
    ...(generatorLimit === null ? [] : [`Not the server's limit at ${players} players: ${generatorLimit}.`]),
    ...((serverCoreWaitPercent ?? 0) > coreWaitNotePercent
      ? [`Other processes had the server's core at ${players} players: lateness is the machine's, in part.`]
      : []),
  ]);
  const perClient = [...tableLines(clientColumns, rows), 'For each client. Bytes are payload, both lanes.'];
  return [...tableLines(timeColumns, rows), ...notes, '', ...perClient, '', ...gateLines(gates)];
}

function gatesOf(row: TickRow): Gate[] {
  const { players, tickHz, snapshotHz } = row;
  const at = `${players} players, ${tickHz}/${snapshotHz} Hz`;
  const budget = tickHz === 60 && snapshotHz === 20 ? downBytesBudget[players] : undefined;
  return [
    judge(`bots joined and stayed (${at})`, row.joined, 'bots', `= ${players}`),
    judge(`ticks skipped (${at})`, row.ticksSkipped, 'ticks', '= 0'),
    ...(players <= lightPlayers ? [judge(`late ticks (${at})`, row.lateTicksPercent, '%', '<= 1', '<= 0.1')] : []),
    ...(budget === undefined ? [] : [judge(`payload down (${at})`, row.downBytesPerClientSecond, 'B/s per client', `<= ${budget}`)]),
  ];
}
