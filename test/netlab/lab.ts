// A small internet on one machine: a client behind a NAT of a chosen kind, a server behind none or behind one with forwarded ports, a bad link between
// them, and a relay beside it.
//
//   client 10.1.0.2 -- home 192.0.2.2 ==bad link== core -- server 203.0.113.10        (or: core -- office 203.0.113.10 -- server 10.2.0.2)
//                                                   `---- relay 198.51.100.10
//
// Invariant: everything in it ends with `withLab`, whatever its test does. Units: milliseconds one way, percent each way.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Child } from '../e2e/child.ts';
import {
  addCable,
  addNamespace,
  addRoute,
  type CableEnd,
  changeAddresses,
  makeRouter,
  removeNamespace,
  setAddresses,
  setFilters,
  signalAll,
} from './namespaces.ts';
import { filtersOf, type NatKind, type UdpBlocked } from './nat.ts';

export interface LabOptions extends LinkChange {
  /** What the client is behind. Default `none`: its address is one that the server can reach. */
  nat?: NatKind;
  /** Whether the server is behind a NAT too, with ports that are forwarded to it. */
  serverPorts?: { readonly tcp: number; readonly udp: number };
  /** Of the link's losses and jitter. */
  seed?: number;
}

/** The link between the client's home and the rest. Both ways alike. */
export interface LinkChange {
  delayMs?: number;
  jitterMs?: number;
  lossPercent?: number;
  isUp?: boolean;
}

/** Builds a lab, runs `test` in it, and takes it away. */
export async function withLab<T>(options: LabOptions, test: (lab: Lab) => Promise<T>): Promise<T> {
  const lab = new Lab();
  try {
    await lab.build(options);
    return await test(lab);
  } finally {
    await lab.close();
  }
}

export class Lab {
  readonly clientAddress = '10.1.0.2';
  /** Where clients reach the server: its own address, or that of its NAT. */
  readonly serverAddress = '203.0.113.10';
  readonly serverAddress6 = '2001:db8:3::10';
  readonly relayAddress = '198.51.100.10';
  #nat: NatKind = 'none';
  #udpBlocked: UdpBlocked = 'none';
  #moves = 0;
  readonly #namespaces: { [role: string]: string } = {};
  readonly #children: Child[] = [];
  #folder: string | undefined;
  #link: ChildProcess | undefined;
  #linkSaid = '';

  /** Changes the bad link; it is changed when the promise is kept. */
  async setLink(change: LinkChange): Promise<void> {
    this.#linkSaid = '';
    this.#link?.stdin?.write(`${JSON.stringify(change)}\n`);
    await this.#linkSays('OK\n');
  }

  /** Puts another kind of NAT before the client. Connections that are open may not survive it. */
  setNat(nat: NatKind): void {
    this.#nat = nat;
    this.#setHome();
  }

  /** Lets no UDP of the client pass any more, as many offices and hotels do; `false` lets it pass again, `'ipv4'` that of IPv6. */
  blockUdp(blocked: boolean | 'ipv4' = true): void {
    this.#udpBlocked = blocked === true ? 'all' : blocked || 'none';
    this.#setHome();
  }

