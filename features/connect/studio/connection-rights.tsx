import { Button, Switch } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import type { ConnectionDetail, ConnectionPatch } from "@doppelwerk/client";
import { Dialog, Card, useStudio, useTask, useWords, Problem } from "@doppelwerk/kit/studio";
import { ConnectionSettings, type SettingsDraft } from "./connection-settings.tsx";
import { DescribedBy } from "./described-by.tsx";

/** What a connection may do, how it is spoken to, and which submodels describe it. */
export function ConnectionRights({ detail, onChanged }: { readonly detail: ConnectionDetail; readonly onChanged: () => void }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { failure, code, run } = useTask();
  const [draft, setDraft] = useState<SettingsDraft>({});
  const change = async (patch: ConnectionPatch): Promise<void> => {
    await studio.client.changeConnection(detail.id, patch);
    setDraft({});
    onChanged();
  };
  return (
    <Card title={detail.name} note={detail.protocol}>
      <code className="dw-url">{detail.url}</code>
      <Switches detail={detail} onChange={(patch) => run(() => change(patch))} />
      <ConnectionSettings
        detail={detail}
        draft={draft}
        onDraft={setDraft}
        onSave={() => run(async () => change(patchOf(draft, t("connect.connection.noJson"))))}
      />
      <DescribedBy detail={detail} onDescribe={() => run(() => studio.client.describeConnection(detail.id).then(onChanged))} />
      {failure !== undefined && <Problem text={failure} code={code} />}
    </Card>
  );
}

/** Throws `noJson` when the settings are none. */
function patchOf({ settings, secret = "" }: SettingsDraft, noJson: string): ConnectionPatch {
  return {
    ...(settings !== undefined && { settings: parsed(settings, noJson) }),
    ...(secret.trim() !== "" && { secret: secret.trim() }),
  };
}

function parsed(text: string, noJson: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw new Error(noJson);
  }
}

/** Whether it is connected, and whether it takes commands: those are allowed only after a question. */
function Switches({
  detail,
  onChange,
}: {
  readonly detail: ConnectionDetail;
  readonly onChange: (patch: ConnectionPatch) => void;
}): ReactNode {
  const { t } = useWords();
  const [isAsking, setAsking] = useState(false);
  return (
    <div className="dw-connection-switches">
      <Switch
        checked={detail.enabled}
        disabled={!detail.mayAdminister}
        label={t("connect.connection.enabled")}
        onChange={(event) => onChange({ enabled: event.currentTarget.checked })}
      />
      {detail.commandable && (
        <Switch
          checked={detail.allowCommands}
          disabled={!detail.mayAdminister}
          label={t("connect.connection.allowCommands")}
          onChange={(event) => (event.currentTarget.checked ? setAsking(true) : onChange({ allowCommands: false }))}
        />
      )}
      {detail.commandable && detail.allowCommands && (
        <Switch
          checked={detail.commandPresence}
          disabled={!detail.mayAdminister}
          label={t("connect.connection.commandPresence")}
          description={t("connect.connection.commandPresenceNote")}
          onChange={(event) => onChange({ commandPresence: event.currentTarget.checked })}
        />
      )}
      <Dialog opened={isAsking} onClose={() => setAsking(false)} title={t("connect.connection.allowTitle", { name: detail.name })} centered>
        <p>{t("connect.connection.allowText")}</p>
        <div className="dw-command-ask">
          <Button
            size="sm"
            onClick={() => {
              setAsking(false);
              onChange({ allowCommands: true });
            }}
          >
            {t("connect.connection.allow")}
          </Button>
          <Button size="sm" variant="default" onClick={() => setAsking(false)}>
            {t("entries.cancel")}
          </Button>
        </div>
      </Dialog>
    </div>
  );
}
