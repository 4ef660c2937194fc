import { expect, test } from 'vitest';
import { directionOf } from './direction.ts';

test('[AR6] the direction of a shot is a unit vector, right to 1e-7, for every angle', () => {
  for (let angle = -7; angle <= 7; angle += 0.013) {
    const { x, y } = directionOf(angle);
    expect(Math.abs(x - Math.cos(angle))).toBeLessThan(1e-7);
    expect(Math.abs(y - Math.sin(angle))).toBeLessThan(1e-7);
  }
});

test('[AR6] the direction of a shot has the same digits in every engine: these', () => {
  expect([0, 0.5, 2, -2.5, 3.1].map(directionOf)).toMatchInlineSnapshot(`
    [
      {
        "x": 1,
        "y": 0,
      },
      {
        "x": 0.8775825618898637,
        "y": 0.4794255386164159,
      },
      {
        "x": -0.4161468365494208,
        "y": 0.9092974268256002,
      },
      {
        "x": -0.8011436155367995,
        "y": -0.5984721442934315,
      },
      {
        "x": -0.9991351502732795,
        "y": 0.041580662433290366,
      },
    ]
  `);
});
