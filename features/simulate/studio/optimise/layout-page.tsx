import { Button, Checkbox, NumberInput, SegmentedControl } from "@mantine/core";
import { IconGitFork, IconPlus, IconX } from "@tabler/icons-react";
import { useEffect, useMemo, useState } from "react";
import type { ReactNode } from "react";
import { equalJson, LIVE, type Json } from "@doppelwerk/world";
import { gapOf, layoutBound, layoutCost, type LayoutArea, type LayoutPlace, type LayoutProblem } from "@doppelwerk/sim/optimise";
import { ActionButton, Card, Failure, fixedText, signedText, useLoad, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import { Figure } from "./figure.tsx";
import { LayoutPlan } from "./layout-plan.tsx";
import { OptimiseHead } from "./optimise-head.tsx";
import { SearchBar } from "./search-bar.tsx";
import { useKeep, useSearch } from "./use-search.ts";
import * as simulate from "../../calls.ts";

const EFFORT = { floor: 300_000, places: 200_000 } as const;
type Onto = keyof typeof EFFORT;

/** Stations on the floor and what flows between them: where they would stand better, with what must stay and what must stay free. */
export function LayoutPage({ branch }: { readonly branch: string }): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const line = useStore(studio.line);
  const loaded = useLoad((signal) => simulate.readLayout(studio.client, { params: { branch } }, { signal }), [branch]);
  const [fixed, setFixed] = useState<ReadonlySet<string>>(new Set());
  const [clearance, setClearance] = useState<number>(0.8);
  const [moveCost, setMoveCost] = useState<number>(500);
  const [onto, setOnto] = useState<Onto>("floor");
  const [aisles, setAisles] = useState<readonly LayoutArea[]>([]);
  const search = useSearch("layout");
  const asked = search.wish?.what === "layout" ? search.wish : undefined;
  const keep = useKeep("layout");
  const given = loaded.value?.problem as LayoutProblem | undefined;
  const problem = useMemo(
    (): LayoutProblem | undefined =>
      given && {
        ...given,
        clearance,
        moveCost,
        aisles,
        machines: given.machines.map((machine) => (fixed.has(machine.id) ? { ...machine, fixed: true } : machine)),
      },
    [given, clearance, moveCost, aisles, fixed],
  );
  const [answered, setAnswered] = useState<{ readonly problem: LayoutProblem; readonly places: readonly LayoutPlace[] } | undefined>(
    undefined,
  );
  const solution = search.state?.solution;
  useEffect(() => {
    if (asked !== undefined && Array.isArray(solution))
      setAnswered({ problem: asked.problem as LayoutProblem, places: solution as LayoutPlace[] });
  }, [asked, solution]);
  // a search that is found again brings what it was asked for
  useEffect(() => {
    if (asked === undefined || given === undefined) return;
    const was = asked.problem as LayoutProblem;
    setClearance(was.clearance);
    setMoveCost(was.moveCost);
    setAisles(was.aisles);
    setOnto(asked.onto ?? "floor");
    setFixed(new Set(was.machines.flatMap((machine) => (machine.fixed ? [machine.id] : []))));
  }, [asked, given]);
  if (loaded.kind === "failed" && given === undefined) return <Failure message={loaded.message} onRetry={loaded.reload} />;
  const places = answered !== undefined && answered.problem.machines.length === problem?.machines.length ? answered.places : undefined;
  const home = problem?.machines.map(({ x, y }) => ({ x, y, turned: false }));
  const flow = problem && { ...problem, moveCost: 0 };
  const now = flow && home ? layoutCost(flow, home) : 0;
  const then = flow && places ? layoutCost(flow, places) : now;
  const moves = (problem?.machines ?? []).flatMap((machine, i) => {
    const place = places?.[i];
    return place && (place.x !== machine.x || place.y !== machine.y || place.turned)
      ? [{ ...machine, dx: place.x - machine.x, dy: place.y - machine.y, turned: place.turned }]
      : [];
  });
  // what was proven for exchanges says nothing of layouts that may be anywhere
  const proven = asked?.onto === onto && equalJson(asked.problem as Json, problem as unknown as Json) ? (search.state?.lowerBound ?? 0) : 0;
  const bound = problem ? Math.max(proven, layoutBound(problem)) : 0;
  const value = problem && (places ?? home) ? layoutCost(problem, places ?? home!) : 0;
  const labelOf = (id: string, label: string): string => {
    const name = line?.stations.find((station) => station.id === id)?.name[language];
    return name === undefined ? label : name.startsWith(id) ? name : `${id} ${name}`;
  };
  const put = (): void =>
    void keep(t("simulate.optimise.kind.layout"), branch, (on) =>
      simulate.keepLayout(studio.client, { params: { branch: on }, body: { problem: answered!.problem, places: places! } }),
    ).then((done) => {
      if (done) setAnswered(undefined);
    });
  return (
    <div className="dw-page dw-decide dw-optimise">
      <div className="dw-decide-left">
        <OptimiseHead kind="layout" />
        <Card
          title={t("simulate.optimise.layout.title")}
          note={
            loaded.value === undefined
              ? ""
              : t("simulate.optimise.layout.note", { source: t(`simulate.optimise.layout.${loaded.value.source}`) })
          }
        >
          <div className="dw-wish-prices">
            <NumberInput
              size="xs"
              label={t("simulate.optimise.layout.clearance")}
              value={clearance}
              min={0}
              max={20}
              step={0.1}
              decimalScale={2}
              onChange={(value) => value !== "" && setClearance(Number(value))}
            />
            <NumberInput
              size="xs"
              label={t("simulate.optimise.layout.moveCost")}
              value={moveCost}
              min={0}
              onChange={(value) => value !== "" && setMoveCost(Number(value))}
            />
            <p className="dw-fine">{t("simulate.optimise.layout.moveCostText")}</p>
          </div>
          <SegmentedControl
            size="xs"
            fullWidth
            className="dw-layout-onto"
            aria-label={t("simulate.optimise.layout.onto")}
            value={onto}
            onChange={(next) => setOnto(next as Onto)}
            data={(["floor", "places"] as const).map((which) => ({
              value: which,
              label: t(`simulate.optimise.layout.ontoWhich.${which}`),
            }))}
          />
          <p className="dw-fine">{t(`simulate.optimise.layout.ontoText.${onto}`)}</p>
          <div className="dw-solve-course">
            <SearchBar
              state={search.state}
              isRunning={search.isRunning}
              disabled={problem === undefined}
              onStart={() => {
                if (problem === undefined) return;
                setAnswered(undefined);
                search.start({
                  what: "layout",
                  title: t("simulate.optimise.kind.layout"),
                  problem,
                  onto,
                  seed: 1,
                  iterations: EFFORT[onto],
                  seconds: 120,
                });
              }}
              onStop={search.stop}
            />
          </div>
        </Card>
        <Card title={t("simulate.optimise.layout.fixed")}>
          <div className="dw-layout-fixed">
            {(given?.machines ?? []).map(({ id, label, fixed: always }) => (
              <Checkbox
                key={id}
                size="xs"
                label={labelOf(id, label)}
                checked={always === true || fixed.has(id)}
                disabled={always === true}
                onChange={(event) => {
                  const next = new Set(fixed);
                  if (event.currentTarget.checked) next.add(id);
                  else next.delete(id);
                  setFixed(next);
                }}
              />
            ))}
          </div>
        </Card>
        <Card title={t("simulate.optimise.layout.aisle")}>
          {aisles.map((aisle, at) => (
            <div key={at} className="dw-aisle">
              {(["x", "y", "width", "depth"] as const).map((field) => (
                <NumberInput
                  key={field}
                  size="xs"
                  hideControls
                  label={t(`simulate.optimise.layout.aisleFields.${field}`)}
                  value={aisle[field]}
                  onChange={(value) =>
                    value !== "" && setAisles(aisles.map((held, i) => (i === at ? { ...held, [field]: Number(value) } : held)))
                  }
                />
              ))}
              <Button
                size="compact-xs"
                variant="subtle"
                color="gray"
                aria-label={t("simulate.optimise.blend.remove", { what: t("simulate.optimise.layout.aisle") })}
                onClick={() => setAisles(aisles.filter((_, i) => i !== at))}
              >
                <IconX size={14} />
              </Button>
            </div>
          ))}
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={14} />}
            disabled={problem === undefined}
            onClick={() => setAisles([...aisles, { x: problem!.floor.x, y: problem!.floor.y, width: problem!.floor.width, depth: 2 }])}
          >
            {t("simulate.optimise.layout.addAisle")}
          </Button>
        </Card>
      </div>
      <div className="dw-decide-right">
        {problem !== undefined && (
          <Card
            title={t("simulate.optimise.layout.cost", { value: fixedText(places ? then : now, 0) })}
            note={
              then < now
                ? t("simulate.optimise.layout.saves", { share: fixedText(100 * (1 - then / now), 1) })
                : t("simulate.optimise.layout.now")
            }
          >
            <div className="dw-gantt-figures">
              <Figure label={t("simulate.optimise.layout.nowFigure")} value={fixedText(now, 0)} />
              {places !== undefined && <Figure label={t("simulate.optimise.layout.thenFigure")} value={fixedText(then, 0)} />}
              <Figure label={t("simulate.optimise.layout.bound")} value={fixedText(bound, 0)} />
              <Figure
                label={t("simulate.optimise.gantt.gap")}
                value={
                  gapOf(value, Math.min(bound, value)) < 0.0005
                    ? t("simulate.optimise.search.proven")
                    : `${fixedText(100 * gapOf(value, Math.min(bound, value)), 0)}\u202f%`
                }
              />
            </div>
            <LayoutPlan problem={problem} places={places} />
          </Card>
        )}
        {places !== undefined && (
          <Card title={t("simulate.optimise.layout.moves")} note={String(moves.length)}>
            {moves.length === 0 && <p className="dw-quiet">{t("simulate.optimise.layout.none")}</p>}
            <ul className="dw-blend-words">
              {moves.map(({ id, label, dx, dy, turned }) => (
                <li key={id}>
                  {t("simulate.optimise.layout.move", { what: labelOf(id, label), x: signedText(dx, 1), y: signedText(-dy, 1) })}
                  {turned && ` · ${t("simulate.optimise.layout.turned")}`}
                </li>
              ))}
            </ul>
            <div className="dw-buttons">
              <Button disabled={moves.length === 0 || search.isRunning} leftSection={<IconGitFork size={16} />} onClick={put}>
                {t(branch === LIVE ? "simulate.optimise.keep.button" : "simulate.optimise.keep.onBranch")}
              </Button>
            </div>
          </Card>
        )}
        {branch !== LIVE && (
          <div className="dw-buttons">
            <Button variant="default" onClick={() => studio.address.go({ view: "world", detail: undefined })}>
              {t("simulate.optimise.layout.see")}
            </Button>
            <ActionButton action="changes.propose" variant="default">
              {t("simulate.optimise.keep.propose")}
            </ActionButton>
          </div>
        )}
      </div>
    </div>
  );
}
