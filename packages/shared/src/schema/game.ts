// What a game is: its entity types, room state, input, events and steps, in one value that both ends import.
//
// Invariant: everything here is data and pure functions; the same game value may serve many rooms at once.
// Units: rates in Hz; `dt` in seconds; ticks are steps of the simulation.

import type { Random } from '../random.ts';
import type { EntityId } from '../state/entity-id.ts';
import { checkParts, checkSizes } from './check.ts';
import { describeGame, hashDescription } from './description.ts';
import { type Fields, Layout, type ValuesOf } from './layout.ts';

/**
 * Who simulates an entity ahead of the server. `owner`: the client that controls it. `everyone`: every client (a ball). `never`: nobody; it is
 * shown a little in the past, between two received states.
 */
export type Predict = 'owner' | 'everyone' | 'never';

/**
 * Who may know of an entity. `owner`: the client that controls it. `team`: clients that control an entity whose field `team` has the same value.
 * `everyone`: the default. The others are never sent it; when they may see it, or no longer may, that is a spawn or a despawn for them.
 */
export type Visible = 'everyone' | 'team' | 'owner';

export interface EntityDef<F extends Fields = Fields> {
  readonly fields: F;
  readonly predict: Predict;
  readonly priority: number;
  readonly visible: Visible;
}

export interface EventDef<F extends Fields = Fields> {
  readonly fields: F;
  /** Set for an effect: it rides in snapshot packets, is worthless after this many milliseconds and then is dropped. Unset: reliable and ordered. */
  readonly expiresMs: number | undefined;
}

// biome-ignore lint/suspicious/noExplicitAny: each definition keeps its own field types
export type EntityDefs = Readonly<Record<string, EntityDef<any>>>;
// biome-ignore lint/suspicious/noExplicitAny: each definition keeps its own field types
export type EventDefs = Readonly<Record<string, EventDef<any>>>;

/**
 * Describes an entity type. `priority`, 1/64 to 64, says how urgent its entities are when not everything fits a client's budget: at 2 they are sent twice as
 * often as at 1, the default. It counts for what a client does not predict: that goes first always.
 */
export function entity<const F extends Fields>(fields: F, options: { predict?: Predict; priority?: number; visible?: Visible } = {}): EntityDef<F> {
  return { fields, predict: options.predict ?? 'never', priority: options.priority ?? 1, visible: options.visible ?? 'everyone' };
}

/** Describes an event type. With `expiresMs` it is an effect: sent in snapshot packets until it is acknowledged or has expired. */
export function event<const F extends Fields>(fields: F, options: { expiresMs?: number } = {}): EventDef<F> {
  return { fields, expiresMs: options.expiresMs };
}

/** An entity as a game's code sees it: its id, its type and its fields. */
export type EntityValue<Name, F extends Fields> = { readonly id: EntityId; readonly type: Name } & ValuesOf<F>;

/** The queries that a world answers: in rooms, in steps and (as what is drawn) in views. */
export interface WorldQuery<E extends EntityDefs, S extends Fields> {
  /** The room's own state. */
  readonly state: ValuesOf<S>;
  /** Every entity of a type, in the order of their slots, the same at both ends. The array stays as it is while you loop over it. */
  all<Name extends keyof E & string>(type: Name): readonly EntityValue<Name, E[Name]['fields']>[];
  /** The entity with this id, of any type; undefined when it is gone or, on a client, unknown. */
  get(id: EntityId | null): AnyEntity<E> | undefined;
}

/** An entity of any of a game's types; its `type` tells which. */
export type AnyEntity<E extends EntityDefs> = { [Name in keyof E & string]: EntityValue<Name, E[Name]['fields']> }[keyof E & string];

/** What a step is given besides its entity and its input. */
export interface StepContext<E extends EntityDefs = EntityDefs, S extends Fields = Fields> {
  /** The tick that this step makes. */
  readonly tick: number;
  /** Seconds of one tick: 1 / tickHz. */
  readonly dt: number;
  /** Random numbers that depend on nothing but the room's seed, the tick and the entity: the same on both ends and in every replay. */
  readonly random: Random;
  /** The world as this end knows it. On a client, entities that it does not predict stand where they were last received. */
  readonly world: WorldQuery<E, S>;
  /** True on a client that runs this tick again after a correction. */
  readonly isReplay: boolean;
}

/** One tick of one entity: reads its input and changes its fields. Runs on the server and, for predicted entities, on clients. */
export type Step<E extends EntityDefs, S extends Fields, I extends Fields, Name extends keyof E> = (
  entity: EntityValue<Name, E[Name]['fields']>,
  input: Readonly<ValuesOf<I>>,
  context: StepContext<E, S>,
) => void;

export interface GameParts<E extends EntityDefs, S extends Fields, I extends Fields, V extends EventDefs> {
  /** Letters, digits and dashes; shown in errors. */
  readonly name: string;
  /** Simulation steps a second, 1 to 240. */
  readonly tickHz: number;
  /** Snapshots a second to each client; divides tickHz. */
  readonly snapshotHz: number;
  /** Input packets a second from each client; divides tickHz. Each carries every input not acknowledged yet. Default: the largest divisor up to 30. */
  readonly inputHz?: number;
  /**
   * What a player does in a tick whose input did not come in time: go on as in the tick before (`repeat`, the default), or nothing (`neutral`: every field has its
   * initial value). Presses are never repeated; one that comes late counts in the next tick.
   */
  readonly inputMissing?: 'repeat' | 'neutral';
  readonly entities: E;
  /** The room's own fields, visible to everyone. */
  readonly state?: S;
  /** What a player can do, sampled once a tick. */
  readonly input?: I;
  readonly events?: V;
  /** The simulation: one function an entity type. Types without one only change in the room's `onTick`. */
  readonly steps?: { readonly [Name in keyof E]?: Step<E, S, I, Name> };
}

