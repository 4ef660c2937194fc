// Saves the rooms of a server every so often, for the process that follows one that crashed.
//
// Invariant: one room at a time, between ticks, and the disk is never waited for; a room whose last save is not written yet is left out. A room that has
// ended leaves no file. What happened since a room's last save is lost with the process, and clients that know more than the save must join again
// (`session-stale`). Units: seconds, milliseconds.

import type { Lobby } from '../lobby.ts';
import type { SaveFolder } from './save-folder.ts';

/** Between two rooms; many rooms in a short interval are nearer to each other. */
const gapMsMax = 250;

export class Autosave {
  readonly #lobby: Lobby;
  readonly #saves: SaveFolder;
  readonly #everyMs: number;
  #timer: NodeJS.Timeout | undefined;
  /** Ids of the rooms of this round that are still to be saved. */
  #waiting: string[] = [];
  readonly #writing = new Set<string>();
  /** Rooms that have a file. */
  readonly #kept: Set<string>;
  #roundAt = 0;

  /** @param kept ids of rooms that were restored: their files are there. */
  constructor(lobby: Lobby, saves: SaveFolder, everySeconds: number, kept: Iterable<string>) {
    if (!(everySeconds > 0)) throw new RangeError(`saveEverySeconds must be above 0, not ${everySeconds}`);
    this.#lobby = lobby;
    this.#saves = saves;
    this.#everyMs = everySeconds * 1000;
    this.#kept = new Set(kept);
    this.#wait(this.#everyMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #wait(ms: number): void {
    this.#timer = setTimeout(() => this.#turn(), ms);
  }

  #turn(): void {
    const now = performance.now();
    if (this.#waiting.length === 0) {
      this.#roundAt = now;
      this.#waiting = [...this.#lobby.rooms.keys()];
      this.#removeEnded();
    }
    const roomId = this.#waiting.pop();
    if (roomId !== undefined && !this.#writing.has(roomId)) this.#save(roomId, now);
    const leftMs = Math.max(0, this.#roundAt + this.#everyMs - now);
    this.#wait(this.#waiting.length === 0 ? leftMs : Math.min(gapMsMax, leftMs / this.#waiting.length));
  }

  #save(roomId: string, now: number): void {
    const file = this.#lobby.save(roomId, now);
    if (!file) return;
    this.#kept.add(roomId);
    this.#writing.add(roomId);
    void this.#saves.keepSoon(file, roomId).finally(() => this.#writing.delete(roomId));
  }

  #removeEnded(): void {
    for (const roomId of this.#kept) {
      if (this.#lobby.rooms.has(roomId) || this.#writing.has(roomId)) continue;
      this.#kept.delete(roomId);
      this.#saves.remove(roomId);
    }
  }
}
