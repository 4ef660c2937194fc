// Room codes: six letters and digits by which a player lets friends into a room, made for being said aloud and typed from a note.
//
// Without vowels, without digits that stand for vowels (0 1 3 4) and without K, N, S, T and G it spells no word that a game must be ashamed of; of letters
// that look like another letter or digit (B8 G6 I1L O0Q S5 Z2 UV) one is left at most.
// Invariant: every code is as likely as any other (4 bits a character, 24 in all), and `readRoomCode` undoes what people do to it: case, spaces, dashes.

/** The sixteen characters. */
export const codeLetters = '256789CDFHJMPRWX';

/** Characters of a code. */
const codeLength = 6;

/** Longer than a person types. */
const typedMax = 64;

/** @param random at least 24 random bits of a secure source. */
export function makeRoomCode(random: number): string {
  let code = '';
  for (let at = 0; at < codeLength; at++) code += codeLetters[(random >>> (4 * at)) & 15];
  return code;
}

/** The code that somebody typed, as `makeRoomCode` writes it; undefined for what cannot be one. */
export function readRoomCode(typed: string): string | undefined {
  if (typed.length > typedMax) return undefined;
  const code = typed.replace(/[\s\p{Pd}_.]/gu, '').toUpperCase();
  return code.length === codeLength && [...code].every((letter) => codeLetters.includes(letter)) ? code : undefined;
}
