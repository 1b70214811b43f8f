import { useState } from "react";
import { errorText } from "../language/error-text.ts";

export interface Task {
  readonly busy: boolean;
  /** Why the last run was rejected, in the reader's language; undefined once the next one starts. */
  readonly failure: string | undefined;
  readonly run: (work: () => Promise<unknown>) => void;
}

/** Work that a press starts. `onFailure` receives the text of a rejected run as well. */
export function useTask(onFailure?: (text: string) => void): Task {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | undefined>(undefined);
  const run = (work: () => Promise<unknown>): void => {
    setBusy(true);
    setFailure(undefined);
    work()
      .catch((error: unknown) => {
        const text = errorText(error);
        setFailure(text);
        onFailure?.(text);
      })
      .finally(() => setBusy(false));
  };
  return { busy, failure, run };
}
