import type { Instant } from "../instant.ts";

/** The only source of time for pure rooms. */
export interface Clock {
  now(): Instant;
}
