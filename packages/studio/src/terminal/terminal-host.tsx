import { lazy, Suspense } from "react";
import type { ReactNode } from "react";
import { isTerminal } from "./terminal-mark.ts";

/** Fetched by terminals alone. */
const TerminalBar = lazy(() => import("./terminal-bar.tsx"));

/** In a browser that a place shares: who is signed in, and the way in. */
export function TerminalHost(): ReactNode {
  return isTerminal() ? (
    <Suspense fallback={null}>
      <TerminalBar />
    </Suspense>
  ) : null;
}
