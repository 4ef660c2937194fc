// A server, its honest bots and its hostile clients, each in processes of their own: started, asked and ended together.
//
// Invariant: when a stage has ended, so have its processes, also when it failed. Units: milliseconds; seconds where said.

import { setTimeout as pause } from 'node:timers/promises';
import type { ServerLimits } from '@tickwire/server';
import type { Pinning } from '../pinning.ts';
import { type Child, ProcessGroup } from '../process-group.ts';
import type { HonestMeasure, HonestSettings } from './honest-process.ts';
import type { HostilePlan } from './hostile-options.ts';
import type { AttackCounts, HostileSettings, OfferCounts, OfferSettings } from './hostile-process.ts';
import type { HostileServerSettings, ServerState, ServerWindow } from './hostile-server.ts';

const startMs = 40_000;
const answerMs = 30_000;
const hostileProcesses = 2;
const rates = { tickHz: 60, snapshotHz: 20 };
/** Honest bots share an address: five requests each, and some again. */
const requestsPer10Seconds = 400;

export interface Window {
  readonly server: ServerWindow;
  readonly honest: HonestMeasure;
}

export class HostileStage {
  readonly #plan: HostilePlan;
  readonly #signal: AbortSignal;
  readonly #server: Child;
  readonly #honest: Child;
  readonly #hostile: readonly Child[];
  readonly #processes: ProcessGroup;

  /** @param limits of the server, where they are not its own. */
  static async start(plan: HostilePlan, pinning: Pinning, signal: AbortSignal, limits: Partial<ServerLimits> | undefined): Promise<HostileStage> {
    const processes = new ProcessGroup();
    signal.addEventListener('abort', () => processes.kill(), { once: true });
    try {
      const profile = plan.profileFolder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${plan.profileFolder}`];
      const server = processes.start('the server', new URL('./hostile-server.ts', import.meta.url), pinning.server, ['--expose-gc', ...profile]);
      const honest = processes.start('the honest bots', new URL('./honest-process.ts', import.meta.url), pinning.generators);
      const hostile = Array.from({ length: hostileProcesses }, (_, index) =>
        processes.start(`hostile process ${index + 1}`, new URL('./hostile-process.ts', import.meta.url), pinning.generators),
      );
      const stage = new HostileStage(plan, signal, processes, server, honest, hostile);
      await stage.#begin(limits);
      return stage;
    } catch (error) {
      await processes.end();
      throw error;
    }
  }

  private constructor(plan: HostilePlan, signal: AbortSignal, processes: ProcessGroup, server: Child, honest: Child, hostile: readonly Child[]) {
    this.#plan = plan;
    this.#signal = signal;
    this.#processes = processes;
    this.#server = server;
    this.#honest = honest;
    this.#hostile = hostile;
  }

  /** One window of both measures. */
  async measure(seconds: number, during: () => Promise<unknown> = async () => {}): Promise<Window> {
    await this.#passTickZero();
    await Promise.all([this.#server.ask('begin', seconds, answerMs), this.#honest.ask('begin', undefined, answerMs)]);
    const over = Promise.all([this.pause(seconds), during()]);
    let isOver = false;
    void over
      .finally(() => {
        isOver = true;
      })
      .catch(() => {});
    while (!isOver) {
      await this.pause(0.5);
      await this.#passTickZero();
    }
    await over;
    const [server, honest] = await Promise.all([
      this.#server.ask<ServerWindow>('end', undefined, answerMs),
      this.#honest.ask<HonestMeasure>('end', undefined, answerMs),
    ]);
    return { server, honest };
  }

  /** Lets the hostile clients loose. */
  async attack(): Promise<void> {
    await Promise.all(this.#hostile.map((child) => child.ask('go', undefined, answerMs)));
  }

  /** @returns what they have done since the start. */
  async ceaseFire(): Promise<AttackCounts> {
    const counts = await Promise.all(this.#hostile.map((child) => child.ask<AttackCounts>('pause', undefined, answerMs)));
    const sums: { [attack: string]: { [name: string]: number } } = {};
    for (const each of counts) {
      for (const [attack, names] of Object.entries(each)) {
        const sum = sums[attack] ?? {};
        sums[attack] = sum;
        for (const [name, count] of Object.entries(names)) sum[name] = (sum[name] ?? 0) + count;
      }
    }
    return sums;
  }

  async offers({ offers, seconds }: OfferSettings): Promise<OfferCounts> {
    const share = { offers: Math.ceil(offers / hostileProcesses), seconds };
    const counts = await Promise.all(this.#hostile.map((child) => child.ask<OfferCounts>('offers', share, seconds * 1000 + answerMs)));
    return { asked: sum(counts, 'asked'), offered: sum(counts, 'offered') };
  }

  /** Waits until the deadline of the last handshake has passed. @throws Error when it does not. */
  async handshakesOver(): Promise<void> {
    for (const until = performance.now() + 40_000; performance.now() < until; await this.pause(0.25))
      if ((await this.#server.ask<number>('handshakes', undefined, answerMs)) === 0) return;
    throw new Error('handshakes stay open that nobody has answered');
  }

  state(): Promise<ServerState> {
    return this.#server.ask<ServerState>('state', undefined, answerMs);
  }

  async pause(seconds: number): Promise<void> {
    await pause(seconds * 1000, undefined, { signal: this.#signal });
  }

  end(): Promise<void> {
    return this.#processes.end();
  }

  async #passTickZero(): Promise<void> {
    await this.#honest.ask('tickZero', await this.#server.ask<number>('tickZero', undefined, answerMs), answerMs);
  }

  async #begin(limits: Partial<ServerLimits> | undefined): Promise<void> {
    const { honest, hostile, seed } = this.#plan;
    const settings: HostileServerSettings = { ...rates, players: honest + hostile, seed, requestsPer10Seconds, ...(limits && { limits }) };
    const url = await this.#server.ask<string>('start', settings, startMs);
    const joined = await this.#honest.ask<number>('start', { ...rates, url, players: honest, seed } satisfies HonestSettings, startMs);
    if (joined !== honest) throw new Error(`${joined} of ${honest} honest bots joined`);
    const numbers = Array.from({ length: hostile }, (_, number) => number);
    await Promise.all(
      this.#hostile.map((child, index) => {
        const mine = numbers.filter((number) => number % hostileProcesses === index);
        return child.ask('start', { ...rates, url, numbers: mine, seed } satisfies HostileSettings, startMs);
      }),
    );
    await this.pause(this.#plan.warmUpSeconds);
  }
}

function sum<Name extends string>(counts: readonly { readonly [name in Name]: number }[], name: Name): number {
  return counts.reduce((total, each) => total + each[name], 0);
}
