import { useState } from "react";
import { errorCode, errorText } from "../language/error-text.ts";

export interface Task {
  readonly busy: boolean;
  /** Why the last run was rejected, in the reader's language; undefined once the next one starts. */
  readonly failure: string | undefined;
  /** The code of that failure, to search for. */
  readonly code: string | undefined;
  readonly run: (work: () => Promise<unknown>) => void;
}

/** Work that a press starts. `onFailure` receives the text and the error of a rejected run as well. */
export function useTask(onFailure?: (text: string, error: unknown) => void): Task {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<{ readonly text: string; readonly code: string | undefined } | undefined>(undefined);
  const run = (work: () => Promise<unknown>): void => {
    setBusy(true);
    setFailed(undefined);
    work()
      .catch((error: unknown) => {
        const text = errorText(error);
        setFailed({ text, code: errorCode(error) });
        onFailure?.(text, error);
      })
      .finally(() => setBusy(false));
  };
  return { busy, failure: failed?.text, code: failed?.code, run };
}
