import { useEffect, useRef, useState } from "react";
import { DoppelwerkError } from "@doppelwerk/world";
import type { LineSchedule } from "@doppelwerk/client";
import { readScheduleFile, type ScheduleProblem } from "@doppelwerk/sim/optimise";
import { errorText, useLoad, useScope, useStudio } from "@doppelwerk/kit/studio";
import { sameOperations } from "./same-operations.ts";
import type { useSearch } from "./use-search.ts";
import * as simulate from "../../calls.ts";

export interface ScheduleSource {
  readonly line: ReturnType<typeof useLoad<LineSchedule | undefined>>;
  /** How many orders are drawn from the program of the line. */
  readonly count: number;
  readonly setCount: (count: number) => void;
  /** A file on trial, in place of the line. */
  readonly file: ScheduleProblem | undefined;
  readonly open: (file: File) => void;
  readonly close: () => void;
  /** Why the last file could not be read. */
  readonly trouble: string | undefined;
  readonly problem: ScheduleProblem | undefined;
}

/** What is scheduled: the orders of the line, or a file on trial. */
export function useScheduleSource(branch: string, search: ReturnType<typeof useSearch>): ScheduleSource {
  const studio = useStudio();
  const { line: shown } = useScope();
  const [count, setCount] = useState<number>(12);
  const [file, setFile] = useState<ScheduleProblem | undefined>(undefined);
  const [trouble, setTrouble] = useState<string | undefined>(undefined);
  const line = useLoad(
    (signal) =>
      simulate
        .readSchedule(studio.client, { params: { branch }, query: { orders: count, line: shown } }, { signal })
        .catch((error: unknown) => {
          // no line, or no orders: nothing is wrong
          if (error instanceof DoppelwerkError && error.code === "DW_NOT_FOUND") return undefined;
          throw error;
        }),
    [branch, count, shown],
  );
  const problem = file ?? (line.value?.problem as ScheduleProblem | undefined);
  const searched = search.request?.kind === "schedule" ? (search.request.problem as ScheduleProblem) : undefined;
  const restored = useRef<string | undefined>(undefined);
  // a search that is found again brings its problem along, unless the line still has it
  useEffect(() => {
    if (searched === undefined || line.kind === "loading" || restored.current === search.state?.id) return;
    restored.current = search.state?.id;
    if (problem === undefined || !sameOperations(problem, searched)) setFile(searched);
  }, [searched, problem, line, search.state?.id]);
  const open = (picked: File): void => {
    void picked.text().then((text) => {
      try {
        setFile(readScheduleFile(text, picked.name.replace(/\.\w+$/, "")));
        setTrouble(undefined);
      } catch (error) {
        setTrouble(errorText(error));
      }
    });
  };
  return { line, count, setCount, file, open, close: () => setFile(undefined), trouble, problem };
}
