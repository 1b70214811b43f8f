import { Button, Modal, NumberInput, Select, Switch, TextInput } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import type { DeclaredSignal, SignalPatch } from "@doppelwerk/client";
import { errorText, useStudio, useWords, valueOfText, writtenText } from "@doppelwerk/kit/studio";

/** What was declared, in few words; nothing where nothing was. */
export function Meaning({ signal }: { readonly signal: DeclaredSignal }): ReactNode {
  const { t } = useWords();
  const { counter, aliveS, deadband, minIntervalS, scale, safety, commandWhen } = signal;
  const parts = [
    counter && t("connect.connection.isCounter", { type: t(`connect.connection.counters.${counter.type}`), width: counter.width ?? "?" }),
    aliveS !== undefined && t("connect.connection.isAlive", { seconds: aliveS }),
    deadband !== undefined && t("connect.connection.hasDeadband", { value: writtenText(deadband, signal.unit, t) }),
    minIntervalS !== undefined && t("connect.connection.hasRate", { seconds: minIntervalS }),
    scale !== undefined && `× ${scale}`,
    safety === true && t("connect.connection.isSafety"),
    commandWhen !== undefined && commandWhen.length > 0 && t("connect.connection.hasConditions", { count: commandWhen.length }),
  ].filter((part): part is string => typeof part === "string");
  return parts.join(" · ");
}

const NUMBERS = ["low", "high", "resolution", "aliveS", "deadband", "minIntervalS"] as const;

/** What a person says a signal means; safety and conditions of commands are an administrator's. */
export function Declaration({
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
          label={t("connect.connection.unit")}
          placeholder={t("connect.connection.unitUnknown")}
          value={unit}
          onChange={(event) => setUnit(event.currentTarget.value)}
        />
        {NUMBERS.filter((name) => isNumber || name === "aliveS" || name === "minIntervalS").map((name) => (
          <NumberInput
            key={name}
            size="sm"
            label={t(`connect.connection.fields.${name}`)}
            description={t(`connect.connection.hints.${name}`)}
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
              label={t("connect.connection.counter")}
              description={t("connect.connection.counterHint")}
              allowDeselect={false}
              data={["none", "totaliser", "shiftReset"].map((type) => ({
                value: type,
                label: t.or(`connect.connection.counters.${type}`, type),
              }))}
              value={counter}
              onChange={(next) => setCounter((next ?? "none") as typeof counter)}
            />
            {counter !== "none" && (
              <Select
                size="sm"
                label={t("connect.connection.width")}
                description={t("connect.connection.widthHint")}
                data={[
                  { value: "", label: t("connect.connection.widthUnknown") },
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
            <IconLock size={14} /> {t("connect.connection.rules")}
          </legend>
          <p className="dw-quiet">{t("connect.connection.rulesNote")}</p>
          <Switch
            checked={safety}
            disabled={!mayAdminister}
            label={t("connect.connection.safety")}
            onChange={(event) => setSafety(event.currentTarget.checked)}
          />
          {conditions.map((condition, at) => (
            <div key={at} className="dw-command-ask">
              <Select
                size="sm"
                searchable
                label={t("connect.connection.condition")}
                data={all.filter(({ id }) => id !== signal.id).map(({ id, name }) => ({ value: id, label: name }))}
                value={condition.signal === "" ? null : condition.signal}
                onChange={(next) => setConditions(conditions.with(at, { ...condition, signal: next ?? "" }))}
                className="dw-grow"
              />
              <TextInput
                size="sm"
                label={t("connect.connection.equals")}
                placeholder="true"
                value={condition.equals}
                onChange={(event) => setConditions(conditions.with(at, { ...condition, equals: event.currentTarget.value }))}
              />
              <Button size="sm" variant="subtle" onClick={() => setConditions(conditions.toSpliced(at, 1))}>
                {t("connect.connection.remove")}
              </Button>
            </div>
          ))}
          <Button size="compact-sm" variant="default" onClick={() => setConditions([...conditions, { signal: "", equals: "true" }])}>
            {t("connect.connection.addCondition")}
          </Button>
        </fieldset>
        {failure !== undefined && <p className="dw-note is-trouble">{failure}</p>}
        <Button size="sm" type="submit">
          {t("connect.connection.save")}
        </Button>
      </form>
    </Modal>
  );
}

/** Of a condition on a signal that is not in the list: as it reads. */
function guessed(text: string): string {
  return text === "true" || text === "false" ? "boolean" : /^[+-]?\d/.test(text.trim()) ? "double" : "string";
}
