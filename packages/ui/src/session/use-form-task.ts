import { useState } from "react";
import { errorCode } from "../language/error-text.ts";
import { formFaults, type FaultPlaces } from "../language/form-faults.ts";
import type { Task } from "./use-task.ts";

/** What is used of a form of @mantine/form. */
interface FaultyForm {
  readonly getValues: () => object;
  readonly setErrors: (errors: Record<string, string>) => void;
  readonly clearErrors: () => void;
}

/** Sends a form: the faults that the server names are shown at their fields, `failure` is what belongs to none. */
export function useFormTask(form: FaultyForm, places?: FaultPlaces): Task {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<{ readonly text: string | undefined; readonly code: string | undefined } | undefined>(undefined);
  const run = (work: () => Promise<unknown>): void => {
    setBusy(true);
    setFailed(undefined);
    form.clearErrors();
    work()
      .catch((error: unknown) => {
        const { errors, rest } = formFaults(error, Object.keys(form.getValues()), places);
        form.setErrors({ ...errors });
        setFailed({ text: rest, code: errorCode(error) });
      })
      .finally(() => setBusy(false));
  };
  return { busy, failure: failed?.text, code: failed?.code, run };
}
