// The inputs that this client made, by tick: for sending until they are acknowledged, and for replaying after a correction.
//
// Invariant: one input for each tick, made once and never changed. Presses are kept as running counts; what a step sees is the difference to the tick
// before, exactly as the server computes it. An input that does not change holds: once the server knows, later ticks need no sending. Units: ticks; view lag in parts of a tick, as drawn.

import { type AnyGame, type InputOf, type InputSample, limits } from '@tickwire/shared';
import { BitReader, BitWriter, type Layout, pressesBetween, viewTickParts, writeViewLag } from '@tickwire/shared/internal';

/** Ticks kept: all that a replay may run again. */
const ring = limits.predictedTicks;
/** A packet of the largest inputs has room for lags up to this, 17 s at 60 Hz; to the server anything over a second is the same. */
const lagMax = 0xffff;

export class InputLog<G extends AnyGame> {
  /** Tick of the newest input, -1 before the first. */
  newestTick = -1;
  /** Everything up to this tick is of no use to the server any more: it is there, or its time is over. */
  ackedTick = -1;
  /** The newest input that the server has from a packet that said that it holds. */
  knownTick = -1;
  /** Nobody was there: the ticks up to the next input have the initial levels. */
  wasIdle = false;
  readonly #layout: Layout;
  readonly #missingIsNeutral: boolean;
  readonly #rows: Int32Array;
  readonly #lags = new Int32Array(ring);
  readonly #presses: { readonly name: string; readonly at: number }[] = [];
  readonly #writer = new BitWriter(64 + limits.packetBytes);
  readonly #reader = new BitReader();
  readonly #sample: Record<string, unknown> = {};
  readonly #input: Record<string, unknown> = {};
  #firstTick = 0;
  /** The input has been the same since this tick. */
  #sameSince = 0;

  constructor(game: G) {
    this.#layout = game.inputLayout;
    this.#missingIsNeutral = game.inputMissing === 'neutral';
    this.#rows = new Int32Array(ring * this.#layout.words);
    for (const { name, kind, at } of this.#layout.fields) if (kind.text === 'press') this.#presses.push({ name, at });
    this.#layout.initialise(this.#input);
    this.#layout.initialise(this.#sample);
  }

  /** As before the first input: presses are counted from 0, too. */
  clear(): void {
    this.newestTick = -1;
    this.ackedTick = -1;
    this.knownTick = -1;
    this.wasIdle = false;
    this.#sameSince = 0;
  }

  /** Notes the input for the next tick. What the sample leaves out has its initial value; a press may be a boolean or a number. */
  add(tick: number, sample: InputSample<G>, viewTick: number): void {
    const { words } = this.#layout;
    const at = (tick % ring) * words;
    const before = this.newestTick < 0 ? -1 : (this.newestTick % ring) * words;
    for (const { name, kind } of this.#layout.fields) this.#sample[name] = (sample as Record<string, unknown>)[name] ?? kind.initial();
    for (const press of this.#presses) {
      const counted = before < 0 ? 0 : (this.#rows[before + press.at] as number);
      this.#sample[press.name] = counted + Number(this.#sample[press.name]);
    }
    const lag = Math.max(0, Math.min(lagMax, Math.round((tick - viewTick) * viewTickParts)));
    if (this.newestTick < 0) this.#firstTick = tick;
    // A gap (the clock was moved ahead) has the levels that the server takes, and presses nothing. No more than a ring of it is kept.
    const isNeutral = this.wasIdle || this.#missingIsNeutral;
    for (let gap = Math.max(this.newestTick + 1, tick - ring + 1); before >= 0 && gap < tick; gap++) {
      if (isNeutral) this.#neutral(gap, before);
      else this.#rows.copyWithin((gap % ring) * words, before, before + words);
      this.#lags[gap % ring] = lag;
    }
    this.wasIdle = false;
    this.#layout.store(this.#sample, this.#rows, at);
    this.#roundToWire(at);
    this.#lags[tick % ring] = lag;
    const isSame = before >= 0 && this.#layout.same(this.#rows, at, this.#rows, ((tick - 1) % ring) * words, 'wire', true);
    if (!isSame) {
      if (this.isKnown) this.ackedTick = Math.max(this.ackedTick, tick - 1); // the held input was theirs
      this.#sameSince = tick;
    }
    this.newestTick = tick;
  }

  /** The input of a tick in which nobody did anything: the counts of presses go on from the row at `before`. */
  #neutral(tick: number, before: number): void {
    this.#layout.initialise(this.#input);
    for (const press of this.#presses) this.#input[press.name] = this.#rows[before + press.at];
    this.#layout.store(this.#input, this.#rows, (tick % ring) * this.#layout.words);
  }

  /** The input for a tick, as a step sees it. One object, filled anew at each call. */
  at(tick: number): InputOf<G> {
    const { words } = this.#layout;
    const known = Math.min(tick, this.newestTick);
    if (known < this.#firstTick || known <= this.newestTick - ring) {
      this.#layout.initialise(this.#input);
      return this.#input as InputOf<G>;
    }
    const at = (known % ring) * words;
    this.#layout.load(this.#rows, at, this.#input);
    const before = known > this.#firstTick ? ((known - 1) % ring) * words : -1;
    for (const press of this.#presses) {
      const counted = before < 0 ? 0 : (this.#rows[before + press.at] as number);
      this.#input[press.name] = known < tick ? 0 : pressesBetween(counted, this.#rows[at + press.at] as number);
    }
    return this.#input as InputOf<G>;
  }

  /** The newest input is the one before it again. */
  get holds(): boolean {
    return this.newestTick > this.#sameSince;
  }

  /** The newest input holds, and the server knows it: it needs no more inputs until this one changes. */
  get isKnown(): boolean {
    return this.holds && this.knownTick >= this.#sameSince;
  }

  /** The newest inputs, at most so many as `ticks` and a packet. */
  newest(ticks: number): number {
    return this.newestTick < 0 ? 0 : Math.min(ticks, limits.inputsPerPacket, this.newestTick - this.#firstTick + 1);
  }

  /** Inputs that a packet should carry now. */
  get unacknowledged(): number {
    return Math.max(0, this.newest(this.newestTick - this.ackedTick));
  }

  /** Writes the newest `count` inputs, newest first. */
  write(out: BitWriter, count: number): void {
    const { words } = this.#layout;
    let newerAt = -1;
    let newerLag: number | undefined;
    for (let index = 0; index < count; index++) {
      const place = (this.newestTick - index) % ring;
      const at = place * words;
      const lag = this.#lags[place] as number;
      writeViewLag(out, lag, newerLag);
      if (newerAt < 0) {
        this.#layout.write(out, this.#rows, at, 'wire', true);
      } else {
        const isSame = this.#layout.same(this.#rows, at, this.#rows, newerAt, 'wire', true);
        out.write(isSame ? 0 : 1, 1);
        if (!isSame) this.#layout.writeDelta(out, this.#rows, at, this.#rows, newerAt, 'wire', true);
      }
      newerAt = at;
      newerLag = lag;
    }
  }

  /** An input counts as the server will read it: on the wire grid. */
  #roundToWire(at: number): void {
    this.#writer.reset();
    this.#layout.write(this.#writer, this.#rows, at, 'wire', true);
    this.#reader.reset(this.#writer.bytes, 0, this.#writer.end());
    this.#layout.read(this.#reader, this.#rows, at, 'wire', true);
  }
}
