import type { ReactNode } from "react";
import { Card, useWords } from "@doppelwerk/ui";
import { AuthenticatorPart } from "./authenticator-part.tsx";
import { useOwnAccount } from "./use-own-account.ts";

/** The authenticator of who is logged in; a provider asks for one of its own. */
export default function AuthenticatorCard(): ReactNode {
  const account = useOwnAccount();
  const { t } = useWords();
  if (account === undefined || account.own?.provider?.kind === "openid") return null;
  return (
    <Card title={t("settings.authenticator")}>
      <AuthenticatorPart person={account.person} onChanged={account.onChanged} />
    </Card>
  );
}
