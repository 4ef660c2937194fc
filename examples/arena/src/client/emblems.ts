// The marks that players wear in the middle of their bodies, one for each colour, and the pattern of the ball.
//
// Invariant: each is told from the others without its colour, at the size of a thumbnail. Units: pixels of a square of 64 (the ball: 128).

type Draw = (pen: CanvasRenderingContext2D) => void;

export const emblems: readonly Draw[] = [
  // Disc
  (pen) => {
    pen.beginPath();
    pen.arc(32, 32, 15, 0, 2 * Math.PI);
    pen.fill();
  },
  // Triangle
  (pen) => filled(pen, corners(3, 21, -Math.PI / 2)),
  // Square
  (pen) => pen.fillRect(18, 18, 28, 28),
  // Cross
  (pen) => {
    pen.fillRect(26, 11, 12, 42);
    pen.fillRect(11, 26, 42, 12);
  },
  // Ring
  (pen) => {
    pen.beginPath();
    pen.arc(32, 32, 15, 0, 2 * Math.PI);
    pen.stroke();
  },
  // Two bars
  (pen) => {
    pen.fillRect(17, 12, 11, 40);
    pen.fillRect(36, 12, 11, 40);
  },
  // Diamond
  (pen) => filled(pen, corners(4, 22, 0)),
  // Star
  (pen) => filled(pen, star(5, 23, 10)),
];

/** A dark star with lines to the rim, as footballs have it. */
export const ballEmblem: Draw = (pen) => {
  pen.fillStyle = pen.strokeStyle = '#1f2c3d';
  pen.lineWidth = 6;
  filled(pen, corners(5, 24, -Math.PI / 2, 64));
  for (let arm = 0; arm < 5; arm++) {
    const angle = -Math.PI / 2 + (arm * 2 * Math.PI) / 5;
    const [x, y] = [Math.cos(angle), Math.sin(angle)];
    pen.beginPath();
    pen.moveTo(64 + 20 * x, 64 + 20 * y);
    pen.lineTo(64 + 46 * x, 64 + 46 * y);
    pen.stroke();
    pen.beginPath();
    pen.arc(64 + 60 * x, 64 + 60 * y, 17, 0, 2 * Math.PI);
    pen.save();
    pen.clip();
    pen.beginPath();
    pen.arc(64, 64, 60, 0, 2 * Math.PI);
    pen.fill();
    pen.restore();
  }
};

function filled(pen: CanvasRenderingContext2D, points: readonly (readonly [number, number])[]): void {
  pen.beginPath();
  for (const [x, y] of points) pen.lineTo(x, y);
  pen.closePath();
  pen.fill();
}

function corners(count: number, radius: number, from: number, middle = 32): [number, number][] {
  return Array.from({ length: count }, (_, corner) => {
    const angle = from + (corner * 2 * Math.PI) / count;
    return [middle + radius * Math.cos(angle), middle + radius * Math.sin(angle)];
  });
}

function star(points: number, outer: number, inner: number): [number, number][] {
  return Array.from({ length: 2 * points }, (_, corner) => {
    const angle = -Math.PI / 2 + (corner * Math.PI) / points;
    const radius = corner % 2 === 0 ? outer : inner;
    return [32 + radius * Math.cos(angle), 32 + radius * Math.sin(angle)];
  });
}
