import { TextInput, UnstyledButton } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import type { RunResult } from "@doppelwerk/client";
import {
  Card,
  DataTable,
  datesText,
  durationText,
  momentText,
  useScope,
  useStudio,
  useWords,
  withUnit,
  type Column,
} from "@doppelwerk/kit/studio";
import { DECLARED_NAMES, parameterDeclaredBy } from "../../model/declared-values.ts";
import { operatingText, shortText } from "./fitted-note.tsx";
import { parameterWords } from "./parameter-words.ts";

type Parameter = RunResult["parameters"][number];

const MINUTE = 60e6;
/** A page of trends shows no more signals. */
const MAX_SHOWN = 8;
/** From so many rows on they can be searched. */
const MANY = 12;

/** Whether every word of a search is in a text. */
function isFound(text: string, search: string): boolean {
  const within = text.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => within.includes(word));
}

/** What the model was fitted to: each parameter with its range and how many observations it rests on. */
export function ParametersCard({
  parameters,
  isOfRun = true,
}: {
  readonly parameters: RunResult["parameters"];
  /** Of a run that was made; else as a run would have them now. */
  readonly isOfRun?: boolean;
}): ReactNode {
  const { subject } = useScope();
  const { t, language, zone } = useWords();
  const [search, setSearch] = useState("");
  const isSubject = ({ station }: Parameter): boolean => station === subject;
  // what was asked for comes first
  const rows = [...parameters.filter(isSubject), ...parameters.filter((parameter) => !isSubject(parameter))].filter(({ station, name }) =>
    isFound(`${station ?? ""} ${parameterWords(name, t)}`, search),
  );
  const columns = useColumns();
  const fittedTo = parameters.find(({ counted }) => counted !== undefined)?.counted?.to;
  const note = t(isOfRun ? "simulate.decide.parametersNote" : "simulate.decide.parametersNow");
  return (
    <Card title={t("simulate.decide.parameters")} note={note}>
      {fittedTo !== undefined && (
        <p className="dw-quiet">{t("simulate.decide.fittedTo", { at: momentText(fittedTo, zone, language, false) })}</p>
      )}
      {parameters.length > MANY && (
        <TextInput
          size="xs"
          mb={6}
          maw={260}
          leftSection={<IconSearch size={13} />}
          placeholder={t("simulate.decide.findParameter")}
          aria-label={t("simulate.decide.findParameter")}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      )}
      {rows.length === 0 && <p className="dw-quiet">{t("simulate.decide.noParameter", { text: search.trim() })}</p>}
      <DataTable
        caption={t("simulate.decide.parameters")}
        columns={columns}
        rows={rows}
        isChosen={isSubject}
        keyOf={({ station, name }) => `${station} ${name}`}
        rowHint={({ fit }) => fit}
        isDense
        maxHeight={320}
      />
    </Card>
  );
}

/** What the model takes, how sure that is, what is declared, and from which data it comes. */
function useColumns(): readonly Column<Parameter>[] {
  const { t } = useWords();
  return [
    {
      title: t("simulate.decide.parameter"),
      sortBy: ({ station, name }) => `${station ?? ""} ${name}`,
      cell: ({ station, name, distribution }) => (
        <>
          <b>{station}</b> {parameterWords(name, t)}{" "}
          <small className="dw-quiet-text">{t.or(`simulate.distribution.${distribution}`, distribution)}</small>
        </>
      ),
    },
    {
      title: t("simulate.decide.estimate"),
      isNumber: true,
      cell: ({ mean, unit, source }) =>
        source === "unknown" ? (
          t("simulate.decide.unknown")
        ) : (
          <>
            {shortText(mean)} <small>{unit}</small>
          </>
        ),
    },
    {
      title: t("simulate.decide.range95"),
      isNumber: true,
      cell: ({ low, high, source }) => (source === "unknown" ? "–" : `${shortText(low)}–${shortText(high)}`),
    },
    {
      title: t("simulate.decide.declared"),
      headHint: t("simulate.decide.declaredHint"),
      isNumber: true,
      cell: (parameter) => <Declared of={parameter} />,
    },
    {
      title: t("simulate.decide.observations"),
      isNumber: true,
      sortBy: ({ n }) => n,
      cell: (parameter) => <Observations of={parameter} />,
    },
    {
      title: t("simulate.decide.source"),
      sortBy: ({ source }) => t(`simulate.decide.from.${source}`),
      cell: ({ source, pooled }) =>
        `${t(`simulate.decide.from.${source}`)}${pooled && source !== "unknown" ? ` · ${t("simulate.decide.pooled")}` : ""}`,
    },
  ];
}

/** Parameters of which documents declare a value. */
const DECLARED: ReadonlySet<string | undefined> = new Set(DECLARED_NAMES.map(parameterDeclaredBy));

/** How many there were, in which time and where; what was counted leads to the states that show it. */
function Observations({ of: { n, overMin, counted, name } }: { readonly of: Parameter }): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  if (overMin === undefined || n === 0) return n;
  if (counted === undefined)
    return (
      <>
        {n} <small className="dw-quiet-text">{t("simulate.decide.inTime", { duration: durationText(overMin * MINUTE, language) })}</small>
      </>
    );
  const { from, to, signals } = counted;
  const words = { n, time: operatingText(overMin, counted, t), days: datesText(from, to, zone, language) };
  return (
    <UnstyledButton
      className="dw-text-link"
      title={t("simulate.decide.showCounted")}
      onClick={() =>
        studio.address.go({
          view: "trends",
          detail: new URLSearchParams({ s: signals.slice(0, MAX_SHOWN).join(","), r: `${from}-${to}` }).toString(),
        })
      }
    >
      {t(name === "stopBetween/microStop" ? "simulate.decide.counted.microStop" : "simulate.decide.counted.failure", words)}
    </UnstyledButton>
  );
}

/** What the documents declare, leading to them where it is a value of theirs. */
function Declared({ of: { station, name, nominal, unit } }: { readonly of: Parameter }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  if (nominal === undefined) return "–";
  const value = (
    <>
      {shortText(nominal)} <small>{unit}</small>
    </>
  );
  if (!DECLARED.has(name)) return value;
  return (
    <UnstyledButton
      className="dw-text-link"
      aria-label={t("simulate.decide.toDocuments", { value: withUnit(shortText(nominal), unit), station })}
      onClick={() => studio.address.go({ subject: station, inspector: true, tab: "documents" })}
    >
      {value}
    </UnstyledButton>
  );
}
