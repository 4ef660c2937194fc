// What the packets of the last snapshots named: lists of records, kept once however many clients were sent the same segment.
//
// A list lives in the page of its tick; pages are used again after `limits.snapshotsInFlight` times two ticks with snapshots, and a list whose page is gone is forgotten.
// Invariant: a list never changes. Two numbers a record: marks with the slot, and the key that the client's Replica has when the record means something to
// it. No append allocates once its page has grown.

import { limits } from '@tickwire/shared';
import { maskWords } from './slot-mask.ts';

/** The records of one tick's packets. */
export interface LogPage {
  tick: number;
  records: Int32Array;
  /** Numbers in use. */
  length: number;
  /** Masks of what segments name by slots: of 32 slots each two words, those named and those of them that are states that change. */
  masks: Int32Array;
  masksLength: number;
  /** Pairs of words in a segment's masks. */
  maskWords: number;
}

const pages = limits.snapshotsInFlight * 2;

export class RecordLog {
  /** The page of the tick at hand. */
  page: LogPage = newPage(-1);
  readonly #pages: LogPage[] = [];
  #next = 0;

  /** Begins the page of a tick. @param slotCount slots are below it. */
  begin(tick: number, slotCount = 0): void {
    const page = this.#pages[this.#next] ?? newPage(tick, this.page.records.length);
    page.tick = tick;
    page.length = 0;
    page.masksLength = 0;
    page.maskWords = maskWords(slotCount);
    this.#pages[this.#next] = page;
    this.#next = (this.#next + 1) % pages;
    this.page = page;
  }

  add(marks: number, key: number): void {
    const { page } = this;
    const at = page.length;
    if (at === page.records.length) page.records = doubled(page.records, at * 2);
    page.records[at] = marks;
    page.records[at + 1] = key;
    page.length = at + 2;
  }

  /** Makes the masks of records that are in the order of their slots. @returns where they begin. */
  mask(from: number, to: number): number {
    const { page } = this;
    const at = page.masksLength;
    page.masksLength = at + 2 * page.maskWords;
    if (page.masksLength > page.masks.length) page.masks = doubled(page.masks, page.masksLength * 2);
    const { masks, records } = page;
    masks.fill(0, at, page.masksLength);
    for (let index = from; index < to; index += 2) {
      const marks = records[index] as number;
      const slot = marks & slotMask;
      const word = at + 2 * (slot >>> 5);
      const bit = 1 << (slot & 31);
      masks[word] = (masks[word] as number) | bit;
      if (marks === slot) masks[word + 1] = (masks[word + 1] as number) | bit;
    }
    return at;
  }
}

function doubled(table: Int32Array, size: number): Int32Array {
  const larger = new Int32Array(size);
  larger.set(table);
  return larger;
}

/** @param numbers that the page has room for at first: ticks are much alike. */
function newPage(tick: number, numbers = 512): LogPage {
  return { tick, records: new Int32Array(numbers), length: 0, masks: new Int32Array(64), masksLength: 0, maskWords: 0 };
}

const slotMask = 0x3fff;
const restMark = 1 << 14;
const despawnMark = 1 << 15;

/** The first number of a record: a state of an entity, perhaps at rest. */
export function stateMarks(slot: number, rests: boolean): number {
  return slot | (rests ? restMark : 0);
}

export function despawnMarks(slot: number): number {
  return slot | despawnMark;
}

export function markedSlot(marks: number): number {
  return marks & slotMask;
}

export function marksRest(marks: number): boolean {
  return (marks & restMark) !== 0;
}

export function marksDespawn(marks: number): boolean {
  return (marks & despawnMark) !== 0;
}
