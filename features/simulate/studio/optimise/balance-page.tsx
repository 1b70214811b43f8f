import { Button, Checkbox, NativeSelect } from "@mantine/core";
import { IconArrowBackUp, IconGitFork } from "@tabler/icons-react";
import { useEffect, useMemo, useState } from "react";
import type { ReactNode } from "react";
import { DoppelwerkError, equalJson, LIVE, type Json } from "@doppelwerk/world";
import {
  balanceOfWork,
  BalanceSearch,
  brokenPrecedences,
  gapOf,
  openStations,
  PER_SECOND,
  stationSeconds,
  type LineWork,
} from "@doppelwerk/sim/optimise";
import { ActionButton, Card, Empty, Failure, Waiting, fixedText, useLoad, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import { Figure } from "./figure.tsx";
import { OptimiseHead } from "./optimise-head.tsx";
import { SearchBar } from "./search-bar.tsx";
import { useKeep, useSearch } from "./use-search.ts";
import { WorkBars } from "./work-bars.tsx";
import * as simulate from "../../calls.ts";

const EFFORT = 20_000;

/** The work of the line's stations in its elements: divided so that the longest station takes the least, by a search or by hand. */
export function BalancePage({ branch }: { readonly branch: string }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const commits = useStore(studio.commits);
  const loaded = useLoad(
    (signal) =>
      simulate.readWork(studio.client, { params: { branch } }, { signal }).catch((error: unknown) => {
        // nothing says what the work is made of: nothing is wrong
        if (error instanceof DoppelwerkError && error.code === "DW_NOT_FOUND") return undefined;
        throw error;
      }),
    [branch],
    undefined,
    commits,
  );
  if (loaded.value === undefined)
    return (
      <div className="dw-page dw-decide dw-optimise">
        <div className="dw-decide-left">
          <OptimiseHead kind="balance" />
        </div>
        <div className="dw-decide-right">
          {loaded.kind === "loading" && <Waiting />}
          {loaded.kind === "failed" && <Failure message={loaded.message} onRetry={loaded.reload} />}
          {loaded.kind === "ready" && (
            <Empty title={t("simulate.optimise.balance.emptyTitle")} text={t("simulate.optimise.balance.emptyText")} />
          )}
        </div>
      </div>
    );
  const given = loaded.value.work as LineWork;
  // other elements are another problem; other times of the same are not
  const key = `${branch} ${given.elements.map(({ id, station }) => `${id} ${station}`).join()}`;
  return <Balanced key={key} branch={branch} given={given} source={loaded.value.source} />;
}

interface BalancedProps {
  readonly branch: string;
  readonly given: LineWork;
  readonly source: "history" | "documents";
}

function Balanced({ branch, given, source }: BalancedProps): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const [stays, setStays] = useState<ReadonlySet<string>>(new Set());
  const [selected, setSelected] = useState<number | undefined>(undefined);
  const work = useMemo(
    (): LineWork => ({ ...given, elements: given.elements.map((one) => (stays.has(one.id) ? { ...one, fixed: true } : one)) }),
    [given, stays],
  );
  const present = useMemo(() => given.elements.map(({ station }) => station), [given]);
  const problem = useMemo(() => balanceOfWork(work), [work]);
  const [stationOf, setStationOf] = useState<readonly number[]>(present);
  const search = useSearch("balance");
  const asked = search.wish?.what === "line-balancing" ? search.wish.problem : undefined;
  const keep = useKeep("balance");
  const found = search.state?.solution;
  useEffect(() => {
    if (Array.isArray(found) && found.length === present.length) setStationOf(found as number[]);
  }, [found, present]);
  const open = openStations(work);
  const longest = (of: readonly number[], counts: boolean): number =>
    Math.max(0, ...stationSeconds(work, of).filter((_, s) => open[s] === counts));
  const [now, then] = [longest(present, true), longest(stationOf, true)];
  const places = work.stations.reduce((sum, station, s) => sum + (open[s] ? station.places : 0), 0);
  const all = work.elements.reduce((sum, { seconds, station }) => sum + (open[station] ? seconds : 0), 0);
  const closed = stationSeconds(work, stationOf).map((seconds, s) => (open[s] ? 0 : seconds));
  const holds = closed.indexOf(Math.max(...closed));
  const first = useMemo(() => new BalanceSearch(problem, { seed: 1 }).lowerBound, [problem]);
  // what was proven with other elements bound says nothing of these
  const proven = asked !== undefined && equalJson(asked as Json, problem as unknown as Json) ? (search.state?.lowerBound ?? 0) : 0;
  const bound = Math.max(first, proven) / PER_SECOND;
  const gap = gapOf(then, Math.min(bound, then));
  const broken = brokenPrecedences(work, stationOf);
  const moved = work.elements.flatMap((element, e) => (stationOf[e] === element.station ? [] : [{ element, to: stationOf[e]! }]));
  const labelOf = (element: number): string => work.elements[element]!.label[language];
  const move = (element: number, to: number): void => setStationOf(stationOf.map((station, e) => (e === element ? to : station)));
  const put = (): void =>
    void keep(t("simulate.optimise.kind.balance"), branch, (on) =>
      simulate.keepWork(studio.client, {
        params: { branch: on },
        body: { stationOf: Object.fromEntries(moved.map(({ element, to }) => [element.id, work.stations[to]!.id])) },
      }),
    );
  return (
    <div className="dw-page dw-decide dw-optimise is-balance">
      <div className="dw-decide-left">
        <OptimiseHead kind="balance" />
        <Card title={t("simulate.optimise.balance.title")} note={t(`simulate.optimise.balance.${source}`)}>
          <p className="dw-fine">{t("simulate.optimise.balance.text")}</p>
          <div className="dw-solve-course">
            <SearchBar
              state={search.state}
              isRunning={search.isRunning}
              onStart={() => {
                search.start({
                  what: "line-balancing",
                  title: t("simulate.optimise.kind.balance"),
                  problem,
                  from: stationOf,
                  seed: 1,
                  iterations: EFFORT,
                  seconds: 60,
                });
              }}
              onStop={search.stop}
            />
          </div>
        </Card>
        <Card
          className="dw-work-elements"
          title={t("simulate.optimise.balance.elements")}
          note={t("simulate.optimise.balance.elementsNote")}
        >
          <ul className="dw-work-list">
            {work.elements.map((element, e) => (
              <li key={element.id} className={selected === e ? "is-on" : ""}>
                <span>
                  {element.label[language]} <small>{fixedText(element.seconds, 1)} s</small>
                  {selected === e && element.after.length > 0 && (
                    <small className="dw-work-after">
                      {t("simulate.optimise.balance.after", { what: element.after.map(labelOf).join(", ") })}
                    </small>
                  )}
                </span>
                <NativeSelect
                  size="xs"
                  aria-label={t("simulate.optimise.balance.stationOf", { what: element.label[language] })}
                  value={String(stationOf[e])}
                  disabled={element.fixed}
                  onChange={(event) => move(e, Number(event.currentTarget.value))}
                  data={work.stations.flatMap(({ id }, s) => (open[s] || s === element.station ? [{ value: String(s), label: id }] : []))}
                />
                <Checkbox
                  size="xs"
                  aria-label={t("simulate.optimise.balance.stays", { what: element.label[language] })}
                  title={t("simulate.optimise.balance.stays", { what: element.label[language] })}
                  checked={element.fixed}
                  disabled={given.elements[e]!.fixed}
                  onChange={(event) => {
                    const next = new Set(stays);
                    if (event.currentTarget.checked) {
                      next.add(element.id);
                      move(e, element.station);
                    } else next.delete(element.id);
                    setStays(next);
                  }}
                />
              </li>
            ))}
          </ul>
        </Card>
      </div>
      <div className="dw-decide-right">
        <Card
          title={
            moved.length === 0
              ? t("simulate.optimise.balance.nowTitle", { cycle: fixedText(now, 1) })
              : t("simulate.optimise.balance.thenTitle", { now: fixedText(now, 1), cycle: fixedText(then, 1) })
          }
        >
          <div className="dw-gantt-figures">
            <Figure label={t("simulate.optimise.balance.cycle")} value={`${fixedText(then, 1)}\u202fs`} />
            <Figure label={t("simulate.optimise.balance.bound")} value={`${fixedText(bound, 1)}\u202fs`} />
            <Figure
              label={t("simulate.optimise.gantt.gap")}
              value={gap < 0.0005 ? t("simulate.optimise.search.proven") : `${fixedText(100 * gap, 1)}\u202f%`}
            />
            <Figure label={t("simulate.optimise.balance.use")} value={`${fixedText((100 * all) / (places * then), 1)}\u202f%`} />
            {work.taktS !== undefined && (
              <Figure label={t("simulate.optimise.balance.takt")} value={`${fixedText(work.taktS, 1)}\u202fs`} />
            )}
          </div>
          {closed[holds]! > then && (
            <p className="dw-note">
              {t("simulate.optimise.balance.holds", { what: work.stations[holds]!.id, seconds: fixedText(closed[holds]!, 1) })}
            </p>
          )}
          <WorkBars work={work} stationOf={stationOf} selected={selected} onSelect={setSelected} />
          {broken.map(([needed, element]) => (
            <p key={`${needed} ${element}`} className="dw-note is-trouble">
              {t("simulate.optimise.balance.broken", { what: labelOf(element), needs: labelOf(needed) })}
            </p>
          ))}
        </Card>
        <Card title={t("simulate.optimise.layout.moves")} note={String(moved.length)}>
          {moved.length === 0 && (
            <p className="dw-quiet">
              {t(search.state?.end === undefined ? "simulate.optimise.balance.asNow" : "simulate.optimise.balance.nothing")}
            </p>
          )}
          <ul className="dw-blend-words">
            {moved.map(({ element, to }) => (
              <li key={element.id}>
                {t("simulate.optimise.balance.move", {
                  what: element.label[language],
                  from: work.stations[element.station]!.id,
                  to: work.stations[to]!.id,
                })}
              </li>
            ))}
          </ul>
          <p className="dw-fine">{t("simulate.optimise.balance.keepText")}</p>
          <div className="dw-buttons">
            <Button
              disabled={moved.length === 0 || broken.length > 0 || search.isRunning}
              leftSection={<IconGitFork size={16} />}
              onClick={put}
            >
              {t(branch === LIVE ? "simulate.optimise.keep.button" : "simulate.optimise.keep.onBranch")}
            </Button>
            <Button
              variant="default"
              disabled={moved.length === 0 || search.isRunning}
              leftSection={<IconArrowBackUp size={16} />}
              onClick={() => setStationOf(present)}
            >
              {t("simulate.optimise.balance.reset")}
            </Button>
          </div>
        </Card>
        {branch !== LIVE && (
          <div className="dw-buttons">
            <Button variant="default" onClick={() => studio.address.go({ detail: undefined })}>
              {t("simulate.optimise.balance.run")}
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
