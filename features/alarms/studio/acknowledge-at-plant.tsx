import { ActionIcon, Button, Modal, TextInput, Tooltip } from "@mantine/core";
import { IconBuildingFactory2 } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import type { Command } from "@doppelwerk/client";
import type { AlarmItem } from "@doppelwerk/sync";
import { errorText, inLanguage, useStudio, useWords } from "@doppelwerk/kit/studio";

/** Acknowledges the condition that an alarm follows where it stands: asked for with a reason, confirmed, sent and read back as any command. */
export function AcknowledgeAtPlant({
  alarm,
  at,
}: {
  readonly alarm: AlarmItem;
  readonly at: NonNullable<AlarmItem["atPlant"]>;
}): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const [command, setCommand] = useState<Command | undefined>(undefined);
  const [failure, setFailure] = useState<string | undefined>(undefined);
  const title = inLanguage(alarm.title, language);
  const run = (work: Promise<Command>): void => {
    setBusy(true);
    setFailure(undefined);
    work
      .then(setCommand)
      .catch((error: unknown) => {
        setCommand(undefined);
        setFailure(errorText(error));
      })
      .finally(() => setBusy(false));
  };
  const close = (): void => {
    if (command?.state === "requested") studio.client.withdrawCommand(command.id).catch(() => {});
    setOpen(false);
    setCommand(undefined);
    setFailure(undefined);
    setReason("");
  };
  return (
    <>
      <Tooltip label={t("alarms.plant.acknowledge")}>
        <ActionIcon size={24} variant="default" aria-label={t("alarms.plant.acknowledge")} onClick={() => setOpen(true)}>
          <IconBuildingFactory2 size={14} />
        </ActionIcon>
      </Tooltip>
      <Modal opened={open} onClose={close} title={t("alarms.plant.acknowledge")} centered size={440}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            const { connection, condition } = at;
            run(
              studio.client.askCall({
                connection,
                object: condition,
                method: "acknowledge",
                name: title,
                inputs: [reason.trim()],
                reason: reason.trim(),
              }),
            );
          }}
        >
          <p className="dw-quiet">{t("alarms.plant.text", { title })}</p>
          {command === undefined && (
            <TextInput
              data-autofocus
              label={t("alarms.reason")}
              required
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
            />
          )}
          {command?.state === "requested" && <p className="dw-note">{t("alarms.plant.confirmText")}</p>}
          {failure !== undefined && <p className="dw-note">{failure}</p>}
          {command !== undefined && command.state !== "requested" && (
            <p className="dw-note">
              {t(`alarms.plant.ended.${command.state}`)}
              {command.why !== undefined && ` (${command.why})`}
            </p>
          )}
          <div className="dw-dialog-foot">
            <Button variant="default" onClick={close}>
              {t(command === undefined || command.state === "requested" ? "frame.cancel" : "alarms.plant.close")}
            </Button>
            {command === undefined && (
              <Button type="submit" loading={busy} disabled={reason.trim() === ""}>
                {t("alarms.plant.ask")}
              </Button>
            )}
            {command?.state === "requested" && (
              <Button color="red" loading={busy} onClick={() => run(studio.client.confirmCommand(command.id, command.value))}>
                {t("alarms.plant.confirm")}
              </Button>
            )}
          </div>
        </form>
      </Modal>
    </>
  );
}
