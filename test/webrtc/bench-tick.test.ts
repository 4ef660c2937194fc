// `npm run bench -- tick` for real: a server and bots in processes of their own, over WebRTC on 127.0.0.1.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const running: ChildProcess[] = [];

afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});

test('[BE7] a run prints one JSON document of the common shape, with plausible figures', async () => {
  const { stdout, stderr, status } = await finished(start('npm', ['run', '-s', 'bench', '--', ...quick, '--json']));
  const report = JSON.parse(stdout) as { rows: Figures[]; gates: { ok: boolean }[] };
  expect(Object.keys(report), stderr).toEqual(['suite', 'seed', 'environment', 'rows', 'gates']);
  expect(report).toMatchObject({ suite: 'tick', seed: 1, environment: { node: process.version, versions: { tickwire: '0.1.0' } } });
  for (const gate of report.gates) expect(Object.keys(gate)).toEqual(['name', 'value', 'unit', 'gate', 'aim', 'ok']);
  expect(status).toBe(report.gates.every(({ ok }) => ok) ? 0 : 1);
  const [row, ...others] = report.rows;
  expect(others).toEqual([]);
  expect(row).toMatchObject({ players: 2, joined: 2, tickHz: 60, snapshotHz: 20, packetsWrong: 0, resyncs: 0 });
  if (!row) return;
  // Two seconds at 60 Hz and a little more; a machine under load may leave some out.
  expect(row.ticks + row.ticksSkipped).toBeGreaterThanOrEqual(118);
  expect(row.ticks + row.ticksSkipped).toBeLessThan(60 * (row.seconds + 2));
  expect(row.tickP50Ms).toBeGreaterThan(0);
  expect(row.tickP50Ms).toBeLessThanOrEqual(row.tickMaxMs);
  expect(row.serverCpuPercent).toBeGreaterThan(0);
  expect(row.downPacketsPerClientSecond).toBeGreaterThan(10);
  expect(row.downPacketsPerClientSecond).toBeLessThan(30);
  expect(row.downBytesPerClientSecond).toBeGreaterThan(200);
  expect(row.downBytesPerClientSecond).toBeLessThan(6000);
  expect(row.upPacketsPerClientSecond).toBeGreaterThan(10);
  expect(row.upPacketsPerClientSecond).toBeLessThan(65);
});

test('[BE8] an interrupted run ends with status 130 and leaves no process', async () => {
  const bench = start(process.execPath, ['--import', 'tsx', '--conditions=@tickwire/source', 'bench/src/main.ts', 'tick', '--players', '2']);
  const end = finished(bench);
  await heard(bench, 'warming up');
  const children = childrenOf(bench.pid as number);
  expect(children.length).toBeGreaterThanOrEqual(2);
  bench.kill('SIGINT');
  expect(await end).toMatchObject({ stdout: '', status: 130 });
  expect(children.filter(isAlive)).toEqual([]);
});

test('[BE9] an unknown suite is refused with a line that lists the suites', async () => {
  const { stdout, stderr, status } = await finished(start('npm', ['run', '-s', 'bench', '--', 'tock']));
  expect({ stdout, status }).toEqual({ stdout: '', status: 2 });
  expect(stderr).toMatch(/there is no suite 'tock'\. There is: .*\btick\b/);
});

type Figures = Record<
  | 'seconds'
  | 'ticks'
  | 'ticksSkipped'
  | 'tickP50Ms'
  | 'tickMaxMs'
  | 'serverCpuPercent'
  | 'downPacketsPerClientSecond'
  | 'downBytesPerClientSecond'
  | 'upPacketsPerClientSecond',
  number
>;

const quick = ['tick', '--players', '2', '--seconds', '2', '--quick'];

function start(command: string, args: string[]): ChildProcess {
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  return child;
}

function finished(child: ChildProcess): Promise<{ stdout: string; stderr: string; status: number | null }> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk) => (stdout += chunk));
  child.stderr?.on('data', (chunk) => (stderr += chunk));
  return new Promise((resolve) => child.once('close', (status) => resolve({ stdout, stderr, status })));
}

function heard(child: ChildProcess, text: string): Promise<void> {
  let stderr = '';
  return new Promise((resolve, reject) => {
    child.stderr?.on('data', (chunk) => {
      stderr += chunk;
      if (stderr.includes(text)) resolve();
    });
    child.once('close', () => reject(new Error(`it ended before it said '${text}': ${stderr}`)));
  });
}

function childrenOf(pid: number): number[] {
  return execFileSync('ps', ['-e', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/ +/).map(Number))
    .flatMap(([child = 0, parent]) => (parent === pid ? [child] : []));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
