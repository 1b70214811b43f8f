import { Button, Modal, Switch, Textarea, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconArrowLeft, IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import type { ConnectionDetail, DeclaredSignal } from "@doppelwerk/client";
import {
  Card,
  Failure,
  FindingText,
  SignalValue,
  errorText,
  messageText,
  momentText,
  useLoad,
  useStudio,
  useWords,
} from "@doppelwerk/kit/studio";
import { Declaration, Meaning } from "./signal-declaration.tsx";

const ROWS = 100;

/** One connection: what it may, how it is spoken to, what was lost, how its clocks stand, and what each of its signals means. */
export function ConnectionPage({ id }: { readonly id: string }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const detail = useLoad((signal) => studio.client.connection(id, { signal }), [id], 5_000);
  const back = (
    <Button
      variant="subtle"
      size="compact-sm"
      leftSection={<IconArrowLeft size={15} />}
      className="dw-connection-back"
      onClick={() => studio.address.go({ detail: undefined })}
    >
      {t("connect.connection.back")}
    </Button>
  );
  if (detail.value === undefined)
    return (
      <>
        {back}
        {detail.kind === "failed" && <Failure message={detail.message} onRetry={detail.reload} />}
      </>
    );
  return (
    <>
      {back}
      <Rights detail={detail.value} onChanged={detail.reload} />
      <Losses detail={detail.value} />
      <Signals connection={id} mayAdminister={detail.value.mayAdminister} />
    </>
  );
}

function Rights({ detail, onChanged }: { readonly detail: ConnectionDetail; readonly onChanged: () => void }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const written = JSON.stringify(detail.settings ?? {}, undefined, 2);
  const [settings, setSettings] = useState<string | undefined>(undefined);
  const [secret, setSecret] = useState<string | undefined>(undefined);
  const [asking, setAsking] = useState(false);
  const [failure, setFailure] = useState<string | undefined>(undefined);
  const change = (patch: Parameters<typeof studio.client.changeConnection>[1]): void => {
    setFailure(undefined);
    studio.client
      .changeConnection(detail.id, patch)
      .then(() => {
        setSettings(undefined);
        setSecret(undefined);
        onChanged();
      })
      .catch((error: unknown) => setFailure(errorText(error)));
  };
  const describe = (): void => {
    setFailure(undefined);
    studio.client
      .describeConnection(detail.id)
      .then(onChanged)
      .catch((error: unknown) => setFailure(errorText(error)));
  };
  const save = (): void => {
    try {
      change({
        ...(settings === undefined ? {} : { settings: JSON.parse(settings) as Record<string, unknown> }),
        ...(secret === undefined || secret.trim() === "" ? {} : { secret: secret.trim() }),
      });
    } catch {
      setFailure(t("connect.connection.noJson"));
    }
  };
  return (
    <Card title={detail.name} note={detail.protocol}>
      <code className="dw-url">{detail.url}</code>
      <div className="dw-connection-switches">
        <Switch
          checked={detail.enabled}
          disabled={!detail.mayAdminister}
          label={t("connect.connection.enabled")}
          onChange={(event) => change({ enabled: event.currentTarget.checked })}
        />
        {detail.commandable && (
          <Switch
            checked={detail.allowCommands}
            disabled={!detail.mayAdminister}
            label={t("connect.connection.allowCommands")}
            onChange={(event) => (event.currentTarget.checked ? setAsking(true) : change({ allowCommands: false }))}
          />
        )}
      </div>
      <details className="dw-connection-settings">
        <summary>{t("connect.connection.settings")}</summary>
        <Textarea
          label={t("connect.connection.settingsJson")}
          description={t("connect.connection.settingsNote")}
          value={settings ?? written}
          onChange={(event) => setSettings(event.currentTarget.value)}
          autosize
          minRows={3}
          maxRows={18}
          spellCheck={false}
          classNames={{ input: "dw-code-input" }}
          readOnly={!detail.mayAdminister}
        />
        <TextInput
          size="sm"
          label={t("connect.connection.secret")}
          description={t("connect.connection.secretNote")}
          value={secret ?? detail.secret ?? ""}
          onChange={(event) => setSecret(event.currentTarget.value)}
          readOnly={!detail.mayAdminister}
        />
        <Button size="sm" disabled={settings === undefined && secret === undefined} onClick={save}>
          {t("connect.connection.save")}
        </Button>
      </details>
      {detail.undescribed && <p className="dw-note is-trouble">{t("connect.connection.undescribed")}</p>}
      {detail.describedBy.length > 0 && (
        <p className="dw-quiet">
          {t("connect.connection.describedBy")} <code className="dw-url">{detail.describedBy.slice(0, 3).join(", ")}</code>
          {detail.describedBy.length > 3 && ` +${detail.describedBy.length - 3}`}
        </p>
      )}
      {detail.describedBy.length > 0 && <Described connection={detail.id} submodels={detail.describedBy} />}
      {detail.describable && detail.mayAdminister && detail.describedBy.length === 0 && (
        <p>
          <Button size="compact-sm" variant="default" onClick={describe}>
            {t("connect.connection.describe")}
          </Button>
        </p>
      )}
      {failure !== undefined && <p className="dw-note is-trouble">{failure}</p>}
      <Modal opened={asking} onClose={() => setAsking(false)} title={t("connect.connection.allowTitle", { name: detail.name })} centered>
        <p>{t("connect.connection.allowText")}</p>
        <div className="dw-command-ask">
          <Button
            size="sm"
            onClick={() => {
              setAsking(false);
              change({ allowCommands: true });
            }}
          >
            {t("connect.connection.allow")}
          </Button>
          <Button size="sm" variant="default" onClick={() => setAsking(false)}>
            {t("entries.cancel")}
          </Button>
        </div>
      </Modal>
    </Card>
  );
}

/** What is wrong with the descriptions that the connection came from. */
function Described({ connection, submodels }: { readonly connection: string; readonly submodels: readonly string[] }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { value } = useLoad((signal) => studio.client.interfaceFindings(connection, { signal }), [connection, submodels]);
  if (value === undefined || value.findings.length === 0) return null;
  return (
    <details className="dw-connection-settings">
      <summary>{t("plant.findings", { count: value.findings.length + value.more })}</summary>
      <ul className="dw-findings">
        {value.findings.map((finding) => (
          <li key={`${finding.submodel} ${finding.path} ${finding.message}`} title={finding.submodel}>
            {finding.path} <FindingText finding={finding} />
          </li>
        ))}
      </ul>
    </details>
  );
}

function Losses({ detail }: { readonly detail: ConnectionDetail }): ReactNode {
  const { t, language, zone } = useWords();
  const newest = [...Map.groupBy(detail.clockOffsets, ({ source }) => source)];
  return (
    <Card title={t("connect.connection.lossesTitle")} note={t("connect.connection.lossesNote")}>
      {detail.drops.length === 0 ? (
        <p className="dw-quiet">{t("connect.connection.nothingLost")}</p>
      ) : (
        <ul className="dw-findings">
          {detail.drops.map(({ why, told, count }) => (
            <li key={why}>
              <b>{count}</b> {messageText(why, told)}
            </li>
          ))}
        </ul>
      )}
      <h3 className="dw-small-title">{t("connect.connection.clocks")}</h3>
      {newest.length === 0 ? (
        <p className="dw-quiet">{t("connect.connection.clocksRight")}</p>
      ) : (
        <table className="dw-written">
          <thead>
            <tr>
              <th>{t("connect.connection.source")}</th>
              <th className="is-number">{t("connect.connection.offset")}</th>
              <th>{t("connect.connection.since")}</th>
              <th>{t("connect.connection.before")}</th>
            </tr>
          </thead>
          <tbody>
            {newest.map(([source, [last, ...earlier]]) => (
              <tr key={source}>
                <td data-label={t("connect.connection.source")}>{source}</td>
                <td data-label={t("connect.connection.offset")} className="is-number">
                  {last!.offsetS > 0 ? "+" : ""}
                  {last!.offsetS.toFixed(1)}
                  {"\u202f"}s
                </td>
                <td data-label={t("connect.connection.since")}>{momentText(last!.at, zone, language)}</td>
                <td data-label={t("connect.connection.before")}>
                  {earlier.slice(0, 5).map(({ at, offsetS }) => (
                    <small key={at}>
                      {offsetS.toFixed(1)}
                      {"\u202f"}s · {momentText(at, zone, language)}
                    </small>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {newest.length > 0 && <p className="dw-quiet">{t("connect.connection.rawTimes")}</p>}
    </Card>
  );
}

function Signals({ connection, mayAdminister }: { readonly connection: string; readonly mayAdminister: boolean }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const [wanted, setWanted] = useState("");
  const [offset, setOffset] = useState(0);
  const [search] = useDebouncedValue(wanted, 250);
  const [edited, setEdited] = useState<DeclaredSignal | undefined>(undefined);
  const listed = useLoad(
    (signal) => studio.client.connectionSignals(connection, { search, offset, limit: ROWS }, { signal }),
    [connection, search, offset],
  );
  const { total = 0, signals = [] } = listed.value ?? {};
  return (
    <Card title={t("connect.connection.signalsTitle")} note={t("plant.signalsNote", { count: total })}>
      <TextInput
        size="sm"
        aria-label={t("connect.connection.search")}
        placeholder={t("connect.connection.search")}
        leftSection={<IconSearch size={15} />}
        value={wanted}
        onChange={(event) => {
          setWanted(event.currentTarget.value);
          setOffset(0);
        }}
      />
      <table className="dw-written">
        <thead>
          <tr>
            <th>{t("connect.connection.signal")}</th>
            <th className="is-number">{t("commands.now")}</th>
            <th>{t("connect.connection.unit")}</th>
            <th>{t("connect.connection.meaning")}</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {signals.map((signal) => (
            <tr key={signal.id}>
              <td data-label={t("connect.connection.signal")}>
                <b>{signal.name}</b>
                <small>{signal.address}</small>
              </td>
              <td data-label={t("commands.now")} className="is-number">
                <SignalValue id={signal.id} />
              </td>
              <td data-label={t("connect.connection.unit")}>
                {signal.unit ?? <span className="dw-quiet">{t("connect.connection.unitUnknown")}</span>}
              </td>
              <td data-label={t("connect.connection.meaning")}>
                <Meaning signal={signal} />
              </td>
              <td className="dw-row-actions">
                <Button size="compact-sm" variant="subtle" onClick={() => setEdited(signal)}>
                  {t("connect.connection.declare")}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {total > ROWS && (
        <div className="dw-command-ask">
          <Button size="compact-sm" variant="default" disabled={offset === 0} onClick={() => setOffset(Math.max(0, offset - ROWS))}>
            {t("connect.connection.earlier")}
          </Button>
          <span className="dw-quiet">{t("connect.connection.page", { from: offset + 1, to: Math.min(total, offset + ROWS), total })}</span>
          <Button size="compact-sm" variant="default" disabled={offset + ROWS >= total} onClick={() => setOffset(offset + ROWS)}>
            {t("connect.connection.later")}
          </Button>
        </div>
      )}
      {edited !== undefined && (
        <Declaration
          key={edited.id}
          signal={edited}
          all={signals}
          mayAdminister={mayAdminister}
          onClose={() => setEdited(undefined)}
          onSaved={() => {
            setEdited(undefined);
            listed.reload();
          }}
        />
      )}
    </Card>
  );
}
