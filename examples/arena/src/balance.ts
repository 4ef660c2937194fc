// The numbers that decide how the arena plays. Shared: movement and reload run on both ends, so both ends must agree on them.
//
// Units: arena units (a player is 40 wide), units per second, ticks of 1/60 s, points of health.

export const balance = {
  playerRadius: 20,
  walkSpeed: 260,
  healthMax: 100,
  bulletRadius: 5,
  bulletSpeed: 900,
  /** 42 ticks at 900 units a second: a bullet flies 630 units, a little more than half a screen. */
  bulletLifeTicks: 42,
  bulletDamage: 20,
  /** From the centre of a player to where its bullets leave the barrel. */
  muzzleDistance: 34,
  /** 10 ticks between shots: 6 a second. */
  reloadTicks: 10,
  /** 3 seconds. */
  respawnTicks: 180,
} as const;
