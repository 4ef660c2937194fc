// The arena's loudspeaker: plays the recipes, softer with distance and from the side where they are.
//
// Invariant: silent until somebody has touched the page (browsers insist) and while it is muted; a busy fight plays so many voices and no more.
// Units: arena units for places, seconds of the audio clock.

import type { Vec2 } from '@tickwire/shared';
import { readSetting, writeSetting } from './settings.ts';
import { recipes, type SoundName, type Voice } from './sound-recipes.ts';

export class Sounds {
  /** The ears: where the own player is. */
  readonly ears: Vec2 = { x: 0, y: 0 };
  /** How often each sound was played, for tests. */
  readonly played = new Map<SoundName, number>();
  /** Tells whoever shows it. */
  onMuted: (isMuted: boolean) => void = () => {};
  #isMuted = readSetting('muted') === 'yes';
  #context: AudioContext | undefined;
  #out: AudioNode | undefined;
  #noise: AudioBuffer | undefined;
  #voices = 0;

  constructor() {
    for (const gesture of ['pointerdown', 'keydown'] as const) addEventListener(gesture, () => this.#wake(), { capture: true });
  }

  get isMuted(): boolean {
    return this.#isMuted;
  }

  set isMuted(muted: boolean) {
    this.#isMuted = muted;
    writeSetting('muted', muted ? 'yes' : 'no');
    this.#wake();
    this.onMuted(muted);
  }

  /** @param at where it comes from; without a place it comes from here. */
  play(name: SoundName, at: Readonly<Vec2> = this.ears): void {
    const context = this.#context;
    if (!context || !this.#out || this.#isMuted || context.state !== 'running') return;
    const voices: readonly Voice[] = recipes[name];
    const nearness = 1 / (1 + (Math.hypot(at.x - this.ears.x, at.y - this.ears.y) / halfAt) ** 2);
    if (nearness < leastHeard || this.#voices + voices.length > voicesMax) return;
    const volume = new GainNode(context, { gain: nearness });
    const side = new StereoPannerNode(context, { pan: Math.max(-sideMost, Math.min(sideMost, (at.x - this.ears.x) / sideAt)) });
    volume.connect(side).connect(this.#out);
    const ends = voices.map((voice) => this.#voice(context, voice, volume));
    Promise.all(ends).then(() => side.disconnect());
    this.played.set(name, (this.played.get(name) ?? 0) + 1);
  }

  #voice(context: AudioContext, { wave, from, to, lasts, gain, after = 0 }: Voice, out: AudioNode): Promise<void> {
    const start = context.currentTime + after;
    const loudness = new GainNode(context, { gain: 0 });
    loudness.gain.setValueAtTime(gain, start);
    loudness.gain.exponentialRampToValueAtTime(0.001, start + lasts);
    let source: AudioScheduledSourceNode;
    if (wave === 'noise') {
      const filter = new BiquadFilterNode(context, { type: 'lowpass', frequency: from });
      filter.frequency.setValueAtTime(from, start);
      filter.frequency.exponentialRampToValueAtTime(to, start + lasts);
      source = new AudioBufferSourceNode(context, { buffer: this.#noise ?? null, loop: true });
      source.connect(filter).connect(loudness);
    } else {
      const tone = new OscillatorNode(context, { type: wave, frequency: from });
      tone.frequency.setValueAtTime(from, start);
      tone.frequency.exponentialRampToValueAtTime(to, start + lasts);
      source = tone;
      source.connect(loudness);
    }
    loudness.connect(out);
    source.start(start);
    source.stop(start + lasts);
    this.#voices += 1;
    return new Promise((resolve) => {
      source.onended = () => {
        this.#voices -= 1;
        resolve();
      };
    });
  }

  #wake(): void {
    if (this.#isMuted) {
      if (this.#context?.state === 'running') this.#context.suspend();
      return;
    }
    this.#context ??= this.#open();
    if (this.#context.state === 'suspended') this.#context.resume();
  }

  #open(): AudioContext {
    const context = new AudioContext({ latencyHint: 'interactive' });
    // Many voices at once are held down together instead of cracking.
    const limiter = new DynamicsCompressorNode(context, { threshold: -14, ratio: 8, attack: 0.002, release: 0.12 });
    limiter.connect(new GainNode(context, { gain: loudest })).connect(context.destination);
    this.#out = limiter;
    const noise = context.createBuffer(1, context.sampleRate, context.sampleRate);
    const samples = noise.getChannelData(0);
    for (let at = 0; at < samples.length; at++) samples[at] = 2 * Math.random() - 1;
    this.#noise = noise;
    return context;
  }
}

/** At this distance a sound has half its loudness; about half a screen. */
const halfAt = 420;
const leastHeard = 0.04;
/** Beyond this it comes from one side, but never from that alone. */
const sideAt = 700;
const sideMost = 0.8;
const voicesMax = 28;
const loudest = 0.5;
