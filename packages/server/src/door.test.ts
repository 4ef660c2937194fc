import { describe, expect, it } from 'vitest';
import { Door, type RoomCodes } from './door.ts';

/** A lobby's codes: each is taken once. */
function codesOf(taken: Set<string>): RoomCodes {
  const claim = (code: string): boolean => !taken.has(code) && taken.add(code).size > 0;
  let made = 0;
  return {
    claim,
    make() {
      const code = `new${++made}`;
      claim(code);
      return code;
    },
  };
}

describe('Door', () => {
  it('[MM18] a save keeps whether a room is locked and unlisted, its metadata and its code', () => {
    const before = new Door(codesOf(new Set()));
    before.isLocked = true;
    before.metadata = { title: 'Ada and friends' };
    const { code } = before;
    const saved = before.save({ unlisted: true });
    const taken = new Set<string>();
    const [after, room] = [new Door(codesOf(taken)), { unlisted: false }];
    after.restore(saved, room);
    expect([after.isLocked, room.unlisted, after.metadata, after.hasCode, after.code]).toEqual([
      true,
      true,
      { title: 'Ada and friends' },
      true,
      code,
    ]);
    expect([...taken]).toEqual([code]);
  });

  it('[MM18] a code that another room has by now is made anew, and a room that had none still has none', () => {
    const before = new Door(codesOf(new Set()));
    const without = before.save({ unlisted: false });
    const { code } = before;
    const taken = new Set([code]);
    const room = { unlisted: true };
    const after = new Door(codesOf(taken));
    after.restore(before.save({ unlisted: false }), room);
    expect([after.hasCode, room.unlisted]).toEqual([false, false]);
    const other = new Door(codesOf(new Set()));
    other.restore(without, room);
    expect(other.hasCode).toBe(false);
    expect(new Door().code).toBe('');
  });
});
