import type { IncomingMessage } from "node:http";
import type { Principal, WorldView } from "@doppelwerk/world";

/** A window that is open in a world, as others see it there. */
export interface Present {
  readonly seat: string;
  readonly principal: Principal;
  /** Of the request that opened it. */
  readonly request: Pick<IncomingMessage, "headers">;
  /** Milliseconds since 1970. */
  readonly sinceMs: number;
  readonly heardMs: number;
}

/** The same as the hub keeps it. */
export interface PresentWindow {
  readonly seat: string;
  readonly view: WorldView;
  readonly request: Pick<IncomingMessage, "headers">;
  readonly sinceMs: number;
  heardMs: number;
}

export function presentOf({ seat, view: { principal }, request, sinceMs, heardMs }: PresentWindow): Present {
  return { seat, principal, request, sinceMs, heardMs };
}
