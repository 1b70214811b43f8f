import type { PackCall } from "@doppelwerk/kit/server";

// Both sides of the boundary load this file: it imports types alone.

/** A call as it crosses the boundary: its view is asked for by the number of the call. */
export type CrossingCall = Omit<PackCall, "view">;

/** What went wrong on the other side. */
export interface CrossingError {
  readonly message: string;
  readonly code?: string;
  /** Message of the catalogues, as the other side made it. */
  readonly reason?: unknown;
  readonly stack?: string;
}

export type ToPack =
  | { readonly type: "open"; readonly server: string; readonly world: string }
  | { readonly type: "call"; readonly id: number; readonly endpoint: string; readonly call: CrossingCall }
  | { readonly type: "answer"; readonly id: number; readonly value?: unknown; readonly error?: CrossingError }
  | { readonly type: "ping" }
  | { readonly type: "close" };

export type FromPack =
  | { readonly type: "opened"; readonly handlers: readonly string[] }
  | { readonly type: "failed"; readonly error: CrossingError }
  | { readonly type: "answer"; readonly id: number; readonly value?: unknown; readonly error?: CrossingError }
  | { readonly type: "ask"; readonly id: number; readonly view: number | "own"; readonly method: string; readonly args: readonly unknown[] }
  | { readonly type: "pong" }
  | { readonly type: "closed" };

export function crossingError(error: unknown): CrossingError {
  if (!(error instanceof Error)) return { message: String(error) };
  const { code, reason } = error as { readonly code?: unknown; readonly reason?: unknown };
  return {
    message: error.message.slice(0, 2_000),
    ...(typeof code === "string" ? { code } : {}),
    ...(reason === undefined ? {} : { reason }),
    ...(error.stack === undefined ? {} : { stack: error.stack.slice(0, 4_000) }),
  };
}
