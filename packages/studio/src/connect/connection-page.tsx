import { Button, Modal, NumberInput, Select, Switch, Textarea, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconArrowLeft, IconLock, IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import type { ConnectionDetail, DeclaredSignal, SignalPatch } from "@doppelwerk/client";
import { valueOfText, writtenText } from "../commands/written-value.tsx";
import { errorText } from "../language/error-text.ts";
import { useStudio, useWords } from "../session/context.tsx";
import { useLoad } from "../session/use-load.ts";
import { momentText } from "../time/format.ts";
import { Card, Failure } from "../values/card.tsx";
import { SignalValue } from "../values/shown-value.tsx";
import "../commands/commands.css";

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
      {t("connection.back")}
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
      setFailure(t("connection.noJson"));
    }
  };
  return (
    <Card title={detail.name} note={detail.protocol}>
      <code className="dw-url">{detail.url}</code>
      <div className="dw-connection-switches">
        <Switch
          checked={detail.enabled}
          disabled={!detail.mayAdminister}
          label={t("connection.enabled")}
          onChange={(event) => change({ enabled: event.currentTarget.checked })}
        />
        {detail.commandable && (
          <Switch
            checked={detail.allowCommands}
            disabled={!detail.mayAdminister}
            label={t("connection.allowCommands")}
            onChange={(event) => (event.currentTarget.checked ? setAsking(true) : change({ allowCommands: false }))}
          />
        )}
      </div>
      <details className="dw-connection-settings">
        <summary>{t("connection.settings")}</summary>
        <Textarea
          label={t("connection.settingsJson")}
          description={t("connection.settingsNote")}
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
          label={t("connection.secret")}
          description={t("connection.secretNote")}
          value={secret ?? detail.secret ?? ""}
          onChange={(event) => setSecret(event.currentTarget.value)}
          readOnly={!detail.mayAdminister}
        />
        <Button size="sm" disabled={settings === undefined && secret === undefined} onClick={save}>
          {t("connection.save")}
        </Button>
      </details>
      {detail.undescribed && <p className="dw-note is-trouble">{t("connection.undescribed")}</p>}
      {detail.describedBy.length > 0 && (
        <p className="dw-quiet">
          {t("connection.describedBy")} <code className="dw-url">{detail.describedBy.slice(0, 3).join(", ")}</code>
          {detail.describedBy.length > 3 && ` +${detail.describedBy.length - 3}`}
        </p>
      )}
      {detail.describable && detail.mayAdminister && detail.describedBy.length === 0 && (
        <p>
          <Button size="compact-sm" variant="default" onClick={describe}>
            {t("connection.describe")}
          </Button>
        </p>
      )}
      {failure !== undefined && <p className="dw-note is-trouble">{failure}</p>}
      <Modal opened={asking} onClose={() => setAsking(false)} title={t("connection.allowTitle", { name: detail.name })} centered>
        <p>{t("connection.allowText")}</p>
        <div className="dw-command-ask">
          <Button
            size="sm"
            onClick={() => {
              setAsking(false);
              change({ allowCommands: true });
            }}
          >
            {t("connection.allow")}
          </Button>
          <Button size="sm" variant="default" onClick={() => setAsking(false)}>
            {t("entries.cancel")}
          </Button>
        </div>
      </Modal>
    </Card>
  );
}

