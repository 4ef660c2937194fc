// What the net panel measures and simulates, with a real room on a virtual clock: figures are the network's, and a spoilt link heals exactly.
//
// Time: some seconds of virtual time a case. Units: milliseconds of virtual time.

import { networkProfiles } from '@tickwire/shared';
import { describe, expect, it } from 'vitest';
import { Corrections } from '../../packages/client/src/edge/panel/corrections.ts';
import type { Figures } from '../../packages/client/src/edge/panel/figures.ts';
import { Ghosts } from '../../packages/client/src/edge/panel/ghosts.ts';
import { LinkMeter } from '../../packages/client/src/edge/panel/link-meter.ts';
import { type Conditions, clean, presets } from '../../packages/client/src/edge/panel/network-presets.ts';
import { type Clock, NetworkSimulator } from '../../packages/client/src/edge/panel/network-simulator.ts';
import { figureFacts, reportText, sessionFacts } from '../../packages/client/src/edge/panel/report.ts';
import { Sampler } from '../../packages/client/src/edge/panel/sampler.ts';
import { SessionLog } from '../../packages/client/src/edge/panel/session-log.ts';
import { verdict } from '../../packages/client/src/edge/panel/verdict.ts';
import { differences } from '../sim/compare.ts';
import { type SimGame, SimRoom, simGame } from '../sim/sim-game.ts';
import { type Peer, Stepper } from '../stepper.ts';

const sampleMs = 100;

/** A player with the parts of the panel, moved on by the stepper. */
class Watched {
  readonly stepper: Stepper<SimGame>;
  readonly room = new SimRoom();
  readonly peer: Peer<SimGame>;
  readonly timers: { readonly at: number; readonly task: () => void }[] = [];
  readonly clock: Clock = {
    now: () => this.stepper.now,
    after: (ms, task) => {
      const timer = { at: this.stepper.now + ms, task };
      this.timers.push(timer);
      return () => void (this.timers.includes(timer) && this.timers.splice(this.timers.indexOf(timer), 1));
    },
  };
  readonly simulator = new NetworkSimulator(this.clock);
  readonly meter = new LinkMeter(60, this.clock.now);
  readonly corrections = new Corrections(simGame, this.clock.now);
  readonly sampler: Sampler;
  readonly log: SessionLog;
  #isSimulating = false;
  #sampledAt = 0;

  constructor(seed: number) {
    this.stepper = new Stepper<SimGame>({ game: simGame, room: this.room, seed, profile: { delayMs: 10 }, options: { movers: 12 } });
    this.peer = this.stepper.join();
    const { room, random } = this.peer;
    let moveX = 0;
    room.onInput(() => {
      if (random.chance(0.1)) moveX = random.range(-1, 1);
      return { move: { x: moveX, y: random.range(-1, 1) }, fire: random.chance(0.1) };
    });
    room.probe = this.corrections;
    this.sampler = new Sampler(room as never, this.meter, this.corrections);
    this.log = new SessionLog(room, this.clock.now);
    this.#interpose();
  }