/** A checked game. Made by `defineGame`. */
export interface Game<E extends EntityDefs, S extends Fields, I extends Fields, V extends EventDefs> {
  readonly name: string;
  readonly tickHz: number;
  readonly snapshotHz: number;
  readonly inputHz: number;
  readonly inputMissing: 'repeat' | 'neutral';
  readonly entities: E;
  readonly state: S;
  readonly input: I;
  readonly events: V;
  readonly steps: { readonly [Name in keyof E]?: Step<E, S, I, Name> };
  /** Entity types by number: 0 is the room's state, then the game's own in the order written. */
  readonly types: readonly EntityType[];
  readonly inputLayout: Layout;
  readonly eventTypes: readonly EventType[];
  /** The schema line by line: what the hash is made of and what a mismatch is explained with. */
  readonly description: readonly string[];
  /** Equal at both ends, or the join is refused. */
  readonly hash: string;
}

/** An entity type with its place on the wire. */
export interface EntityType {
  readonly name: string;
  readonly number: number;
  readonly predict: Predict;
  /** How urgent its entities are to those who only see them. */
  readonly priority: number;
  readonly visible: Visible;
  readonly layout: Layout;
}

/** An event type with its place on the wire. */
export interface EventType {
  readonly name: string;
  readonly number: number;
  readonly expiresMs: number | undefined;
  readonly layout: Layout;
}

// biome-ignore lint/suspicious/noExplicitAny: stands for every game; its parts are inferred from the game at hand
export type AnyGame = Game<any, any, any, any>;

export type EntityName<G extends AnyGame> = keyof G['entities'] & string;
/** The entity of a game by type name: `EntityOf<typeof game, 'player'>`. */
export type EntityOf<G extends AnyGame, Name extends EntityName<G> = EntityName<G>> = Name extends string
  ? EntityValue<Name, G['entities'][Name]['fields']>
  : never;
export type StateOf<G extends AnyGame> = ValuesOf<G['state']>;
/** The input that `step` and rooms read. A press is the number of presses in this tick. */
export type InputOf<G extends AnyGame> = Readonly<ValuesOf<G['input']>>;
/** The input that `onInput` returns: what is left out has its initial value; a press may be a boolean. */
export type InputSample<G extends AnyGame> = {
  [Name in keyof G['input']]?: G['input'][Name] extends { readonly isPress: true } ? boolean | number : ValuesOf<G['input']>[Name];
};
export type EventName<G extends AnyGame> = keyof G['events'] & string;
export type EventOf<G extends AnyGame, Name extends EventName<G>> = ValuesOf<G['events'][Name]['fields']>;

/** What a game that leaves a part out has there. */
type NoFields = Record<never, never>;

/** Name of the type that holds the room's state; no entity may take it. */
export const stateTypeName = 'state';

/**
 * Checks a game and gives it its layouts, its numbers and its hash.
 * @throws TypeError or RangeError that names the entity, field or rate at fault.
 */
export function defineGame<
  const E extends EntityDefs,
  const S extends Fields = NoFields,
  const I extends Fields = NoFields,
  const V extends EventDefs = NoFields,
>(parts: GameParts<E, S, I, V>): Game<E, S, I, V> {
  const state = parts.state ?? ({} as S);
  const input = parts.input ?? ({} as I);
  const events = parts.events ?? ({} as V);
  const inputHz = parts.inputHz ?? largestDivisor(parts.tickHz, 30);
  const own = {
    name: parts.name,
    tickHz: parts.tickHz,
    snapshotHz: parts.snapshotHz,
    inputHz,
    inputMissing: parts.inputMissing ?? ('repeat' as const),
    entities: parts.entities,
    state,
    input,
    events,
    steps: parts.steps ?? {},
  };
  checkParts(own);
  const stateLayout = new Layout(stateTypeName, state);
  const types: EntityType[] = [{ name: stateTypeName, number: 0, predict: 'never', priority: 1, visible: 'everyone', layout: stateLayout }];
  for (const [name, { predict, priority, visible, fields }] of Object.entries(parts.entities))
    types.push({ name, number: types.length, predict, priority, visible, layout: new Layout(name, fields) });
  const eventTypes = Object.entries(events).map(([name, def], number) => ({
    name,
    number,
    expiresMs: def.expiresMs,
    layout: new Layout(name, def.fields),
  }));
  const whole = { ...own, types, inputLayout: new Layout('input', input), eventTypes };
  checkSizes(whole);
  const description = describeGame(whole);
  return { ...whole, description, hash: hashDescription(description) };
}

function largestDivisor(of: number, atMost: number): number {
  for (let divisor = Math.min(of, atMost); divisor > 1; divisor--) if (of % divisor === 0) return divisor;
  return 1;
}
