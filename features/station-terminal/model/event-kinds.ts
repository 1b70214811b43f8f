import type { EventKind } from "@doppelwerk/world";

/**
 * What people say at a station, of the shell of the station. The actor is the person who was signed on, without one the account of the terminal. `entry`:
 * the id that the terminal gave it, by which one that comes again is recognised.
 */
export const TERMINAL_EVENTS = {
  signedOn: "terminal.signedOn",
  signedOff: "terminal.signedOff",
  reason: "terminal.reasonGiven",
  defect: "terminal.defect",
  help: "terminal.helpCalled",
  step: "terminal.step",
  firstPiece: "terminal.firstPiece",
  lifeReset: "terminal.lifeReset",
} as const;

export const terminalEvents: readonly EventKind[] = [
  { type: TERMINAL_EVENTS.signedOn, version: 1, keys: ["entry", "station"] },
  { type: TERMINAL_EVENTS.signedOff, version: 1, keys: ["entry", "station"] },
  { type: TERMINAL_EVENTS.reason, version: 1, keys: ["entry", "station", "reason"] },
  { type: TERMINAL_EVENTS.defect, version: 1, keys: ["entry", "station", "code", "serial", "order"] },
  { type: TERMINAL_EVENTS.help, version: 1, keys: ["entry", "station"] },
  { type: TERMINAL_EVENTS.step, version: 1, keys: ["entry", "station", "serial", "order", "product"] },
  { type: TERMINAL_EVENTS.firstPiece, version: 1, keys: ["station", "product", "order"] },
  { type: TERMINAL_EVENTS.lifeReset, version: 1, keys: ["entry", "station", "item"] },
];
