// The lab itself: whether its NATs and its link are what they are called, and whether nothing is left of it.

import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { pause } from '../e2e/child.ts';
import { type Lab, withLab } from './lab.ts';
import type { Answer } from './udp-probe.ts';

const port = 5000;

test('[NL1] each kind of NAT maps and filters as its name says', async () => {
  await withLab({}, async (lab) => {
    await mirror(lab);
    const both = [lab.serverAddress, lab.relayAddress];

    const plain = await probe(lab, 1, both);
    expect(seenAddresses(plain)).toEqual([lab.clientAddress]);
    expect([seenPorts(plain).length, unexpected(plain)]).toEqual([1, 2]);

    lab.setNat('full-cone');
    const full = await probe(lab, 1, both);
    expect(seenAddresses(full)).toEqual(['192.0.2.2']);
    expect([seenPorts(full).length, unexpected(full)]).toEqual([1, 2]);

    lab.setNat('port-restricted');
    const restricted = await probe(lab, 1, both);
    expect(seenAddresses(restricted)).toEqual(['192.0.2.2']);
    expect([seenPorts(restricted).length, unexpected(restricted)]).toEqual([1, 0]);

    lab.setNat('symmetric');
    const symmetric = await probe(lab, 1, both);
    expect(seenAddresses(symmetric)).toEqual(['192.0.2.2']);
    expect([seenPorts(symmetric).length, unexpected(symmetric)]).toEqual([2, 0]);

    lab.blockUdp();
    expect(await probe(lab, 1, both)).toEqual([]);
    lab.blockUdp(false);
    expect(await probe(lab, 1, both)).toHaveLength(2);
  });
});

test('[NL2] the link delays, loses and is cut as it was told', async () => {
  await withLab({ delayMs: 100 }, async (lab) => {
    await mirror(lab);
    const [first] = await probe(lab, 1, [lab.serverAddress]);
    expect(first?.atMs).toBeGreaterThanOrEqual(200);
    expect(first?.atMs).toBeLessThan(320);

    await lab.setLink({ delayMs: 0, lossPercent: 30 });
    const lossy = (await probe(lab, 200, [lab.serverAddress])).filter(({ isExpected }) => isExpected);
    // 98 of 200 get both ways at 30 %, give or take 7; four times that is never seen.
    expect(lossy.length).toBeGreaterThan(70);
    expect(lossy.length).toBeLessThan(126);

    await lab.setLink({ lossPercent: 0, isUp: false });
    expect(await probe(lab, 1, [lab.serverAddress])).toEqual([]);
    await lab.setLink({ isUp: true });
    expect(await probe(lab, 1, [lab.serverAddress])).toHaveLength(2);
  });
});

test('[NL3] nothing is left of a lab whose test threw', async () => {
  const broken = withLab({}, async (lab) => {
    await mirror(lab);
    expect(labs()).toHaveLength(5);
    throw new Error('a test that failed');
  });
  await expect(broken).rejects.toThrow('a test that failed');
  expect(labs()).toEqual([]);
});

async function mirror(lab: Lab): Promise<void> {
  const program = [...tsx, 'test/netlab/udp-mirror.ts', String(port)];
  for (const child of [lab.runInServer(program), lab.runInRelay(program)]) while (!child.out.includes('mirroring')) await pause(5);
}

async function probe(lab: Lab, count: number, addresses: readonly string[]): Promise<Answer[]> {
  const child = lab.runInClient([...tsx, 'test/netlab/udp-probe.ts', String(port), String(count), ...addresses]);
  await child.ended;
  if (child.errors !== '') throw new Error(child.errors);
  return JSON.parse(child.out) as Answer[];
}

const seenAddresses = (answers: readonly Answer[]): string[] => [...new Set(answers.map(({ seen }) => seen.address))];
const seenPorts = (answers: readonly Answer[]): number[] => [...new Set(answers.map(({ seen }) => seen.port))];
const unexpected = (answers: readonly Answer[]): number => answers.filter(({ isExpected }) => !isExpected).length;

/** Namespaces of this process. */
function labs(): string[] {
  const { stdout } = spawnSync('ip', ['netns', 'list'], { encoding: 'utf8' });
  return stdout.split('\n').filter((line) => line.startsWith(`tickwire-${process.pid}-`));
}

const tsx = [process.execPath, '--import', 'tsx'];
