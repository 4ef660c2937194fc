// @colyseus/schema 5 at its best settings: quantised fields of the fewest bytes that give the precision, one shared broadcast where all see all, and a
// StateView for each client where not.
//
// A rotation is one uint32, the smallest three at 10 bits, packed by the game: fewer bytes than four quantised numbers. Unchanged quantised values are not
// sent (its setters see to that). Invariant: messages must all arrive, in order: its channel is reliable. Units: bytes of `encode`, without framing.

import { Decoder, Encoder, MapSchema, type Schema, StateView, schema, t } from '@colyseus/schema';
import type { Codec, WireClient, WireServer } from './codec.ts';
import type { TraceField } from './fields.ts';
import { packQuat, unpackQuat } from './packed-quat.ts';
import { frameOf, type Trace, type TraceType, ticksPerSnapshot, valuesOf, viewOf } from './trace.ts';

type Item = Schema & Record<string, number>;

/** A trace's game as schema classes: a map of entities for each type. */
interface Model {
  readonly makeState: () => Schema & Record<string, MapSchema<Item>>;
  readonly makeItem: readonly (() => Item)[];
  readonly fieldNames: readonly (readonly string[])[];
}

export const colyseus: Codec = {
  name: 'colyseus',
  isOrdered: true,
  serve: (trace, clients) => new ColyseusServer(trace, clients),
  connect: (trace) => new ColyseusClient(trace),
};

class ColyseusServer implements WireServer {
  readonly #trace: Trace;
  readonly #model: Model;
  readonly #state: Schema & Record<string, MapSchema<Item>>;
  readonly #encoder: Encoder;
  readonly #items = new Map<number, { readonly item: Item; readonly type: number; seenAt: number }>();
  readonly #views: StateView[];
  readonly #seen: Set<number>[];
  readonly #iterator = { offset: 0 };
  #sharedOffset = 0;
  #snapshot = -1;
  #shared: Uint8Array | undefined;

  constructor(trace: Trace, clients: number) {
    Encoder.BUFFER_SIZE = 1024 * 1024;
    this.#trace = trace;
    this.#model = modelOf(trace);
    this.#state = this.#model.makeState();
    this.#encoder = new Encoder(this.#state);
    this.#views = trace.views ? Array.from({ length: clients }, () => new StateView()) : [];
    this.#seen = this.#views.map(() => new Set<number>());
  }

