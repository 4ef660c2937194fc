// @tickwire/client/phaser: a room in a Phaser scene. A hand-written list.
//
// Invariant: nothing of Phaser is loaded here, only its types are named: the page brings its own, and this entry loads in Node as well.

export type { Binding, Bound, Figure } from './phaser/bound.ts';
export { type SceneNet, type SceneNetOptions, tickwire } from './phaser/scene-net.ts';
