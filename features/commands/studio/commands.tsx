import { Button, Select, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconCheck, IconLock, IconPlayerPlay, IconX } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import type { ReactNode } from "react";
import {
  Card,
  DataTable,
  Empty,
  Failure,
  SignalValue,
  ValueField,
  messageText,
  momentText,
  signalName,
  useFormTask,
  useLoad,
  useStudio,
  useWords,
  valueOfText,
  writtenText,
  Problem,
  shownError,
  type ShownError,
} from "@doppelwerk/kit/studio";
import type { Column } from "@doppelwerk/kit/studio";
import type { Translate } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { Command, CommandTarget } from "../contract.ts";
import "./commands.css";

const EVERY_MS = 2_000;
const SHOWN = 200;

/** The one way to a machine: ask, see what must stand, confirm by repeating the value, and read what became of it. */
export default function Commands(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const targets = useLoad((signal) => calls.targets(studio.client, {}, { signal }), [], EVERY_MS);
  const commands = useLoad((signal) => calls.list(studio.client, { query: { limit: SHOWN } }, { signal }), [], EVERY_MS);
  if (commands.kind === "failed" && commands.value === undefined)
    return <Failure message={commands.message} code={commands.code} onRetry={commands.reload} />;
  const list = commands.value ?? [];
  const waiting = list.filter(({ state }) => state === "requested" || state === "writing");
  return (
    <>
      {waiting.map((command) => (
        <Waiting key={command.id} command={command} onChanged={commands.reload} />
      ))}
      {targets.value !== undefined && targets.value.length === 0 ? (
        <Empty title={t("commands.noneTitle")} text={t("commands.noneText")} />
      ) : (
        <Ask targets={targets.value ?? []} onAsked={commands.reload} />
      )}
      <Card title={t("commands.listTitle")} note={t("commands.listNote", { count: list.length })}>
        {list.length === 0 ? <p className="dw-quiet">{t("commands.listEmpty")}</p> : <CommandList commands={list} />}
      </Card>
    </>
  );
}

function Ask({ targets, onAsked }: { readonly targets: readonly CommandTarget[]; readonly onAsked: () => void }): ReactNode {
  const { t } = useWords();
  const studio = useStudio();
  const form = useForm({ initialValues: { signal: null as string | null, value: "", reason: "" } });
  const { values, errors } = form;
  const { busy, failure, code, run } = useFormTask(form);
  const target = targets.find(({ signal }) => signal === values.signal);
  const value = target === undefined ? undefined : valueOfText(values.value, target.valueType);
  const given = { target: isBlocked(target) ? undefined : target, value, reason: values.reason.trim() };
  const send = (): void => {
    if (!isWhole(given)) return;
    run(async () => {
      await calls.request(studio.client, { body: { signal: given.target.signal, value: given.value, reason: given.reason } });
      form.setFieldValue("value", "");
      onAsked();
    });
  };
  const isWrong = values.value !== "" && target !== undefined && value === undefined;
  return (
    <Card title={t("commands.askTitle")} note={t("commands.askNote")}>
      <form className="dw-command-ask" onSubmit={form.onSubmit(send)}>
        <TargetSelect
          targets={targets}
          chosen={values.signal}
          error={errors["signal"]}
          onChoose={(next) => {
            form.setValues({ signal: next, value: "" });
            form.clearErrors();
          }}
        />
        {target !== undefined && (
          <div className="dw-command-now">
            <small>{t("commands.now")}</small>
            <SignalValue id={target.signal} />
          </div>
        )}
        <ValueField
          label={t("commands.value")}
          valueType={target?.valueType ?? "double"}
          unit={target?.unit}
          text={values.value}
          onText={(text) => form.setFieldValue("value", text)}
          error={isWrong ? t(`commands.wrong.${target.valueType}`) : (errors["value"] as string | undefined)}
        />
        <TextInput
          size="sm"
          label={t("commands.reason")}
          placeholder={t("commands.reasonHint")}
          maxLength={500}
          className="dw-grow"
          {...form.getInputProps("reason")}
        />
        <Button size="sm" type="submit" loading={busy} disabled={!isWhole(given)}>
          {t("commands.ask")}
        </Button>
      </form>
      {target !== undefined && <Conditions target={target} />}
      {failure !== undefined && <Problem text={failure} code={code} />}
    </Card>
  );
}

