import { Button } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { isLexical } from "@doppelwerk/aas";
import type { Operation, OperationVariable } from "@doppelwerk/aas";
import { invoke } from "@doppelwerk/client";
import type { OperationResult } from "@doppelwerk/client";
import { errorText } from "../language/error-text.ts";
import { useStudio, useWords } from "../session/context.tsx";
import { useStore } from "../store.ts";
import { aasOf } from "./aas-access.ts";
import { LexicalInput } from "./editors.tsx";
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
  const { t, language } = useWords();
  const { branch } = useStore(studio.address.store);
  const [given, setGiven] = useState<Readonly<Record<string, string>>>({});
  const [busy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<OperationResult | undefined>(undefined);
  const filled = (variables: readonly OperationVariable[] | undefined): OperationVariable[] =>
    (variables ?? []).map(({ value }) => {
      const text = given[value.idShort ?? ""];
      return { value: value.modelType === "Property" && text !== undefined ? { ...value, value: text } : value };
    });
  const inputs = [...(operation.inputVariables ?? []), ...(operation.inoutputVariables ?? [])];
  const wrong = inputs.some(({ value }) => {
    const text = given[value.idShort ?? ""];
    return value.modelType === "Property" && text !== undefined && text !== "" && !isLexical(text, value.valueType);
  });
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
      studio.notify("trouble", t("explorer.notRun"), errorText(error));
    }
    setBusy(false);
  };
  return (
    <div className="dw-operation">
      {(["inputVariables", "inoutputVariables", "outputVariables"] as const).map((which) =>
        (operation[which] ?? []).length === 0 ? null : (
          <section key={which}>
            <h3 className="dw-small-title">{t(`explorer.${which}`)}</h3>
            {operation[which]!.map(({ value }) =>
              value.modelType === "Property" && which !== "outputVariables" && !past ? (
                <LexicalInput
                  key={value.idShort}
                  label={value.idShort ?? ""}
                  type={value.valueType}
                  text={given[value.idShort ?? ""] ?? value.value ?? ""}
                  onText={(text) => setGiven({ ...given, [value.idShort ?? ""]: text })}
                />
              ) : (
                <p key={value.idShort}>
                  {value.idShort} <small>{"valueType" in value ? value.valueType : value.modelType}</small>
                </p>
              ),
            )}
          </section>
        ),
      )}
      {!past && (
        <Button size="sm" variant="default" loading={busy} disabled={wrong} onClick={() => void run()}>
          {t("explorer.invoke")}
        </Button>
      )}
      {answer !== undefined && (
        <section role="status" className={`dw-note ${answer.executionState === "Completed" ? "" : "is-trouble"}`}>
          {answer.executionState} {answer.messages?.map(({ text }) => text).join(" ")}
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
