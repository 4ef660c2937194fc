// Sets of slots as masks: 32 slots a word, the lowest bit the lowest slot, so that what most slots have in common is asked for 32 at once.
//
// Invariant: words are signed 32-bit numbers, as an Int32Array has them. Units: none.

/** Words that hold slots below `slotCount`. */
export function maskWords(slotCount: number): number {
  return (slotCount + 31) >>> 5;
}

export function setSlot(mask: Int32Array, slot: number): void {
  mask[slot >>> 5] = (mask[slot >>> 5] as number) | (1 << (slot & 31));
}

/** The slot of the lowest bit in a word that is not 0, counted from the word's first. */
export function lowestSlot(word: number): number {
  return 31 - Math.clz32(word & -word);
}

/** Slots in a word. */
export function countSlots(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