interface Given {
  /** Undefined where nothing may be written now. */
  readonly target: CommandTarget | undefined;
  readonly value: number | boolean | string | undefined;
  readonly reason: string;
}
type Whole = Given & { readonly target: CommandTarget; readonly value: number | boolean | string };

function isWhole(given: Given): given is Whole {
  return given.target !== undefined && given.value !== undefined && given.reason !== "";
}

function isBlocked(target: CommandTarget | undefined): boolean {
  return target === undefined || target.safety || !target.connected || target.conditions.some(({ holds }) => !holds);
}

function TargetSelect({
  targets,
  chosen,
  error,
  onChoose,
}: {
  readonly targets: readonly CommandTarget[];
  readonly chosen: string | null;
  readonly error: ReactNode;
  readonly onChoose: (signal: string | null) => void;
}): ReactNode {
  const { t, language } = useWords();
  return (
    <Select
      size="sm"
      label={t("commands.signal")}
      placeholder={t("commands.signalHint")}
      searchable
      data={targets.map((each) => ({ value: each.signal, label: `${signalName(each, language)} · ${each.connectionName}` }))}
      value={chosen}
      error={error}
      onChange={onChoose}
      className="dw-grow"
    />
  );
}

/** P19: what must stand for this command, beside what stands. */
function Conditions({ target }: { readonly target: CommandTarget }): ReactNode {
  const { t } = useWords();
  if (target.safety)
    return (
      <p className="dw-note is-trouble">
        <IconLock size={15} /> {t("commands.safety")}
      </p>
    );
  return (
    <ul className="dw-conditions">
      <li className={target.connected ? "is-met" : "is-unmet"}>
        {target.connected ? <IconCheck size={15} /> : <IconX size={15} />}
        {t(target.connected ? "commands.connected" : "commands.notConnected", { name: target.connectionName })}
      </li>
      {target.conditions.map((condition) => (
        <li key={`${condition.signal} ${String(condition.equals)}`} className={condition.holds ? "is-met" : "is-unmet"}>
          {condition.holds ? <IconCheck size={15} /> : <IconX size={15} />}
          {t("commands.condition", {
            name: condition.name,
            equals: writtenText(condition.equals, undefined, t),
            value: condition.value === undefined ? t("commands.unknownValue") : writtenText(condition.value, undefined, t),
          })}
        </li>
      ))}
      {target.conditions.length === 0 && <li className="dw-quiet">{t("commands.noConditions")}</li>}
    </ul>
  );
}

function useSecondsUntil(instant: number): number {
  const studio = useStudio();
  const [now, setNow] = useState(studio.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(studio.now()), 1_000);
    return () => clearInterval(timer);
  }, [studio]);
  return Math.max(0, Math.round((instant - now) / 1_000_000));
}

/** Confirmed by repeating the value: what is confirmed is what was read. */
function Waiting({ command, onChanged }: { readonly command: Command; readonly onChanged: () => void }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ShownError | undefined>(undefined);
  const left = useSecondsUntil(command.expiresAt);
  const isCall = command.signal === undefined;
  const valueType = typeof command.value === "boolean" ? "boolean" : typeof command.value === "number" ? "double" : "string";
  const same = isCall || valueOfText(text, valueType) === command.value;
  const act = (doing: Promise<Command>): void => {
    setBusy(true);
    setFailure(undefined);
    doing
      .then((ended) => {
        studio.notify(ended.state === "done" || ended.state === "withdrawn" ? "good" : "trouble", outcomeText(ended, t));
        onChanged();
      })
      .catch((error: unknown) => {
        setFailure(shownError(error));
        onChanged();
      })
      .finally(() => setBusy(false));
  };
  const withdraw = (): void => act(calls.withdraw(studio.client, { params: { id: command.id } }));
  return (
    <Card
      className="dw-command-waiting"
      title={t(command.state === "writing" ? "commands.writing" : "commands.waits", { name: command.name })}
      note={command.state === "writing" ? undefined : t("commands.left", { count: left })}
    >
      <p className="dw-command-request">
        <b>{command.name}</b> → <b>{isCall ? String(command.value) : writtenText(command.value, command.unit, t)}</b>
      </p>
      <p className="dw-quiet">
        {t("commands.by", { name: command.requestedByName ?? command.requestedBy })} · {command.reason}
      </p>
      <code className="dw-url">{command.address}</code>
      {command.state === "requested" && <Lacking command={command} />}
      {command.state === "requested" && command.mayConfirm === false && (
        <div className="dw-command-ask">
          <Button size="sm" variant="default" disabled={busy} onClick={withdraw}>
            {t("commands.withdraw")}
          </Button>
        </div>
      )}
      {command.state === "requested" && command.mayConfirm !== false && (
        <form
          className="dw-command-ask"
          onSubmit={(event) => {
            event.preventDefault();
            if (same && left > 0) act(calls.confirm(studio.client, { params: { id: command.id }, body: { value: command.value } }));
          }}
        >
          {!isCall && <ValueField label={t("commands.repeat")} valueType={valueType} unit={command.unit} text={text} onText={setText} />}
          <Button size="sm" type="submit" loading={busy} disabled={!same || left === 0} leftSection={<IconPlayerPlay size={15} />}>
            {t("commands.confirm")}
          </Button>
          <Button size="sm" variant="default" disabled={busy} onClick={withdraw}>
            {t("commands.withdraw")}
          </Button>
        </form>
      )}
      {failure !== undefined && <Problem text={failure.message} code={failure.code} />}
    </Card>
  );
}

