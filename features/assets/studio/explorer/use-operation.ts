import { useState } from "react";
import { applyValue } from "@doppelwerk/aas";
import type { Operation, OperationVariable, SubmodelElement } from "@doppelwerk/aas";
import { invoke } from "@doppelwerk/client";
import type { OperationResult } from "@doppelwerk/client";
import { aasOf, useScope, useStudio, useTask, useWords } from "@doppelwerk/kit/studio";
import type { Draft } from "./editors.tsx";

interface OperationRun {
  readonly busy: boolean;
  /** Some argument is no value of its type. */
  readonly isBlocked: boolean;
  /** Of the last run. */
  readonly result: OperationResult | undefined;
  /** Gives a variable another value. */
  readonly give: (variable: SubmodelElement, draft: Draft) => void;
  readonly run: () => void;
}

/** The arguments of an operation as they are given, and its invocation. */
export function useOperation(operation: Operation, submodel: string, path: string): OperationRun {
  const studio = useStudio();
  const { branch } = useScope();
  const { t } = useWords();
  const task = useTask((_, error) => studio.notifyFailure(error, t("assets.explorer.notRun")));
  /** By the idShort of the variable. */
  const [given, setGiven] = useState<ReadonlyMap<string, SubmodelElement>>(new Map());
  const [problems, setProblems] = useState<ReadonlyMap<string, string>>(new Map());
  const [result, setResult] = useState<OperationResult | undefined>(undefined);
  const give = (variable: SubmodelElement, { value, problem }: Draft): void => {
    const name = variable.idShort ?? "";
    const applied = value === undefined ? undefined : applyValue(variable, value);
    if (applied?.kind === "applied") setGiven(new Map(given).set(name, applied.element));
    const refusal = problem ?? (applied?.kind === "refused" ? applied.findings[0]?.message : undefined);
    const next = new Map(problems);
    if (refusal === undefined) next.delete(name);
    else next.set(name, refusal);
    setProblems(next);
  };
  const filled = (variables: readonly OperationVariable[]): OperationVariable[] =>
    variables.map(({ value }) => ({ value: given.get(value.idShort ?? "") ?? value }));
  const { inputVariables, inoutputVariables } = operation;
  const run = (): void =>
    task.run(async () => {
      const request = {
        ...(inputVariables !== undefined && { inputArguments: filled(inputVariables) }),
        ...(inoutputVariables !== undefined && { inoutputArguments: filled(inoutputVariables) }),
        clientTimeoutDuration: "PT30S",
      };
      setResult(await invoke(aasOf(studio, branch), { submodel, path }, request));
    });
  return { busy: task.busy, isBlocked: problems.size > 0, result, give, run };
}
