// What the bodies of the HTTP routes look like, as JSON schemas that Fastify compiles.
//
// Invariant: a body that passes has the right type in every place; keys that no schema names are ignored, so that later versions can add some.

import { limits } from '@tickwire/shared';

/** Ajv as the schemas are meant: a text is not taken for a number, and nothing is taken out. */
export const validation: { customOptions: { coerceTypes: false; removeAdditional: false } } = {
  customOptions: { coerceTypes: false, removeAdditional: false },
};

const name = { type: 'string', minLength: 1, maxLength: limits.nameBytes };

export const joinBody: object = {
  type: 'object',
  required: ['protocol', 'schemaHash', 'method', 'target'],
  properties: {
    protocol: { type: 'integer' },
    schemaHash: name,
    method: { enum: ['joinOrCreate', 'join', 'create', 'joinById'] },
    target: name,
    options: { type: 'object' },
  },
};

export const listBody: object = {
  type: 'object',
  required: ['protocol', 'name'],
  properties: {
    protocol: { type: 'integer' },
    name,
    filter: { type: 'object' },
    offset: { type: 'integer', minimum: 0 },
    limit: { type: 'integer', minimum: 1, maximum: limits.roomsListed },
  },
};
