import { SegmentedControl, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useState, useSyncExternalStore } from "react";
import type { ReactNode } from "react";
import { Failure, inLanguage, useLoad, useScope, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import { FactorGroupSection } from "./factor-group.tsx";
import { factorGroups, foundFactors, type FactorGroup, type FactorGrouping } from "./factor-groups.ts";
import { FactorLine } from "./factor-line.tsx";
import { useLineNames } from "./use-line-names.ts";
import { modelValue } from "../../model/model-value.ts";
import * as simulate from "../../calls.ts";

interface FactorListProps {
  readonly branch: string;
  /** Those that a run would be of; none: the one that the address names. */
  readonly lines: readonly string[];
}

/** What may be changed on the branch, in groups: value here, value in the model and where that comes from, range. */
export function FactorList({ branch, lines }: FactorListProps): ReactNode {
  const studio = useStudio();
  const { subject } = useScope();
  const { t } = useWords();
  const line = useStore(studio.line);
  const [search, setSearch] = useState("");
  const [grouping, setGrouping] = useState<FactorGrouping>("station");
  const [toggled, setToggled] = useState<ReadonlyMap<string, boolean>>(new Map());
  const { factors, fitted } = useFactors(branch, lines);
  const replica = studio.live.documents(branch, ["element"]);
  // Edits of everyone in the room show as they happen, before the list is loaded again.
  const revision = useSyncExternalStore(
    (listener) => replica.onChange(listener),
    () => replica.revision() + replica.pending().length,
  );
  const titleOf = useGroupTitles(branch, lines.length > 1);
  if (factors.kind === "failed" && factors.value === undefined)
    return <Failure message={factors.message} code={factors.code} onRetry={factors.reload} />;
  if (factors.value === undefined) return <FactorOutline />;
  const first = [subject, line?.constraint];
  const groups = factorGroups(foundFactors(factors.value, search), grouping, first);
  const shownOf = (factor: FactorGroup["factors"][number]): number => shownValue(replica.get(factor.element)?.value, factor.value);
  const changedIn = (group: FactorGroup): number => group.factors.filter((factor) => shownOf(factor) !== factor.live).length;
  const opens = (group: FactorGroup): boolean =>
    search.trim() !== "" || changedIn(group) > 0 || groups.length === 1 || (group.station !== undefined && first.includes(group.station));
  const isOpen = (group: FactorGroup): boolean => toggled.get(`${grouping} ${group.id}`) ?? opens(group);
  return (
    <div className="dw-factors" data-revision={revision}>
      <FactorTools search={search} onSearch={setSearch} grouping={grouping} onGrouping={setGrouping} />
      {groups.length > 0 && (
        <div className="dw-factor-heads" aria-hidden>
          <span />
          <span>{t("simulate.decide.inModel")}</span>
          <span>{t("simulate.decide.here")}</span>
        </div>
      )}
      {groups.map((group) => (
        <FactorGroupSection
          key={group.id}
          title={titleOf(group)}
          count={group.factors.length}
          changed={changedIn(group)}
          isOpen={isOpen(group)}
          onToggle={() => setToggled((held) => new Map(held).set(`${grouping} ${group.id}`, !isOpen(group)))}
        >
          {group.factors.map((factor) => (
            <FactorLine
              key={factor.element}
              branch={branch}
              factor={factor}
              shown={shownOf(factor)}
              model={modelValue(factor, shownOf(factor), fitted(group.line))}
              isLoaded={replica.get(factor.element) !== undefined}
              withStation={grouping === "kind"}
            />
          ))}
        </FactorGroupSection>
      ))}
      {groups.length === 0 && (
        <p className="dw-quiet">
          {t(search.trim() === "" ? "simulate.decide.noFactors" : "simulate.decide.noneFound", { text: search.trim() })}
        </p>
      )}
    </div>
  );
}

/** Search and grouping of the list. */
function FactorTools({
  search,
  onSearch,
  grouping,
  onGrouping,
}: {
  readonly search: string;
  readonly onSearch: (text: string) => void;
  readonly grouping: FactorGrouping;
  readonly onGrouping: (grouping: FactorGrouping) => void;
}): ReactNode {
  const { t } = useWords();
  return (
    <div className="dw-factor-tools">
      <TextInput
        size="xs"
        leftSection={<IconSearch size={13} />}
        placeholder={t("simulate.decide.search")}
        aria-label={t("simulate.decide.search")}
        value={search}
        onChange={(event) => onSearch(event.currentTarget.value)}
      />
      <SegmentedControl
        size="xs"
        aria-label={t("simulate.decide.groupBy")}
        value={grouping}
        onChange={(value) => onGrouping(value as FactorGrouping)}
        data={[
          { value: "station", label: t("simulate.decide.byStation") },
          { value: "kind", label: t("simulate.decide.byKind") },
        ]}
      />
    </div>
  );
}

/** What can be changed on the lines, and what was fitted of each before the instant of the branch. */
function useFactors(branch: string, lines: readonly string[]) {
  const studio = useStudio();
  const { line: shown } = useScope();
  const commits = useStore(studio.commits);
  const asked = lines.length > 0 ? lines : [shown];
  const keys = [branch, ...asked];
  const factors = useLoad(
    (signal) =>
      Promise.all(
        asked.map(async (line) => ({
          line,
          factors: await simulate.listFactors(studio.client, { params: { branch }, query: { line } }, { signal }),
        })),
      ),
    ["factors", ...keys],
    undefined,
    commits,
  );
  // the past of a branch ends at its fork: what was fitted from it stays
  const parameters = useLoad(
    async (signal) =>
      new Map(
        await Promise.all(
          asked.map(
            async (line) =>
              [line, await simulate.listParameters(studio.client, { params: { branch }, query: { line } }, { signal })] as const,
          ),
        ),
      ),
    ["parameters", ...keys],
  );
  return { factors, fitted: (line: string | undefined) => parameters.value?.get(line) ?? [] };
}

/** The station with its name, the line as a whole, or the kind; with its line where there are several. */
function useGroupTitles(branch: string, severalLines: boolean): (group: FactorGroup) => string {
  const studio = useStudio();
  const { t, language } = useWords();
  const lineName = useLineNames(branch);
  const line = useStore(studio.line);
  return ({ line: of, station, kind }) => {
    const name = line?.stations.find(({ id }) => id === station)?.name;
    const title =
      kind !== undefined
        ? t(`simulate.decide.kind.${kind}`)
        : station === undefined
          ? t("simulate.decide.wholeLine")
          : titleOfStation(station, name === undefined ? "" : inLanguage(name, language));
    return severalLines && of !== undefined ? `${lineName(of)} · ${title}` : title;
  };
}

/** `S090 Leak test`, also where its name begins with its id. */
function titleOfStation(id: string, name: string): string {
  return name === "" || name === id ? id : name.startsWith(`${id} `) ? name : `${id} ${name}`;
}

/** The outline of the list while it is loaded. */
function FactorOutline(): ReactNode {
  const { t } = useWords();
  return (
    <div className="dw-factor-outline" role="status" aria-label={t("frame.loading")}>
      {Array.from({ length: 8 }, (_, row) => (
        <i key={row} />
      ))}
    </div>
  );
}

function shownValue(held: unknown, loaded: number): number {
  const value = typeof held === "string" || typeof held === "number" ? Number(held) : Number.NaN;
  return Number.isFinite(value) ? value : loaded;
}
