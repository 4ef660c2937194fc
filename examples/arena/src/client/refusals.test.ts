import { TickwireError } from '@tickwire/client';
import { closeMessages, refusalMessages } from '@tickwire/shared';
import { expect, test } from 'vitest';
import { endNotice, refusalNotice } from './refusals.ts';

test('[SX25] every refusal and every end has a title, a sentence and a way out', () => {
  const refusals = (Object.keys(refusalMessages) as (keyof typeof refusalMessages)[]).map((code) => refusalNotice(new TickwireError(code)));
  const ends = (Object.entries(closeMessages) as [string, string][]).map(([code, message]) => endNotice(code, message));
  for (const { title, text, way } of [...refusals, ...ends]) {
    expect(title).toMatch(/^[A-Z][^.]+$/);
    expect(text).toMatch(/^[A-Z].+[.?]\)?$/);
    expect(['again', 'quick', 'reload', 'title']).toContain(way);
  }
  expect(refusalNotice(new TickwireError('room-full'))).toMatchObject({ way: 'quick' });
  expect(refusalNotice(new TickwireError('no-such-id'))).toMatchObject({ way: 'title' });
  expect(refusalNotice(new TickwireError('schema-mismatch', 'entity player'))).toMatchObject({
    way: 'reload',
    text: expect.stringContaining('entity player'),
  });
});

test('[SX25] what is no answer of the server leads to the page anew, in its own words', () => {
  expect(refusalNotice(new Error('This browser cannot draw.'))).toEqual({
    title: 'The arena could not start',
    text: 'This browser cannot draw.',
    way: 'reload',
  });
  expect(refusalNotice('odd')).toMatchObject({ text: 'odd', way: 'reload' });
});
