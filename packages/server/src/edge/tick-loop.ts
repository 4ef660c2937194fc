// The loop that gives a lobby its time: timers set to absolute deadlines, so that a late tick does not move the ones after it.
//
// Invariant: one timer at a time; a lobby without rooms is looked at every `idleMs`. Node's timers are whole milliseconds and may fire up to one early or
// late, so the last stretch is waited for with setImmediate. Units: milliseconds of `performance.now()`.

/** What the loop drives. */
export interface Ticked {
  readonly nextTickAt: number;
  advance(now: number): void;
}

const idleMs = 20;
/** Closer than this to its deadline, a tick is waited for without a timer. */
const nearMs = 1;

export class TickLoop {
  readonly #ticked: Ticked;
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;
  #running = true;

  constructor(ticked: Ticked) {
    this.#ticked = ticked;
    this.#wait();
  }

  stop(): void {
    this.#running = false;
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
  }

  /** A room was made: its first tick may be sooner than the one that is waited for. */
  wake(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
    this.#wait();
  }

  #wait(): void {
    if (!this.#running) return;
    const left = this.#ticked.nextTickAt - performance.now();
    if (left <= nearMs) this.#immediate = setImmediate(() => this.#turn());
    else this.#timer = setTimeout(() => this.#turn(), Math.min(idleMs, left - nearMs));
  }

  #turn(): void {
    const now = performance.now();
    try {
      if (now >= this.#ticked.nextTickAt) this.#ticked.advance(now);
    } finally {
      // Whatever was thrown is not this loop's, and the rooms go on.
      this.#wait();
    }
  }
}
