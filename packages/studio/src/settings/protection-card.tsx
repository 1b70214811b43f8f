import type { ReactNode } from "react";
import type { Protection } from "@doppelwerk/client";
import { fixedText, LoadedCard, momentText, useLoad, useStudio, useWords } from "@doppelwerk/ui";

const MB = 1e6;

/** When the server was backed up last, and whether its secrets are sealed; to administrators. */
export default function ProtectionCard(): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const loaded = useLoad((signal) => client.protection({ signal }), []);
  return (
    // of a server that has none, or not for this person
    <LoadedCard title={t("settings.protection")} absentOn={["DW_NOT_FOUND", "DW_FORBIDDEN"]} loaded={loaded}>
      {({ sealed, lastBackup }) => (
        <dl className="dw-facts">
          <dt>{t("settings.lastBackup")}</dt>
          <dd>{lastBackup === undefined ? t("settings.lastBackupNone") : <LastBackup {...lastBackup} />}</dd>
          <dt>{t("settings.secrets")}</dt>
          <dd>{sealed ? t("settings.secretsSealed") : t("settings.secretsNotSealed")}</dd>
          <dt>{t("settings.protectionHow")}</dt>
          <dd>
            <a href="/guide/backup" target="_blank" rel="noreferrer">
              {t("settings.protectionGuide")}
            </a>
          </dd>
        </dl>
      )}
    </LoadedCard>
  );
}

function LastBackup({ instant, to, bytes }: NonNullable<Protection["lastBackup"]>): ReactNode {
  const { t, zone, language } = useWords();
  const moment = momentText(Date.parse(instant) * 1_000, zone, language);
  return (
    <>
      {t("settings.lastBackupOf", { moment, size: fixedText(bytes / MB, bytes < MB ? 2 : 0) })}
      <br />
      <span className="dw-quiet dw-log-text">{to}</span>
    </>
  );
}
