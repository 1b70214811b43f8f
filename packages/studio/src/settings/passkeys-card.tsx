import type { ReactNode } from "react";
import { Card, useWords } from "@doppelwerk/ui";
import { PasskeysPart } from "./passkeys-part.tsx";
import { useOwnAccount } from "./use-own-account.ts";

/** The passkeys of who is logged in with an account of this server. */
export default function PasskeysCard(): ReactNode {
  const account = useOwnAccount();
  const { t } = useWords();
  if (account === undefined || !account.isOfServer) return null;
  return (
    <Card title={t("passkeys.title")}>
      <PasskeysPart person={account.person} onChanged={account.onChanged} />
    </Card>
  );
}
