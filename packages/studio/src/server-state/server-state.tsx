import { Button } from "@mantine/core";
import { IconAlertTriangle, IconArrowLeft, IconCircleCheck, IconCircleX, IconDownload } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { ServerState as State } from "@doppelwerk/client";
import {
  Card,
  DataTable,
  durationText,
  Failure,
  fixedText,
  messageText,
  momentText,
  NotReadAgain,
  shell,
  sizeText,
  useLoad,
  useStudio,
  useWords,
  Waiting,
  type Column,
  type Translate,
} from "@doppelwerk/ui";
import { CertificatesCard } from "./certificates-card.tsx";
import { RatesCard } from "./rates-card.tsx";
import "./server-state.css";

const EVERY_MS = 10_000;

/** How the server is: what needs attention first, then rates, queues, latencies, storage, certificates, sign-ins and log. For administrators. */
export function ServerState(): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const loaded = useLoad((signal) => studio.client.serverState({ signal }), [], EVERY_MS);
  const state = loaded.value;
  if (state === undefined)
    return loaded.kind === "failed" ? <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} /> : <Waiting />;
  return (
    <div className="dw-server-state">
      <div className="dw-server-state-head">
        <Button
          size="sm"
          variant="subtle"
          leftSection={<IconArrowLeft size={16} />}
          onClick={() => studio.address.go({ detail: "server" })}
        >
          {t("view.settings")}
        </Button>
        <h2>{t("server.state.title")}</h2>
        <small>
          {t("server.state.about", {
            version: state.version,
            node: state.node,
            platform: state.platform,
            duration: durationText(state.at - state.startedAt, language),
          })}
        </small>
        <span className="dw-grow" />
        <Button
          size="sm"
          variant="default"
          component="a"
          leftSection={<IconDownload size={16} />}
          href="/api/doppelwerk/v1/server/diagnostics"
          download
          title={t("server.state.diagnosticsHint")}
        >
          {t("server.state.diagnostics")}
        </Button>
      </div>
      <NotReadAgain loaded={loaded} />
      <Attention state={state} />
      <div className="dw-server-state-cards">
        <RatesCard state={state} />
        <Doors state={state} />
        <Waits state={state} />
        <Drawn state={state} />
        <Storage state={state} />
        <CertificatesCard state={state} />
      </div>
      <Log state={state} />
    </div>
  );
}

interface Of {
  readonly state: State;
}

