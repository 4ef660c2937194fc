// What a screen shows of the arena, on a camera that only notes what it is told.

import type * as Phaser from 'phaser';
import { afterEach, expect, test, vi } from 'vitest';
import { arenaSize } from '../arena-map.ts';
import { Eye } from './eye.ts';

class Camera {
  zoom = 0;
  centre = { x: 0, y: 0 };
  shakes: number[] = [];
  setZoom(zoom: number): void {
    this.zoom = zoom;
  }
  centerOn(x: number, y: number): void {
    this.centre = { x, y };
  }
  shake(_ms: number, intensity: number): void {
    this.shakes.push(intensity);
  }
}

function eyeOn(width: number, height: number, isCalm = false): { eye: Eye; camera: Camera } {
  vi.stubGlobal('innerWidth', width);
  vi.stubGlobal('innerHeight', height);
  vi.stubGlobal('matchMedia', () => ({ matches: isCalm }));
  const camera = new Camera();
  const eye = new Eye(camera as unknown as Phaser.Cameras.Scene2D.Camera);
  eye.resize(width, height, 2);
  return { eye, camera };
}

afterEach(() => vi.unstubAllGlobals());

const middle = { x: arenaSize.width / 2, y: arenaSize.height / 2 };

test('[PH12] every screen shows as much of the arena, and the place under a point of the page is where it is drawn', () => {
  const seen = [
    [1280, 800],
    [800, 600],
    [390, 844],
    [844, 390],
  ].map(([width = 0, height = 0]) => {
    const { eye, camera } = eyeOn(width, height);
    eye.follow(middle, 0, 1e9);
    expect(camera.zoom).toBe(2 * eye.zoom);
    expect(eye.placeUnder({ x: width / 2, y: height / 2 })).toEqual(camera.centre);
    const { x, y } = eye.placeUnder({ x: 0, y: 0 });
    expect(eye.seen).toMatchObject({ x, y });
    return eye.seen.width * eye.seen.height;
  });
  for (const area of seen) expect(area).toBeCloseTo(1100 * 700);
});

test('[PH12] the screen follows the own player and looks a little ahead, never far beyond the arena, and shakes by what is near', () => {
  const { eye, camera } = eyeOn(1280, 800);
  eye.follow(middle, 0, 16);
  const first = camera.centre.x - middle.x;
  for (let frame = 0; frame < 200; frame++) eye.follow(middle, 0, 16);
  expect(first).toBeGreaterThan(0);
  expect(first).toBeLessThan(5);
  expect(camera.centre.x - middle.x).toBeCloseTo(36);
  expect(camera.centre.y).toBeCloseTo(middle.y);
  eye.follow({ x: 20, y: 20 }, Math.PI, 16);
  expect(eye.seen.x).toBeGreaterThanOrEqual(-61);
  expect(eye.seen.y).toBeGreaterThanOrEqual(-61);
  const { x, y } = camera.centre;
  eye.shake({ x, y }, 8, 100);
  eye.shake({ x: x + 300, y }, 8, 100);
  eye.shake({ x: x + 601, y }, 8, 100);
  expect(camera.shakes).toHaveLength(2);
  expect(camera.shakes[0]).toBeGreaterThan((camera.shakes[1] ?? 0) * 1.5);
  // Eight pixels are a small part of any screen.
  expect(camera.shakes[0]).toBeLessThan(0.01);
});

test('[PH12] who wants less motion has a screen that neither shakes nor looks ahead nor drifts', () => {
  const { eye, camera } = eyeOn(1280, 800, true);
  eye.follow(middle, 1, 1000);
  expect(camera.centre).toEqual(middle);
  eye.shake(middle, 8, 100);
  expect(camera.shakes).toEqual([]);
  eye.drift(1000);
  const before = camera.centre;
  eye.drift(90_000);
  expect(camera.centre).toEqual(before);
});
