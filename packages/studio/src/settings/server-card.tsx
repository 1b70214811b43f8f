import type { ReactNode } from "react";
import { LIVE } from "@doppelwerk/world";
import { apiPath, Card, useStore, useStudio, useWords, zoneNameText } from "@doppelwerk/ui";

/** Which server this is, and where its APIs are. */
export default function ServerCard(): ReactNode {
  const studio = useStudio();
  const world = useStore(studio.world);
  const shells = `${apiPath(LIVE, useStore(studio.address.store).world)}/shells`;
  const { t } = useWords();
  return (
    <Card title={t("settings.server")}>
      <dl className="dw-facts" style={{ maxWidth: 420 }}>
        <dt>{t("settings.version")}</dt>
        <dd>{world?.version ?? "–"}</dd>
        <dt>{t("settings.revision")}</dt>
        <dd>{world?.revision ?? "–"}</dd>
        <dt>{t("settings.zone")}</dt>
        <dd>{world ? zoneNameText(world.timeZone) : "–"}</dd>
        <dt>{t("settings.api")}</dt>
        <dd>
          <a href="/openapi.json">/openapi.json</a>
        </dd>
        <dt>AAS</dt>
        <dd>
          <a href={shells}>{shells}</a>
        </dd>
      </dl>
    </Card>
  );
}
