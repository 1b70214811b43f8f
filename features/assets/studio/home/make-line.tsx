import * as calls from "../../calls.ts";
import { ActionIcon, Button, Checkbox, NumberInput, Select, TextInput } from "@mantine/core";
import { IconArrowDown, IconArrowLeft, IconArrowUp } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import { Card, inLanguage, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { PlantValues } from "../../contract.ts";
import { LineTimesForm, statedTimes, unknownTimes, type LineTimes } from "./line-times.tsx";

const STEPS = ["assets.line.stepOrder", "assets.line.stepCount", "assets.line.stepTakt"] as const;
type Asset = PlantValues["assets"][number];

interface Draft {
  readonly name: string;
  /** AAS ids of all assets, and of those that are not of the line. */
  readonly order: readonly string[];
  readonly left: ReadonlySet<string>;
  /** AAS id of an asset → the signal that counts good parts there. */
  readonly good: Readonly<Record<string, string>>;
  readonly taktS: number | undefined;
  readonly times: LineTimes;
}

/** A line in three steps: the assets in their order, what counts good parts at each, the takt. */
export function MakeLine({
  plant,
  onBack,
  onMade,
}: {
  readonly plant: PlantValues;
  readonly onBack: () => void;
  readonly onMade: () => void;
}): ReactNode {
  const { t } = useWords();
  const [step, setStep] = useState(0);
  const [draft, setDraft] = useState<Draft>(() => ({
    name: plant.assets.some(({ isStation }) => isStation) ? "" : (plant.connections[0]?.name ?? ""),
    order: [...plant.assets.filter(({ isStation }) => !isStation), ...plant.assets.filter(({ isStation }) => isStation)].map(
      ({ shell }) => shell,
    ),
    // what stands in a line already is not of another, unless somebody says so
    left: new Set(plant.assets.filter(({ isStation }) => isStation).map(({ shell }) => shell)),
    good: countsOf(plant),
    taktS: undefined,
    times: unknownTimes(),
  }));
  const change = (to: Partial<Draft>): void => setDraft((held) => ({ ...held, ...to }));
  const assets = draft.order.flatMap((shell) => plant.assets.find((asset) => asset.shell === shell) ?? []);
  const chosen = assets.filter(({ shell }) => !draft.left.has(shell));
  const back = step === 0 ? onBack : (): void => setStep(step - 1);
  return (
    <Card
      title={t("assets.line.title")}
      note={
        <Button size="compact-sm" variant="subtle" leftSection={<IconArrowLeft size={14} />} onClick={back}>
          {t("assets.make.back")}
        </Button>
      }
      className="dw-home-make"
    >
      <ol className="dw-home-steps">
        {STEPS.map((each, at) => (
          <li key={each} className={at === step ? "is-on" : ""} aria-current={at === step ? "step" : undefined}>
            {at + 1} {t(each)}
          </li>
        ))}
      </ol>
      {step === 0 && <Order assets={assets} left={draft.left} onLeft={(left) => change({ left })} onOrder={(order) => change({ order })} />}
      {step === 1 && <Counts plant={plant} assets={chosen} good={draft.good} onGood={(good) => change({ good })} />}
      {step === 2 && (
        <>
          <Takt draft={draft} chosen={chosen} onChange={change} />
          <LineTimesForm stations={chosen} times={draft.times} onChange={(times) => change({ times })} />
        </>
      )}
      <div className="dw-buttons">
        {step < STEPS.length - 1 ? (
          <Button size="sm" disabled={chosen.length === 0} onClick={() => setStep(step + 1)}>
            {t("assets.line.next")}
          </Button>
        ) : (
          <MakeButton plant={plant} draft={draft} chosen={chosen} onMade={onMade} />
        )}
      </div>
    </Card>
  );
}

function MakeButton({
  plant,
  draft: { name, good, taktS, times },
  chosen,
  onMade,
}: {
  readonly plant: PlantValues;
  readonly draft: Draft;
  readonly chosen: readonly Asset[];
  readonly onMade: () => void;
}): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const [isBusy, setBusy] = useState(false);
  const make = async (): Promise<void> => {
    setBusy(true);
    try {
      const stations = chosen.map(({ shell }) => ({ shell, ...(good[shell] === undefined ? {} : { good: good[shell] }) }));
      const stated = statedTimes(times, chosen);
      await calls.makeLine(studio.client, { body: { name, stations, ...(taktS === undefined ? {} : { taktS }), ...stated } });
      const hasStates = plant.values.some(({ shell, role }) => role === "VendorState" && chosen.some((asset) => asset.shell === shell));
      studio.notify(
        "good",
        t("assets.line.made"),
        hasStates ? t("assets.line.stateHint") : name,
        hasStates ? { label: t("assets.line.stateGo"), run: () => studio.address.go({ view: "connect", detail: "states" }) } : undefined,
      );
      onMade();
    } catch (error) {
      studio.notifyFailure(error, t("assets.line.failed"));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button size="sm" loading={isBusy} disabled={name.trim() === ""} onClick={() => void make()}>
      {t("assets.line.button")}
    </Button>
  );
}

function Takt({
  draft: { name, taktS },
  chosen,
  onChange,
}: {
  readonly draft: Draft;
  readonly chosen: readonly Asset[];
  readonly onChange: (to: Partial<Draft>) => void;
}): ReactNode {
  const { t, language } = useWords();
  const order = chosen.map((asset) => inLanguage(asset.name, language)).join(" → ");
  return (
    <>
      <p className="dw-quiet">{t("assets.line.taktText")}</p>
      <TextInput size="sm" label={t("assets.line.name")} value={name} onChange={(event) => onChange({ name: event.currentTarget.value })} />
      <NumberInput
        size="sm"
        label={t("assets.line.takt")}
        min={0}
        value={taktS ?? ""}
        onChange={(value) => onChange({ taktS: typeof value === "number" && value > 0 ? value : undefined })}
      />
      <p>{t("assets.line.summary", { name, count: chosen.length, order })}</p>
    </>
  );
}

/** What counts good parts already. */
function countsOf({ values }: PlantValues): Readonly<Record<string, string>> {
  return Object.fromEntries(values.flatMap(({ shell, role, signal }) => (shell !== undefined && role === "Good" ? [[shell, signal]] : [])));
}

function Order({
  assets,
  left,
  onLeft,
  onOrder,
}: {
  readonly assets: readonly Asset[];
  readonly left: ReadonlySet<string>;
  readonly onLeft: (left: ReadonlySet<string>) => void;
  readonly onOrder: (order: readonly string[]) => void;
}): ReactNode {
  const { t, language } = useWords();
  const move = (at: number, by: number): void => {
    const order = assets.map(({ shell }) => shell);
    [order[at], order[at + by]] = [order[at + by]!, order[at]!];
    onOrder(order);
  };
  return (
    <>
      <p className="dw-quiet">{t("assets.line.orderText")}</p>
      <ol className="dw-home-order">
        {assets.map((asset, at) => {
          const name = inLanguage(asset.name, language);
          return (
            <li key={asset.shell}>
              <Checkbox
                size="xs"
                className="dw-grow"
                label={name}
                checked={!left.has(asset.shell)}
                onChange={(event) => {
                  const next = new Set(left);
                  if (event.currentTarget.checked) next.delete(asset.shell);
                  else next.add(asset.shell);
                  onLeft(next);
                }}
              />
              <ActionIcon
                size={26}
                variant="subtle"
                color="gray"
                disabled={at === 0}
                aria-label={t("assets.line.up", { name })}
                onClick={() => move(at, -1)}
              >
                <IconArrowUp size={15} />
              </ActionIcon>
              <ActionIcon
                size={26}
                variant="subtle"
                color="gray"
                disabled={at === assets.length - 1}
                aria-label={t("assets.line.down", { name })}
                onClick={() => move(at, 1)}
              >
                <IconArrowDown size={15} />
              </ActionIcon>
            </li>
          );
        })}
      </ol>
    </>
  );
}

function Counts({
  plant,
  assets,
  good,
  onGood,
}: {
  readonly plant: PlantValues;
  readonly assets: readonly Asset[];
  readonly good: Readonly<Record<string, string>>;
  readonly onGood: (good: Readonly<Record<string, string>>) => void;
}): ReactNode {
  const { t, language } = useWords();
  return (
    <>
      <p className="dw-quiet">{t("assets.line.countText")}</p>
      {assets.map(({ shell, name }) => (
        <Select
          key={shell}
          size="sm"
          label={inLanguage(name, language)}
          placeholder={t("assets.line.noCount")}
          clearable
          data={plant.values
            .filter((value) => value.shell === shell && (value.valueType === "integer" || value.valueType === "double"))
            .map((value) => ({ value: value.signal, label: value.path.at(-1)! }))}
          value={good[shell] ?? null}
          onChange={(signal) => {
            const { [shell]: _before, ...others } = good;
            onGood(signal === null ? others : { ...others, [shell]: signal });
          }}
        />
      ))}
    </>
  );
}
