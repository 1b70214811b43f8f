import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import type { Command, PlantArgument, PlantMethod } from "@doppelwerk/client";
import type { RecordId } from "@doppelwerk/world";
import { messageText, useWords, TaskProblem } from "@doppelwerk/kit/studio";
import { typeText } from "./call-input.ts";
import { useMethodCall, type MethodCall } from "./use-method-call.ts";

/** One method: its arguments, the form that requests a call, the question before it, and its outcome. */
export function MethodRow({
  connection,
  method,
  disabled,
}: {
  readonly connection: RecordId;
  readonly method: PlantMethod;
  readonly disabled: boolean;
}): ReactNode {
  const { t } = useWords();
  const [isOpen, setOpen] = useState(false);
  const call = useMethodCall(connection, method);
  const { name, task, command } = call;
  const { inputs, outputs } = method;
  const unsupported = inputs.find(({ supported }) => !supported);
  return (
    <div className="dw-plant-row">
      <b>{name}</b>
      <span className="dw-quiet-text">
        ({inputs.map(typeText).join(", ")}){outputs.length > 0 && ` → ${outputs.map(typeText).join(", ")}`}
      </span>
      {unsupported === undefined ? (
        <Button size="xs" variant="default" disabled={disabled} onClick={() => setOpen(!isOpen)}>
          {t("connect.tools.call")}
        </Button>
      ) : (
        <small>{t("connect.tools.unsupported", { name: unsupported.name })}</small>
      )}
      {isOpen && command?.state !== "requested" && <CallForm call={call} inputs={inputs} />}
      {command?.state === "requested" && <CallQuestion call={call} command={command} />}
      <TaskProblem task={task} />
      {command !== undefined && <CallOutcome command={command} />}
    </div>
  );
}

function CallForm({ call, inputs }: { readonly call: MethodCall; readonly inputs: readonly PlantArgument[] }): ReactNode {
  const { t } = useWords();
  return (
    <form
      className="dw-plant-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (call.isReady) call.request();
      }}
    >
      {inputs.map((argument, n) => (
        <TextInput
          key={argument.name}
          size="sm"
          label={argument.name}
          description={[typeText(argument), argument.description].filter((part) => part !== undefined && part !== "").join(" · ")}
          error={call.texts[n] !== "" && call.inputs[n] === undefined ? t("connect.tools.wrongType") : undefined}
          value={call.texts[n]!}
          onChange={(event) => call.setText(n, event.currentTarget.value)}
        />
      ))}
      <TextInput
        size="sm"
        label={t("connect.tools.reason")}
        value={call.reason}
        onChange={(event) => call.setReason(event.currentTarget.value)}
      />
      <Button size="sm" type="submit" loading={call.task.busy} disabled={!call.isReady}>
        {t("connect.tools.ask")}
      </Button>
    </form>
  );
}

/** What will be called with what, before it is. */
function CallQuestion({ call, command }: { readonly call: MethodCall; readonly command: Command }): ReactNode {
  const { t } = useWords();
  return (
    <div className="dw-plant-form">
      <p className="dw-note">{t("connect.tools.confirmText", { name: call.name, inputs: String(command.value) })}</p>
      <Button size="sm" color="red" loading={call.task.busy} onClick={call.confirm}>
        {t("connect.tools.confirm")}
      </Button>
      <Button size="sm" variant="default" onClick={call.withdraw}>
        {t("connect.tools.withdraw")}
      </Button>
    </div>
  );
}

function CallOutcome({ command: { state, after, why, message } }: { readonly command: Command }): ReactNode {
  const { t } = useWords();
  if (state === "requested") return null;
  const isFine = state === "done" || state === "withdrawn";
  return (
    <p className={`dw-call-result ${isFine ? "" : "is-trouble"}`}>
      {t(`connect.tools.ended.${state}`)}
      {after !== undefined && `: ${String(after)}`}
      {why !== undefined && ` (${messageText(why, message)})`}
    </p>
  );
}