  advance(snapshot: number): void {
    const every = ticksPerSnapshot(this.#trace);
    for (let tick = Math.max(0, (snapshot - 1) * every + 1); tick <= snapshot * every; tick++) this.#apply(tick);
    this.#snapshot = snapshot;
    this.#shared = undefined;
  }

  encode(client: number): readonly Uint8Array[] {
    const view = this.#views[client];
    if (!this.#shared) {
      this.#iterator.offset = 0;
      this.#shared = this.#encoder.encode(this.#iterator);
      this.#sharedOffset = this.#iterator.offset;
    }
    if (!view) return [this.#shared];
    this.#look(client, view);
    return [this.#encoder.encodeView(view, this.#sharedOffset, this.#iterator)];
  }

  finish(): void {
    this.#encoder.discardChanges();
  }

  acknowledge(): void {}

  join(client: number): number {
    const iterator = { offset: 0 };
    const shared = this.#encoder.encodeAll(iterator);
    const view = this.#views[client];
    return view ? this.#encoder.encodeAllView(view, iterator.offset, iterator).length : shared.length;
  }

  #apply(tick: number): void {
    const { frames, types, stride } = this.#trace;
    const { ids, types: kinds, rows } = frames[tick] as Trace['frames'][number];
    for (let index = 0; index < ids.length; index++) {
      const id = ids[index] as number;
      let known = this.#items.get(id);
      if (!known) {
        const type = kinds[index] as number;
        known = { item: (this.#model.makeItem[type] as () => Item)(), type, seenAt: tick };
        this.#items.set(id, known);
        setFields(known.item, types[type] as TraceType, this.#model.fieldNames[type] as string[], rows, index * stride);
        (this.#state[`m${type}`] as MapSchema<Item>).set(String(id), known.item);
        continue;
      }
      known.seenAt = tick;
      setFields(known.item, types[known.type] as TraceType, this.#model.fieldNames[known.type] as string[], rows, index * stride);
    }
    if (this.#items.size === ids.length) return;
    for (const [id, { type, seenAt }] of this.#items) {
      if (seenAt === tick) continue;
      this.#items.delete(id);
      for (const seen of this.#seen) seen.delete(id);
      (this.#state[`m${type}`] as MapSchema<Item>).delete(String(id));
    }
  }

  /** Brings a view up to date with what the client sees now. */
  #look(client: number, view: StateView): void {
    const { ids } = frameOf(this.#trace, this.#snapshot);
    const seen = this.#seen[client] as Set<number>;
    const now = new Set<number>();
    for (const index of viewOf(this.#trace, client, this.#snapshot)) {
      const id = ids[index] as number;
      now.add(id);
      if (seen.has(id)) continue;
      seen.add(id);
      view.add((this.#items.get(id) as { item: Item }).item);
    }
    if (now.size === seen.size) return;
    for (const id of seen) {
      if (now.has(id)) continue;
      seen.delete(id);
      view.remove((this.#items.get(id) as { item: Item }).item);
    }
  }
}

class ColyseusClient implements WireClient {
  readonly #trace: Trace;
  readonly #model: Model;
  readonly #decoder: Decoder;

  constructor(trace: Trace) {
    this.#trace = trace;
    this.#model = modelOf(trace);
    this.#decoder = new Decoder(this.#model.makeState());
  }

  receive(packet: Uint8Array): boolean {
    this.#decoder.decode(packet);
    return true;
  }

  state(): Map<number, readonly number[]> {
    const got = new Map<number, readonly number[]>();
    for (const [number, type] of this.#trace.types.entries()) {
      const items = (this.#decoder.state as Record<string, MapSchema<Item>>)[`m${number}`] as MapSchema<Item>;
      items.forEach((item: Item, id: string) => {
        got.set(Number(id), readFields(item, type, this.#model.fieldNames[number] as string[]));
      });
    }
    return got;
  }
}

function setFields(item: Item, type: TraceType, names: readonly string[], rows: Int32Array, at: number): void {
  const { units } = type;
  if (names.length === units.length) {
    for (let axis = 0; axis < names.length; axis++) {
      const { min, step } = units[axis] as TraceType['units'][number];
      item[names[axis] as string] = min + (rows[at + axis] as number) * step;
    }
    return;
  }
  const values = valuesOf(type, rows, at);
  let axis = 0;
  for (const name of names) {
    const isQuat = units[axis]?.field.kind === 'quat';
    item[name] = isQuat ? packQuat(values, axis) : (values[axis] as number);
    axis += isQuat ? 4 : 1;
  }
}

function readFields(item: Item, { units }: TraceType, names: readonly string[]): number[] {
  const values: number[] = [];
  for (const name of names) {
    if (units[values.length]?.field.kind === 'quat') values.push(...unpackQuat(item[name] as number));
    else values.push(item[name] as number);
  }
  return values;
}

/** A process has its schema classes once, however many rooms it has: making them anew would slow its property access down. */
const models = new Map<string, Model>();

function modelOf(trace: Trace): Model {
  const key = `${trace.name} ${trace.views !== undefined}`;
  const known = models.get(key);
  if (known) return known;
  const model = makeModel(trace);
  models.set(key, model);
  return model;
}

function makeModel(trace: Trace): Model {
  const items = trace.types.map(({ name, fields }) => schema(Object.fromEntries(fields.flatMap(kindsOf)), name));
  const isFiltered = trace.views !== undefined;
  const maps = items.map((item, number) => [`m${number}`, isFiltered ? t.map(item as never).view() : t.map(item as never)] as const);
  const State = schema(Object.fromEntries(maps) as never, 'State') as unknown as new () => Schema & Record<string, MapSchema<Item>>;
  return {
    makeState: () => {
      const state = new State();
      for (const [name] of maps) state[name] ??= new MapSchema<Item>() as never;
      return state;
    },
    makeItem: items.map((Class) => () => new (Class as unknown as new () => Item)()),
    fieldNames: trace.types.map(({ fields }) => fields.flatMap(kindsOf).map(([name]) => name)),
  };
}

/** The schema's fields for a field of the trace: an axis each, a rotation as one. */
function kindsOf({ name, kind, axes, min, max, wire }: TraceField): [string, ReturnType<typeof t.uint8>][] {
  if (kind === 'quat') return [[name, t.uint32() as never]];
  if (kind === 'uint') return [[name, (max < 256 ? t.uint8() : t.uint16()) as never]];
  const mode = kind === 'angle' ? ('wrap' as const) : ('clamp' as const);
  const bits = (max - min) / wire <= 256 ? 8 : 16;
  return Array.from({ length: axes }, (_, axis) => [`${name}${axis}`, t.quantized({ min, max, bits, mode }) as never]);
}
