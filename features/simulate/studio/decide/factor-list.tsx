import { NumberInput, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useState, useSyncExternalStore } from "react";
import type { ReactNode } from "react";
import type { Factor } from "@doppelwerk/client";
import { fieldChange } from "@doppelwerk/sync";
import { Failure, errorText, inLanguage, unitText, useLoad, useScope, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import * as simulate from "../../calls.ts";

/** What may be changed on the branch: value here, value live, range, and whether the plant was ever seen there. */
export function FactorList({ branch }: { readonly branch: string }): ReactNode {
  const studio = useStudio();
  const { subject } = useScope();
  const { t } = useWords();
  const commits = useStore(studio.commits);
  const line = useStore(studio.line);
  const [search, setSearch] = useState("");
  // What is changed already, what is selected, the constraint, then the rest in the order of the line.
  const rank = (factor: Factor): number =>
    factor.value !== factor.live
      ? 0
      : factor.station !== undefined && factor.station === subject
        ? 1
        : factor.station === line?.constraint
          ? 2
          : 3;
  const factors = useLoad(
    (signal) => simulate.listFactors(studio.client, { params: { branch } }, { signal }),
    [branch],
    undefined,
    commits,
  );
  const replica = studio.live.documents(branch, ["element"]);
  // Edits of everyone in the room show as they happen, before the list is loaded anew.
  const revision = useSyncExternalStore(
    (listener) => replica.onChange(listener),
    () => replica.revision() + replica.pending().length,
  );
  if (factors.kind === "failed" && factors.value === undefined) return <Failure message={factors.message} onRetry={factors.reload} />;
  const list = factors.value ?? [];
  const needle = search.trim().toLowerCase();
  const found = list.filter(
    (factor) => needle === "" || `${factor.station ?? ""} ${factor.label.en} ${factor.label.zh}`.toLowerCase().includes(needle),
  );
  const shownFirst = found.toSorted((a, b) => rank(a) - rank(b));
  return (
    <div className="dw-factors" data-revision={revision}>
      <TextInput
        size="xs"
        leftSection={<IconSearch size={13} />}
        placeholder={t("simulate.decide.search")}
        aria-label={t("simulate.decide.search")}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      {shownFirst.map((factor) => (
        <FactorLine
          key={factor.element}
          branch={branch}
          factor={factor}
          shown={shownValue(replica.get(factor.element)?.value, factor.value)}
          isLoaded={replica.get(factor.element) !== undefined}
        />
      ))}
      {list.length === 0 && factors.kind === "ready" && <p className="dw-quiet">{t("simulate.decide.noFactors")}</p>}
    </div>
  );
}

function shownValue(held: unknown, loaded: number): number {
  const value = typeof held === "string" || typeof held === "number" ? Number(held) : Number.NaN;
  return Number.isFinite(value) ? value : loaded;
}

interface FactorLineProps {
  readonly branch: string;
  readonly factor: Factor;
  readonly shown: number;
  readonly isLoaded: boolean;
}

function FactorLine({ branch, factor, shown, isLoaded }: FactorLineProps): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const people = useStore(studio.people);
  const state = useStore(studio.state);
  const [text, setText] = useState<number | string>(shown);
  useEffect(() => setText(shown), [shown]);
  const self = state.kind === "online" ? state.self.id : "";
  const editor = people.find((person) => person.id !== self && person.presence.editing === factor.element);
  const label = `${factor.station ?? ""} ${inLanguage(factor.label, language)}`.trim();
  const write = (): void => {
    const value = Number(text);
    if (text === "" || !Number.isFinite(value) || value === shown) {
      setText(shown);
      return;
    }
    const record = studio.live.documents(branch, ["element"]).get(factor.element);
    if (record === undefined) {
      studio.notify("trouble", t("simulate.decide.notLoaded"));
      return;
    }
    const lexical = typeof record.value === "number" ? value : String(value);
    studio.live.push(branch, `${label} ${shown} → ${value}`, [fieldChange(record, "value", lexical)]).catch((error: unknown) => {
      studio.notify("trouble", t("simulate.decide.editFailed", { what: label }), errorText(error));
      setText(shown);
    });
  };
  const changed = shown !== factor.live;
  return (
    <div className={`dw-factor ${changed ? "is-changed" : ""} ${editor === undefined ? "" : "is-edited-by-other"}`}>
      <span className="dw-factor-name">
        {label} {factor.unit !== "" && <span className="dw-quiet-text">{unitText(factor.unit)}</span>}
      </span>
      <span className="dw-factor-live" title={t("decide.live")}>
        {factor.live}
      </span>
      <NumberInput
        size="xs"
        // Before the record is here there is nothing to change: what was typed would be lost.
        disabled={!isLoaded}
        aria-label={label}
        value={text}
        min={factor.min}
        max={factor.max}
        step={factor.step}
        clampBehavior="blur"
        onChange={setText}
        onFocus={() => studio.live.presence({ branch, view: "decide", editing: factor.element })}
        onBlur={() => {
          write();
          studio.live.presence({ branch, view: "decide" });
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") write();
        }}
      />
      {changed && (
        <small>
          {factor.outsideObserved && <span className="dw-observed">{t("simulate.decide.outsideObserved")} </span>}
          {t("simulate.decide.range", { min: factor.min, max: factor.max })}
          {factor.propertyClass !== "logistics" && ` · ${t(`simulate.decide.class.${factor.propertyClass}`)}`}
        </small>
      )}
      {factor.planned !== undefined && (
        <small>
          {t("assets.planned", { value: factor.planned.value, date: factor.planned.effectiveFrom, owner: factor.planned.owner })}
        </small>
      )}
      {editor !== undefined && <small>{t("simulate.decide.editedBy", { name: editor.name })}</small>}
    </div>
  );
}
