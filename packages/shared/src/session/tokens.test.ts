import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Tokens } from './tokens.ts';

describe('Tokens', () => {
  it('[RS1] the one before is valid until the next one was shown, and then no more', () => {
    const tokens = new Tokens('first');
    expect(tokens.give('first', () => 'second')).toBe('second');
    expect(['first', 'second', 'other', ''].map((token) => tokens.accepts(token))).toEqual([true, true, false, false]);
    // Its welcome was lost: the same one is given again, so two are valid at most.
    expect(tokens.give('first', () => 'third')).toBe('second');
    tokens.shown('second');
    expect(['first', 'second'].map((token) => tokens.accepts(token))).toEqual([false, true]);
    expect([tokens.give('second', () => 'third'), tokens.newest]).toEqual(['third', 'third']);
    // A hello shows it as well as a packet does.
    expect(tokens.give('third', () => 'fourth')).toBe('fourth');
    expect(['second', 'third', 'fourth'].map((token) => tokens.accepts(token))).toEqual([false, true, true]);
  });

  it('[RS1] without anything that makes new ones the first stays', () => {
    const tokens = new Tokens('only');
    expect([tokens.give('only', undefined), tokens.give('only', undefined), tokens.accepts('only')]).toEqual(['only', 'only', true]);
  });

  it('[RS1] saved and restored, the same ones are valid', () => {
    const tokens = new Tokens('first');
    tokens.give('first', () => 'second');
    const other = new Tokens('');
    other.restore(tokens.save());
    expect(['first', 'second', ''].map((token) => other.accepts(token))).toEqual([true, true, false]);
    tokens.shown('second');
    other.restore(tokens.save());
    expect(['first', 'second'].map((token) => other.accepts(token))).toEqual([false, true]);
  });

  it('[RS1] whichever welcomes and packets are lost, what the client has is valid, and never more than two are', () => {
    const turn = fc.record({ welcomeArrives: fc.boolean(), packetArrives: fc.boolean() });
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 40 }), (turns) => {
        const tokens = new Tokens('t0');
        const made = ['t0'];
        let held = 't0';
        for (const { welcomeArrives, packetArrives } of turns) {
          expect(tokens.accepts(held)).toBe(true);
          const given = tokens.give(held, () => made[made.push(`t${made.length}`) - 1] as string);
          if (!welcomeArrives) continue;
          held = given;
          if (packetArrives) tokens.shown(given);
          expect(made.filter((token) => tokens.accepts(token)).length).toBeLessThanOrEqual(2);
        }
      }),
    );
  });
});