  /** Gives the client another address, as a phone has that leaves a Wi-Fi: nothing that is sent to the old one arrives any more. */
  moveClient(): void {
    const host = 2 + ++this.#moves;
    changeAddresses({ namespace: this.#name('client'), device: 'eth0', addresses: [`10.1.0.${host}/24`, `2001:db8:1::${host}/64`] });
    this.#addClientRoutes();
  }

  /** Stops all that runs where the client is, as closing the lid of a laptop does, or lets it go on. */
  setAsleep(isAsleep: boolean): void {
    signalAll(this.#name('client'), isAsleep ? 'SIGSTOP' : 'SIGCONT');
  }

  /** Starts a program where the client is. */
  runInClient(command: readonly string[], environment: Record<string, string> = {}): Child {
    return this.#run('client', command, environment);
  }

  runInServer(command: readonly string[], environment: Record<string, string> = {}): Child {
    return this.#run('server', command, environment);
  }

  runInRelay(command: readonly string[], environment: Record<string, string> = {}): Child {
    return this.#run('relay', command, environment);
  }

  /** A folder of the lab's own, for what its programs write. */
  folder(): string {
    this.#folder ??= mkdtempSync(join(tmpdir(), 'tickwire-lab-'));
    return this.#folder;
  }

  /** The command that starts another one where the client is, for programs that somebody else has to start (a browser). */
  get clientPrefix(): readonly string[] {
    return ['ip', 'netns', 'exec', this.#name('client')];
  }

  async build({ nat = 'none', serverPorts, seed = 1, ...link }: LabOptions): Promise<void> {
    this.#nat = nat;
    for (const role of ['client', 'home', 'core', 'relay', 'server', ...(serverPorts ? ['office'] : [])]) this.#namespaces[role] = addNamespace(role);
    for (const role of ['home', 'core', ...(serverPorts ? ['office'] : [])]) makeRouter(this.#name(role));
    await this.#addLink(seed, link);
    this.#cable('client eth0 10.1.0.2/24 2001:db8:1::2/64', 'home lan 10.1.0.1/24 2001:db8:1::1/64');
    this.#cable('relay eth0 198.51.100.10/24', 'core relay 198.51.100.1/24');
    addRoute(this.#name('relay'), 'default', '198.51.100.1');
    this.#addClientRoutes();
    for (const gate of ['192.0.2.1', '2001:db8:2::1']) addRoute(this.#name('home'), 'default', gate);
    addRoute(this.#name('core'), '10.1.0.0/24', '192.0.2.2');
    addRoute(this.#name('core'), '2001:db8:1::/64', '2001:db8:2::2');
    if (serverPorts) this.#addOffice(serverPorts);
    else {
      this.#cable('server eth0 203.0.113.10/24 2001:db8:3::10/64', 'core server 203.0.113.1/24 2001:db8:3::1/64');
      for (const gate of ['203.0.113.1', '2001:db8:3::1']) addRoute(this.#name('server'), 'default', gate);
    }
    this.#setHome();
  }

  async close(): Promise<void> {
    await Promise.all(this.#children.splice(0).map((child) => child.kill()));
    this.#link?.kill('SIGKILL');
    for (const [role, name] of Object.entries(this.#namespaces)) {
      removeNamespace(name);
      delete this.#namespaces[role];
    }
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
  }

  async #addLink(seed: number, link: LinkChange): Promise<void> {
    const ends = [this.#name('home'), this.#name('core')];
    this.#link = spawn('python3', [emulator, ...ends, String(seed)], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#link.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#linkSaid += text;
    });
    await this.#linkSays('READY\n');
    setAddresses({ namespace: this.#name('home'), device: 'link0', addresses: ['192.0.2.2/24', '2001:db8:2::2/64'] });
    setAddresses({ namespace: this.#name('core'), device: 'link0', addresses: ['192.0.2.1/24', '2001:db8:2::1/64'] });
    await this.setLink(link);
  }

  async #linkSays(word: string): Promise<void> {
    for (const endMs = performance.now() + 5000; !this.#linkSaid.includes(word); await new Promise((resolve) => setTimeout(resolve, 2))) {
      if (performance.now() > endMs || this.#link?.exitCode !== null) throw new Error(`the link emulator did not say ${word}`);
    }
  }

  /** A NAT before the server that lets in what comes to two ports. */
  #addOffice({ tcp, udp }: { readonly tcp: number; readonly udp: number }): void {
    this.#cable('office wan 203.0.113.10/24', 'core server 203.0.113.1/24');
    this.#cable('server eth0 10.2.0.2/24', 'office lan 10.2.0.1/24');
    addRoute(this.#name('office'), 'default', '203.0.113.1');
    addRoute(this.#name('server'), 'default', '10.2.0.1');
    setFilters(
      this.#name('office'),
      `table ip nat {
        chain in {
          type nat hook prerouting priority -100
          iifname "wan" tcp dport ${tcp} dnat to 10.2.0.2
          iifname "wan" udp dport ${udp} dnat to 10.2.0.2
        }
        chain out { type nat hook postrouting priority 100; oifname "wan" masquerade; }
      }`,
    );
  }

  #addClientRoutes(): void {
    for (const gate of ['10.1.0.1', '2001:db8:1::1']) addRoute(this.#name('client'), 'default', gate);
  }

  #setHome(): void {
    setFilters(this.#name('home'), filtersOf(this.#nat, this.clientAddress, this.#udpBlocked));
  }

  #cable(from: string, to: string): void {
    addCable(this.#end(from), this.#end(to));
  }

  /** @param end role, device and addresses. */
  #end(end: string): CableEnd {
    const [role = '', device = '', ...addresses] = end.split(' ');
    return { namespace: this.#name(role), device, addresses };
  }

  #run(role: string, command: readonly string[], environment: Record<string, string>): Child {
    const child = new Child(['ip', 'netns', 'exec', this.#name(role), ...command], { environment, asGroup: true });
    this.#children.push(child);
    return child;
  }

  #name(role: string): string {
    const name = this.#namespaces[role];
    if (name === undefined) throw new Error(`the lab has no ${role}`);
    return name;
  }
}

const emulator = fileURLToPath(new URL('link-emulator.py', import.meta.url));
