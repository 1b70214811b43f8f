import { UnstyledButton } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import type { ReactNode } from "react";
import { connectCard, connectTab, Card, Empty, ViewOutlet, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import { AddPlant } from "./add-plant.tsx";
import { Certificates } from "./certificates.tsx";
import { ConnectionCard } from "./connection-card.tsx";
import { OpcuaReaders } from "./opcua-readers.tsx";
import { PlantLook } from "./plant-look.tsx";
import { useConnections } from "./use-connections.ts";
import "./connect.css";

const ConnectionPage = lazy(() => import("./connection-page.tsx").then(({ ConnectionPage: page }) => ({ default: page })));

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
