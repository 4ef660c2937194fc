import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { withDeadline } from './deadline.ts';

describe('withDeadline', () => {
  it('[MM13] gives what the work gives in time, and rejects what takes longer, whatever becomes of it later', async () => {
    const late: string[] = [];
    expect(await withDeadline(Promise.resolve(5), 1000, () => late.push('a'))).toBe(5);
    await expect(withDeadline(Promise.reject(new Error('no')), 1000, () => late.push('b'))).rejects.toThrow('no');
    const slow = wait(40).then(() => Promise.reject(new Error('much later')));
    await expect(withDeadline(slow, 10, () => late.push('c'))).rejects.toThrow('the server could not decide in time');
    await expect(withDeadline(new Promise(() => {}), 10, () => late.push('d'))).rejects.toThrow('in time');
    await wait(50);
    expect(late).toEqual(['c', 'd']);
  });
});