function Losses({ detail }: { readonly detail: ConnectionDetail }): ReactNode {
  const { t, language, zone } = useWords();
  const newest = [...Map.groupBy(detail.clockOffsets, ({ source }) => source)];
  return (
    <Card title={t("connection.lossesTitle")} note={t("connection.lossesNote")}>
      {detail.drops.length === 0 ? (
        <p className="dw-quiet">{t("connection.nothingLost")}</p>
      ) : (
        <ul className="dw-findings">
          {detail.drops.map(({ why, count }) => (
            <li key={why}>
              <b>{count}</b> {why}
            </li>
          ))}
        </ul>
      )}
      <h3 className="dw-small-title">{t("connection.clocks")}</h3>
      {newest.length === 0 ? (
        <p className="dw-quiet">{t("connection.clocksRight")}</p>
      ) : (
        <table className="dw-written">
          <thead>
            <tr>
              <th>{t("connection.source")}</th>
              <th className="is-number">{t("connection.offset")}</th>
              <th>{t("connection.since")}</th>
              <th>{t("connection.before")}</th>
            </tr>
          </thead>
          <tbody>
            {newest.map(([source, [last, ...earlier]]) => (
              <tr key={source}>
                <td data-label={t("connection.source")}>{source}</td>
                <td data-label={t("connection.offset")} className="is-number">
                  {last!.offsetS > 0 ? "+" : ""}
                  {last!.offsetS.toFixed(1)}
                  {"\u202f"}s
                </td>
                <td data-label={t("connection.since")}>{momentText(last!.at, zone, language)}</td>
                <td data-label={t("connection.before")}>
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
      {newest.length > 0 && <p className="dw-quiet">{t("connection.rawTimes")}</p>}
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
    <Card title={t("connection.signalsTitle")} note={t("connection.signalsNote", { count: total })}>
      <TextInput
        size="sm"
        aria-label={t("connection.search")}
        placeholder={t("connection.search")}
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
            <th>{t("connection.signal")}</th>
            <th className="is-number">{t("commands.now")}</th>
            <th>{t("connection.unit")}</th>
            <th>{t("connection.meaning")}</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {signals.map((signal) => (
            <tr key={signal.id}>
              <td data-label={t("connection.signal")}>
                <b>{signal.name}</b>
                <small>{signal.address}</small>
              </td>
              <td data-label={t("commands.now")} className="is-number">
                <SignalValue id={signal.id} />
              </td>
              <td data-label={t("connection.unit")}>{signal.unit ?? <span className="dw-quiet">{t("connection.unitUnknown")}</span>}</td>
              <td data-label={t("connection.meaning")}>
                <Meaning signal={signal} />
              </td>
              <td className="dw-row-actions">
                <Button size="compact-sm" variant="subtle" onClick={() => setEdited(signal)}>
                  {t("connection.declare")}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {total > ROWS && (
        <div className="dw-command-ask">
          <Button size="compact-sm" variant="default" disabled={offset === 0} onClick={() => setOffset(Math.max(0, offset - ROWS))}>
            {t("connection.earlier")}
          </Button>
          <span className="dw-quiet">{t("connection.page", { from: offset + 1, to: Math.min(total, offset + ROWS), total })}</span>
          <Button size="compact-sm" variant="default" disabled={offset + ROWS >= total} onClick={() => setOffset(offset + ROWS)}>
            {t("connection.later")}
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

/** What was declared, in few words; nothing where nothing was. */
function Meaning({ signal }: { readonly signal: DeclaredSignal }): ReactNode {
  const { t } = useWords();
  const { counter, aliveS, deadband, minIntervalS, scale, safety, commandWhen } = signal;
  const parts = [
    counter && t("connection.isCounter", { type: t(`connection.counters.${counter.type}`), width: counter.width ?? "?" }),
    aliveS !== undefined && t("connection.isAlive", { seconds: aliveS }),
    deadband !== undefined && t("connection.hasDeadband", { value: writtenText(deadband, signal.unit, t) }),
    minIntervalS !== undefined && t("connection.hasRate", { seconds: minIntervalS }),
    scale !== undefined && `× ${scale}`,
    safety === true && t("connection.isSafety"),
    commandWhen !== undefined && commandWhen.length > 0 && t("connection.hasConditions", { count: commandWhen.length }),
  ].filter((part): part is string => typeof part === "string");
  return parts.join(" · ");
}

const NUMBERS = ["low", "high", "resolution", "aliveS", "deadband", "minIntervalS"] as const;

function Declaration({
  signal,
  all,
  mayAdminister,
  onClose,
  onSaved,
}: {
  readonly signal: DeclaredSignal;
  readonly all: readonly DeclaredSignal[];
  readonly mayAdminister: boolean;
  readonly onClose: () => void;
  readonly onSaved: () => void;
}): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const [unit, setUnit] = useState(signal.unit ?? "");
  const [numbers, setNumbers] = useState<Readonly<Record<string, string>>>(
    Object.fromEntries(NUMBERS.map((name) => [name, signal[name] === undefined ? "" : String(signal[name])])),
  );
  const [counter, setCounter] = useState(signal.counter === undefined ? "none" : signal.counter.type);
  const [width, setWidth] = useState(signal.counter?.width === undefined ? "" : String(signal.counter.width));
  const [safety, setSafety] = useState(signal.safety === true);
  const [conditions, setConditions] = useState<readonly { readonly signal: string; readonly equals: string }[]>(
    (signal.commandWhen ?? []).map(({ signal: id, equals }) => ({ signal: id, equals: String(equals) })),
  );
  const [failure, setFailure] = useState<string | undefined>(undefined);
  const isNumber = signal.valueType === "double" || signal.valueType === "integer";
  const save = (): void => {
    const patch: Record<string, unknown> = { unit: unit.trim() || null };
    for (const name of NUMBERS) {
      const value = numbers[name] === "" ? null : valueOfText(numbers[name]!, "double");
      if (value === undefined) return setFailure(t("commands.wrong.double"));
      patch[name] = value;
    }
    if (isNumber) patch["counter"] = counter === "none" ? null : { type: counter, ...(width === "" ? {} : { width: Number(width) }) };
    if (mayAdminister) {
      patch["safety"] = safety ? true : null;
      const when = conditions.filter((each) => each.signal !== "");
      patch["commandWhen"] =
        when.length === 0
          ? null
          : when.map((each) => {
              const valueType = all.find(({ id }) => id === each.signal)?.valueType;
              return { signal: each.signal, equals: valueOfText(each.equals, valueType ?? guessed(each.equals)) ?? each.equals };
            });
    }
    studio.client
      .declareSignal(signal.id, patch as SignalPatch)
      .then(onSaved)
      .catch((error: unknown) => setFailure(errorText(error)));
  };
  return (
    <Modal opened onClose={onClose} title={signal.name} size="lg" centered>
      <form
        className="dw-declaration"
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <TextInput
          size="sm"
          label={t("connection.unit")}
          placeholder={t("connection.unitUnknown")}
          value={unit}
          onChange={(event) => setUnit(event.currentTarget.value)}
        />
        {NUMBERS.filter((name) => isNumber || name === "aliveS" || name === "minIntervalS").map((name) => (
          <NumberInput
            key={name}
            size="sm"
            label={t(`connection.fields.${name}`)}
            description={t(`connection.hints.${name}`)}
            value={numbers[name]!}
            onChange={(value) => setNumbers({ ...numbers, [name]: String(value) })}
            hideControls
            allowedDecimalSeparators={[",", "."]}
          />
        ))}
        {isNumber && (
          <>
            <Select
              size="sm"
              label={t("connection.counter")}
              description={t("connection.counterHint")}
              allowDeselect={false}
              data={["none", "totaliser", "shiftReset"].map((type) => ({ value: type, label: t(`connection.counters.${type}`) }))}
              value={counter}
              onChange={(next) => setCounter((next ?? "none") as typeof counter)}
            />
            {counter !== "none" && (
              <Select
                size="sm"
                label={t("connection.width")}
                description={t("connection.widthHint")}
                data={[
                  { value: "", label: t("connection.widthUnknown") },
                  { value: "16", label: "16 bit" },
                  { value: "32", label: "32 bit" },
                ]}
                allowDeselect={false}
                value={width}
                onChange={(next) => setWidth(next ?? "")}
              />
            )}
          </>
        )}
        <fieldset disabled={!mayAdminister} className="dw-declaration-rights">
          <legend>
            <IconLock size={14} /> {t("connection.rules")}
          </legend>
          <p className="dw-quiet">{t("connection.rulesNote")}</p>
          <Switch
            checked={safety}
            disabled={!mayAdminister}
            label={t("connection.safety")}
            onChange={(event) => setSafety(event.currentTarget.checked)}
          />
          {conditions.map((condition, at) => (
            <div key={at} className="dw-command-ask">
              <Select
                size="sm"
                searchable
                label={t("connection.condition")}
                data={all.filter(({ id }) => id !== signal.id).map(({ id, name }) => ({ value: id, label: name }))}
                value={condition.signal === "" ? null : condition.signal}
                onChange={(next) => setConditions(conditions.with(at, { ...condition, signal: next ?? "" }))}
                className="dw-grow"
              />
              <TextInput
                size="sm"
                label={t("connection.equals")}
                placeholder="true"
                value={condition.equals}
                onChange={(event) => setConditions(conditions.with(at, { ...condition, equals: event.currentTarget.value }))}
              />
              <Button size="sm" variant="subtle" onClick={() => setConditions(conditions.toSpliced(at, 1))}>
                {t("connection.remove")}
              </Button>
            </div>
          ))}
          <Button size="compact-sm" variant="default" onClick={() => setConditions([...conditions, { signal: "", equals: "true" }])}>
            {t("connection.addCondition")}
          </Button>
        </fieldset>
        {failure !== undefined && <p className="dw-note is-trouble">{failure}</p>}
        <Button size="sm" type="submit">
          {t("connection.save")}
        </Button>
      </form>
    </Modal>
  );
}

/** Of a condition on a signal that is not in the list: as it reads. */
function guessed(text: string): string {
  return text === "true" || text === "false" ? "boolean" : /^[+-]?\d/.test(text.trim()) ? "double" : "string";
}
