// The link contract over memory: on four networks, of which the last doubles packets where it loses some, so that the rule against doubles must fail.

import { memoryLinkPair, type NetworkProfile } from '@tickwire/shared';
import { type LinkPair, type LinkPairOptions, linkTests } from './link-contract.ts';

linkTests(
  'memory link',
  memoryPair((loss) => ({ delayMs: 0, loss })),
);

linkTests(
  'memory link with delay and jitter',
  memoryPair((loss) => ({ delayMs: 20, jitterMs: 15, loss })),
);

linkTests(
  'memory link behind a bottleneck',
  memoryPair((loss) => ({ delayMs: 20, rateBytesPerSecond: 50_000, loss })),
);

linkTests(
  'memory link over a network that doubles packets, against [LK11]',
  memoryPair((loss) => ({ delayMs: 20, loss, duplicate: loss })),
  { knownGaps: ['LK11'] },
);

function memoryPair(profileWith: (loss: number) => NetworkProfile): (options: LinkPairOptions) => LinkPair {
  return (options) => {
    const pair = memoryLinkPair({ seed: 20260801, profile: profileWith(options.loss ?? 0) });
    let now = 0;
    pair.a.listen(options.a);
    pair.b.listen(options.b);
    return {
      a: pair.a,
      b: pair.b,
      settle(ms) {
        const end = now + ms;
        for (let atMs = pair.nextAt(); atMs < end; atMs = pair.nextAt()) {
          // Ends that answer each other at once would stop the clock: a millisecond passes at least.
          now = Math.min(Math.max(atMs, now + 1), end);
          pair.advance(now);
        }
        now = end;
        pair.advance(now);
      },
      now: () => now,
      dispose() {},
    };
  };
}
