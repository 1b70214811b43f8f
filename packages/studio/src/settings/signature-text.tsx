import type { ReactNode } from "react";
import { useWords } from "@doppelwerk/ui";
import type { PackSignature } from "./pack-calls.ts";

/** Whether somebody who is trusted vouches for a pack; the key is read on hover. */
export function SignatureText({ signature: { state, key, name } }: { readonly signature: PackSignature }): ReactNode {
  const { t } = useWords();
  if (state === "trusted") return <span title={key}>{t("settings.packSignedBy", { name: name ?? "" })}</span>;
  if (state === "unsigned") return <span className="dw-quiet">{t("settings.packUnsigned")}</span>;
  return (
    <span>
      {t("settings.packUntrusted")} <code>{key}</code>
    </span>
  );
}
