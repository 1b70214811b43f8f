import { Button, Tooltip } from "@mantine/core";
import { IconPlugConnected } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { ConnectionStatus } from "@doppelwerk/sync";
import { Card, codeOfReason, durationText, messageText, momentText, Problem, useStudio, useWords } from "@doppelwerk/kit/studio";
import { hasFindings, isDown } from "./connection-look.ts";
import { PlantActions } from "./plant-actions.tsx";
import { protocolName } from "./protocol-name.ts";
import { PlantTools } from "./plant-tools.tsx";
import { UntakenValues } from "./untaken-values.tsx";

/** Their values are brought, typed in or recorded: there is no plant to look into. */
const BROUGHT: ReadonlySet<string> = new Set(["push", "entered", "replay", "world"]);

/** One connection: its state, what is lost of it, and what can be done with it. */
export function ConnectionCard({
  connection,
  onBegun,
}: {
  readonly connection: ConnectionStatus;
  readonly onBegun: (id: string) => void;
}): ReactNode {
  const { t } = useWords();
  return (
    <Card
      title={
        <span className="dw-connection-name">
          <i className={`dw-connection-dot is-${hasFindings(connection) ? "findings" : connection.state}`} /> {connection.name}{" "}
          {connection.demo && <span className="dw-badge">{t("frame.demo")}</span>}
        </span>
      }
      note={protocolName(connection.protocol, t)}
    >
      <code className="dw-url">{connection.url}</code>
      <Facts connection={connection} />
      {connection.enabled === false && <p className="dw-note">{t("connect.connection.waiting")}</p>}
      <ConnectionActions connection={connection} onBegun={onBegun} />
      {connection.reason !== undefined && (
        <Problem text={messageText(connection.reason, connection.reasonMessage)} code={codeOfReason(connection.reasonMessage)} />
      )}
      <Findings connection={connection} />
    </Card>
  );
}

function Facts({ connection }: { readonly connection: ConnectionStatus }): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const { state, since, signals, samplesPerSecond, dropped, findings } = connection;
  const isWarned = hasFindings(connection);
  return (
    <dl className="dw-connection-facts">
      <div>
        <dt>{t("connect.state")}</dt>
        <dd>
          <Tooltip label={momentText(since, zone, language)}>
            <span className={isDown(state) || isWarned ? "is-down" : ""}>
              {isWarned
                ? t("connect.connectedWith", {
                    state: t(`connect.states.${state}`),
                    findings: t("plant.findings", { count: findings.length }),
                  })
                : t(`connect.states.${state}`)}
            </span>
          </Tooltip>
          <small>{since > 0 && t("connect.for", { duration: durationText(studio.now() - since, language) })}</small>
        </dd>
      </div>
      <div>
        <dt>{t("connect.signals")}</dt>
        <dd>{signals}</dd>
      </div>
      <div>
        <dt>{t("connect.rate")}</dt>
        <dd>
          {samplesPerSecond.toFixed(samplesPerSecond < 10 ? 1 : 0)}
          <small>{t("connect.perSecond")}</small>
        </dd>
      </div>
      <div>
        <dt>{t("connect.dropped")}</dt>
        <dd className={dropped > 0 ? "is-down" : ""}>{dropped}</dd>
      </div>
    </dl>
  );
}

function ConnectionActions({
  connection,
  onBegun,
}: {
  readonly connection: ConnectionStatus;
  readonly onBegun: (id: string) => void;
}): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const enable = (): void =>
    void studio.client.changeConnection(connection.id, { enabled: true }).catch((error: unknown) => studio.notifyFailure(error));
  return (
    <div className="dw-connection-actions">
      {connection.enabled === false ? (
        <Button size="sm" leftSection={<IconPlugConnected size={16} />} onClick={enable}>
          {t("connect.connection.connect")}
        </Button>
      ) : (
        <PlantActions plant={{ connection: connection.id }} onBegun={onBegun} />
      )}
      <Button size="sm" variant="subtle" onClick={() => studio.address.go({ detail: connection.id })}>
        {t("connect.connection.open")}
      </Button>
      {connection.state === "connected" && !BROUGHT.has(connection.protocol) && <UntakenValues connection={connection} />}
      {connection.protocol === "opcua" && connection.state === "connected" && <PlantTools connection={connection.id} />}
    </div>
  );
}

function Findings({ connection: { findings, findingMessages } }: { readonly connection: ConnectionStatus }): ReactNode {
  const { t } = useWords();
  if (findings.length === 0) return null;
  return (
    <>
      <h3 className="dw-small-title">{t("plant.findings", { count: findings.length })}</h3>
      <ul className="dw-findings">
        {findings.map((finding, index) => (
          <li key={finding} title={finding}>
            {messageText(finding, findingMessages[index])}
          </li>
        ))}
      </ul>
    </>
  );
}
