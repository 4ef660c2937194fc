// Where every player really was at every tick, and between ticks: what pictures are held against.
//
// Invariant: written once for each tick, ascending; read at any time from the first tick to the last, beyond them the nearest. Units: ticks with fractions.

export class Truth {
  readonly #x: number[][] = [];
  readonly #y: number[][] = [];
  newestTick = -1;

  record(tick: number, player: number, x: number, y: number): void {
    const [xs, ys] = [this.#column(this.#x, player), this.#column(this.#y, player)];
    // A player who came later was where it came.
    while (xs.length <= tick) {
      xs.push(x);
      ys.push(y);
    }
    this.newestTick = Math.max(this.newestTick, tick);
  }

  xAt(player: number, tick: number): number {
    return between(this.#x[player] as number[], tick);
  }

  yAt(player: number, tick: number): number {
    return between(this.#y[player] as number[], tick);
  }

  /** How far a player is from `x`, `y` at a tick. */
  distance(player: number, tick: number, x: number, y: number): number {
    return Math.hypot(this.xAt(player, tick) - x, this.yAt(player, tick) - y);
  }

  /** How far a player is at one tick from where it is at another. */
  moved(player: number, fromTick: number, toTick: number): number {
    return this.distance(player, toTick, this.xAt(player, fromTick), this.yAt(player, fromTick));
  }

  #column(columns: number[][], player: number): number[] {
    while (columns.length <= player) columns.push([]);
    return columns[player] as number[];
  }
}

function between(column: readonly number[], tick: number): number {
  const at = Math.max(0, Math.min(column.length - 1, tick));
  const from = Math.floor(at);
  const a = column[from] as number;
  return a + ((column[Math.min(from + 1, column.length - 1)] as number) - a) * (at - from);
}
