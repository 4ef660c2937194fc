// What the packets of the last snapshots named: lists of records, kept once however many clients were sent the same segment.
//
// A list lives in the page of its tick; pages are used again after `limits.snapshotsInFlight` times two ticks with snapshots, and a list whose page is gone is forgotten.
// Invariant: a list never changes. Two numbers a record: marks with the slot, and the key that the client's Replica has when the record means something to
// it. No append allocates once its page has grown.

import { limits } from '@tickwire/shared';

/** The records of one tick's packets. */
export interface LogPage {
  tick: number;
  records: Int32Array;
  /** Numbers in use. */
  length: number;
}

const pages = limits.snapshotsInFlight * 2;

export class RecordLog {
  /** The page of the tick at hand. */
  page: LogPage = newPage(-1);
  readonly #pages: LogPage[] = [];
  #next = 0;

  /** Begins the page of a tick. */
  begin(tick: number): void {
    const page = this.#pages[this.#next] ?? newPage(tick);
    page.tick = tick;
    page.length = 0;
    this.#pages[this.#next] = page;
    this.#next = (this.#next + 1) % pages;
    this.page = page;
  }

  add(marks: number, key: number): void {
    const { page } = this;
    const at = page.length;
    if (at === page.records.length) {
      const larger = new Int32Array(at * 2);
      larger.set(page.records);
      page.records = larger;
    }
    page.records[at] = marks;
    page.records[at + 1] = key;
    page.length = at + 2;
  }
}

function newPage(tick: number): LogPage {
  return { tick, records: new Int32Array(512), length: 0 };
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
