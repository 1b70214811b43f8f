import { useState } from "react";
import type { CallInput, Command, PlantMethod } from "@doppelwerk/client";
import type { RecordId } from "@doppelwerk/world";
import { useStudio, useTask, type Task } from "@doppelwerk/kit/studio";
import { inputOf } from "./call-input.ts";

export interface MethodCall {
  /** `A / B / Start` */
  readonly name: string;
  readonly task: Task;
  /** The last one, with its state; undefined before one was requested. */
  readonly command: Command | undefined;
  /** As typed, one an argument; they stay when the call is done. */
  readonly texts: readonly string[];
  readonly setText: (argument: number, text: string) => void;
  readonly reason: string;
  readonly setReason: (reason: string) => void;
  /** Of the texts; undefined where one is no value of its type. */
  readonly inputs: readonly (CallInput | undefined)[];
  readonly isReady: boolean;
  readonly request: () => void;
  readonly confirm: () => void;
  readonly withdraw: () => void;
}

/** The call of a method is a command like any other: requested, confirmed or withdrawn by a person, then recorded with its outcome. */
export function useMethodCall(connection: RecordId, method: PlantMethod): MethodCall {
  const { client } = useStudio();
  const [command, setCommand] = useState<Command | undefined>(undefined);
  const task = useTask(() => setCommand(undefined));
  const [texts, setTexts] = useState<readonly string[]>(() => method.inputs.map(() => ""));
  const [reason, setReason] = useState("");
  const name = method.path.join(" / ");
  const inputs = method.inputs.map((argument, n) => inputOf(argument, texts[n]!));
  const isReady = inputs.every((input) => input !== undefined) && reason.trim() !== "";
  const run = (work: () => Promise<Command>): void => task.run(() => work().then(setCommand));
  const request = (): void =>
    run(() =>
      client.askCall({
        connection,
        object: method.object,
        method: method.method,
        name,
        inputs: inputs as CallInput[],
        reason: reason.trim(),
      }),
    );
  return {
    name,
    task,
    command,
    texts,
    setText: (argument, text) => setTexts((all) => all.with(argument, text)),
    reason,
    setReason,
    inputs,
    isReady,
    request,
    confirm: () => run(() => client.confirmCommand(command!.id, command!.value)),
    withdraw: () => run(() => client.withdrawCommand(command!.id)),
  };
}
