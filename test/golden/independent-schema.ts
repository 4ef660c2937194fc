// The independent decoder's schema: what the lines of docs/PROTOCOL.md section 8.1 say, and the hash over them (8.2).
//
// Owns the parsing of lines. Invariant: everything of the independent decoder is written from docs/PROTOCOL.md alone and shares no code with
// packages/ but the table of frequencies, which is data, so a mistake in the document or in our readers cannot hide behind itself.

export type Kind =
  | { is: 'bool' | 'button' | 'press' | 'teleport' | 'float32' | 'tick' | 'entity' }
  | { is: 'whole'; min: number; max: number }
  | { is: 'fixed'; axes: 1 | 2 | 3; grid: Grid }
  | { is: 'angle'; stepBits: number; wireBits: number }
  | QuatKind
  | { is: 'enum' | 'flags'; names: string[] }
  | { is: 'string' | 'bytes'; max: number }
  | { is: 'list'; max: number; item: Kind }
  | { is: 'optional'; item: Kind };

export interface QuatKind {
  is: 'quat';
  stepBits: number;
  wireBits: number;
}

/** Counts of the step grid and of the wire grid, section 8.3. */
export interface Grid {
  min: number;
  max: number;
  step: number;
  ratio: number;
  stepMax: number;
  wireMax: number;
}

export interface SchemaField {
  name: string;
  kind: Kind;
  isOwner: boolean;
}

export interface EventType {
  name: string;
  expires: boolean;
  fields: SchemaField[];
}

export interface Schema {
  tickHz: number;
  snapshotHz: number;
  /** Number 0 is the room's state. */
  types: { name: string; fields: SchemaField[] }[];
  events: EventType[];
  requests: { name: string; fields: SchemaField[]; answer: SchemaField[] }[];
  input: SchemaField[];
}

export function parseSchema(lines: string[]): Schema {
  const schema: Schema = { tickHz: 0, snapshotHz: 0, types: [{ name: 'state', fields: [] }], events: [], requests: [], input: [] };
  for (const line of lines) parseLine(schema, line);
  return schema;
}

function parseLine(schema: Schema, line: string): void {
  const game = /^game .*: tickHz (\S+), snapshotHz (\S+), inputHz \S+$/.exec(line);
  const entity = /^entity (\w+): predict (?:owner|everyone|never)$/.exec(line);
  const event = /^event (\w+): (?:reliable|(expires) after \S+ ms)$/.exec(line);
  const request = /^request (\w+): answered$/.exec(line);
  const field = /^(state|input|entity|event|request|answer)(?: (\w+))?, field (\w+): (.*?)( owner)?$/.exec(line);
  if (game) {
    schema.tickHz = Number(game[1]);
    schema.snapshotHz = Number(game[2]);
  } else if (entity) schema.types.push({ name: entity[1] ?? '', fields: [] });
  else if (event) schema.events.push({ name: event[1] ?? '', expires: event[2] !== undefined, fields: [] });
  else if (request) schema.requests.push({ name: request[1] ?? '', fields: [], answer: [] });
  else if (field) {
    const [, of = '', owner, name = '', kind = '', isOwner] = field;
    fieldsOf(schema, of, owner).push({ name, kind: parseKind(kind), isOwner: isOwner !== undefined });
  } else throw new Error(`no schema line: ${line}`);
}

function fieldsOf(schema: Schema, of: string, name: string | undefined): SchemaField[] {
  if (of === 'input') return schema.input;
  if (of === 'state') return schema.types[0]?.fields ?? [];
  if (of === 'answer') return schema.requests.find((type) => type.name === name)?.answer ?? [];
  const found = (of === 'request' ? schema.requests : of === 'entity' ? schema.types.slice(1) : schema.events).find((type) => type.name === name);
  if (!found) throw new Error(`fields of ${of} ${name} come before it`);
  return found.fields;
}

function parseKind(text: string): Kind {
  const [word = '', rest = ''] = text.split(/ (.*)/s);
  switch (word) {
    case 'bool':
    case 'button':
    case 'press':
    case 'teleport':
    case 'float32':
    case 'tick':
    case 'entity':
      return { is: word };
    case 'uint':
      return { is: 'whole', min: 0, max: Number(rest) };
    case 'int': {
      const [min, max] = rest.split('..').map(Number);
      return { is: 'whole', min: min ?? 0, max: max ?? 0 };
    }
    case 'fixed':
    case 'vec2':
    case 'vec3':
      return { is: 'fixed', axes: word === 'fixed' ? 1 : word === 'vec2' ? 2 : 3, grid: parseGrid(rest) };
    case 'angle':
    case 'quat': {
      const bits = /^step (\d+) wire (\d+) bits$/.exec(rest);
      return { is: word, stepBits: Number(bits?.[1]), wireBits: Number(bits?.[2]) };
    }
    case 'enum':
    case 'flags':
      return { is: word, names: parseNames(rest) };
    case 'string':
    case 'bytes':
      return { is: word, max: Number(rest) };
    case 'list': {
      const list = /^(\d+) of \((.*)\)$/.exec(rest);
      return { is: 'list', max: Number(list?.[1]), item: parseKind(list?.[2] ?? '') };
    }
    case 'optional':
      return { is: 'optional', item: parseKind(/^\((.*)\)$/.exec(rest)?.[1] ?? '') };
    default:
      throw new Error(`no field kind: ${text}`);
  }
}

function parseGrid(text: string): Grid {
  const numbers = /^(\S+)\.\.(\S+) step (\S+) wire (\S+)$/.exec(text);
  const [min, max, step, wire] = (numbers?.slice(1) ?? []).map(Number);
  if (min === undefined || max === undefined || step === undefined || wire === undefined) throw new Error(`no grid: ${text}`);
  const ratio = Math.round(wire / step);
  const stepMax = Math.round((max - min) / step);
  return { min, max, step, ratio, stepMax, wireMax: Math.floor((stepMax + Math.floor(ratio / 2)) / ratio) };
}

/** Names between bars; one with other characters is a JSON string, in which a bar may stand. */
function parseNames(text: string): string[] {
  return [...text.matchAll(/"(?:[^"\\]|\\.)*"|[A-Za-z0-9_-]+/g)].map(([name]) => (name.startsWith('"') ? (JSON.parse(name) as string) : name));
}

export function schemaHash(lines: string[]): string {
  return [0x811c9dc5, 0x01234567].map((start) => hash32(lines.join('\n'), start).toString(16).padStart(8, '0')).join('');
}

function hash32(text: string, start: number): number {
  let hash = start;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
}
