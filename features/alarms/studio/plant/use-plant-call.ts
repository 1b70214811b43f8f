import { useState } from "react";
import type { Command } from "@doppelwerk/client";
import type { AlarmItem } from "@doppelwerk/sync";
import { useStudio, shownError, type ShownError } from "@doppelwerk/kit/studio";

/** What is done to a condition at its plant, by the names that commands have for it. */
export const PLANT_ACTS = ["acknowledge", "confirm", "comment", "shelve", "unshelve"] as const;
export type PlantAct = (typeof PLANT_ACTS)[number];

export interface PlantRequest {
  readonly act: PlantAct;
  /** Why, and the comment that the plant keeps. */
  readonly text: string;
  readonly shelvedS: number;
  /** The event that is answered; absent: the newest. */
  readonly eventId: string | undefined;
}

export interface PlantCall {
  readonly command: Command | undefined;
  readonly failure: ShownError | undefined;
  readonly busy: boolean;
  ask(request: PlantRequest): void;
  confirm(command: Command): void;
  /** A command that nobody confirmed is withdrawn, and what was typed can be sent again. */
  end(): void;
}

/** A command to the condition of a plant, from the request to what was read back; `onEnded` when the plant has answered. */
export function usePlantCall(name: string, { connection, condition }: NonNullable<AlarmItem["atPlant"]>, onEnded: () => void): PlantCall {
  const { client } = useStudio();
  const [busy, setBusy] = useState(false);
  const [command, setCommand] = useState<Command | undefined>(undefined);
  const [failure, setFailure] = useState<ShownError | undefined>(undefined);
  const run = (work: Promise<Command>): void => {
    setBusy(true);
    setFailure(undefined);
    work
      .then((answered) => {
        setCommand(answered);
        if (answered.state !== "requested") onEnded();
      })
      .catch((error: unknown) => {
        setCommand(undefined);
        setFailure(shownError(error));
      })
      .finally(() => setBusy(false));
  };
  return {
    command,
    failure,
    busy,
    ask({ act, text, shelvedS, eventId }) {
      const reason = text.trim();
      run(client.askCall({ connection, object: condition, method: act, name, inputs: inputsOf(act, reason, shelvedS, eventId), reason }));
    },
    confirm: (asked) => run(client.confirmCommand(asked.id, asked.value)),
    end() {
      if (command?.state === "requested")
        client.withdrawCommand(command.id).catch(() => {
          // the form is closed: a request that is not confirmed expires by itself
        });
      setCommand(undefined);
      setFailure(undefined);
    },
  };
}

function inputsOf(act: PlantAct, text: string, shelvedS: number, eventId: string | undefined): (string | number)[] {
  if (act === "shelve") return [shelvedS];
  if (act === "unshelve") return [];
  return eventId === undefined ? [text] : [text, eventId];
}
