// Events that steps make: heard at once by those who predict them, once by everyone, and taken back where the server has not made them.

import { type NetworkProfile, type NetworkProfileName, networkProfiles } from '@tickwire/shared';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { StepServices } from '../../packages/server/src/step-services.ts';
import { type Peer, Stepper } from '../stepper.ts';
import { type Game, game, Range } from './spawn-game.ts';

type Name = 'shot' | 'bang' | 'bounce';
const names: readonly Name[] = ['shot', 'bang', 'bounce'];

interface Heard {
  name: Name;
  tick: number;
  isUndone: boolean;
  isMine: boolean;
}

interface Play {
  readonly stepper: Stepper<Game>;
  readonly room: Range;
  readonly peers: Peer<Game>[];
  readonly heard: Heard[][];
  /** What the server's steps have made, by name. */
  readonly made: { readonly name: string; readonly tick: number; readonly by: number }[];
}

/** As it is: plays watch it. */
const { emit } = StepServices.prototype;

afterEach(() => vi.restoreAllMocks());

function start(profile: NetworkProfile, clients: number, seed: number, isIdle = false): Play {
  const made: Play['made'] = [];
  vi.spyOn(StepServices.prototype, 'emit').mockImplementation(function (this: StepServices<Game>, name, fields, origin, by) {
    made.push({ name, tick: origin.tick, by: by.id });
    emit.call(this, name, fields, origin, by);
  });
  const room = new Range();
  const stepper = new Stepper<Game>({ game, room, seed, profile });
  const heard: Heard[][] = [];
  const peers = Array.from({ length: clients }, () => {
    const peer = stepper.join();
    const list: Heard[] = [];
    heard.push(list);
    for (const name of names) {
      peer.room.on(name, (fields) => {
        const isMine = 'by' in fields && fields.by === peer.room.view.mine('shooter')?.id;
        const one: Heard = { name, tick: stepper.core.world.tick, isUndone: false, isMine };
        list.push(one);
        return () => {
          if (one.isUndone) throw new Error('undone twice');
          one.isUndone = true;
        };
      });
    }
    const { random } = peer;
    peer.room.onInput(() => (isIdle ? {} : { fire: random.chance(0.04) ? 1 + random.int(2) : 0 }));
    return peer;
  });
  return { stepper, room, peers, heard, made };
}

const standing = (list: readonly Heard[], name: Name): number => list.filter((one) => one.name === name && !one.isUndone).length;

describe('events of steps', () => {
  it('[PE1] with nothing lost, those who predict a step hear of its events before the server makes them, all others afterwards; each once', () => {
    const play = start({ delayMs: 60 }, 2, 5);
    const { stepper, peers, heard, made } = play;
    stepper.run(3000);
    for (const list of heard) list.length = 0;
    made.length = 0;
    stepper.run(40_000);
    for (const peer of peers) peer.room.onInput(() => ({}));
    stepper.run(4000);
    for (const [index, list] of heard.entries()) {
      const shooter = peers[index]?.room.view.mine('shooter');
      for (const name of names) {
        const total = made.filter((one) => one.name === name).length;
        // The ball may bounce ahead of the server at the end.
        expect(Math.abs(standing(list, name) - total), name).toBeLessThanOrEqual(name === 'bounce' ? 1 : 0);
        expect(total).toBeGreaterThan(10);
      }
      expect(list.some(({ isUndone }) => isUndone)).toBe(false);
      const own = list.filter(({ name, isMine }) => name === 'shot' && isMine);
      const ticks = made.filter(({ name, by }) => name === 'shot' && by === shooter?.id).map(({ tick }) => tick);
      expect(own.length).toBe(ticks.length);
      // At once is a round trip's lead before the server.
      for (const [at, { tick }] of own.entries()) expect(tick).toBeLessThan(ticks[at] as number);
      const others = list.filter(({ name, isMine }) => name === 'shot' && !isMine);
      const otherTicks = made.filter(({ name, by }) => name === 'shot' && by !== shooter?.id).map(({ tick }) => tick);
      for (const [at, { tick }] of others.entries()) expect(tick).toBeGreaterThan(otherTicks[at] as number);
    }
    expect(stepper.errors).toEqual([]);
  });

  it('[PE2] what the server has not made is taken back, once, when its snapshots have passed it; what it has made stays', () => {
    const { stepper, room, peers, heard, made } = start({ delayMs: 100 }, 1, 3, true);
    const [peer] = peers as [Peer<Game>];
    const [list] = heard as [Heard[]];
    stepper.run(3000);
    for (let count = 0; count < 5; count++) {
      const isRefused = count % 2 === 0;
      if (isRefused) room.after(1, 'jam');
      stepper.run(50);
      const [before, madeBefore] = [list.length, made.filter(({ name }) => name === 'shot').length];
      let fire = 1;
      peer.room.onInput(() => ({ fire: fire-- > 0 }));
      stepper.run(50);
      const shot = list.slice(before).find(({ name }) => name === 'shot');
      expect(shot?.isUndone).toBe(false);
      stepper.run(1000);
      expect(made.filter(({ name }) => name === 'shot').length - madeBefore).toBe(isRefused ? 0 : 1);
      expect(list.filter(({ name }) => name === 'shot').length).toBe(count + 1);
      expect(shot?.isUndone).toBe(isRefused);
      stepper.run(1500);
    }
    expect(stepper.errors).toEqual([]);
  });

  for (const name of ['4g', 'badWifi', 'lossy20', 'reordering', 'duplicates', 'everything'] satisfies NetworkProfileName[]) {
    it(`[PE3] over '${name}' everyone has heard in the end exactly what the server has made, what was taken back left out`, () => {
      for (const seed of [1, 2]) {
        const { stepper, peers, heard, made } = start(networkProfiles[name], 2, seed);
        stepper.run(3000);
        for (const list of heard) list.length = 0;
        made.length = 0;
        stepper.run(25_000);
        for (const peer of peers) peer.room.onInput(() => ({}));
        stepper.run(8000);
        for (const list of heard) {
          const total = made.filter((one) => one.name === 'shot').length;
          expect(total).toBeGreaterThan(50);
          // What was under way when the count began.
          expect(Math.abs(standing(list, 'shot') - total), `seed ${seed}: shots ${standing(list, 'shot')} of ${total}`).toBeLessThanOrEqual(2);
          const bangs = made.filter((one) => one.name === 'bang').length;
          // Others' effects may be lost for good: they are worthless after 150 ms. Own ones are not.
          expect(standing(list, 'bang')).toBeLessThanOrEqual(bangs + 2);
          expect(standing(list, 'bang')).toBeGreaterThan(bangs * 0.8);
        }
        expect(stepper.errors).toEqual([]);
      }
    });
  }
});
