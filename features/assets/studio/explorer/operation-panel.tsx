import { Button } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { applyValue } from "@doppelwerk/aas";
import type { Operation, OperationVariable, SubmodelElement } from "@doppelwerk/aas";
import { invoke } from "@doppelwerk/client";
import type { OperationResult } from "@doppelwerk/client";
import { aasOf, errorText, messageText, useScope, useStudio, useWords } from "@doppelwerk/kit/studio";
import { hasEditor, ValueEditor } from "./editors.tsx";
import type { Draft } from "./editors.tsx";
import { valueLine } from "./value-text.ts";

/** The variables of an operation; those that are properties can be given, and the operation run where something stands behind it. */
export function OperationPanel({
  operation,
  submodel,
  path,
  past,
}: {
  readonly operation: Operation;
  readonly submodel: string;
  readonly path: string;
  readonly past: boolean;
}): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t, language } = useWords();
  /** What was given, by the idShort of the variable. */
  const [given, setGiven] = useState<ReadonlyMap<string, SubmodelElement>>(new Map());
  const [problems, setProblems] = useState<ReadonlyMap<string, string>>(new Map());
  const [busy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<OperationResult | undefined>(undefined);
  const filled = (variables: readonly OperationVariable[] | undefined): OperationVariable[] =>
    (variables ?? []).map(({ value }) => ({ value: given.get(value.idShort ?? "") ?? value }));
  const give = (element: SubmodelElement, { value, problem }: Draft): void => {
    const name = element.idShort ?? "";
    const applied = value === undefined ? undefined : applyValue(element, value);
    if (applied?.kind === "applied") setGiven(new Map(given).set(name, applied.element));
    const next = new Map(problems);
    const said = problem ?? (applied?.kind === "refused" ? applied.findings[0]?.message : undefined);
    if (said === undefined) next.delete(name);
    else next.set(name, said);
    setProblems(next);
  };
  const run = async (): Promise<void> => {
    setBusy(true);
    try {
      setAnswer(
        await invoke(
          aasOf(studio, branch),
          { submodel, path },
          {
            ...(operation.inputVariables !== undefined && { inputArguments: filled(operation.inputVariables) }),
            ...(operation.inoutputVariables !== undefined && { inoutputArguments: filled(operation.inoutputVariables) }),
            clientTimeoutDuration: "PT30S",
          },
        ),
      );
    } catch (error) {
      studio.notify("trouble", t("assets.explorer.notRun"), errorText(error));
    }
    setBusy(false);
  };
  return (
    <div className="dw-operation">
      {(["inputVariables", "inoutputVariables", "outputVariables"] as const).map((which) =>
        (operation[which] ?? []).length === 0 ? null : (
          <section key={which}>
            <h3 className="dw-small-title">{t(`assets.explorer.${which}`)}</h3>
            {operation[which]!.map(({ value }) =>
              hasEditor(value) && which !== "outputVariables" && !past ? (
                <fieldset key={value.idShort} className="dw-reference">
                  <legend>
                    {value.idShort} <small>{"valueType" in value ? value.valueType : t(`assets.explorer.kind.${value.modelType}`)}</small>
                  </legend>
                  <ValueEditor element={value} values={[]} onChange={(draft) => give(value, draft)} />
                </fieldset>
              ) : (
                <p key={value.idShort}>
                  {value.idShort} <small>{"valueType" in value ? value.valueType : t(`assets.explorer.kind.${value.modelType}`)}</small>
                </p>
              ),
            )}
          </section>
        ),
      )}
      {!past && (
        <Button size="sm" variant="default" loading={busy} disabled={problems.size > 0} onClick={() => void run()}>
          {t("assets.explorer.invoke")}
        </Button>
      )}
      {answer !== undefined && (
        <section role="status" className={`dw-note ${answer.executionState === "Completed" ? "" : "is-trouble"}`}>
          {t(`assets.explorer.execution.${answer.executionState}`)}{" "}
          {messageText(answer.messages?.map(({ text }) => text).join(" ") ?? "", answer.reason)}
          {[...(answer.outputArguments ?? []), ...(answer.inoutputArguments ?? [])].map(({ value }) => (
            <p key={value.idShort}>
              {value.idShort}: <b>{valueLine(value, language)}</b>
            </p>
          ))}
        </section>
      )}
    </div>
  );
}
