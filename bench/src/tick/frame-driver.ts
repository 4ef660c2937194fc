// Calls the frames of many bots from one timer, each bot in a phase of its own, as pages that know nothing of each other would.
//
// Invariant: deadlines are absolute; a bot that is behind by more than a frame leaves frames out, as a slow page does. How late frames are is the
// measure of whether this process keeps up. Units: milliseconds of performance.now().

interface Framed {
  frame(now: number): void;
}

export class FrameDriver {
  readonly #intervalMs: number;
  readonly #bots: { readonly room: Framed; dueAt: number }[] = [];
  #timer: NodeJS.Timeout | undefined;
  #lateness: number[] = [];

  constructor(framesPerSecond: number) {
    this.#intervalMs = 1000 / framesPerSecond;
  }

  /** @param phase 0 to 1: where in the interval its frames are. */
  add(room: Framed, phase: number): void {
    const first = (Math.floor(performance.now() / this.#intervalMs) + 1 + phase) * this.#intervalMs;
    this.#bots.push({ room, dueAt: first });
    this.#timer ??= setTimeout(() => this.#turn(), 1);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#bots.length = 0;
  }

  /** How late each frame was since the last call. */
  takeLateness(): number[] {
    const lateness = this.#lateness;
    this.#lateness = [];
    return lateness;
  }

  #turn(): void {
    let next = Number.POSITIVE_INFINITY;
    for (const bot of this.#bots) {
      const now = performance.now();
      if (bot.dueAt <= now) {
        this.#lateness.push(now - bot.dueAt);
        bot.room.frame(now);
        bot.dueAt += this.#intervalMs * Math.max(1, Math.ceil((now - bot.dueAt) / this.#intervalMs));
      }
      next = Math.min(next, bot.dueAt);
    }
    this.#timer = setTimeout(() => this.#turn(), Math.max(0, next - performance.now()));
  }
}
