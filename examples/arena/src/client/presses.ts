// Presses that wait for their tick: what a device has noticed since it was last asked.
//
// Invariant: a press is told once.

export class Presses {
  dash = false;
  swap = false;

  /** Those since the last call. */
  take(): { readonly dash: boolean; readonly swap: boolean } {
    const { dash, swap } = this;
    this.dash = false;
    this.swap = false;
    return { dash, swap };
  }
}
