import { useEffect, useState } from "react";
import { DAY } from "@doppelwerk/world";
import { errorText, useScope, useStudio } from "@doppelwerk/kit/studio";
import * as calls from "../../calls.ts";
import type { WhatIf } from "../../model/what-if-shape.ts";

const ASK_EVERY_MS = 500;

export type WhatIfState =
  | { readonly kind: "running"; readonly progress: number }
  | { readonly kind: "done"; readonly result: WhatIf }
  /** Without a message: the job ended without a result. */
  | { readonly kind: "failed"; readonly message: string | undefined };

/** The rules of a branch over the last days of the record, as a job that goes on when the page is left. */
export function useWhatIf(branch: string, days: number) {
  const { client } = useStudio();
  const { time } = useScope();
  const [id, setId] = useState<string>();
  const [state, setState] = useState<WhatIfState>();
  useEffect(() => {
    if (id === undefined) return undefined;
    const abort = new AbortController();
    const ask = (): void => {
      calls.whatIf(client, { params: { id } }, { signal: abort.signal }).then(
        ({ state: at, progress, result }) => {
          if (abort.signal.aborted) return;
          if (at === "queued" || at === "running") return setState({ kind: "running", progress });
          setId(undefined);
          setState(result === undefined ? { kind: "failed", message: undefined } : { kind: "done", result });
        },
        (error: unknown) => {
          if (abort.signal.aborted) return;
          setId(undefined);
          setState({ kind: "failed", message: errorText(error) });
        },
      );
    };
    const timer = setInterval(ask, ASK_EVERY_MS);
    return () => {
      clearInterval(timer);
      abort.abort();
    };
  }, [client, id]);
  const start = (): void => {
    const to = time.instant();
    setState({ kind: "running", progress: 0 });
    calls.startWhatIf(client, { query: { branch }, body: { from: to - days * DAY, to } }).then(
      ({ id: job }) => setId(job),
      (error: unknown) => setState({ kind: "failed", message: errorText(error) }),
    );
  };
  const cancel = (): void => {
    if (id === undefined) return;
    setId(undefined);
    setState(undefined);
    client.cancelJob(id).catch(() => {
      // it ended meanwhile: there is nothing to cancel
    });
  };
  return { state, start, cancel };
}
