import { lazy, Suspense, useState } from "react";
import type { ReactNode } from "react";
import type { ConnectionStatus } from "@doppelwerk/sync";
import {
  connectCard,
  connectTab,
  Card,
  Empty,
  Failure,
  TabList,
  ViewOutlet,
  Waiting,
  useStore,
  useStudio,
  useWords,
} from "@doppelwerk/kit/studio";
import { AddPlant } from "./add-plant.tsx";
import { Certificates } from "./certificates.tsx";
import { ConnectionCard } from "./connection-card.tsx";
import { hasFindings, isDown } from "./connection-look.ts";
import { OpcuaReaders } from "./opcua-readers.tsx";
import { PlantLook } from "./plant-look.tsx";
import { SiteInterfaces } from "./site-interfaces.tsx";
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
  return (
    <div className="dw-page dw-connect">
      <TabList
        label={t("view.connect")}
        tabs={[{ name: "", title: t("connect.connection.tab") }, ...tabs.map(({ data }) => ({ name: data.name, title: t(data.title) }))]}
        chosen={tab?.data.name ?? ""}
        onChoose={(name) => studio.address.go({ detail: name === "" ? undefined : name })}
      />
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

/** Whether anything is broken, before one looks at each. */
function Summary({ connections }: { readonly connections: readonly ConnectionStatus[] }): ReactNode {
  const { t } = useWords();
  const broken = connections.filter(({ state }) => isDown(state)).length;
  const findings = connections.filter(hasFindings).length;
  return <p className="dw-connect-summary">{t("connect.summary", { count: connections.length, broken, findings })}</p>;
}

function Connections(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { isAsked, failure, connections, put } = useConnections();
  const [begun, setBegun] = useState<string | undefined>(undefined);
  // what is connected comes first: a form that was there before it would move under the pointer
  if (!isAsked && connections.length === 0) return <Waiting />;
  return (
    <>
      {connections.length > 0 && <Summary connections={connections} />}
      {connections.map((connection) => (
        <ConnectionCard key={connection.id} connection={connection} onBegun={setBegun} />
      ))}
      <Card title={t("connect.addTitle")}>
        <AddPlant onConnected={put} onBegun={setBegun} />
      </Card>
      <Certificates />
      <OpcuaReaders />
      {studio.views.of(connectCard).map((card) => (
        <ViewOutlet key={card.id} view={card} props={{ begun, onBegun: setBegun, Look: PlantLook }} />
      ))}
      <SiteInterfaces />
      {connections.length === 0 &&
        (failure === undefined ? <Empty title={t("connect.emptyTitle")} text={t("connect.emptyText")} /> : <Failure {...failure} />)}
    </>
  );
}
