import type { ReactNode } from "react";
import type { Summary } from "../contract.ts";
import { AlarmsUnknownContext, ReadingContext } from "./known.ts";

/** What the figures of a board need to know of what is not known. */
export function BoardKnowledge({ summary, children }: { readonly summary: Summary; readonly children: ReactNode }): ReactNode {
  return (
    <ReadingContext value={summary.reading}>
      <AlarmsUnknownContext value={summary.alarmsUnknownBefore !== undefined}>{children}</AlarmsUnknownContext>
    </ReadingContext>
  );
}
