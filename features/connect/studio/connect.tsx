import { Button, Tooltip, UnstyledButton } from "@mantine/core";
import { IconPlugConnected } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import type { ReactNode } from "react";
import type { ConnectionStatus } from "@doppelwerk/sync";
import {
  connectCard,
  connectTab,
  Card,
  Empty,
  ViewOutlet,
  durationText,
  errorText,
  messageText,
  momentText,
  useStore,
  useStudio,
  useWords,
} from "@doppelwerk/kit/studio";
import { AddPlant } from "./add-plant.tsx";
import { Certificates } from "./certificates.tsx";
import { OpcuaReaders } from "./opcua-readers.tsx";
import { PlantActions } from "./plant-actions.tsx";
import { PlantLook } from "./plant-look.tsx";
import { PlantTools } from "./plant-tools.tsx";
import { useConnections } from "./use-connections.ts";
import "./connect.css";

const ConnectionPage = lazy(() => import("./connection-page.tsx").then((room) => ({ default: room.ConnectionPage })));

/** Where the values come from: every connection with its state, rate, losses and findings; and the way to add one. */
export default function Connect(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { detail } = useStore(studio.address.store);
  const tabs = studio.views.of(connectTab);
  const tab = tabs.find(({ data }) => detail === data.name || detail?.startsWith(`${data.name}:`) === true);
  const names = [{ name: undefined, title: "connect.connection.tab" as const }, ...tabs.map(({ data }) => data)];
  return (
    <div className="dw-page dw-connect">
      <div className="dw-tabs" role="tablist">
        {names.map(({ name, title }) => (
          <UnstyledButton
            key={title}
            role="tab"
            aria-selected={name === tab?.data.name}
            className={name === tab?.data.name ? "is-on" : ""}
            onClick={() => studio.address.go({ detail: name })}
          >
            {t(title)}
          </UnstyledButton>
        ))}
      </div>
      {tab !== undefined ? (
        <ViewOutlet key={tab.id} view={tab} props={{ detail }} />
      ) : detail === undefined ? (
        <Connections />
      ) : (
        <Suspense fallback={null}>
          <ConnectionPage key={detail} id={detail} />
        </Suspense>
      )}
    </div>
  );
}

function Connections(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { connections, put } = useConnections();
  const [begun, setBegun] = useState<string | undefined>(undefined);
  return (
    <>
      <Card title={t("connect.addTitle")}>
        <AddPlant onConnected={put} onBegun={setBegun} />
      </Card>
      <Certificates />
      <OpcuaReaders />
      {studio.views.of(connectCard).map((card) => (
        <ViewOutlet key={card.id} view={card} props={{ begun, onBegun: setBegun, Look: PlantLook }} />
      ))}
      {connections.length === 0 && <Empty title={t("connect.emptyTitle")} text={t("connect.emptyText")} />}
      {connections.map((connection) => (
        <ConnectionCard key={connection.id} connection={connection} onBegun={setBegun} />
      ))}
    </>
  );
}

/** One connection: how it stands, what is lost of it, and what can be done with it. */
function ConnectionCard({
  connection,
  onBegun,
}: {
  readonly connection: ConnectionStatus;
  readonly onBegun: (id: string) => void;
}): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const down = connection.state === "failed" || connection.state === "reconnecting" || connection.state === "closed";
  return (
    <Card
      title={
        <span className="dw-connection-name">
          <i className={`dw-connection-dot is-${connection.state}`} /> {connection.name}{" "}
          {connection.demo && <span className="dw-badge">{t("frame.demo")}</span>}
        </span>
      }
      note={connection.protocol}
    >
      <code className="dw-url">{connection.url}</code>
      <dl className="dw-connection-facts">
        <div>
          <dt>{t("connect.state")}</dt>
          <dd>
            <Tooltip label={momentText(connection.since, zone, language)}>
              <span className={down ? "is-down" : ""}>{t(`connect.states.${connection.state}`)}</span>
            </Tooltip>
            <small>{connection.since > 0 && t("connect.for", { duration: durationText(studio.now() - connection.since, language) })}</small>
          </dd>
        </div>
        <div>
          <dt>{t("connect.signals")}</dt>
          <dd>{connection.signals}</dd>
        </div>
        <div>
          <dt>{t("connect.rate")}</dt>
          <dd>
            {connection.samplesPerSecond.toFixed(connection.samplesPerSecond < 10 ? 1 : 0)}
            <small>{t("connect.perSecond")}</small>
          </dd>
        </div>
        <div>
          <dt>{t("connect.dropped")}</dt>
          <dd className={connection.dropped > 0 ? "is-down" : ""}>{connection.dropped}</dd>
        </div>
      </dl>
      {connection.enabled === false && <p className="dw-note">{t("connect.connection.waiting")}</p>}
      <div className="dw-connection-actions">
        {connection.enabled === false ? (
          <Button
            size="sm"
            leftSection={<IconPlugConnected size={16} />}
            onClick={() =>
              void studio.client
                .changeConnection(connection.id, { enabled: true })
                .catch((error: unknown) => studio.notify("trouble", errorText(error)))
            }
          >
            {t("connect.connection.connect")}
          </Button>
        ) : (
          <PlantActions plant={{ connection: connection.id }} onBegun={onBegun} />
        )}
        <Button size="sm" variant="subtle" onClick={() => studio.address.go({ detail: connection.id })}>
          {t("connect.connection.open")}
        </Button>
        {connection.protocol === "opcua" && connection.state === "connected" && <PlantTools connection={connection.id} />}
      </div>
      {connection.reason !== undefined && <p className="dw-note is-trouble">{messageText(connection.reason, connection.reasonMessage)}</p>}
      {connection.findings.length > 0 && (
        <>
          <h3 className="dw-small-title">{t("plant.findings", { count: connection.findings.length })}</h3>
          <ul className="dw-findings">
            {connection.findings.map((finding, index) => (
              <li key={finding} title={finding}>
                {messageText(finding, connection.findingMessages[index])}
              </li>
            ))}
          </ul>
        </>
      )}
    </Card>
  );
}
