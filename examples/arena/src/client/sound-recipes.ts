// How the arena sounds: each sound is a few voices, a tone that glides or noise through a filter that does. No files: this is all there is.
//
// Invariant: none lasts longer than a second, and together with its neighbours none is louder than 1.
// Units: seconds, hertz, gain from 0 to 1.

export interface Voice {
  readonly wave: 'sine' | 'square' | 'triangle' | 'sawtooth' | 'noise';
  /** The tone glides from one frequency to the other; of noise, the edge of its filter does. */
  readonly from: number;
  readonly to: number;
  readonly lasts: number;
  readonly gain: number;
  /** How long after the sound's beginning it comes in. */
  readonly after?: number;
}

export type SoundName = keyof typeof recipes;

export const recipes = {
  shot: [
    { wave: 'noise', from: 5200, to: 900, lasts: 0.07, gain: 0.5 },
    { wave: 'square', from: 620, to: 150, lasts: 0.06, gain: 0.16 },
  ],
  rocket: [
    { wave: 'noise', from: 500, to: 2600, lasts: 0.32, gain: 0.42 },
    { wave: 'sawtooth', from: 190, to: 70, lasts: 0.22, gain: 0.2 },
  ],
  blast: [
    { wave: 'noise', from: 1700, to: 60, lasts: 0.7, gain: 0.95 },
    { wave: 'sine', from: 120, to: 30, lasts: 0.5, gain: 0.7 },
  ],
  /** The own shot has hit somebody. */
  hit: [{ wave: 'triangle', from: 1500, to: 1250, lasts: 0.06, gain: 0.3 }],
  /** Somebody has hit oneself. */
  hurt: [
    { wave: 'sawtooth', from: 240, to: 110, lasts: 0.13, gain: 0.3 },
    { wave: 'noise', from: 900, to: 300, lasts: 0.09, gain: 0.3 },
  ],
  death: [
    { wave: 'sawtooth', from: 330, to: 45, lasts: 0.6, gain: 0.32 },
    { wave: 'noise', from: 1200, to: 80, lasts: 0.5, gain: 0.4 },
  ],
  /** The own kill. */
  kill: [
    { wave: 'triangle', from: 660, to: 660, lasts: 0.09, gain: 0.32 },
    { wave: 'triangle', from: 990, to: 990, lasts: 0.16, gain: 0.32, after: 0.08 },
  ],
  pickup: [
    { wave: 'sine', from: 520, to: 780, lasts: 0.1, gain: 0.32 },
    { wave: 'sine', from: 780, to: 1170, lasts: 0.14, gain: 0.3, after: 0.08 },
  ],
  goal: [
    { wave: 'triangle', from: 523, to: 523, lasts: 0.16, gain: 0.36 },
    { wave: 'triangle', from: 659, to: 659, lasts: 0.16, gain: 0.36, after: 0.13 },
    { wave: 'triangle', from: 784, to: 784, lasts: 0.5, gain: 0.4, after: 0.26 },
    { wave: 'sine', from: 392, to: 392, lasts: 0.6, gain: 0.3, after: 0.26 },
  ],
  dash: [{ wave: 'noise', from: 700, to: 4200, lasts: 0.19, gain: 0.34 }],
  swap: [
    { wave: 'square', from: 300, to: 300, lasts: 0.025, gain: 0.1 },
    { wave: 'square', from: 420, to: 420, lasts: 0.03, gain: 0.1, after: 0.05 },
  ],
  /** A second less. */
  tick: [{ wave: 'sine', from: 880, to: 880, lasts: 0.07, gain: 0.22 }],
  /** The match begins. */
  begin: [
    { wave: 'triangle', from: 440, to: 440, lasts: 0.12, gain: 0.3 },
    { wave: 'triangle', from: 880, to: 880, lasts: 0.35, gain: 0.32, after: 0.12 },
  ],
  /** The match has ended. */
  end: [
    { wave: 'triangle', from: 784, to: 784, lasts: 0.18, gain: 0.32 },
    { wave: 'triangle', from: 587, to: 587, lasts: 0.18, gain: 0.32, after: 0.16 },
    { wave: 'triangle', from: 392, to: 392, lasts: 0.6, gain: 0.36, after: 0.32 },
  ],
} as const satisfies { readonly [name: string]: readonly Voice[] };