function Attention({ state: { attention } }: Of): ReactNode {
  const { t } = useWords();
  return (
    <Card title={t("server.state.attention")}>
      <ul className="dw-server-attention">
        {attention.length === 0 && (
          <li>
            <IconCircleCheck size={16} aria-hidden />
            {t("server.state.healthy")}
          </li>
        )}
        {attention.map(({ level, message }) => (
          <li key={`${message.code} ${JSON.stringify(message.params)}`} className={level === "error" ? "is-error" : ""}>
            {level === "error" ? <IconCircleX size={16} aria-hidden /> : <IconAlertTriangle size={16} aria-hidden />}
            <span>{messageText("", message)}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** What waits, what was given up, and how long things take. */
function Waits({ state: { queues, latencies, telemetry } }: Of): ReactNode {
  const { t, zone, language } = useWords();
  const { requests, samplesP95Ms, eventLoopP99Ms } = latencies;
  const times = [
    [t("server.state.answers"), requests && t("server.state.answersOf", { p50: ms(requests.p50Ms), p95: ms(requests.p95Ms) })],
    [t("server.state.values"), samplesP95Ms === undefined ? undefined : t("server.state.within95", { time: ms(samplesP95Ms) })],
    [t("server.state.loop"), t("server.state.within99", { time: ms(eventLoopP99Ms) })],
    [t("server.state.failed"), String(requests?.failed ?? 0)],
    ...(telemetry === undefined
      ? []
      : [
          [
            t("server.state.traces"),
            telemetry.failing === undefined
              ? t("server.state.tracesSent", { count: telemetry.exported, address: telemetry.address })
              : t("server.state.tracesFailing", { address: telemetry.address, time: momentText(telemetry.failing.since, zone, language) }),
          ] as const,
        ]),
  ] as const;
  const columns: readonly Column<State["queues"][number]>[] = [
    { title: t("server.state.queue"), cell: ({ name }) => t(`server.state.queue.${name}`) },
    { title: t("server.state.waiting"), cell: ({ waiting }) => waiting, isNumber: true },
    { title: t("server.state.dropped"), cell: ({ dropped }) => dropped, isNumber: true },
  ];
  return (
    <Card title={t("server.state.waits")} note={t("server.state.lastMinutes")}>
      <dl className="dw-facts">
        {times.map(([name, text]) => (
          <Fact key={name} name={name} text={text} />
        ))}
      </dl>
      <DataTable caption={t("server.state.queue")} columns={columns} rows={queues} keyOf={({ name }) => name} />
    </Card>
  );
}

/** How old a value is when a window has drawn it, by view, as measured of some of them. */
function Drawn({
  state: {
    latencies: { frames },
  },
}: Of): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  if (frames.length === 0) return null;
  const titleOf = (view: string): string => {
    const page = studio.views.of(shell.page).find(({ data }) => data.path === `/${view}`);
    return page === undefined ? view : t(page.data.title);
  };
  const columns: readonly Column<State["latencies"]["frames"][number]>[] = [
    { title: t("server.state.view"), cell: ({ view }) => titleOf(view) },
    { title: t("server.state.within", { percent: 50 }), cell: ({ p50Ms }) => `${ms(p50Ms)}\u202fms`, isNumber: true },
    { title: t("server.state.within", { percent: 95 }), cell: ({ p95Ms }) => `${ms(p95Ms)}\u202fms`, isNumber: true },
    { title: t("server.state.frames"), cell: ({ count }) => count, isNumber: true },
  ];
  return (
    <Card title={t("server.state.drawn")} note={t("server.state.drawnNote")}>
      <DataTable caption={t("server.state.drawn")} columns={columns} rows={frames} keyOf={({ view }) => view} />
    </Card>
  );
}

function Fact({ name, text }: { readonly name: string; readonly text: string | undefined }): ReactNode {
  return (
    <>
      <dt>{name}</dt>
      <dd>{text ?? "–"}</dd>
    </>
  );
}

const ms = (milliseconds: number): string => fixedText(milliseconds, milliseconds < 10 ? 1 : 0);

function Storage({ state: { store } }: Of): ReactNode {
  const { t } = useWords();
  const total = store.parts.reduce((sum, { bytes }) => sum + bytes, 0);
  const columns: readonly Column<State["store"]["parts"][number]>[] = [
    { title: t("server.state.part"), cell: ({ name }) => name },
    { title: t("server.state.size"), cell: ({ bytes }) => sizeText(bytes), isNumber: true },
    { title: t("server.state.files"), cell: ({ files }) => files, isNumber: true },
  ];
  return (
    <Card
      title={t("server.state.storage")}
      note={
        store.freeBytes === undefined
          ? sizeText(total)
          : t("server.state.storageNote", { used: sizeText(total), free: sizeText(store.freeBytes) })
      }
    >
      <DataTable caption={t("server.state.storage")} columns={columns} rows={store.parts} keyOf={({ name }) => name} />
    </Card>
  );
}

/** Worlds, connections, and who comes in. */
function Doors({ state: { worlds, connections, signIns, backup, releases, forwarding, scanner, proof = [] } }: Of): ReactNode {
  const { t, zone, language } = useWords();
  const connected = connections.filter(({ state }) => state === "connected").length;
  const open = worlds.filter(({ state }) => state === "open").length;
  return (
    <Card title={t("server.state.doors")}>
      <dl className="dw-facts">
        <Fact name={t("server.state.worlds")} text={t("server.state.ofAll", { count: open, all: worlds.length })} />
        <Fact name={t("server.state.connections")} text={t("server.state.ofAll", { count: connected, all: connections.length })} />
        {proof.map(({ kind, at: received, entries = 0 }) => (
          <Fact
            key={kind}
            name={t(`server.state.proof.${kind}`)}
            text={
              received === undefined
                ? t("server.state.proofNever")
                : t("server.state.proofOf", { moment: momentText(received, zone, language), entries })
            }
          />
        ))}
        <Fact name={t("server.state.forwarding")} text={forwardingText(forwarding, t, (moment) => momentText(moment, zone, language))} />
        <Fact name={t("server.state.scanner")} text={scannerText(scanner, t, (moment) => momentText(moment, zone, language))} />
        {backup !== undefined && (
          <Fact
            name={t("server.state.lastBackup")}
            text={backup.at === undefined ? t("server.state.noBackup") : momentText(backup.at, zone, language)}
          />
        )}
        <Fact name={t("server.state.updates")} text={updatesText(releases, t, (moment) => momentText(moment, zone, language))} />
        {signIns !== undefined && (
          <>
            <Fact name={t("server.state.sessions")} text={String(signIns.open)} />
            <Fact
              name={t("server.state.signInsFailed")}
              text={t("server.state.failedOf", { hour: signIns.failedLastHour, day: signIns.failedLastDay })}
            />
          </>
        )}
      </dl>
    </Card>
  );
}

function forwardingText(forwarding: State["forwarding"], t: Translate, momentOf: (instant: number) => string): string {
  if (forwarding === undefined) return t("server.state.forwardingOff");
  const { address, sent, waiting, failing } = forwarding;
  if (failing !== undefined) return t("server.state.forwardingFailing", { address, waiting, moment: momentOf(failing.since) });
  return t("server.state.forwardingTo", { address, sent, waiting });
}

function scannerText(scanner: State["scanner"], t: Translate, momentOf: (instant: number) => string): string {
  if (scanner === undefined) return t("server.state.scannerOff");
  const { scanned, found, unscanned, failing } = scanner;
  if (failing !== undefined) return t("server.state.scannerFailing", { moment: momentOf(failing.since), unscanned });
  return t("server.state.scannerOf", { scanned, found, unscanned });
}

function updatesText(releases: State["releases"], t: Translate, momentOf: (instant: number) => string): string {
  if (releases === undefined) return t("server.state.updatesOff");
  if (releases.at === undefined) return t("server.state.updatesNever");
  if (releases.newer === undefined) return t("server.state.updatesNone", { moment: momentOf(releases.at) });
  return t("server.state.updatesNewer", { version: releases.newer.version, day: releases.newer.published });
}

function Log({ state: { log } }: Of): ReactNode {
  const { t, zone, language } = useWords();
  const columns: readonly Column<State["log"][number] & { readonly row: number }>[] = [
    { title: t("server.state.time"), cell: ({ at }) => momentText(at, zone, language) },
    { title: t("server.state.level"), cell: ({ level }) => t(`server.state.level.${level}`) },
    { title: t("server.state.text"), cell: ({ text }) => text, className: "dw-server-log-text" },
  ];
  return (
    <Card title={t("server.state.log")} note={t("server.state.logNote")}>
      {log.length === 0 ? (
        <p className="dw-fine">{t("server.state.logEmpty")}</p>
      ) : (
        <DataTable
          caption={t("server.state.log")}
          columns={columns}
          rows={log.map((line, row) => ({ ...line, row }))}
          keyOf={({ row }) => String(row)}
        />
      )}
    </Card>
  );
}
