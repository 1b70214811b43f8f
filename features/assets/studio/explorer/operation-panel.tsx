import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import type { Operation, SubmodelElement } from "@doppelwerk/aas";
import type { OperationResult } from "@doppelwerk/client";
import { messageText, useWords } from "@doppelwerk/kit/studio";
import { hasEditor, ValueEditor } from "./editors.tsx";
import type { Draft } from "./editors.tsx";
import { useOperation } from "./use-operation.ts";
import { valueLine } from "./value-text.ts";

/** The variables of an operation; those that are properties can be given, and the operation run where something implements it. */
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
  const { t } = useWords();
  const { busy, isBlocked, result, give, run } = useOperation(operation, submodel, path);
  return (
    <div className="dw-operation">
      {(["inputVariables", "inoutputVariables", "outputVariables"] as const).map((which) => {
        const variables = operation[which] ?? [];
        if (variables.length === 0) return null;
        return (
          <section key={which}>
            <h3 className="dw-small-title">{t(`assets.explorer.${which}`)}</h3>
            {variables.map(({ value }) => (
              <Variable key={value.idShort} variable={value} isGiven={which !== "outputVariables" && !past} onGive={give} />
            ))}
          </section>
        );
      })}
      {!past && (
        <Button size="sm" variant="default" loading={busy} disabled={isBlocked} onClick={run}>
          {t("assets.explorer.invoke")}
        </Button>
      )}
      {result !== undefined && <Outcome result={result} />}
    </div>
  );
}

/** A variable with its type, and its editor where it is given. */
function Variable({
  variable,
  isGiven,
  onGive,
}: {
  readonly variable: SubmodelElement;
  readonly isGiven: boolean;
  readonly onGive: (variable: SubmodelElement, draft: Draft) => void;
}): ReactNode {
  const { t } = useWords();
  const type = "valueType" in variable ? variable.valueType : t(`assets.explorer.kind.${variable.modelType}`);
  if (!isGiven || !hasEditor(variable))
    return (
      <p>
        {variable.idShort} <small>{type}</small>
      </p>
    );
  return (
    <fieldset className="dw-reference">
      <legend>
        {variable.idShort} <small>{type}</small>
      </legend>
      <ValueEditor element={variable} values={[]} onChange={(draft) => onGive(variable, draft)} />
    </fieldset>
  );
}

/** How an invocation ended, and what it returned. */
function Outcome({ result }: { readonly result: OperationResult }): ReactNode {
  const { t, language } = useWords();
  const { executionState, messages, reason, outputArguments = [], inoutputArguments = [] } = result;
  return (
    <section role="status" className={`dw-note ${executionState === "Completed" ? "" : "is-trouble"}`}>
      {t(`assets.explorer.execution.${executionState}`)} {messageText(messages?.map(({ text }) => text).join(" ") ?? "", reason)}
      {[...outputArguments, ...inoutputArguments].map(({ value }) => (
        <p key={value.idShort}>
          {value.idShort}: <b>{valueLine(value, language)}</b>
        </p>
      ))}
    </section>
  );
}
