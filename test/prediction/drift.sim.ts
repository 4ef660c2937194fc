// Drift: a client is told when a step does not do the same on both ends, and only then.

import { Room } from '@tickwire/server/core';
import { defineGame, entity, f, type NetworkProfile, networkProfiles } from '@tickwire/shared';
import { describe, expect, it } from 'vitest';
import type { Drift } from '../../packages/client/src/drift.ts';
import { Stepper } from '../stepper.ts';

/** The world of the server, so that a step can be another one there. */
let serverWorld: unknown;
let isBroken = false;

const game = defineGame({
  name: 'drift',
  tickHz: 60,
  snapshotHz: 20,
  entities: {
    player: entity({ x: f.fixed(-1000, 1000), vx: f.fixed(-50, 50), hp: f.uint(100), shots: f.uint(65_535) }, { predict: 'owner' }),
    cart: entity({ x: f.fixed(-1000, 1000), vx: f.fixed(-50, 50) }, { predict: 'everyone' }),
  },
  input: { move: f.fixed(-1, 1, { wire: 1 / 8 }), fire: f.press() },
  steps: {
    player(player, input, { dt, world }) {
      // The dead stand, which the client learns late.
      if (player.hp === 0) return;
      player.vx = player.vx * 0.9 + input.move * 4 + (isBroken && world === serverWorld ? 0.25 : 0);
      player.x = Math.max(-900, Math.min(900, player.x + player.vx * dt));
      player.shots = (player.shots + input.fire) % 65_536;
      for (const cart of world.all('cart')) cart.vx = Math.max(-50, Math.min(50, cart.vx + input.fire * input.move * 10));
    },
    cart(cart, _input, { dt }) {
      cart.x = Math.max(-900, Math.min(900, cart.x + cart.vx * dt));
    },
  },
});
type Game = typeof game;

class Road extends Room<Game> {
  hurts = false;
  override onCreate(): void {
    this.world.spawn('cart');
  }
  override onJoin(client: Parameters<Room<Game>['onJoin']>[0]): void {
    client.control(this.world.spawn('player', { hp: 100 }));
  }
  override onTick(): void {
    if (this.hurts && this.tick % 10 === 0) for (const player of this.world.all('player')) player.hp = (player.hp + 99) % 100;
  }
}

function play(
  profile: NetworkProfile,
  seconds: number,
  set: (room: Road) => void = () => {},
  clients = 1,
): { drifts: Drift[]; corrections: number; missed: number } {
  const room = new Road();
  const stepper = new Stepper<Game>({ game, room, seed: 4, profile });
  serverWorld = stepper.core.world;
  const peer = stepper.join();
  const others = Array.from({ length: clients - 1 }, () => stepper.join());
  const drifts: Drift[] = [];
  for (const { room: page, random } of [peer, ...others]) {
    let move = 0;
    page.onDrift((drift) => drifts.push(drift));
    page.onInput(() => {
      if (random.chance(0.1)) move = random.range(-1, 1);
      return { move, fire: random.chance(0.05) };
    });
  }
  stepper.run(3000);
  set(room);
  stepper.run(seconds * 1000);
  isBroken = false;
  expect(stepper.errors).toEqual([]);
  return { drifts, corrections: peer.room.stats.corrections, missed: peer.room.stats.inputsMissed };
}

describe('drift', () => {
  it('[DT4] a step that is not the same on both ends is told of at most once a second, with field, tick and both values', () => {
    const { drifts } = play({ delayMs: 40 }, 10, () => {
      isBroken = true;
    });
    // A client that goes quiet for a while is not sure of what the server used.
    expect(drifts.length).toBeGreaterThanOrEqual(5);
    expect(drifts.length).toBeLessThanOrEqual(11);
    for (const [index, { tick, type, field, server, client, message }] of drifts.entries()) {
      expect(type).toBe('player');
      expect(['x', 'vx']).toContain(field);
      expect(message).toBe(`drift: player.${field} at tick ${tick}, server ${server}, client ${client}`);
      if (index > 0) expect(tick - (drifts[index - 1]?.tick ?? 0)).toBeGreaterThanOrEqual(60);
    }
  });

  it('[DT4] missed inputs, what the room changes and what others push are corrected and no drift', () => {
    const lost = play({ delayMs: 40, jitterMs: 60, loss: 0.4 }, 60);
    expect(lost.corrections).toBeGreaterThan(2);
    expect(lost.missed).toBeGreaterThan(5);
    expect(lost.drifts).toEqual([]);
    expect(play(networkProfiles.badWifi, 60).drifts).toEqual([]);
    const hurt = play({ delayMs: 40 }, 20, (room) => {
      room.hurts = true;
    });
    expect(hurt.corrections).toBeGreaterThan(50);
    expect(hurt.drifts).toEqual([]);
    const pushed = play({ delayMs: 40 }, 20, undefined, 2);
    expect(pushed.corrections).toBeGreaterThan(10);
    expect(pushed.drifts).toEqual([]);
  });
});
