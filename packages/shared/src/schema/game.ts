// What a game is: its entity types, room state, input, events and steps, in one value that both ends import.
//
// Invariant: everything here is data and pure functions; the same game value may serve many rooms at once.
// Units: rates in Hz; `dt` in seconds; ticks are steps of the simulation.

import type { Random } from '../random.ts';
import type { EntityId } from '../state/entity-id.ts';
import { checkParts, checkSizes } from './check.ts';
import { describeGame, hashDescription } from './description.ts';
import { type Fields, Layout, type ValuesOf } from './layout.ts';
import type { RequestDefs, RequestType } from './request.ts';

/**
 * Who simulates an entity ahead of the server. `owner`: the client that controls it. `everyone`: every client (a ball); its step gets the input of the
 * client that controls it there and on the server, and the idle input (all fields initial) on all other clients, which do not know it yet: what they are to
 * go on with belongs into a field. `never`: nobody; it is shown a little in the past, between two received states.
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
export interface StepContext<E extends EntityDefs = EntityDefs, S extends Fields = Fields, V extends EventDefs = EventDefs> {
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
  /**
   * Whether an entity stands where the server has it at this tick: always on the server, on a client for what it predicts. What it does not predict stands
   * where it was last received, a little in the past.
   */
  isExact(entity: { readonly id: EntityId }): boolean;
  /**
   * Makes an entity, which steps from the next tick on. One of a type that predicts `owner` is controlled by the client that controls the stepping entity (as
   * long as what the client predicts fits a packet), and appears there at once; one that predicts `everyone` appears at once wherever this step runs. When the
   * server's own arrives it goes on as the same object of the view; when the server did not make it, it leaves the view. On a client its `id` is the client's
   * own until then: keep it in no field. What nobody predicts appears when the server's arrives.
   */
  spawn<Name extends keyof E & string>(type: Name, values?: Partial<ValuesOf<E[Name]['fields']>>): EntityValue<Name, E[Name]['fields']>;
  /** Removes an entity. A client removes what it predicts, at once, and brings it back if the server did not; what it does not predict stays until the server says so. */
  despawn(entity: EntityId | { readonly id: EntityId }): void;
  /** Tells every client of an event. The clients that predict the stepping entity play it at once, and not again when the server's arrives. */
  emit<Name extends keyof V & string>(event: Name, fields: ValuesOf<V[Name]['fields']>): void;
}

/** One tick of one entity: reads its input and changes its fields. Runs on the server and, for predicted entities, on clients. */
export type Step<E extends EntityDefs, S extends Fields, I extends Fields, Name extends keyof E, V extends EventDefs = EventDefs> = (
  entity: EntityValue<Name, E[Name]['fields']>,
  input: Readonly<ValuesOf<I>>,
  context: StepContext<E, S, V>,
) => void;

/**
 * A physics engine or the like that `stepWorld` runs, one for each world. What is inside it is neither recorded nor sent: bodies take their poses and
 * velocities from entities at the start of each `stepWorld` and give them back at its end. A client saves it each tick, and goes back to the save of the tick
 * from which it steps again; a saved room has it too.
 */
export interface EngineParts<Engine, Saved> {
  /** The engine of a new world. */
  create(): Engine;
  /** Everything in it, as plain data that changes no more. */
  save(engine: Engine): Saved;
  /** An engine as it was saved. The one before is not used any more: free what it holds. */
  restore(saved: Saved, before: Engine): Engine;
}

export interface GameParts<
  E extends EntityDefs,
  S extends Fields,
  I extends Fields,
  V extends EventDefs,
  R extends RequestDefs,
  Engine = undefined,
  Saved = undefined,
> {
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
  /** What clients may ask the room: `request({ what is asked }, { what is answered })`. */
  readonly requests?: R;
  /** The simulation: one function an entity type. Types without one only change in the room's `onTick`. */
  readonly steps?: { readonly [Name in keyof E]?: Step<E, S, I, Name, V> };
  /** What moves everything together, such as a physics engine: runs once a tick on both ends, after the steps of all entities. */
  readonly stepWorld?: (context: StepContext<E, S, V>, engine: Engine) => void;
  /** What `stepWorld` is given besides its context. */
  readonly engine?: EngineParts<Engine, Saved>;
}

/** A checked game. Made by `defineGame`. */
export interface Game<E extends EntityDefs, S extends Fields, I extends Fields, V extends EventDefs, R extends RequestDefs> {
  readonly name: string;
  readonly tickHz: number;
  readonly snapshotHz: number;
  readonly inputHz: number;
  readonly inputMissing: 'repeat' | 'neutral';
  readonly entities: E;
  readonly state: S;
  readonly input: I;
  readonly events: V;
  readonly requests: R;
  readonly steps: { readonly [Name in keyof E]?: Step<E, S, I, Name, V> };
  readonly stepWorld: ((context: StepContext<E, S, V>, engine: never) => void) | undefined;
  readonly engine: EngineParts<unknown, unknown> | undefined;
  /** Entity types by number: 0 is the room's state, then the game's own in the order written. */
  readonly types: readonly EntityType[];
  readonly inputLayout: Layout;
  readonly eventTypes: readonly EventType[];
  readonly requestTypes: readonly RequestType[];
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
export type AnyGame = Game<any, any, any, any, any>;

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
  const R extends RequestDefs = NoFields,
  Engine = undefined,
  Saved = undefined,
>(parts: GameParts<E, S, I, V, R, Engine, Saved>): Game<E, S, I, V, R> {
  const state = parts.state ?? ({} as S);
  const input = parts.input ?? ({} as I);
  const events = parts.events ?? ({} as V);
  const requests = parts.requests ?? ({} as R);
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
    requests,
    steps: parts.steps ?? {},
    stepWorld: parts.stepWorld as Game<E, S, I, V, R>['stepWorld'],
    engine: parts.engine as unknown as Game<E, S, I, V, R>['engine'],
  };
  checkParts(own);
  const stateLayout = new Layout(stateTypeName, state, own.tickHz);
  const types: EntityType[] = [{ name: stateTypeName, number: 0, predict: 'never', priority: 1, visible: 'everyone', layout: stateLayout }];
  for (const [name, { predict, priority, visible, fields }] of Object.entries(parts.entities))
    types.push({ name, number: types.length, predict, priority, visible, layout: new Layout(name, fields, own.tickHz) });
  const eventTypes = Object.entries(events).map(([name, def], number) => ({
    name,
    number,
    expiresMs: def.expiresMs,
    layout: new Layout(name, def.fields),
  }));
  const requestTypes = Object.entries(requests).map(([name, def], index, { length }) => ({
    name,
    number: eventTypes.length + index,
    answerNumber: eventTypes.length + length + index,
    layout: new Layout(name, def.fields),
    answerLayout: new Layout(`${name}, answer`, def.answer),
  }));
  const whole = { ...own, types, inputLayout: new Layout('input', input), eventTypes, requestTypes };
  checkSizes(whole);
  const description = describeGame(whole);
  return { ...whole, description, hash: hashDescription(description) };
}

function largestDivisor(of: number, atMost: number): number {
  for (let divisor = Math.min(of, atMost); divisor > 1; divisor--) if (of % divisor === 0) return divisor;
  return 1;
}

/** The event type of a name. @throws TypeError when the game has no such event. */
export function eventTypeOf(game: AnyGame, name: string): EventType {
  const type = game.eventTypes.find((one) => one.name === name);
  if (!type) throw new TypeError(`there is no event '${name}' in the game '${game.name}'`);
  return type;
}
