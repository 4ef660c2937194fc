// Network namespaces of this test process: made, joined by cables, run in, and taken away again with all that runs in them.
//
// Invariant: the name of each holds the id of the process that made it, so that two runs never meet, and a run removes what a dead one left behind.
// Linux and root only.

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';

const prefix = 'tickwire-';
let made = 0;
const mine = new Set<string>();

process.on('exit', () => {
  for (const name of mine) removeNamespace(name);
});

/** Makes a namespace in which nothing but loopback is up. */
export function addNamespace(role: string): string {
  if (made === 0) removeLeftovers();
  made += 1;
  const name = `${prefix}${process.pid}-${made}-${role}`;
  execFileSync('ip', ['netns', 'add', name]);
  mine.add(name);
  // A resolver that refuses at once: nobody in there waits seconds for a name server that is not there.
  mkdirSync(`/etc/netns/${name}`, { recursive: true });
  writeFileSync(`/etc/netns/${name}/resolv.conf`, 'nameserver 127.0.0.1\noptions timeout:1 attempts:1\n');
  inNamespace(name, 'ip', 'link', 'set', 'lo', 'up');
  // Addresses of the sixth version work at once, without a second of asking whether anybody has them.
  writeSetting(name, 'ipv6/conf/default/accept_dad', '0');
  return name;
}

/** Ends what runs in it, by process id, and removes it. */
export function removeNamespace(name: string): void {
  for (const id of processesIn(name)) endProcess(id);
  spawnSync('ip', ['netns', 'delete', name]);
  rmSync(`/etc/netns/${name}`, { recursive: true, force: true });
  mine.delete(name);
}

/** A cable between two namespaces: an interface with addresses at each end. */
export function addCable(from: CableEnd, to: CableEnd): void {
  inNamespace(from.namespace, 'ip', 'link', 'add', from.device, 'type', 'veth', 'peer', 'name', to.device, 'netns', to.namespace);
  for (const end of [from, to]) setAddresses(end);
}

export interface CableEnd {
  readonly namespace: string;
  readonly device: string;
  /** With their prefix lengths. */
  readonly addresses: readonly string[];
}

export function setAddresses({ namespace, device, addresses }: CableEnd): void {
  for (const address of addresses) inNamespace(namespace, 'ip', 'address', 'add', address, 'dev', device);
  inNamespace(namespace, 'ip', 'link', 'set', device, 'up');
}

/** Takes all addresses of a device, and with them its routes, and gives it others. */
export function changeAddresses(end: CableEnd): void {
  inNamespace(end.namespace, 'ip', 'address', 'flush', 'dev', end.device);
  setAddresses(end);
}

/** Sends a signal to all that runs in a namespace. */
export function signalAll(namespace: string, signal: NodeJS.Signals): void {
  for (const id of processesIn(namespace)) process.kill(id, signal);
}

/** Passes on what is for others, in both versions of IP. */
export function makeRouter(namespace: string): void {
  writeSetting(namespace, 'ipv4/ip_forward', '1');
  writeSetting(namespace, 'ipv6/conf/all/forwarding', '1');
}

export function addRoute(namespace: string, to: string, via: string): void {
  inNamespace(namespace, 'ip', via.includes(':') ? '-6' : '-4', 'route', 'replace', to, 'via', via);
}

/** Puts these tables in place of all that were there, in one go. */
export function setFilters(namespace: string, tables: string): void {
  execFileSync('ip', ['netns', 'exec', namespace, 'nft', '-f', '-'], { input: `flush ruleset\n${tables}\n` });
}

function processesIn(namespace: string): number[] {
  const { stdout } = spawnSync('ip', ['netns', 'pids', namespace], { encoding: 'utf8' });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map(Number);
}

function inNamespace(namespace: string, ...command: string[]): void {
  execFileSync('ip', ['netns', 'exec', namespace, ...command]);
}

/** Settings below /proc/sys/net are those of the namespace that the writer is in. */
function writeSetting(namespace: string, path: string, value: string): void {
  inNamespace(namespace, 'sh', '-c', `echo ${value} > /proc/sys/net/${path}`);
}

/** Namespaces of test processes that ended without a chance to tidy up. */
function removeLeftovers(): void {
  const { stdout } = spawnSync('ip', ['netns', 'list'], { encoding: 'utf8' });
  for (const line of stdout.split('\n')) {
    const [, name, id] = /^(tickwire-(\d+)-\d+-\S+)/.exec(line) ?? [];
    if (name !== undefined && !existsSync(`/proc/${id}`)) removeNamespace(name);
  }
}

function endProcess(id: number): void {
  try {
    process.kill(id, 'SIGKILL');
  } catch {
    // It ended in the meantime.
  }
}
