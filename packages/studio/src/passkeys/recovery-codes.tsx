import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { useWords } from "@doppelwerk/ui";
import "./passkeys.css";

/** Shown once. */
export function RecoveryCodes({ codes, onDone }: { readonly codes: readonly string[]; readonly onDone: () => void }): ReactNode {
  const { t } = useWords();
  return (
    <div className="dw-recovery">
      <p className="dw-fine">{t("settings.recoveryCodes")}</p>
      <ul className="dw-recovery-codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <Button variant="default" onClick={onDone}>
        {t("settings.recoveryDone")}
      </Button>
    </div>
  );
}
