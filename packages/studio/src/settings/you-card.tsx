import { TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { Card, useStore, useStudio, useWords } from "@doppelwerk/ui";
import { AccountCard } from "./account-card.tsx";
import { useOwnAccount } from "./use-own-account.ts";

/** Who this person is to others: the account, or without accounts the name that this browser chose. */
export default function YouCard(): ReactNode {
  const account = useOwnAccount();
  return account === undefined ? <NameCard /> : <AccountCard {...account} />;
}

function NameCard(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const preferences = useStore(studio.preferences);
  const [name, setName] = useState(preferences.name);
  const rename = (): void => {
    const chosen = name.trim();
    if (chosen === "" || chosen === preferences.name) return;
    studio.preferences.update((held) => ({ ...held, name: chosen }));
    studio.client.rename(chosen);
    studio.live.rename(chosen);
  };
  return (
    <Card title={t("settings.account")} note={t("frame.unverified")}>
      <TextInput
        size="sm"
        w={280}
        label={t("frame.nameLabel")}
        value={name}
        maxLength={40}
        onChange={(event) => setName(event.currentTarget.value)}
        onBlur={rename}
        onKeyDown={(event) => event.key === "Enter" && rename()}
      />
      <p className="dw-fine">{t("frame.nameText")}</p>
    </Card>
  );
}
