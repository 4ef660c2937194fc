// What nobody caught: rejected promises and exceptions of the game's own timers and callbacks, logged and survived.
//
// Node would end the process, and with it every room. Whatever the framework calls is guarded already and ends its room at most; what comes here is code of
// the game that the framework never called, so none of the framework's work was cut short by it.
// Invariant: added once for each server, taken away with it. (A native callback that throws aborts the process before this: those have guards of their own.)

import type { FastifyBaseLogger } from 'fastify';

/** @returns what ends it. */
export function surviveErrors(log: FastifyBaseLogger): () => void {
  const rejected = (error: unknown): void => log.error({ err: error }, 'a promise was rejected and nobody handled it; the server goes on');
  const threw = (error: unknown): void => log.error({ err: error }, 'an exception that nobody caught; the server goes on');
  process.on('unhandledRejection', rejected);
  process.on('uncaughtException', threw);
  return () => {
    process.off('unhandledRejection', rejected);
    process.off('uncaughtException', threw);
  };
}
