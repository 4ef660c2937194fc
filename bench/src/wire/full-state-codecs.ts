// Codecs that send the whole view each time: JSON, msgpackr, msgpackr with records, and geckos.io's typed-array-buffer-schema. Loss costs them nothing.
//
// At their best settings: whole numbers on the wire grid, the schemas with the smallest types that hold them, one encoding for all clients where all see
// all. Records are learnt in order, so their structures are given to both ends before the first snapshot. Units: bytes.

import { BufferSchema, Model, uint8, uint16, uint32 } from '@geckos.io/typed-array-buffer-schema';
import { Packr } from 'msgpackr';
import type { Codec, WireClient, WireServer } from './codec.ts';
import { fromObject, partsOf, type SnapshotObject, toObject } from './snapshot-object.ts';
import { frameOf, type Trace, viewOf } from './trace.ts';

/** Turns snapshots into bytes and back. */
interface Format {
  encode(object: SnapshotObject): Uint8Array;
  decode(bytes: Uint8Array): SnapshotObject;
}

export const json: Codec = fullState('json', () => {
  const writer = new TextEncoder();
  const reader = new TextDecoder();
  return { encode: (object) => writer.encode(JSON.stringify(object)), decode: (bytes) => JSON.parse(reader.decode(bytes)) as SnapshotObject };
});

export const msgpackr: Codec = fullState('msgpackr', () => {
  const packr = new Packr({ useRecords: false });
  return { encode: (object) => packr.pack(object), decode: (bytes) => packr.unpack(bytes) as SnapshotObject };
});

export const msgpackrRecords: Codec = fullState('msgpackr-records', (trace) => {
  const structures = [trace.types.map(({ name }) => name), ...trace.types.map((type) => ['id', ...partsOf(type).map(({ key }) => key)])];
  const packr = new Packr({ useRecords: true, structures: structures as never });
  return { encode: (object) => packr.pack(object), decode: (bytes) => packr.unpack(bytes) as SnapshotObject };
});

export const geckos: Codec = fullState('geckos-schema', (trace) => {
  const model = geckosModel(trace);
  return {
    encode: (object) => new Uint8Array(model.toBuffer(object)),
    decode(bytes) {
      const whole = bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : bytes.slice().buffer;
      return model.fromBuffer(whole as ArrayBuffer) as SnapshotObject;
    },
  };
});

function fullState(name: string, makeFormat: (trace: Trace) => Format): Codec {
  return {
    name,
    isOrdered: false,
    serve: (trace) => new FullStateServer(trace, makeFormat(trace)),
    connect: (trace) => new FullStateClient(trace, makeFormat(trace)),
  };
}

class FullStateServer implements WireServer {
  readonly #trace: Trace;
  readonly #format: Format;
  readonly #parts;
  #snapshot = 0;
  #shared: Uint8Array | undefined;

  constructor(trace: Trace, format: Format) {
    this.#trace = trace;
    this.#format = format;
    this.#parts = trace.types.map(partsOf);
  }

  advance(snapshot: number): void {
    this.#snapshot = snapshot;
    this.#shared = undefined;
  }

  encode(client: number): readonly Uint8Array[] {
    if (this.#trace.views) return [this.#encode(client)];
    this.#shared ??= this.#encode(client);
    return [this.#shared];
  }

  finish(): void {}

  acknowledge(): void {}

  join(client: number): number {
    return this.#encode(client).length;
  }

  #encode(client: number): Uint8Array {
    return this.#format.encode(toObject(this.#trace, this.#parts, frameOf(this.#trace, this.#snapshot), viewOf(this.#trace, client, this.#snapshot)));
  }
}

class FullStateClient implements WireClient {
  readonly #trace: Trace;
  readonly #format: Format;
  readonly #parts;
  #object: SnapshotObject = {};

  constructor(trace: Trace, format: Format) {
    this.#trace = trace;
    this.#format = format;
    this.#parts = trace.types.map(partsOf);
  }

  receive(packet: Uint8Array): boolean {
    this.#object = this.#format.decode(packet);
    return true;
  }

  state(): Map<number, readonly number[]> {
    return fromObject(this.#trace, this.#parts, this.#object);
  }
}

/** The library keeps its schemas by name for the whole process: both ends take the same one, as they would from a shared file. */
const models = new Map<string, Model>();

function geckosModel(trace: Trace): Model {
  const known = models.get(trace.name);
  if (known) return known;
  const lists: Record<string, unknown> = {};
  for (const type of trace.types) {
    const fields: Record<string, unknown> = { id: uint16 };
    for (const { key, axis, isQuat } of partsOf(type)) fields[key] = isQuat ? uint32 : (type.units[axis]?.wireCounts ?? 0) > 256 ? uint16 : uint8;
    lists[type.name] = [BufferSchema.schema(`${trace.name}-${type.name}`, fields as never)];
  }
  const model = new Model(BufferSchema.schema(trace.name, lists as never), 64);
  models.set(trace.name, model);
  return model;
}
