import { Select, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { JsonEditor, useWords } from "@doppelwerk/kit/studio";
import { settingsExample } from "./plant-address.ts";
import type { PlantForm } from "./use-plant-form.ts";

const PROTOCOLS = ["opcua", "mqtt", "sparkplug", "modbus", "s7", "http", "mtconnect", "shdr", "csv", "sql", "replay"];

/** What most plants need not: the protocol, where the address leaves it open, a kept secret, and settings as JSON. */
export function PlantSettings({ form: { fields, set } }: { readonly form: PlantForm }): ReactNode {
  const { t } = useWords();
  return (
    <div className="dw-add-more">
      <Select
        size="sm"
        label={t("connect.protocol")}
        placeholder={t("connect.protocolByAddress")}
        clearable
        data={PROTOCOLS}
        value={fields.protocol}
        onChange={(protocol) => set({ protocol })}
      />
      <TextInput
        size="sm"
        label={t("connect.connection.secret")}
        description={t("connect.connection.secretNote")}
        value={fields.secret}
        onChange={(event) => set({ secret: event.currentTarget.value })}
      />
      <JsonEditor
        label={t("connect.connection.settingsJson")}
        description={t("connect.connection.settingsNote")}
        placeholder={settingsExample(fields.url)}
        text={fields.settings}
        onText={(settings) => set({ settings })}
        rows={[3, 16]}
        mayBeEmpty
      />
    </div>
  );
}
