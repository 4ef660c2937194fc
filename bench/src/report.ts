// The one shape that every suite reports in, and how it is shown: a JSON document for machines, a table for people.
//
// Invariant: a gate's value was measured in this run; a value that could not be measured (NaN) fails its gate and is null in JSON.
// Units: in the names of a row's figures; a gate names its own.

import type { Environment } from './environment.ts';

/** What a suite hands back. Rows are flat: every suite has figures of its own. */
export interface Report {
  readonly suite: string;
  readonly seed: number;
  readonly environment: Environment;
  readonly rows: readonly Row[];
  readonly gates: readonly Gate[];
}

export type Row = object;

/** A figure that is held to something. `gate` must hold; `aim` is where it should get to. Both read like `<= 1`. */
export interface Gate {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly gate: string;
  readonly aim: string;
  readonly ok: boolean;
}

export type Bound = `${'<=' | '>=' | '='} ${number}`;

/** Holds a measured value against its gate. */
export function judge(name: string, value: number, unit: string, gate: Bound, aim: Bound = gate): Gate {
  return { name, value, unit, gate, aim, ok: holds(value, gate) };
}

/** Exit status of a run: 0 when it measured something and every gate holds. */
export function exitStatus({ rows, gates }: Report): 0 | 1 {
  return rows.length > 0 && gates.every(({ ok }) => ok) ? 0 : 1;
}

/** A column of a table: its heading, and its text for a row. */
export interface Column<R> {
  readonly heading: string;
  text(row: R): string;
}

/** Lines of a table, columns aligned to the right. */
export function tableLines<R>(columns: readonly Column<R>[], rows: readonly R[]): string[] {
  const cells = [columns.map(({ heading }) => heading), ...rows.map((row) => columns.map(({ text }) => text(row)))];
  const widths = columns.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  return cells.map((line) => line.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  '));
}

/** Lines that say which gates hold. */
export function gateLines(gates: readonly Gate[]): string[] {
  return gates.map(({ name, value, unit, gate, aim, ok }) => {
    const wanted = gate === aim ? `gate ${gate}` : `gate ${gate}, aim ${aim}`;
    return `${ok ? '  ok  ' : 'FAILED'}  ${name}: ${rounded(value)} ${unit} (${wanted})`;
  });
}

/** A number for people: three or four digits that matter. */
export function rounded(value: number): string {
  if (!Number.isFinite(value)) return '-';
  const size = Math.abs(value);
  return value.toFixed(size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
}

function holds(value: number, bound: Bound): boolean {
  const [operator, limit] = bound.split(' ');
  const than = Number(limit);
  return operator === '<=' ? value <= than : operator === '>=' ? value >= than : value === than;
}
