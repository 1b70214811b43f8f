import { PasswordInput, Select, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { useWords } from "@doppelwerk/kit/studio";

/** How an OPC UA server, or a broker, is spoken to: only where it is needed. */
export interface Access {
  readonly securityMode: "None" | "Sign" | "SignAndEncrypt";
  readonly username: string;
  readonly password: string;
}

export function AccessFields({
  access,
  opcua,
  onChange,
}: {
  readonly access: Access;
  readonly opcua: boolean;
  readonly onChange: (access: Access) => void;
}): ReactNode {
  const { t } = useWords();
  return (
    <details className="dw-access">
      <summary>{t("connect.access.title")}</summary>
      <div className="dw-add">
        {opcua && (
          <Select
            size="sm"
            label={t("connect.access.mode")}
            data={["None", "Sign", "SignAndEncrypt"].map((value) => ({
              value,
              label: t(`connect.access.modes.${value as Access["securityMode"]}`),
            }))}
            value={access.securityMode}
            allowDeselect={false}
            onChange={(value) => onChange({ ...access, securityMode: (value ?? "None") as Access["securityMode"] })}
          />
        )}
        <TextInput
          size="sm"
          label={t("connect.access.user")}
          autoComplete="off"
          value={access.username}
          onChange={(event) => onChange({ ...access, username: event.currentTarget.value })}
        />
        <PasswordInput
          size="sm"
          label={t("connect.access.password")}
          autoComplete="new-password"
          value={access.password}
          onChange={(event) => onChange({ ...access, password: event.currentTarget.value })}
        />
      </div>
    </details>
  );
}
