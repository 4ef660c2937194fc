// Which snapshots are not worth applying after a dark moment: those that waited in a send queue while nothing got through. Applied, they would show the
// past once more and teach the clocks that the path is slow; the first fresh one comes a round trip later at most.
//
// Invariant: only what comes right behind a gap is ever refused, for a short time, and not again for seconds: a path that has become slow for good is
// believed at its next packet. What is refused is not acknowledged. Units: milliseconds.

/** Nothing for so many intervals is a gap. */
const gapIntervals = 5;
/** So much later than what came lately is late; so much longer than usual is a long way round. */
const lateMs = 100;
/** Between two times in which something is refused. */
const restMs = 5000;
/** Added to one and a half round trips. */
const graceIntervals = 2;

export class DarkMoment {
  readonly #intervalMs: number;
  #heardAt = Number.NEGATIVE_INFINITY;
  #refusesUntil = Number.NEGATIVE_INFINITY;
  #mayRefuseAt = Number.NEGATIVE_INFINITY;

  /** @param intervalMs time between snapshots. */
  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  /**
   * A snapshot arrived. @param lateBy how much later than those that came lately. @param roundTrip that it measures; -1 when it answers nothing
   * that was sent lately. A server that stood still is late, too, but its answers are not.
   * @returns whether it is to be left out.
   */
  refuses(lateBy: number, roundTrip: number, rttMs: number, now: number): boolean {
    const gap = now - this.#heardAt;
    this.#heardAt = now;
    if (gap >= gapIntervals * this.#intervalMs && gap < Number.POSITIVE_INFINITY && now >= this.#mayRefuseAt) {
      this.#refusesUntil = now + 1.5 * rttMs + graceIntervals * this.#intervalMs;
      this.#mayRefuseAt = now + restMs;
    }
    if (now > this.#refusesUntil) return false;
    return lateBy > lateMs && (roundTrip < 0 || roundTrip > rttMs + lateMs);
  }
}
