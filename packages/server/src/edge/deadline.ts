// A deadline for work that a game's code does: what it gives, unless it takes longer.
//
// Invariant: what the work does after its deadline, a rejection included, reaches nobody, and no timer is left behind. Units: milliseconds.

/** @param late told when the deadline has passed. @returns a promise that is rejected then. */
export async function withDeadline<T>(work: Promise<T>, ms: number, late: () => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      late();
      reject(new Error('the server could not decide in time'));
    }, ms);
  });
  return Promise.race([work, deadline]).finally(() => clearTimeout(timer));
}
