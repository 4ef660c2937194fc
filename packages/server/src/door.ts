// The door of a room: whether it is locked or unlisted, what a list shows of the room, and the code that finds it. What matchmaking knows of a room and a save keeps.
//
// Invariant: what a list shows is a copy of plain data within `limits.metadataBytes`; a room has one code from the moment in which it is needed first.

import { limits } from '@tickwire/shared';
import { type Plain, packPlain, unpackAny } from '@tickwire/shared/internal';

/** Where codes come from. */
export interface RoomCodes {
  /** A new one, which no other room has. '' for none. */
  make(): string;
  /** Takes one that a save brings. @returns false when another room has it. */
  claim(code: string): boolean;
}

export class Door {
  isLocked = false;
  #metadata: Uint8Array = packPlain(null);
  #code: string | undefined;
  readonly #codes: RoomCodes | undefined;

  /** @param codes without them the room has none: ''. */
  constructor(codes?: RoomCodes) {
    this.#codes = codes;
  }

  /** Its code, made when it is asked for first. */
  get code(): string {
    this.#code ??= this.#codes?.make();
    return this.#code ?? '';
  }

  get hasCode(): boolean {
    return this.#code !== undefined;
  }

  get metadata(): Plain {
    return unpackAny(this.#metadata) as Plain;
  }

  set metadata(value: Plain) {
    const packed = packPlain(value);
    if (packed.length > limits.metadataBytes)
      throw new RangeError(`metadata has ${packed.length} bytes packed, and ${limits.metadataBytes} are allowed: keep what a list needs in it`);
    this.#metadata = packed;
  }

  save({ unlisted }: { unlisted: boolean }): Plain {
    return [this.isLocked, this.metadata, this.#code ?? null, unlisted];
  }

  /** Takes back what `save` gave. A code that another room has by now is made anew when it is asked for. */
  restore(saved: Plain, room: { unlisted: boolean }): void {
    const [isLocked, metadata, code, unlisted] = saved as [boolean, Plain, string | null, boolean];
    room.unlisted = unlisted;
    this.isLocked = isLocked;
    this.metadata = metadata;
    if (code !== null && this.#codes?.claim(code)) this.#code = code;
  }
}
