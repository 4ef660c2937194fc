// What frames cost a page in script, out of a trace of Chromium: processor time, so that a machine on which others work as well measures the same.
//
// A frame is from one animation frame to the next: its callbacks, and what else ran until then, such as the handlers of packets.
// Units: milliseconds; in the trace microseconds.

import type { Page } from 'playwright-core';
import { pause } from './child.ts';

interface TraceEvent {
  readonly name: string;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
}

/** Runs in the page before its scripts, so that it has one callback in a frame, and what it draws costs nothing: that is the graphics card's, or that of a
 * program that stands in for one. It may use nothing from outside its body. */
export function onlyScript(): void {
  const ask = window.requestAnimationFrame.bind(window);
  let waiting: FrameRequestCallback[] = [];
  window.requestAnimationFrame = (callback) => {
    if (waiting.push(callback) > 1) return 0;
    return ask((now) => {
      const due = waiting;
      waiting = [];
      for (const one of due) one(now);
    });
  };
  const pen = WebGLRenderingContext.prototype;
  pen.drawArrays = pen.drawElements = pen.clear = () => {};
}

/** @returns the script time of each frame, the least first. */
export async function traceFrames(page: Page, ms: number): Promise<number[]> {
  const browser = page.context().browser();
  if (!browser) throw new Error('the page has no browser to trace');
  await browser.startTracing(page, { categories: ['devtools.timeline'] });
  await pause(ms);
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  return scriptOfFrames(traceEvents).sort((one, other) => one - other);
}

function scriptOfFrames(events: readonly TraceEvent[]): number[] {
  const thread = events.find(({ name }) => name === frameName)?.tid;
  const script = events.filter(({ name, tid, tdur }) => tid === thread && tdur !== undefined && (name === frameName || name === 'FunctionCall'));
  script.sort((one, other) => one.ts - other.ts);
  const frames: number[] = [];
  let end = 0;
  for (const { name, ts, dur = 0, tdur = 0 } of script) {
    if (name === frameName) frames.push(0);
    // What is inside of what was counted is counted.
    if (ts < end) continue;
    end = ts + dur;
    if (frames.length > 0) frames[frames.length - 1] = (frames.at(-1) ?? 0) + tdur / 1000;
  }
  return frames;
}

const frameName = 'FireAnimationFrame';
