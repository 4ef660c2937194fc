// Phaser on the page: one canvas of the page's size, in the screen's real pixels. The only file that starts Phaser, and the way into its chunk.
//
// Units: page pixels.

import * as Phaser from 'phaser';
import { ArenaScene } from './arena-scene.ts';
import { palette } from './palette.ts';

/** Starts drawing into an element. The scene is ready: its textures and its map are there. */
export async function startStage(parent: HTMLElement): Promise<ArenaScene> {
  const scene = new ArenaScene();
  const game = new Phaser.Game({
    type: Phaser.WEBGL,
    parent,
    scene,
    backgroundColor: palette.floor,
    banner: false,
    audio: { noAudio: true },
    // The page listens to keys and pointers itself (controls.ts).
    input: { keyboard: false, mouse: false, touch: false, gamepad: false },
    // One texture to a batch: Phaser 4.2 tells several apart by comparing interpolated floats, and some renderers then leave holes in rotated pictures.
    // Without multisampling: everything here is painted with soft edges, and software renderers draw twice the frames.
    render: { antialias: true, antialiasGL: false, maxTextures: 1, mipmapFilter: 'LINEAR_MIPMAP_LINEAR', powerPreference: 'high-performance' },
    scale: { mode: Phaser.Scale.NONE, width: innerWidth, height: innerHeight },
  });
  await new Promise((resolve) => game.events.once('ready', resolve));
  const fit = (): void => {
    const pixelRatio = Math.min(devicePixelRatio, pixelRatioMax);
    game.scale.setZoom(1 / pixelRatio);
    game.scale.resize(Math.round(innerWidth * pixelRatio), Math.round(innerHeight * pixelRatio));
    scene.resize(innerWidth, innerHeight, pixelRatio);
  };
  fit();
  addEventListener('resize', fit);
  return scene;
}

/** Sharper than this nobody sees, and phones with 3 or more would draw twice the pixels for it. */
const pixelRatioMax = 2;
