import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { LIVE } from "@doppelwerk/world";
import { apiPath, Card, useMayAdminister, useStore, useStudio, useWords, zoneNameText } from "@doppelwerk/ui";

/** Which server this is, and where its APIs are. */
export default function ServerCard(): ReactNode {
  const studio = useStudio();
  const world = useStore(studio.world);
  const shells = `${apiPath(LIVE, useStore(studio.address.store).world)}/shells`;
  const { t } = useWords();
  const isAdministrator = useMayAdminister() === true;
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
      {isAdministrator && (
        <p className="dw-list-foot">
          <Button size="sm" variant="default" onClick={() => studio.address.go({ view: "settings", detail: "state" })}>
            {t("server.state.open")}
          </Button>
        </p>
      )}
    </Card>
  );
}
