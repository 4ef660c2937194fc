// Drift: a prediction that did not come true though the server had this client's own inputs. Then a step is not the same on both ends, which a game's author
// wants to be told.
//
// Invariant: says nothing while the server may have used other inputs (half a second from a report that some were missing, or from one that knows nothing), nor of
// an entity of which a field differs that the client's steps left alone: the room changed that, and the steps may have gone on from it; nor of what everyone
// predicts: others had a hand in it. At most once a second. Units: ticks.

import type { EntityType, History } from '@tickwire/shared/internal';
import { firstDifference, slotOf, valueText, versionOf } from '@tickwire/shared/internal';
import type { ReceivedEntity } from './received.ts';

/** What differed first. */
export interface Drift {
  readonly tick: number;
  readonly type: string;
  readonly id: number;
  /** Such as `pos.x`. */
  readonly field: string;
  readonly server: unknown;
  readonly client: unknown;
  /** In a line, such as `drift: player.vx at tick 812, server 3.25, client 3.5`. */
  readonly message: string;
}

export class DriftWatch {
  /** Told of drift. Nothing is looked for while there is none. */
  handler: ((drift: Drift) => void) | undefined;
  readonly #tickHz: number;
  #missed = -1;
  /** The newest tick up to which the server may have used other inputs than this client's. */
  #doubtTick = -1;
  #toldTick = Number.NEGATIVE_INFINITY;

  constructor(tickHz: number) {
    this.#tickHz = tickHz;
  }

  /** The server's report in the leading packet of `tick`. @param missed its count of missed inputs; undefined when it had nothing to report. */
  reported(tick: number, missed: number | undefined): void {
    if (missed === undefined || missed !== this.#missed) this.#doubtTick = Math.max(this.#doubtTick, tick);
    this.#missed = missed ?? this.#missed;
  }

  /**
   * What was predicted of `tick` is not what the server sent. @param at where that stands in the entity's rows.
   * @param since the tick of the comparison before: what the steps have changed from there on is theirs.
   */
  found(received: ReceivedEntity, at: number, history: History, tick: number, since: number): void {
    if (!this.handler || tick - this.#doubtTick < this.#tickHz / 2 || tick - this.#toldTick < this.#tickHz) return;
    const { id, type } = received;
    if (type.predict === 'everyone') return;
    const slot = slotOf(id);
    const version = versionOf(id);
    const rows = history.rows(slot);
    const predictedAt = history.rowAt(slot, version, tick);
    const beforeAt = history.rowAt(slot, version, since);
    if (predictedAt < 0 || beforeAt < 0) return;
    const isLeftAlone = (from: number, words: number): boolean => {
      for (let word = from; word < from + words; word++) if (rows[predictedAt + word] !== rows[beforeAt + word]) return false;
      return true;
    };
    if (firstDifference(type.layout, received.rows, at, rows, predictedAt, isLeftAlone)) return;
    const difference = firstDifference(type.layout, received.rows, at, rows, predictedAt);
    if (!difference) return;
    this.#toldTick = tick;
    const { field, first: server, second: client } = difference;
    this.handler({ tick, type: type.name, id, field, server, client, message: messageOf(type, field, tick, server, client) });
  }
}

function messageOf({ name }: EntityType, field: string, tick: number, server: unknown, client: unknown): string {
  return `drift: ${name}.${field} at tick ${tick}, server ${valueText(server)}, client ${valueText(client)}`;
}
