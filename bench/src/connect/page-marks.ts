// What a page notes of its own way to the first snapshot: a time for each step, from before its first script on.
//
// Invariant: it only looks: the page gets the connections and channels that it would have got without it.
// Units: milliseconds since the navigation began (performance.now() of the page).

/** Steps by name; a step that was not taken is not there. `…Start` and `…End` are of requests. */
export type Marks = { [step: string]: number };

declare global {
  interface Window {
    marks: Marks;
  }
}

/** Runs in the page (an init script): it may use nothing from outside its body. */
export function installMarks(): void {
  const marks: Marks = {};
  window.marks = marks;
  const mark = (step: string): void => {
    marks[step] ??= performance.now();
  };
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      mark('peer');
      const watched = new Set<EventTarget>();
      const look = (): void => {
        if (this.iceConnectionState === 'connected' || this.iceConnectionState === 'completed') mark('ice');
        const { sctp } = this;
        if (!sctp) return;
        for (const part of [sctp, sctp.transport]) {
          if (!watched.has(part)) part.addEventListener('statechange', look);
          watched.add(part);
        }
        if (sctp.transport.state === 'connected') mark('dtls');
        if (sctp.state === 'connected') mark('sctp');
      };
      for (const event of ['signalingstatechange', 'iceconnectionstatechange', 'connectionstatechange']) this.addEventListener(event, look);
      this.addEventListener('datachannel', () => {
        look();
        mark('channel');
      });
    }
  };
}

/** Runs in the page: its marks, with those of its requests. */
export function readMarks(): Marks {
  const [page] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  const requests: Marks = { htmlEnd: page?.responseEnd ?? Number.NaN };
  const names: readonly (readonly [RegExp, string])[] = [
    [/\.js$/, 'script'],
    [/\/tickwire\/join$/, 'join'],
    [/\/connections$/, 'offer'],
    [/\/remote-description$/, 'answer'],
  ];
  for (const entry of performance.getEntriesByType('resource') as PerformanceResourceTiming[]) {
    const [, name] = names.find(([path]) => path.test(new URL(entry.name).pathname)) ?? [];
    if (name === undefined || `${name}Start` in requests) continue;
    requests[`${name}Start`] = entry.startTime;
    requests[`${name}End`] = entry.responseEnd;
  }
  return { ...requests, ...window.marks };
}
