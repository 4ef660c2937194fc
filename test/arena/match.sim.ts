// Whole matches of the arena over networks: two people and four bots, and one alone with the ball.

import { networkProfiles } from '@tickwire/shared';
import { describe, expect, it } from 'vitest';
import { balance } from '../../examples/arena/src/balance.ts';
import { game } from '../../examples/arena/src/game.ts';
import { leader } from '../../examples/arena/src/rules/match.ts';
import { ArenaRoom } from '../../examples/arena/src/server/arena-room.ts';
import type { Drift } from '../../packages/client/src/drift.ts';
import { type Peer, Stepper } from '../stepper.ts';

type Game = typeof game;

/** An arena that notes what it tells, and that can stand still. */
class Arena extends ArenaRoom {
  readonly told: Record<string, number> = {};
  override bots = 0;
  override matchSeconds = 300;
  override autoDispose = false;
  rests = false;

  override emit(...args: Parameters<ArenaRoom['emit']>): void {
    const [name] = args;
    this.told[name] = (this.told[name] ?? 0) + 1;
    super.emit(...args);
  }

  override onTick(): void {
    if (!this.rests) super.onTick();
    else for (const player of this.world.all('player')) if (player.isBot) this.drive(player, {});
  }
}

/** Runs after the ball, pushes it and shoots at it and at whom it sees; dashes and changes weapons now and then. */
function playOn(peer: Peer<Game>): void {
  const { random, room } = peer;
  let [until, away, target] = [0, 0, 'ball' as 'ball' | 'player' | 'pickup'];
  room.onInput(() => {
    const me = room.view.mine('player');
    if (!me) return {};
    if (until-- <= 0) [until, away, target] = [random.int(60), random.range(-1.2, 1.2), random.pick(['ball', 'ball', 'player', 'pickup'])];
    const others = room.view.all(target).filter((one) => !one.mine);
    const at = (others[me.shots % Math.max(1, others.length)] ?? room.view.all('ball')[0] ?? me).pos;
    const angle = Math.atan2(at.y - me.pos.y, at.x - me.pos.x);
    const move = { x: Math.cos(angle + away), y: Math.sin(angle + away) };
    return { move, aim: angle + away / 12, fire: random.chance(0.3), dash: random.chance(0.02), swap: random.chance(0.05) };
  });
}

function scoresOf(players: Iterable<{ name: string; score: number; deaths: number; hp: number }>): string[] {
  return [...players].map(({ name, score, deaths, hp }) => `${name} ${score} ${deaths} ${hp}`).sort();
}

describe('a match', () => {
  it('[AR32] of two people and four bots over a bad network ends with the same scores at both ends, begins anew, and the ball lies at equal places', () => {
    const room = new Arena();
    room.bots = 6;
    room.matchSeconds = 60;
    const stepper = new Stepper<Game>({ game, room, seed: Number(process.env['SIM_SEED'] ?? 5), profile: networkProfiles.badWifi });
    const peers = [stepper.join(), stepper.join()];
    const drifts: Drift[] = [];
    for (const peer of peers) {
      playOn(peer);
      peer.room.onDrift((drift) => drifts.push(drift));
    }
    stepper.run(80_000, undefined, () => room.world.state.phase === 'result');
    expect([room.world.state.phase, room.world.all('player').length]).toEqual(['result', 6]);
    const best = leader(room.world.all('player'));
    expect([room.world.state.winner, (best?.score ?? 0) > 0]).toEqual([best?.name, true]);
    expect(room.told['kill']).toBeGreaterThan(5);
    stepper.setProfile({ delayMs: 40 });
    stepper.run(5000);
    for (const { room: page } of peers) {
      expect(scoresOf(page.view.all('player'))).toEqual(scoresOf(room.world.all('player')));
      expect(page.view.state).toMatchObject({ ...room.world.state });
    }
    stepper.run(8000, undefined, () => room.world.state.phase === 'play');
    expect(room.world.all('player').every(({ score, deaths, hp }) => score === 0 && deaths === 0 && hp === balance.healthMax)).toBe(true);
    stepper.run(5000);
    room.rests = true;
    for (const peer of peers) peer.room.onInput(() => ({}));
    stepper.run(12_000);
    const [ball] = room.world.all('ball');
    expect(ball?.velocity).toEqual({ x: 0, y: 0 });
    for (const { room: page } of peers) {
      const [foreseen, shown] = [page.predictor?.world.all('ball')[0], page.view.all('ball')[0]];
      expect([foreseen?.pos, shown?.pos]).toEqual([ball?.pos, ball?.pos]);
      const mine = page.view.mine('player');
      expect(page.predictor?.world.get(mine?.id ?? null)).toMatchObject({ pos: (room.world.get(mine?.id ?? null) as { pos: object }).pos });
      expect([page.stats.resyncs, page.stats.codecFaults]).toEqual([0, 0]);
    }
    expect(drifts.map(({ message }) => message)).toEqual([]);
    expect(stepper.errors).toEqual([]);
  });

  it('[AR33] who is alone with the ball foresees all of it: corrected is what the server alone decides, once each', () => {
    for (const delayMs of [50, 150]) {
      const room = new Arena();
      const stepper = new Stepper<Game>({ game, room, seed: 3, profile: { delayMs } });
      const peer = stepper.join();
      playOn(peer);
      stepper.run(1000);
      for (const player of room.world.all('player')) player.rockets = balance.rocketsMax;
      stepper.run(2000);
      const corrections = (): number => peer.room.predictor?.corrections ?? -1;
      const decided = (): number => ['picked', 'goal', 'hit', 'kill'].reduce((sum, name) => sum + (room.told[name] ?? 0), 0);
      const before = corrections() - decided();
      const rolls = { kicks: 0, ticks: 0, dashes: 0, rockets: 0 };
      stepper.run(120_000, ({ room: { view } }) => {
        const [ball] = view.all('ball');
        if (ball && (ball.velocity.x !== 0 || ball.velocity.y !== 0)) rolls.kicks++;
        if ((view.mine('player')?.dash ?? 0) > 0) rolls.dashes++;
        if (view.all('rocket').length > 0) rolls.rockets++;
        rolls.ticks++;
      });
      console.log(`${delayMs} ms:`, corrections(), 'corrections', room.told, rolls);
      expect(rolls.kicks / rolls.ticks).toBeGreaterThan(0.3);
      expect([rolls.dashes > 50, rolls.rockets > 20, decided() > 5]).toEqual([true, true, true]);
      // Who is dead comes back: that is one more for each that was killed.
      expect(corrections() - decided() - (room.told['kill'] ?? 0), `${delayMs} ms`).toBeLessThanOrEqual(before);
      expect(stepper.errors).toEqual([]);
    }
  });
});
