// The folder of a server's saved rooms: one file a room, written at once or not at all, and taken up again by the next process.
//
// Invariant: a file is complete under its name or not there: it is written under another name, flushed to the disk and renamed. One that cannot be used is
// kept aside under a name that is not looked at again; nothing in the folder keeps a server from starting. Only the account of the server can read the files:
// they hold the tokens of sessions. One process uses a folder at a time. Units: bytes.

import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { limits } from '@tickwire/shared';
import type { FastifyBaseLogger } from 'fastify';

const ending = '.room';
/** Of a file that is of no use here. */
const asideEnding = '.kept-aside';

export class SaveFolder {
  readonly #folder: string;
  readonly #log: FastifyBaseLogger;
  readonly #keptForGood = new Set<string>();

  /** Makes the folder if it is not there. @throws Error that names it when that cannot be. */
  constructor(folder: string, log: FastifyBaseLogger) {
    this.#folder = resolve(folder);
    this.#log = log;
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
  }

  /** Keeps a room for good. It blocks: a process that ends has nothing else to do. @returns false when the disk did not take it; the log says why. */
  keep(file: Uint8Array, roomId: string): boolean {
    const path = this.#pathOf(roomId);
    try {
      checkSize(file.length);
      const descriptor = openSync(`${path}.part`, 'w', 0o600);
      try {
        for (let written = 0; written < file.length; ) written += writeSync(descriptor, file, written);
        fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
      renameSync(`${path}.part`, path);
      this.#keptForGood.add(roomId);
      return true;
    } catch (error) {
      this.#failed(error, roomId);
      return false;
    }
  }

  /** Keeps a room that goes on, without blocking; nothing when it is kept for good meanwhile. Never rejects. */
  async keepSoon(file: Uint8Array, roomId: string): Promise<void> {
    const path = this.#pathOf(roomId);
    try {
      checkSize(file.length);
      const handle = await open(`${path}.soon`, 'w', 0o600);
      try {
        await handle.writeFile(file);
        await handle.sync();
      } finally {
        await handle.close();
      }
      // In this turn: a rename under way could come behind the last save.
      if (this.#keptForGood.has(roomId)) rmSync(`${path}.soon`);
      else renameSync(`${path}.soon`, path);
    } catch (error) {
      this.#failed(error, roomId);
    }
  }

  /** Removes the file of a room that has ended. */
  remove(roomId: string): void {
    rmSync(this.#pathOf(roomId), { force: true });
  }

  /**
   * Gives every saved room to `restore`, which says what is wrong with one, if anything. What was restored is removed, unless it is saved again soon.
   * @returns rooms restored.
   */
  restoreAll(restore: (file: Uint8Array) => string | undefined, stays = false): number {
    let restored = 0;
    for (const name of readdirSync(this.#folder).sort()) {
      if (!name.endsWith(ending)) continue;
      const wrong = this.#restoreOne(name, restore, stays);
      if (wrong === undefined) restored++;
      else this.#keepAside(name, wrong);
    }
    return restored;
  }

  #restoreOne(name: string, restore: (file: Uint8Array) => string | undefined, stays: boolean): string | undefined {
    const path = join(this.#folder, name);
    try {
      checkSize(statSync(path).size);
      const wrong = restore(readFileSync(path));
      if (wrong === undefined && !stays) rmSync(path);
      return wrong;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  #failed(error: unknown, roomId: string): void {
    this.#log.error({ err: error, roomId }, `the room could not be saved in ${this.#folder}`);
  }

  #keepAside(name: string, wrong: string): void {
    const aside = `${name}${asideEnding}`;
    this.#log.error({ file: join(this.#folder, aside) }, `a saved room is kept aside: ${wrong}`);
    try {
      renameSync(join(this.#folder, name), join(this.#folder, aside));
    } catch (error) {
      this.#log.error({ err: error }, `${name} could not be renamed`);
    }
  }

  /** An id that is no plain name of a file is hashed: the file itself says what its id is. */
  #pathOf(roomId: string): string {
    const name = /^[A-Za-z0-9_-]{1,64}$/.test(roomId) ? roomId : createHash('sha256').update(roomId).digest('hex');
    return join(this.#folder, name + ending);
  }
}

function checkSize(bytes: number): void {
  if (bytes > limits.savedRoomBytes) throw new RangeError(`${bytes} bytes are more than the ${limits.savedRoomBytes} that a room may have`);
}
