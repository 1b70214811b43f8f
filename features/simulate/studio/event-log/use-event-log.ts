import { useRef, useState } from "react";
import type { EventLogReport } from "@doppelwerk/client";
import { useStudio, shownError, type ShownError } from "@doppelwerk/kit/studio";
import * as simulate from "../../calls.ts";

/** How a log is to be read. */
export interface LogReading {
  /** Of its times, in minutes east of UTC. */
  readonly utcOffset: number;
  /** Of the forecast; undefined: chosen by the server. */
  readonly periodS: number | undefined;
}

export interface ReadLog {
  readonly name: string;
  readonly report: EventLogReport;
  readonly utcOffset: number;
}

export interface EventLogState {
  /** The last one that was chosen. */
  readonly file: File | undefined;
  readonly busy: boolean;
  readonly failure: ShownError | undefined;
  readonly shown: ReadLog | undefined;
  readonly read: (file: File) => void;
  readonly stop: () => void;
}

/** One log at a time is read on the server; another one takes its place, and what comes late of the earlier one is dropped. */
export function useEventLog({ utcOffset, periodS }: LogReading): EventLogState {
  const studio = useStudio();
  const [file, setFile] = useState<File | undefined>(undefined);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ShownError | undefined>(undefined);
  const [shown, setShown] = useState<ReadLog | undefined>(undefined);
  const current = useRef<AbortController | undefined>(undefined);
  const read = async (chosen: File): Promise<void> => {
    current.current?.abort();
    const controller = new AbortController();
    current.current = controller;
    setFile(chosen);
    setBusy(true);
    setFailure(undefined);
    setShown(undefined);
    try {
      const bytes = new Uint8Array(await chosen.arrayBuffer());
      const name = chosen.name.slice(0, 200);
      const query = { name, utcOffset, ...(periodS === undefined ? {} : { periodS }) };
      const report = await simulate.reportEventLog(studio.client, { query, body: bytes }, { signal: controller.signal });
      if (current.current === controller) setShown({ name, report, utcOffset });
    } catch (error) {
      if (current.current === controller) setFailure(shownError(error));
    }
    if (current.current === controller) setBusy(false);
  };
  const stop = (): void => {
    current.current?.abort();
    current.current = undefined;
    setBusy(false);
  };
  return { file, busy, failure, shown, read: (chosen) => void read(chosen), stop };
}
