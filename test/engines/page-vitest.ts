// As much of vitest as the property tests use, in a page: they are the very files that run in Node.
//
// Invariant: an assertion that this has no word for throws, so that no test passes unheard. `runTests` runs them in the order written.

import fc from 'fast-check';

interface PageTest {
  readonly name: string;
  run(): unknown;
}

export interface PageResult {
  readonly passed: number;
  /** Name and reason of each that failed. */
  readonly failed: readonly string[];
}

const tests: PageTest[] = [];
const path: string[] = [];

/** @param seed of every property, so that engines try the same values. */
export async function runTests(seed: number): Promise<PageResult> {
  fc.configureGlobal({ seed });
  const failed: string[] = [];
  for (const { name, run } of tests) {
    try {
      await run();
    } catch (error) {
      // What a property throws is the cause of what fast-check throws.
      const { message, cause } = error as Error;
      failed.push(`${name}: ${message}${cause instanceof Error ? `\n${cause.message}` : ''}`);
    }
  }
  return { passed: tests.length - failed.length, failed };
}

type Body = (...values: never[]) => unknown;

export const describe = Object.assign(
  (name: string, body: () => void): void => {
    path.push(name);
    body();
    path.pop();
  },
  { each: (rows: readonly unknown[]) => (name: string, body: Body) => eachOf(rows, (label, values) => describe(label, () => body(...values)), name) },
);

export const it = Object.assign((name: string, run: () => unknown): void => void tests.push({ name: [...path, name].join(' > '), run }), {
  each: (rows: readonly unknown[]) => (name: string, body: Body) => eachOf(rows, (label, values) => it(label, () => body(...values)), name),
});

export const test = it;

function eachOf(rows: readonly unknown[], make: (label: string, values: never[]) => void, name: string): void {
  for (const row of rows) {
    const label = name.replace(/\$(\w+)/g, (_, key: string) => String((row as Record<string, unknown>)[key])).replace(/%[sdjo]/g, shown(row));
    make(label, (Array.isArray(row) ? row : [row]) as never[]);
  }
}

/** What is asserted of a value: by name, whether it holds. */
const matchers: Record<string, (value: never, wanted: never, digits?: number) => boolean> = {
  toBe: (value, wanted) => Object.is(value, wanted),
  toEqual: (value, wanted) => equal(value, wanted),
  toMatchObject: (value, wanted) => Object.entries(wanted).every(([key, part]) => equal(value[key], part)),
  toBeUndefined: (value) => value === undefined,
  toBeGreaterThan: (value, wanted) => value > wanted,
  toBeGreaterThanOrEqual: (value, wanted) => value >= wanted,
  toBeLessThan: (value, wanted) => value < wanted,
  toBeLessThanOrEqual: (value, wanted) => value <= wanted,
  toBeCloseTo: (value, wanted, digits = 2) => Math.abs(value - wanted) < 10 ** -digits / 2,
  toBeTypeOf: (value, wanted) => typeof value === wanted,
  toHaveLength: (value: { length: number }, wanted) => value.length === wanted,
  toContain: (value: string | unknown[], wanted) => value.includes(wanted),
  toMatch: (value: string, wanted: string | RegExp) => (typeof wanted === 'string' ? value.includes(wanted) : wanted.test(value)),
  toThrow: (value: () => unknown, wanted) => throws(value, wanted),
};

export function expect(value: unknown, note = ''): Record<string, unknown> {
  return { ...assertions(value, note, true), not: assertions(value, note, false) };
}

function assertions(value: unknown, note: string, holds: boolean): Record<string, unknown> {
  const entries = Object.entries(matchers).map(([name, matches]) => [
    name,
    (wanted: unknown, digits?: number): void => {
      if (matches(value as never, wanted as never, digits) === holds) return;
      throw new Error(`${note} expected ${shown(value)} ${holds ? '' : 'not '}${name} ${shown(wanted)}`);
    },
  ]);
  return Object.fromEntries(entries);
}

function throws(run: () => unknown, wanted: string | RegExp | (new (...args: never[]) => Error) | undefined): boolean {
  try {
    run();
  } catch (error) {
    const { message } = error as Error;
    if (typeof wanted === 'string') return message.includes(wanted);
    return wanted === undefined || (wanted instanceof RegExp ? wanted.test(message) : error instanceof wanted);
  }
  return false;
}

/** The same parts in the same places, whatever objects they are in; what is undefined is not there. */
function equal(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Object.prototype.toString.call(a) !== Object.prototype.toString.call(b)) return false;
  if (a instanceof Map || a instanceof Set) return equal([...a], [...(b as Set<unknown>)]);
  if (Array.isArray(a) || ArrayBuffer.isView(a)) {
    const [list, other] = [a, b] as unknown as [ArrayLike<unknown>, ArrayLike<unknown>];
    if (list.length !== other.length) return false;
    for (let index = 0; index < list.length; index++) if (!equal(list[index], other[index])) return false;
    return true;
  }
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => equal((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]));
}

function shown(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  return fc.stringify(value).slice(0, 400);
}
