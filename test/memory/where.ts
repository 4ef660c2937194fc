// Reads a profile of V8's sampling heap profiler: which functions allocated, called by which.
//
// Invariant: what is inlined counts for the function that it is written in. Units: bytes a tick.

/** A function in the tree of calls. */
export interface AllocationNode {
  readonly callFrame: { readonly functionName: string; readonly url: string };
  readonly selfSize: number;
  readonly children: readonly AllocationNode[];
}

/** Lines of bytes and functions, most bytes first. */
export function allocators(head: AllocationNode, ticks: number): string[] {
  const sizes = new Map<string, number>();
  collect(head, [], sizes);
  return [...sizes].sort(([, one], [, other]) => other - one).map(([calls, size]) => `${(size / ticks).toFixed(1).padStart(9)}  ${calls}`);
}

function collect({ callFrame, selfSize, children }: AllocationNode, callers: readonly string[], sizes: Map<string, number>): void {
  const file = callFrame.url.split('/').at(-1) ?? '';
  const calls = [`${callFrame.functionName || '(anonymous)'} ${file}`, ...callers].slice(0, callersShown + 1);
  const key = calls.join(' < ');
  if (selfSize > 0) sizes.set(key, (sizes.get(key) ?? 0) + selfSize);
  for (const child of children) collect(child, calls, sizes);
}

const callersShown = 2;
