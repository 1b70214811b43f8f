import { useState } from "react";
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
  const [failure, setFailure] = useState<string | undefined>(undefined);
  const run = (work: () => Promise<unknown>): void => {
    setBusy(true);
    setFailure(undefined);
    form.clearErrors();
    work()
      .catch((error: unknown) => {
        const { errors, rest } = formFaults(error, Object.keys(form.getValues()), places);
        form.setErrors({ ...errors });
        setFailure(rest);
      })
      .finally(() => setBusy(false));
  };
  return { busy, failure, run };
}