/** Whose confirmations it has, and how many of whom it still needs, until when. */
function Lacking({ command: { lacking, confirmations = [], expiresAt } }: { readonly command: Command }): ReactNode {
  const { t, language, zone } = useWords();
  if (lacking === undefined) return null;
  return (
    <ul className="dw-conditions">
      {confirmations.map(({ by, name = by, at }) => (
        <li key={by} className="is-met">
          <IconCheck size={15} />
          {t("commands.confirmedAt", { name, moment: momentText(at, zone, language) })}
        </li>
      ))}
      {lacking.map(({ class: name, roles, missing }) => (
        <li key={name} className="is-unmet">
          <IconX size={15} />
          {t("commands.lacks", {
            class: name,
            count: missing,
            roles: roles.length === 0 ? t("commands.whoever") : roles.join(", "),
            moment: momentText(expiresAt, zone, language),
          })}
        </li>
      ))}
    </ul>
  );
}

const GONE_WRONG: readonly Command["state"][] = ["differs", "refused", "failed", "unknown"];

/** What the plant or the server gave as the reason, in the language of the window. */
function whyText({ why = "", message }: Command): string {
  return messageText(why, message);
}

function outcomeText(command: Command, t: Translate): string {
  const why = command.why === undefined ? "" : ` (${whyText(command)})`;
  return `${command.name}: ${t(`commands.states.${command.state}`)}${why}`;
}

function CommandList({ commands }: { readonly commands: readonly Command[] }): ReactNode {
  const { t, language, zone } = useWords();
  const columns: readonly Column<Command>[] = [
    { title: t("commands.when"), cell: ({ requestedAt }) => momentText(requestedAt, zone, language) },
    {
      title: t("commands.what"),
      hint: ({ address }) => address,
      cell: ({ name, reason }) => (
        <>
          <b>{name}</b>
          <small>{reason}</small>
        </>
      ),
    },
    {
      title: t("commands.value"),
      isNumber: true,
      cell: ({ signal, value, unit }) => (signal === undefined ? String(value) : writtenText(value, unit, t)),
    },
    {
      title: t("commands.beforeAfter"),
      isNumber: true,
      cell: ({ before, after }) => `${writtenText(before, undefined, t)} → ${writtenText(after, undefined, t)}`,
    },
    {
      title: t("commands.outcome"),
      className: ({ state }) => (GONE_WRONG.includes(state) ? "is-down" : undefined),
      cell: (command) => (
        <>
          {t(`commands.states.${command.state}`)}
          {command.why !== undefined && <small>{whyText(command)}</small>}
        </>
      ),
    },
    { title: t("commands.who"), cell: (command) => <Who command={command} /> },
  ];
  return <DataTable caption={t("commands.listTitle")} columns={columns} rows={commands} keyOf={({ id }) => id} />;
}

function Who({ command }: { readonly command: Command }): ReactNode {
  const { t } = useWords();
  return (
    <>
      {command.requestedByName ?? command.requestedBy}
      {command.confirmedBy !== undefined && (
        <small>{t("commands.confirmedBy", { name: command.confirmedByName ?? command.confirmedBy })}</small>
      )}
    </>
  );
}
