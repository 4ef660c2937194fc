// The numbers that decide how the arena plays. Shared: movement, weapons and the ball run on both ends, so both ends must agree on them.
//
// Units: arena units (a player is 40 wide), units per second, ticks of 1/60 s, points of health.

export const balance = {
  playerRadius: 20,
  walkSpeed: 260,
  healthMax: 100,
  /** 3 seconds. */
  respawnTicks: 180,

  /** Of a dash: 10 ticks at three times the speed are 130 units, past a pillar or out of a line of fire. */
  dashFactor: 3,
  dashTicks: 10,
  /** 1.5 seconds from one dash to the next. */
  dashReloadTicks: 90,

  /** From the centre of a player to the end of its barrel. */
  muzzleDistance: 34,
  rifleDamage: 20,
  /** A little more than half a screen. */
  rifleRange: 700,
  /** 6 shots a second. */
  rifleReloadTicks: 10,

  rocketRadius: 8,
  rocketSpeed: 620,
  /** 90 ticks at 620 units a second: it flies 930 units. */
  rocketLifeTicks: 90,
  /** 0.8 seconds. */
  rocketReloadTicks: 48,
  rocketsAtStart: 2,
  rocketsMax: 9,
  /** To whom a rocket touches, and in the middle of its blast. */
  blastDamage: 70,
  /** At the rim of the blast. */
  blastDamageLeast: 20,
  blastRadius: 130,
  /** To who fired it, of what it would do to others. */
  blastOwnShare: 0.5,

  pickupRadius: 16,
  pickupHealth: 50,
  pickupRockets: 3,
  /** 10 seconds until the next one lies there. */
  pickupTicks: 600,

  ballRadius: 30,
  ballSpeedMax: 1100,
  /** Of its speed, what is left a tick later: half of it after 0.9 s. */
  ballKeeps: 0.987,
  /** Slower than this it lies still. */
  ballRestSpeed: 6,
  /** Of its speed, what a wall gives back. */
  ballBounce: 0.75,
  /** Of the speed at which a player and the ball meet, so much is added to the ball's. */
  ballKick: 1.35,
  /** What a rifle shot adds to its speed, and a blast in its middle. */
  ballByRifle: 260,
  ballByBlast: 900,

  killPoints: 1,
  goalPoints: 3,
  /** Who has so many has won. */
  pointsToWin: 25,
  matchSeconds: 300,
  /** How long the result stands. */
  resultTicks: 600,
} as const;
