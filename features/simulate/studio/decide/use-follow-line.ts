import { useEffect } from "react";
import type { RunSummary } from "@doppelwerk/client";
import { linesOf, useLoad, useScope, useStudio } from "@doppelwerk/kit/studio";

type OfLine = Pick<RunSummary, "line" | "lines">;

/** Whether a run is of a line, alone or with others; one that names none is of the first. */
export function isOfLine({ line, lines }: OfLine, shown: string | undefined, first: string | undefined): boolean {
  return lines === undefined ? (line ?? first) === (shown ?? first) : lines.includes(shown ?? first ?? "");
}

/** The line of a branch that is shown and its first one; until these are known `isKnown` is false. */
export function useShownLine(branch: string): {
  readonly shown: string | undefined;
  readonly first: string | undefined;
  readonly isKnown: boolean;
} {
  const { line } = useScope();
  const { kind, value } = useLoad(linesOf(branch));
  const first = value?.[0]?.id;
  return { shown: line ?? first, first, isKnown: value !== undefined || kind === "failed" };
}

/** What is opened of another line than the one that is shown: the page, and all that stands around it, follows. */
export function useFollowLine(branch: string, opened: OfLine | undefined): void {
  const studio = useStudio();
  const lines = useLoad(linesOf(branch)).value;
  const { shown, first } = useShownLine(branch);
  const target = opened === undefined || isOfLine(opened, shown, first) ? undefined : (opened.lines?.[0] ?? opened.line ?? first);
  const isThere = lines !== undefined && lines.length > 1 && lines.some(({ id }) => id === target);
  useEffect(() => {
    if (isThere) studio.address.amend({ line: target });
  }, [studio, isThere, target]);
}
