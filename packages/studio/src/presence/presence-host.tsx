import { lazy, Suspense } from "react";
import type { ReactNode } from "react";
import { useStore, useStudio } from "@doppelwerk/ui";

/** Fetched when a request first waits for it. */
const PresenceDialog = lazy(() => import("./presence-dialog.tsx"));

/** Asks the person, while a request waits for the proof that he is there. */
export function PresenceHost(): ReactNode {
  const question = useStore(useStudio().presence);
  return <Suspense fallback={null}>{question !== undefined && <PresenceDialog question={question} />}</Suspense>;
}
