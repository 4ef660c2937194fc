// `npm run bench -- hostile --quick` for real: whether the server lives and ended no honest client, not how late it was, which a busy machine decides.

import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
let bench: ChildProcess | undefined;

afterEach(() => void bench?.kill('SIGTERM'));

test('[HO10] every attack reaches the server, which lives, ends no honest client and keeps no memory', async () => {
  const { rows, attacks, counters, gates } = JSON.parse(await output(['hostile', '--quick', '--json'])) as Report;
  expect(rows.map(({ phase }) => phase)).toEqual(['honest only', 'beside hostile', 'unanswered offers']);
  // The honest bots were there all the time: none was ended, and each drew frames.
  for (const row of rows) expect([row.honestEnded, row.stateAgeP50Ms > 0]).toEqual([0, true]);

  // What was sent did arrive, and was refused for what it is.
  for (const [attack, counts] of Object.entries(attacks)) expect(counts['rounds'], attack).toBeGreaterThan(0);
  const endings = Object.values(attacks).flatMap((counts) => Object.keys(counts));
  expect(endings).toEqual(expect.arrayContaining(['ended: flood', 'ended: protocol-error', 'status 400', 'status 413', 'sockets']));
  for (const name of ['text', 'oversized', 'early', 'foreign-channel']) expect(counters[`webrtc.ignored.${name}`], name).toBeGreaterThan(0);
  for (const name of ['webrtc.unauthorized', 'webrtc.badRequests', 'webrtc.opened']) expect(counters[name], name).toBeGreaterThan(0);
  expect(counters['webrtc.threw']).toBe(0);

  const offers = rows[2];
  expect(offers?.offered).toBeGreaterThan(200);
  expect(offers?.handshakesAfter).toBe(0);
  // 300 connections cost 25 MB while they are open; a tenth is the gate of the full run, on a quiet machine.
  expect((offers?.rssAfterBytes ?? Number.NaN) / (offers?.rssBeforeBytes ?? 0)).toBeLessThan(1.25);
  expect(gates.filter(({ name }) => /ended|handshakes/.test(name)).every(({ ok }) => ok)).toBe(true);
});

interface Report {
  readonly rows: readonly Readonly<
    Record<'honestEnded' | 'stateAgeP50Ms' | 'offered' | 'handshakesAfter' | 'rssBeforeBytes' | 'rssAfterBytes', number> & { phase: string }
  >[];
  readonly attacks: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly counters: Readonly<Record<string, number>>;
  readonly gates: readonly { readonly name: string; readonly ok: boolean }[];
}

function output(args: string[]): Promise<string> {
  bench = spawn(process.execPath, ['--import', 'tsx', '--conditions=@tickwire/source', 'bench/src/main.ts', ...args], { cwd: root });
  const child = bench;
  let [out, errors] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  return new Promise((resolve, reject) => {
    child.once('close', () => (out === '' ? reject(new Error(`nothing was printed:\n${errors}`)) : resolve(out)));
  });
}
