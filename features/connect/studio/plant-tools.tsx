import { Button, NumberInput, TextInput } from "@mantine/core";
import { IconBell, IconPlayerPlay } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import type { CallInput, Command, PlantArgument, PlantCondition, PlantMethod, PlantOffer } from "@doppelwerk/client";
import type { RecordId } from "@doppelwerk/world";
import { errorText, messageText, useLoad, useStudio, useWords } from "@doppelwerk/kit/studio";
import "./plant-look.css";

const MOST_METHODS = 60;

/** What a plant can be told to do, and the conditions it raises itself: asked for when somebody wants to see it. */
export function PlantTools({ connection }: { readonly connection: RecordId }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const [offer, setOffer] = useState<PlantOffer | undefined>(undefined);
  const [busy, setBusy] = useState(false);
  const look = (): void => {
    setBusy(true);
    studio.client
      .offerOf(connection)
      .then(setOffer)
      .catch((error: unknown) => studio.notify("trouble", errorText(error)))
      .finally(() => setBusy(false));
  };
  if (offer === undefined)
    return (
      <Button size="sm" variant="default" loading={busy} onClick={look} leftSection={<IconPlayerPlay size={16} />}>
        {t("connect.tools.open")}
      </Button>
    );
  // a condition is acknowledged as a condition; its own methods are none of the plant's
  const conditions = new Set(offer.conditions?.map(({ address }) => address.replace(/^condition:/, "")));
  return (
    <div className="dw-plant-rows">
      <Methods connection={connection} methods={(offer.methods ?? []).filter(({ object }) => !conditions.has(object))} />
      <Conditions connection={connection} conditions={offer.conditions ?? []} onAgain={look} />
    </div>
  );
}

function Methods({ connection, methods }: { readonly connection: RecordId; readonly methods: readonly PlantMethod[] }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const [search, setSearch] = useState("");
  const detail = useLoad((signal) => studio.client.connection(connection, { signal }), [connection]);
  const words = search.toLowerCase().split(/\s+/);
  const fitting = methods.filter(({ path }) => words.every((word) => path.join(" ").toLowerCase().includes(word)));
  if (methods.length === 0) return <p className="dw-quiet">{t("connect.tools.noMethods")}</p>;
  const off = detail.value !== undefined && !detail.value.allowCommands;
  return (
    <>
      <h3 className="dw-small-title">{t("connect.tools.methods", { count: methods.length })}</h3>
      {off && (
        <p className="dw-note dw-plant-tools">
          {t("connect.tools.commandsOff")}
          <Button
            size="xs"
            variant="default"
            onClick={() =>
              studio.client
                .changeConnection(connection, { allowCommands: true })
                .then(() => detail.reload())
                .catch((error: unknown) => studio.notify("trouble", errorText(error)))
            }
          >
            {t("connect.tools.allow")}
          </Button>
        </p>
      )}
      {methods.length > 8 && (
        <TextInput
          size="sm"
          placeholder={t("connect.tools.search")}
          aria-label={t("connect.tools.search")}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      )}
      {fitting.slice(0, MOST_METHODS).map((method) => (
        <Method key={`${method.object} ${method.method}`} connection={connection} method={method} disabled={off} />
      ))}
    </>
  );
}

function Method({
  connection,
  method,
  disabled,
}: {
  readonly connection: RecordId;
  readonly method: PlantMethod;
  readonly disabled: boolean;
}): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  const [texts, setTexts] = useState<readonly string[]>(() => method.inputs.map(() => ""));
  const [reason, setReason] = useState("");
  const [command, setCommand] = useState<Command | undefined>(undefined);
  const [failure, setFailure] = useState<string | undefined>(undefined);
  const [busy, setBusy] = useState(false);
  const inputs = method.inputs.map((argument, n) => inputOf(argument, texts[n]!));
  const ready = inputs.every((input) => input !== undefined) && reason.trim() !== "";
  const run = (work: Promise<Command>): void => {
    setBusy(true);
    setFailure(undefined);
    work
      .then(setCommand)
      .catch((error: unknown) => {
        setCommand(undefined);
        setFailure(errorText(error));
      })
      .finally(() => setBusy(false));
  };
  const name = method.path.join(" / ");
  const unsupported = method.inputs.find(({ supported }) => !supported);
  return (
    <div className="dw-plant-row">
      <b>{name}</b>
      <span className="dw-quiet-text">
        ({method.inputs.map(typeText).join(", ")}){method.outputs.length > 0 && ` → ${method.outputs.map(typeText).join(", ")}`}
      </span>
      {unsupported === undefined ? (
        <Button size="xs" variant="default" disabled={disabled} onClick={() => setOpen(!open)}>
          {t("connect.tools.call")}
        </Button>
      ) : (
        <small>{t("connect.tools.unsupported", { name: unsupported.name })}</small>
      )}
      {open && command?.state !== "requested" && (
        <form
          className="dw-plant-form"
          onSubmit={(event) => {
            event.preventDefault();
            if (ready)
              run(
                studio.client.askCall({
                  connection,
                  object: method.object,
                  method: method.method,
                  name,
                  inputs: inputs as CallInput[],
                  reason: reason.trim(),
                }),
              );
          }}
        >
          {method.inputs.map((argument, n) => (
            <TextInput
              key={argument.name}
              size="sm"
              label={argument.name}
              description={[typeText(argument), argument.description].filter((part) => part !== undefined && part !== "").join(" · ")}
              error={texts[n] !== "" && inputs[n] === undefined ? t("connect.tools.wrongType") : undefined}
              value={texts[n]!}
              onChange={(event) => {
                const { value } = event.currentTarget;
                setTexts((all) => all.map((text, at) => (at === n ? value : text)));
              }}
            />
          ))}
          <TextInput
            size="sm"
            label={t("connect.tools.reason")}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <Button size="sm" type="submit" loading={busy} disabled={!ready}>
            {t("connect.tools.ask")}
          </Button>
        </form>
      )}
      {command?.state === "requested" && (
        <div className="dw-plant-form">
          <p className="dw-note">{t("connect.tools.confirmText", { name, inputs: String(command.value) })}</p>
          <Button size="sm" color="red" loading={busy} onClick={() => run(studio.client.confirmCommand(command.id, command.value))}>
            {t("connect.tools.confirm")}
          </Button>
          <Button size="sm" variant="default" onClick={() => run(studio.client.withdrawCommand(command.id))}>
            {t("connect.tools.withdraw")}
          </Button>
        </div>
      )}
      {failure !== undefined && <p className="dw-call-result is-trouble">{failure}</p>}
      {command !== undefined && command.state !== "requested" && (
        <p className={`dw-call-result ${command.state === "done" || command.state === "withdrawn" ? "" : "is-trouble"}`}>
          {t(`connect.tools.ended.${command.state}`)}
          {command.after !== undefined && `: ${String(command.after)}`}
          {command.why !== undefined && ` (${messageText(command.why, command.whyTold)})`}
        </p>
      )}
    </div>
  );
}

