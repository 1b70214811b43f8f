import { ActionIcon, Button, TextInput, Tooltip } from "@mantine/core";
import { IconBuildingFactory2 } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import type { Command } from "@doppelwerk/client";
import type { AlarmItem } from "@doppelwerk/sync";
import { Dialog, inLanguage, useStudio, useWords, Problem, shownError, type ShownError } from "@doppelwerk/kit/studio";

type AtPlant = NonNullable<AlarmItem["atPlant"]>;

/** Acknowledges the condition that an alarm follows where it stands: asked for with a reason, confirmed, sent and read back as any command. */
export function AcknowledgeAtPlant({ alarm, at }: { readonly alarm: AlarmItem; readonly at: AtPlant }): ReactNode {
  const { t, language } = useWords();
  const [open, setOpen] = useState(false);
  const title = inLanguage(alarm.title, language);
  const call = useCall(title, at);
  const close = (): void => {
    call.end();
    setOpen(false);
  };
  return (
    <>
      <Tooltip label={t("alarms.plant.acknowledge")}>
        <ActionIcon size={32} variant="default" aria-label={t("alarms.plant.acknowledge")} onClick={() => setOpen(true)}>
          <IconBuildingFactory2 size={14} />
        </ActionIcon>
      </Tooltip>
      <Dialog opened={open} onClose={close} title={t("alarms.plant.acknowledge")} centered size={440}>
        <CallForm title={title} call={call} onClose={close} />
      </Dialog>
    </>
  );
}

interface Call {
  readonly command: Command | undefined;
  readonly failure: ShownError | undefined;
  readonly busy: boolean;
  readonly reason: string;
  setReason(reason: string): void;
  ask(): void;
  confirm(command: Command): void;
  /** Forgets what was typed; a command that nobody confirmed is withdrawn. */
  end(): void;
}

/** The command that acknowledges a condition at the plant, from the request to what was read back. */
function useCall(name: string, { connection, condition }: AtPlant): Call {
  const { client } = useStudio();
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const [command, setCommand] = useState<Command | undefined>(undefined);
  const [failure, setFailure] = useState<ShownError | undefined>(undefined);
  const run = (work: Promise<Command>): void => {
    setBusy(true);
    setFailure(undefined);
    work
      .then(setCommand)
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
    reason,
    setReason,
    ask() {
      const given = reason.trim();
      run(client.askCall({ connection, object: condition, method: "acknowledge", name, inputs: [given], reason: given }));
    },
    confirm: (asked) => run(client.confirmCommand(asked.id, asked.value)),
    end() {
      if (command?.state === "requested")
        client.withdrawCommand(command.id).catch(() => {
          // the form is closed: a request that is not confirmed expires by itself
        });
      setCommand(undefined);
      setFailure(undefined);
      setReason("");
    },
  };
}

function CallForm({ title, call, onClose }: { readonly title: string; readonly call: Call; readonly onClose: () => void }): ReactNode {
  const { t } = useWords();
  const { command, failure, busy, reason } = call;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        call.ask();
      }}
    >
      <p className="dw-quiet">{t("alarms.plant.text", { title })}</p>
      {command === undefined && (
        <TextInput
          data-autofocus
          label={t("alarms.reason")}
          required
          value={reason}
          onChange={(event) => call.setReason(event.currentTarget.value)}
        />
      )}
      {command?.state === "requested" && <p className="dw-note">{t("alarms.plant.confirmText")}</p>}
      {failure !== undefined && <Problem text={failure.message} code={failure.code} />}
      {command !== undefined && command.state !== "requested" && (
        <p className="dw-note">
          {t(`alarms.plant.ended.${command.state}`)}
          {command.why !== undefined && ` (${command.why})`}
        </p>
      )}
      <div className="dw-dialog-foot">
        <Button variant="default" onClick={onClose}>
          {t(command === undefined || command.state === "requested" ? "frame.cancel" : "alarms.plant.close")}
        </Button>
        {command === undefined && (
          <Button type="submit" loading={busy} disabled={reason.trim() === ""}>
            {t("alarms.plant.ask")}
          </Button>
        )}
        {command?.state === "requested" && (
          <Button color="red" loading={busy} onClick={() => call.confirm(command)}>
            {t("alarms.plant.confirm")}
          </Button>
        )}
      </div>
    </form>
  );
}