  spoil(down: Partial<Conditions>, up: Partial<Conditions> = down): void {
    this.simulator.set({ ...clean, ...down }, { ...clean, ...up });
    this.sampler.begin();
    if (this.#isSimulating) return;
    this.#isSimulating = true;
    this.#interpose();
  }

  heal(): void {
    this.simulator.end();
    this.#isSimulating = false;
    this.#interpose();
  }

  run(ms: number): void {
    this.stepper.run(
      ms,
      () => {
        this.sampler.frame(1000 / 60);
        if (this.stepper.now - this.#sampledAt < sampleMs) return;
        this.sampler.sample(this.stepper.now - this.#sampledAt);
        this.#sampledAt = this.stepper.now;
      },
      () => {
        for (const timer of [...this.timers].sort((one, other) => one.at - other.at)) {
          if (timer.at > this.stepper.now || !this.timers.includes(timer)) continue;
          this.timers.splice(this.timers.indexOf(timer), 1);
          timer.task();
        }
        return false;
      },
    );
  }

  get figures(): Figures {
    return this.sampler.figures(this.#isSimulating ? 'a test' : undefined);
  }

  /** A figure, on average over so many seconds. */
  mean(name: keyof Figures, seconds: number): number {
    const values: number[] = [];
    for (let count = 0; count < seconds * 5; count++) {
      this.run(200);
      const value = Number(this.figures[name]);
      if (!Number.isNaN(value)) values.push(value);
    }
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  }

  #interpose(): void {
    this.peer.room.interpose((link) => this.meter.join(this.#isSimulating ? this.simulator.join(link) : link));
  }
}

describe('the figures', () => {
  it('[PL2] on a clean path: its round trip, no loss either way, no jitter to speak of', () => {
    const watched = new Watched(1);
    watched.run(6000);
    const { rttMs, rttLeastMs, jitterMs, lossDown, lossUp, snapshotsPerSecond } = watched.figures;
    expect(rttMs).toBeGreaterThanOrEqual(20);
    expect(rttMs).toBeLessThan(30);
    expect(rttLeastMs).toBeLessThanOrEqual(rttMs);
    expect(jitterMs).toBeLessThan(6);
    expect([lossDown, lossUp]).toEqual([0, 0]);
    expect(snapshotsPerSecond).toBeGreaterThanOrEqual(18);
    // The room does as it likes with players: that is all there is to say.
    expect(verdict(watched.figures).filter(({ text }) => !/All is well|are corrected though no input was late/.test(text))).toEqual([]);
  });

  it('[PL2] latency moves the round trip by what was set in each direction, and the lead', () => {
    const watched = new Watched(2);
    watched.run(5000);
    const before = watched.figures;
    watched.spoil({ delayMs: 70 }, { delayMs: 40 });
    watched.run(8000);
    expect(watched.figures.rttMs - before.rttMs).toBeGreaterThan(104);
    expect(watched.figures.rttMs - before.rttMs).toBeLessThan(120);
    expect(watched.figures.leadMs - before.leadMs).toBeGreaterThan(60);
    expect(watched.log.dropCount).toBe(0);
  });

  it.each([0.02, 0.05, 0.1, 0.25])('[PL2] a loss of %d in one direction is seen in that direction', (loss) => {
    for (const way of ['down', 'up'] as const) {
      const watched = new Watched(3);
      watched.run(3000);
      if (way === 'down') watched.spoil({ loss }, {});
      else watched.spoil({}, { loss });
      watched.run(4000);
      const [own, other] = way === 'down' ? (['lossDown', 'lossUp'] as const) : (['lossUp', 'lossDown'] as const);
      const seen = watched.mean(own, 40);
      expect(seen, way).toBeGreaterThan(loss * 0.5);
      expect(seen, way).toBeLessThan(loss * 1.5);
      expect(watched.figures[other]).toBe(0);
      expect(watched.meter.doubled).toBe(0);
    }
  });

  it.each(presets)('[PL2] upward losses are roughly told over $title as well', ({ down, up }) => {
    const watched = new Watched(3);
    watched.run(3000);
    watched.spoil(down, up);
    watched.run(4000);
    const real = up.loss + up.burstLoss;
    const seen = watched.mean('lossUp', 40);
    expect(seen).toBeGreaterThan(real / 4);
    expect(seen).toBeLessThan(real * 2);
  });

  it('[PL2] bursts are told from single losses, and the verdict says what they cost', () => {
    const single = new Watched(4);
    single.spoil({ loss: 0.06 });
    single.run(5000);
    expect(single.mean('lossRun', 20)).toBeLessThan(1.3);
    const bursts = new Watched(4);
    bursts.spoil({ burstLoss: 0.06, burstPackets: 4 });
    bursts.run(20_000);
    const sentences: string[] = [];
    for (let count = 0; count < 20; count++) {
      bursts.run(1000);
      sentences.push(...verdict(bursts.figures).map(({ text }) => text));
    }
    expect(sentences.filter((text) => /loses \d+ %.* in bursts; the framework added \d+ ms of delay/.test(text)).length).toBeGreaterThan(8);
  });

  it('[PL2] jitter is seen, and so is the delay that is added for it; duplicates and what was overtaken are no losses', () => {
    const watched = new Watched(5);
    watched.run(4000);
    const before = watched.figures;
    watched.spoil({ jitterMs: 80, duplicate: 0.2, reorder: 0.2 });
    watched.run(6000);
    expect(watched.mean('jitterMs', 5)).toBeGreaterThan(30);
    expect(watched.figures.viewJitterMs - before.viewJitterMs).toBeGreaterThan(20);
    expect(watched.mean('lossDown', 10)).toBeLessThan(0.03);
    expect(watched.meter.doubled).toBeGreaterThan(20);
    expect(watched.meter.overtaken).toBeGreaterThan(5);
  });

  it('[PL2] in a blackout the age of the newest state grows with time, and the verdict says so; afterwards all is as before', () => {
    const watched = new Watched(6);
    watched.run(4000);
    watched.spoil({});
    watched.simulator.blackout(2000);
    watched.run(1500);
    expect(watched.figures.ageMs).toBeGreaterThan(1200);
    expect(verdict(watched.figures)[0]).toMatchObject({
      mood: 'bad',
      text: expect.stringMatching(/^Nothing has come from the server for 1\.[3-6] s/),
    });
    watched.run(4000);
    expect(watched.figures.ageMs).toBeLessThan(200);
  });

  it('[PL3] a server that falls behind shows as longer ticks, and a path that becomes longer does not', () => {
    const watched = new Watched(7);
    watched.run(6000);
    watched.spoil({ delayMs: 400 }, {});
    const longest: number[] = [];
    for (let count = 0; count < 50; count++) {
      watched.run(200);
      longest.push(watched.figures.serverTickMs);
    }
    expect(Math.max(...longest)).toBeLessThan(1.04 * (1000 / 60));
    watched.heal();
    watched.run(6000);
    const { core, now } = watched.stepper;
    const advance = core.advance.bind(core);
    core.advance = (at) => advance(now + (at - now) * 0.76);
    watched.run(6000);
    expect(watched.figures.serverTickMs).toBeGreaterThan(20.5);
    expect(watched.figures.serverTickMs).toBeLessThan(23);
    expect(verdict(watched.figures)[0]?.text).toMatch(/^The server is late: a tick takes it 2\d ms of 17/);
  });

  it('[PL3] 30 seconds are kept, and no more', () => {
    const watched = new Watched(8);
    watched.run(4000);
    expect(watched.sampler.count).toBeGreaterThan(35);
    expect(watched.sampler.count).toBeLessThan(42);
    watched.run(30_000);
    expect(watched.sampler.count).toBe(300);
    for (const values of Object.values(watched.sampler.series)) expect(values).toHaveLength(300);
  });

  it('[PL4] bytes by entity type are those of the packets, less their heads, and follow what happens', () => {
    const watched = new Watched(9);
    watched.run(10_000);
    const { recordBytes } = watched.corrections;
    const records = recordBytes.reduce((sum, bytes) => sum + bytes, 0);
    const all = watched.meter.bytesDown.unreliable;
    expect(records).toBeLessThan(all);
    expect(records).toBeGreaterThan(0.5 * all);
    const of = (name: string): number => recordBytes[simGame.types.findIndex((type) => type.name === name)] as number;
    expect(of('mover')).toBeGreaterThan(0.3 * records);
    for (const name of ['player', 'ball', 'spark']) expect(of(name), name).toBeGreaterThan(0);
    const before = of('mover');
    watched.room.freeze();
    watched.run(2000);
    const whileResting = of('mover');
    watched.run(5000);
    expect(of('mover') - whileResting).toBe(0);
    expect(whileResting).toBeGreaterThan(before);
    // Without a probe nothing is counted.
    watched.peer.room.probe = undefined;
    const total = recordBytes.reduce((sum, bytes) => sum + bytes, 0);
    watched.room.world.state.phase = 'play';
    watched.run(500);
    expect(recordBytes.reduce((sum, bytes) => sum + bytes, 0)).toBe(total);
  });
});

describe('corrections and ghosts', () => {
  it('[PL5] a field that the room alone changes is noted, with what was predicted and what the server said', () => {
    const watched = new Watched(10);
    const { room } = watched.peer;
    watched.run(3000);
    const before = room.stats.corrections;
    watched.run(20_000);
    expect(room.stats.corrections).toBeGreaterThan(before);
    const player = room.view.mine('player') ?? expect.fail();
    // The room sets it by the way.
    const note = watched.corrections.of(player.id, 'secret') ?? expect.fail();
    expect(note.predicted).not.toBe(note.server);
    expect(note.tick).toBeGreaterThan(0);
    expect(note.at).toBeLessThanOrEqual(watched.stepper.now);
    expect(watched.corrections.of(player.id, 'name')).toBeUndefined();
  });

  it('[PL6] ghosts are the newest states that arrived, of the same objects each time, and none while they are off', () => {
    const watched = new Watched(11);
    const { room } = watched.peer;
    const ghosts = new Ghosts(room as never);
    watched.spoil({ delayMs: 100 });
    watched.run(4000);
    expect(ghosts.all<SimGame, 'player'>('player')).toEqual([]);
    ghosts.isOn = true;
    const own = room.view.mine('player') ?? expect.fail();
    const [first] = ghosts.all<SimGame, 'player'>('player');
    expect(first?.id).toBe(own.id);
    // Half a round trip and the lead behind what is shown.
    expect(first?.pos).not.toEqual(own.pos);
    watched.run(500);
    expect(ghosts.all<SimGame, 'player'>('player')[0]).toBe(first);
    watched.room.freeze();
    watched.run(3000);
    expect(ghosts.all<SimGame, 'player'>('player')[0]?.pos).toEqual(watched.stepper.core.world.all('player')[0]?.pos);
    expect(ghosts.all<SimGame, 'mover'>('mover')).toHaveLength(watched.stepper.core.world.all('mover').length);
  });
});

describe('a room over simulated networks', () => {
  it.each(presets)(
    '[PL8] with $title put on and taken off in the middle, every event comes once and in order and the replica is exact',
    ({ down, up }) => {
      const watched = new Watched(12);
      const { room } = watched.peer;
      const faults: string[] = [];
      let received = 0;
      let asked = 0;
      room.on('numbered', ({ number }) => {
        if (number !== received + 1) faults.push(`event ${number} after ${received}`);
        received = number;
      });
      for (let round = 0; round < 6; round++) {
        if (round % 2 === 0) watched.spoil(down, up);
        else watched.heal();
        for (let count = 0; count < 10; count++) {
          room.emit('asked', { number: ++asked });
          watched.run(150);
        }
      }
      watched.spoil(down, up);
      watched.simulator.blackout(1500);
      watched.run(3000);
      watched.heal();
      watched.room.freeze();
      watched.run(6000);
      const notes = watched.room.notes.get(room.sessionId);
      expect({ faults, received, asked, outOfOrder: notes?.outOfOrder, ended: room.ended }).toEqual({
        faults: [],
        received: notes?.sent,
        asked: notes?.asked,
        outOfOrder: 0,
        ended: undefined,
      });
      expect(received).toBeGreaterThan(10);
      expect(differences(watched.stepper, watched.peer)).toEqual([]);
      const { resyncs, codecFaults, packetsWrong } = room.stats;
      expect([resyncs, codecFaults, packetsWrong, watched.stepper.errors, watched.timers]).toEqual([0, 0, 0, [], []]);
    },
  );

  it('[PL8] a link that comes in place of a lost one is spoilt as well', () => {
    const watched = new Watched(13);
    watched.stepper.keep(watched.peer, 50);
    watched.run(2000);
    watched.spoil({ delayMs: 100 });
    watched.run(3000);
    watched.peer.pair.cut('link-lost');
    watched.run(4000);
    expect(watched.figures.rttMs).toBeGreaterThan(200);
    expect([watched.log.dropCount, watched.log.reconnectCount, watched.log.drops[0]?.code]).toEqual([1, 1, 'link-lost']);
  });

  it('[PL7] the report has it all, and neither token nor address', () => {
    const watched = new Watched(14);
    watched.stepper.keep(watched.peer, 50);
    watched.spoil({ ...clean, delayMs: networkProfiles.far.delayMs });
    watched.run(3000);
    watched.peer.pair.cut('link-lost');
    watched.run(5000);
    const { room } = watched.peer;
    room.stats.path = { local: 'prflx', remote: 'relay', protocol: 'udp', relayProtocol: 'tcp', rttMs: 21 };
    const session = sessionFacts(room as never, watched.log, watched.stepper.now);
    const text = reportText(verdict(watched.figures), figureFacts(watched.figures), [['down: mover', '120']], session, 'a browser, 800x600');
    for (const expected of [
      /^Tickwire net report\n/,
      /The server is far: 6\d\d ms there and back\./,
      /Round trip +6\d\d ms/,
      /Path +prflx to relay over udp, relay over tcp/,
      /Drops, reconnects +1, 1/,
      /s ago +link-lost, back after 0\.\d s|s ago +link-lost, back after 1\.\d s/,
      /Versions +client 0\.1\.0, protocol \d/,
      /down: mover +120/,
      /a browser, 800x600/,
    ])
      expect(text).toMatch(expected);
    expect(text).not.toContain(room.seat.token);
    expect(text).not.toMatch(/\d+\.\d+\.\d+\.\d+|NaN|undefined/);
  });
});
