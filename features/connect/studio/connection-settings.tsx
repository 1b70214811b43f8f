import { Button, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import type { ConnectionDetail } from "@doppelwerk/client";
import { JsonEditor, useWords } from "@doppelwerk/kit/studio";

/** What is typed and not stored yet; undefined = as stored. */
export interface SettingsDraft {
  readonly settings?: string;
  readonly secret?: string;
}

/** The settings of a connection as JSON, and the name of the secret that it uses. */
export function ConnectionSettings({
  detail,
  draft,
  onDraft,
  onSave,
}: {
  readonly detail: ConnectionDetail;
  readonly draft: SettingsDraft;
  readonly onDraft: (draft: SettingsDraft) => void;
  readonly onSave: () => void;
}): ReactNode {
  const { t } = useWords();
  return (
    <details className="dw-connection-settings">
      <summary>{t("connect.connection.settings")}</summary>
      <JsonEditor
        label={t("connect.connection.settingsJson")}
        description={t("connect.connection.settingsNote")}
        text={draft.settings ?? JSON.stringify(detail.settings ?? {}, undefined, 2)}
        onText={(settings) => onDraft({ ...draft, settings })}
        readOnly={!detail.mayAdminister}
      />
      <TextInput
        size="sm"
        label={t("connect.connection.secret")}
        description={t("connect.connection.secretNote")}
        value={draft.secret ?? detail.secret ?? ""}
        onChange={(event) => onDraft({ ...draft, secret: event.currentTarget.value })}
        readOnly={!detail.mayAdminister}
      />
      <Button size="sm" disabled={draft.settings === undefined && draft.secret === undefined} onClick={onSave}>
        {t("connect.connection.save")}
      </Button>
    </details>
  );
}
