// The schema in words: one line for each thing that both ends must agree on; its hash; and how two descriptions differ.
//
// Invariant: two games with equal descriptions read each other's bytes; anything that changes bytes changes a line.

import type { AnyGame, EntityType, EventType } from './game.ts';
import type { Layout } from './layout.ts';
import type { RequestType } from './request.ts';

type Described = Pick<AnyGame, 'name' | 'tickHz' | 'snapshotHz' | 'inputHz' | 'inputMissing' | 'inputLayout'> & {
  readonly types: readonly EntityType[];
  readonly eventTypes: readonly EventType[];
  readonly requestTypes: readonly RequestType[];
};

/** The schema's lines, in wire order. */
export function describeGame(game: Described): string[] {
  const lines = [`game ${game.name}: tickHz ${game.tickHz}, snapshotHz ${game.snapshotHz}, inputHz ${game.inputHz}`];
  for (const { name, predict, layout } of game.types) {
    if (name !== 'state') lines.push(`entity ${name}: predict ${predict}`);
    lines.push(...fieldLines(name === 'state' ? 'state' : `entity ${name}`, layout));
  }
  if (game.inputMissing !== 'repeat') lines.push(`input: ${game.inputMissing} where one is missing`);
  lines.push(...fieldLines('input', game.inputLayout));
  for (const { name, expiresMs, layout } of game.eventTypes) {
    lines.push(`event ${name}: ${expiresMs === undefined ? 'reliable' : `expires after ${expiresMs} ms`}`);
    lines.push(...fieldLines(`event ${name}`, layout));
  }
  for (const { name, layout, answerLayout } of game.requestTypes) {
    lines.push(`request ${name}: answered`);
    lines.push(...fieldLines(`request ${name}`, layout), ...fieldLines(`answer ${name}`, answerLayout));
  }
  return lines;
}

function fieldLines(place: string, layout: Layout): string[] {
  return layout.fields.map(({ name, kind }) => `${place}, field ${name}: ${kind.text}`);
}

/** 64 bits as 16 hex digits: FNV-1a (Fowler, Noll, Vo) over the UTF-16 units, twice with different offsets. */
export function hashDescription(lines: readonly string[]): string {
  const text = lines.join('\n');
  return fnv1a(text, 0x811c9dc5) + fnv1a(text, 0x01234567);
}

function fnv1a(text: string, offset: number): string {
  let hash = offset;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/** Where two schemas differ, for a person: at most `most` lines of what only one end has. */
export function describeDifference(client: readonly string[], server: readonly string[], most = 6): string {
  const onServer = new Set(server);
  const onClient = new Set(client);
  const onlyClient = client.filter((line) => !onServer.has(line)).map((line) => `only the client has "${line}"`);
  const onlyServer = server.filter((line) => !onClient.has(line)).map((line) => `only the server has "${line}"`);
  const found = onlyClient.length + onlyServer.length;
  if (found === 0) return 'the same lines in another order';
  // Both ends have their say when there is too much for all.
  const fromClient = Math.min(onlyClient.length, Math.max(Math.ceil(most / 2), most - onlyServer.length));
  const shown = [...onlyClient.slice(0, fromClient), ...onlyServer.slice(0, most - fromClient)];
  return shown.join('; ') + (found > shown.length ? `; and ${found - shown.length} more` : '');
}