function typeText({ name, dataType, array }: PlantArgument): string {
  return `${name}: ${dataType}${array === true ? "[]" : ""}`;
}

/** What was typed, in the type of the argument; undefined when it is none of it. A list is separated by commas. */
function inputOf({ dataType, array }: PlantArgument, text: string): CallInput | undefined {
  const one = (part: string): number | boolean | string | undefined => {
    const trimmed = part.trim();
    if (dataType === "String" || dataType === "LocalizedText") return part;
    if (dataType === "DateTime") return Number.isNaN(Date.parse(trimmed)) ? undefined : new Date(trimmed).toISOString();
    if (dataType === "Boolean")
      return /^(?:true|1|yes|是)$/i.test(trimmed) ? true : /^(?:false|0|no|否)$/i.test(trimmed) ? false : undefined;
    const number = Number(trimmed.replace(/^(-?\d+),(\d+)$/, array === true ? "$&" : "$1.$2"));
    if (trimmed === "" || !Number.isFinite(number)) return undefined;
    return dataType === "Float" || dataType === "Double" || Number.isInteger(number) ? number : undefined;
  };
  if (array !== true) return one(text);
  const parts = text.trim() === "" ? [] : text.split(/[,;，]/).map(one);
  return parts.includes(undefined) ? undefined : (parts as (number | boolean | string)[]);
}

/** Severities of the plant become priorities only by somebody's decision. */
function Conditions({
  connection,
  conditions,
  onAgain,
}: {
  readonly connection: RecordId;
  readonly conditions: readonly PlantCondition[];
  readonly onAgain: () => void;
}): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const [from, setFrom] = useState({ urgentFrom: 800, highFrom: 600, lowFrom: 200 });
  const [busy, setBusy] = useState(false);
  if (conditions.length === 0) return <p className="dw-quiet">{t("connect.tools.noConditions")}</p>;
  const take = (): void => {
    setBusy(true);
    studio.client
      .takeAlarms(connection, from)
      .then(({ taken, changed }) => {
        studio.notify("good", t("connect.tools.taken", { taken, changed }));
        onAgain();
      })
      .catch((error: unknown) => studio.notify("trouble", errorText(error)))
      .finally(() => setBusy(false));
  };
  const priorityOf = (severity: number): number =>
    severity === 0 ? 3 : severity >= from.urgentFrom ? 1 : severity >= from.highFrom ? 2 : severity >= from.lowFrom ? 3 : 4;
  return (
    <>
      <h3 className="dw-small-title">{t("connect.tools.conditions", { count: conditions.length })}</h3>
      <div className="dw-plant-form">
        {(["urgentFrom", "highFrom", "lowFrom"] as const).map((field) => (
          <NumberInput
            key={field}
            size="sm"
            min={1}
            max={1001}
            label={t(`connect.tools.${field}`)}
            value={from[field]}
            onChange={(value) => setFrom({ ...from, [field]: Number(value) })}
          />
        ))}
        <Button
          size="sm"
          variant="default"
          loading={busy}
          disabled={from.urgentFrom < from.highFrom || from.highFrom < from.lowFrom}
          onClick={take}
          leftSection={<IconBell size={16} />}
        >
          {t("connect.tools.take")}
        </Button>
      </div>
      {conditions.slice(0, MOST_METHODS).map(({ address, source, name, message, severity, state }) => (
        <div key={address} className="dw-plant-row" title={address}>
          <b>{source === "" ? name : `${source}: ${name}`}</b>
          <span className="dw-quiet-text">{message}</span>
          <span>
            {t((state & 8) !== 0 ? "connect.tools.disabled" : (state & 1) !== 0 ? "connect.tools.active" : "connect.tools.normal")}
          </span>
          <span>
            {severity === 0
              ? t("connect.tools.severityUnknown")
              : t("connect.tools.severity", { severity, priority: priorityOf(severity) })}
          </span>
        </div>
      ))}
    </>
  );
}
