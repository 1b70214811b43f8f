import { Button, Checkbox, Chip, Collapse, NumberInput, SegmentedControl } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import type { ReactNode } from "react";
import { LIVE } from "@doppelwerk/world";
import type { Factor, OptimisationGoal, OptimisationPrices } from "@doppelwerk/client";
import { Card, Failure, errorText, inLanguage, useLoad, useScope, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import { bounded, groupsOf, wishOf, type FactorChoice, type FactorGroup, type TotalKind } from "./wish-draft.ts";
import * as simulate from "../../calls.ts";

const GOALS: readonly OptimisationGoal[] = ["throughput", "leadTime", "wip", "oee", "energy", "cost"];
/** What may be kept as it is; energy and cost are told in goals alone, by their prices. */
const KEPT: readonly OptimisationGoal[] = ["throughput", "leadTime", "wip", "oee", "rework"];
const EFFORTS = { quick: 120, normal: 500, long: 2_000 } as const;
type Effort = keyof typeof EFFORTS;

/** What may change, what for, and how much effort: the wish of one search. On live it forks first. */
export function LineWish({ branch, onStarted }: { readonly branch: string; readonly onStarted: () => void }): ReactNode {
  const studio = useStudio();
  const { time } = useScope();
  const { t, language } = useWords();
  const commits = useStore(studio.commits);
  const factors = useLoad(
    (signal) => simulate.listFactors(studio.client, { params: { branch } }, { signal }),
    [branch],
    undefined,
    commits,
  );
  const groups = useMemo(() => groupsOf(factors.value ?? []), [factors.value]);
  const [choices, setChoices] = useState<ReadonlyMap<string, FactorChoice>>(new Map());
  const [totals, setTotals] = useState<ReadonlyMap<FactorGroup, TotalKind>>(new Map([["buffer", "exactly"]]));
  const [goals, setGoals] = useState<readonly OptimisationGoal[]>(["throughput"]);
  const [keep, setKeep] = useState<readonly OptimisationGoal[]>(["throughput"]);
  const [prices, setPrices] = useState<OptimisationPrices>({});
  const [effort, setEffort] = useState<Effort>("quick");
  const [kind, setKind] = useState<"study" | "forecast">("study");
  const [seed, setSeed] = useState<number | string>(1);
  const [busy, setBusy] = useState(false);
  const chosen = (factors.value ?? []).filter(({ key }) => choices.has(key));
  const isPriced = goals.includes("cost");
  const choose = (which: readonly Factor[], on: boolean): void => {
    const next = new Map(choices);
    for (const factor of which) {
      if (on) next.set(factor.key, next.get(factor.key) ?? bounded(factor));
      else next.delete(factor.key);
    }
    setChoices(next);
  };
  const start = async (): Promise<void> => {
    setBusy(true);
    try {
      const names = [
        ...new Set(
          groups
            .filter(({ members }) => members.some(({ key }) => choices.has(key)))
            .map(({ group }) => t(`simulate.optimise.group.${group}`)),
        ),
      ];
      const title = `${names.join(", ")}: ${goals.map((goal) => t(`simulate.optimise.goal.${goal}`)).join(", ")}`.slice(0, 200);
      let on = branch;
      if (branch === LIVE) {
        const at = time.state.get().kind === "live" ? undefined : time.instant();
        const fork = await studio.client.fork(t("simulate.optimise.branchName", { what: names.join(", ") }).slice(0, 80), at);
        studio.branches.update((list) => [...list.filter((known) => known.id !== fork.id), fork]);
        on = fork.id;
      }
      const wish = wishOf({ title, groups, choices, totals, goals, keep, prices, kind, seed: Number(seed), budget: EFFORTS[effort] });
      const started = await simulate.startOptimisation(studio.client, { params: { branch: on }, body: wish });
      studio.address.go({ branch: on, view: "decide", detail: `optimise:line:${started.id}` });
      onStarted();
    } catch (error) {
      studio.notify("trouble", t("simulate.optimise.failed"), errorText(error));
    }
    setBusy(false);
  };
  if (factors.kind === "failed" && factors.value === undefined) return <Failure message={factors.message} onRetry={factors.reload} />;
  return (
    <>
      <Card title={t("simulate.optimise.may")} note={t("simulate.optimise.mayNote", { count: chosen.length })}>
        <div className="dw-wish-groups">
          {groups.map(({ group, members }) => (
            <Group
              key={group}
              group={group}
              members={members}
              choices={choices}
              isPriced={isPriced}
              total={totals.get(group) ?? "free"}
              name={(factor) => `${factor.station ?? ""} ${inLanguage(factor.label, language)}`.trim()}
              onChoose={choose}
              onChange={(key, choice) => setChoices(new Map(choices).set(key, choice))}
              onTotal={(total) => setTotals(new Map(totals).set(group, total))}
            />
          ))}
        </div>
      </Card>
      <Card title={t("simulate.optimise.goals")} note={t("simulate.optimise.goalsNote")}>
        <div className="dw-wish-goals">
          {GOALS.map((goal) => (
            <Chip
              key={goal}
              size="xs"
              checked={goals.includes(goal)}
              onChange={(on) =>
                setGoals(on ? [...goals, goal].slice(-3) : goals.length > 1 ? goals.filter((held) => held !== goal) : goals)
              }
            >
              {t(`simulate.optimise.goal.${goal}`)}
            </Chip>
          ))}
        </div>
        <p className="dw-fine dw-wish-keep">{t("simulate.optimise.keepNote")}</p>
        <div className="dw-wish-goals">
          {KEPT.filter((goal) => !goals.includes(goal)).map((goal) => (
            <Chip
              key={goal}
              size="xs"
              variant="outline"
              checked={keep.includes(goal)}
              onChange={(on) => setKeep(on ? [...keep, goal] : keep.filter((held) => held !== goal))}
            >
              {t(`simulate.optimise.measure.${goal}`)}
            </Chip>
          ))}
        </div>
        <Collapse expanded={goals.includes("energy") || isPriced}>
          <Prices prices={prices} onChange={setPrices} isPriced={isPriced} />
        </Collapse>
      </Card>
      <Card
        className="dw-wish-last"
        title={t("simulate.optimise.effort")}
        note={t("simulate.optimise.effortText", { count: EFFORTS[effort] })}
      >
        <div className="dw-wish-foot">
          <SegmentedControl
            size="xs"
            aria-label={t("simulate.optimise.effort")}
            value={effort}
            onChange={(value) => setEffort(value as Effort)}
            data={(Object.keys(EFFORTS) as Effort[]).map((value) => ({ value, label: t(`simulate.optimise.${value}`) }))}
          />
          <SegmentedControl
            size="xs"
            value={kind}
            onChange={(value) => setKind(value as typeof kind)}
            data={[
              { value: "study", label: t("simulate.decide.study") },
              { value: "forecast", label: t("simulate.decide.forecast") },
            ]}
          />
          <NumberInput
            size="xs"
            label={t("simulate.decide.seed")}
            value={seed}
            min={0}
            max={2 ** 31 - 1}
            allowDecimal={false}
            onChange={setSeed}
            w={90}
          />
          <Button
            size="sm"
            loading={busy}
            disabled={chosen.length === 0}
            leftSection={<IconPlayerPlay size={15} />}
            onClick={() => void start()}
          >
            {t(branch === LIVE ? "simulate.optimise.startOnLive" : "simulate.optimise.start")}
          </Button>
        </div>
        {branch === LIVE && <p className="dw-fine">{t("simulate.optimise.liveText")}</p>}
      </Card>
    </>
  );
}

interface GroupProps {
  readonly group: FactorGroup;
  readonly members: readonly Factor[];
  readonly choices: ReadonlyMap<string, FactorChoice>;
  readonly isPriced: boolean;
  readonly total: TotalKind;
  readonly name: (factor: Factor) => string;
  readonly onChoose: (which: readonly Factor[], on: boolean) => void;
  readonly onChange: (key: string, choice: FactorChoice) => void;
  readonly onTotal: (total: TotalKind) => void;
}

function Group({ group, members, choices, isPriced, total, name, onChoose, onChange, onTotal }: GroupProps): ReactNode {
  const { t } = useWords();
  const chosen = members.filter(({ key }) => choices.has(key));
  const sum = chosen.reduce((all, { value }) => all + value, 0);
  // what has no common measure has no sum
  const hasSum = (group === "buffer" || group === "places" || group === "operators") && chosen.length > 1;
  const [isOpen, setOpen] = useState(false);
  return (
    <section className={`dw-wish-group ${chosen.length > 0 ? "is-on" : ""}`}>
      <div className="dw-wish-group-head">
        <Checkbox
          size="sm"
          label={t(`simulate.optimise.group.${group}`)}
          checked={chosen.length === members.length}
          indeterminate={chosen.length > 0 && chosen.length < members.length}
          onChange={(event) => onChoose(members, event.currentTarget.checked)}
        />
        <button type="button" className="dw-link" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {chosen.length === 0 ? members.length : `${chosen.length}/${members.length}`}
        </button>
      </div>
      {hasSum && (
        <>
          <SegmentedControl
            size="xs"
            fullWidth
            aria-label={t("simulate.optimise.sum", { group: t(`simulate.optimise.group.${group}`) })}
            value={total}
            onChange={(value) => onTotal(value as TotalKind)}
            data={[
              { value: "exactly", label: t("simulate.optimise.keepTotal") },
              { value: "atMost", label: t("simulate.optimise.atMost", { total: sum }) },
              { value: "free", label: t("simulate.optimise.free") },
            ]}
          />
          {total === "exactly" && <p className="dw-fine">{t("simulate.optimise.keepTotalHint", { total: sum })}</p>}
        </>
      )}
      <Collapse expanded={isOpen}>
        <p className="dw-fine dw-wish-bounds">{t(isPriced ? "simulate.optimise.boundsPriced" : "simulate.optimise.bounds")}</p>
        {members.map((factor) => {
          const choice = choices.get(factor.key);
          const what = name(factor);
          return (
            <div key={factor.key} className={`dw-wish-factor ${isPriced ? "is-priced" : ""}`}>
              <Checkbox
                size="xs"
                label={what}
                checked={choice !== undefined}
                onChange={(event) => onChoose([factor], event.currentTarget.checked)}
              />
              <span>{factor.value}</span>
              {(["min", "max"] as const).map((end) => (
                <NumberInput
                  key={end}
                  size="xs"
                  hideControls
                  aria-label={t(end === "min" ? "simulate.optimise.least" : "simulate.optimise.most", { what })}
                  disabled={choice === undefined}
                  value={choice?.[end] ?? ""}
                  min={factor.min}
                  max={factor.max}
                  step={factor.step}
                  clampBehavior="blur"
                  onChange={(value) => choice !== undefined && value !== "" && onChange(factor.key, { ...choice, [end]: Number(value) })}
                />
              ))}
              {isPriced && (
                <NumberInput
                  size="xs"
                  hideControls
                  aria-label={t("simulate.optimise.price", { what })}
                  disabled={choice === undefined}
                  value={choice?.price ?? ""}
                  onChange={(value) =>
                    choice !== undefined && onChange(factor.key, { ...choice, price: value === "" ? undefined : Number(value) })
                  }
                />
              )}
            </div>
          );
        })}
      </Collapse>
    </section>
  );
}

function Prices({
  prices,
  onChange,
  isPriced,
}: {
  readonly prices: OptimisationPrices;
  readonly onChange: (prices: OptimisationPrices) => void;
  readonly isPriced: boolean;
}): ReactNode {
  const { t } = useWords();
  const fields: readonly (readonly [keyof OptimisationPrices, string])[] = [
    ...(isPriced
      ? ([
          ["part", t("simulate.optimise.partValue")],
          ["wip", t("simulate.optimise.wipPrice")],
          ["energyKwh", t("simulate.optimise.energyPrice")],
        ] as const)
      : []),
    ["workingKw", t("simulate.optimise.workingKw")],
    ["waitingKw", t("simulate.optimise.waitingKw")],
  ];
  return (
    <div className="dw-wish-prices">
      <p className="dw-fine">
        {t("simulate.optimise.prices")}: {t("simulate.optimise.pricesNote")}
      </p>
      {fields.map(([field, label]) => (
        <NumberInput
          key={field}
          size="xs"
          label={label}
          value={prices[field] ?? ""}
          onChange={(value) => onChange({ ...prices, [field]: value === "" ? undefined : Number(value) })}
        />
      ))}
    </div>
  );
}
